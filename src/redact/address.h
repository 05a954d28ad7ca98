/* address: network addresses in text.
 *
 * Takes  text, and a place in it.
 * Gives  the address that begins there, and one spelling for all of its spellings.
 * Holds  nothing.
 * Never  takes a version number, a time of day or a part of a longer word for an address.
 *
 * IPv4 in dotted decimal (RFC 6943, section 3.1.1: strict), IPv6 (RFC 4291, section 2.2) with zone (RFC 4007), IPv4-mapped IPv6,
 * which is the IPv4 address in it, and MAC addresses in six pairs. Loopback and unspecified addresses name nobody: they are none.
 */
#ifndef ONSET_REDACT_ADDRESS_H
#define ONSET_REDACT_ADDRESS_H

#include "base/text.h"

enum { REDACT_ADDRESS_BYTES = 96 }; /* of the one spelling, with its NUL */

struct redact_address {
	size_t len; /* in the text, without brackets, port and prefix length */
	char spelling[REDACT_ADDRESS_BYTES];
	bool nobody; /* 127.0.0.1, ::1, 0.0.0.0, ::, broadcast and netmasks of ones: stays */
};
/* False: none begins at text[at]. At the end of a text of LIMIT_EXCERPT_BYTES and more, which was cut there, the beginning of one is one. */
bool redact_address_at(struct span text, size_t at, struct redact_address *a);

#endif
