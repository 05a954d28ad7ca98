/* syslog5424: a message of RFC 5424 behind its priority, to the ABNF of section 6.
 *
 * Takes  "1 2026-11-22T11:52:43.803+01:00 host app procid msgid [id name="value"] message".
 * Gives  its parts; empty where they are "-".
 * Holds  nothing; all spans lie in the line.
 * Never  takes what the ABNF does not allow (lengths, bytes of names, two elements of one name, `]` in a value) but four
 *        things that servers write all the same and that leave no doubt: leap seconds, blanks before a value's quote, a
 *        value of letters and digits without quotes, and no structured data at all where there are a time, a host and an
 *        application, and no message id (Heroku's logplex).
 */
#ifndef ONSET_SYSLOG5424_H
#define ONSET_SYSLOG5424_H

#include "line/stamp.h"

struct syslog5424 {
	bool has_stamp;
	struct stamp stamp;
	struct span version, stamp_text, host, process, pid, msgid, structured, message;
};

/* `cache` may be NULL. False: `m` is undefined. */
bool syslog5424_scan(struct span line, struct stamp_cache *cache, struct syslog5424 *m);

/* The next parameter of RFC 5424 structured data that is known to be right: an element's name, a parameter's name and its
 * value (between the quotes, `\"`, `\\` and `\]` as printed). `*at` begins as 0, `*id` as empty. An element without
 * parameters is given once, with an empty name. False at the end. */
bool syslog5424_parameter(struct span structured, size_t *at, struct span *id, struct span *name, struct span *value);

#endif
