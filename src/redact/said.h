/* said: whose name or secret it is, by the words around it.
 *
 * Takes  text, and a place in it where a word begins, or "://".
 * Gives  the value that the words there introduce: user=NAME, role "NAME", NAME@database, user:PASSWORD@host, cookie: VALUE,
 *        order_id=NUMBER.
 * Holds  nothing.
 * Never  takes a word of our own sentences for a name, unless quotes or an equals sign make it one.
 */
#ifndef ONSET_REDACT_SAID_H
#define ONSET_REDACT_SAID_H

#include "redact/names.h"

enum {
	SAID_NAME_BYTES = 128,	 /* of a name or a host; longer ones are none */
	SAID_VALUES = 2,	 /* a user and a password */
};

struct said {
	struct {
		size_t at, len; /* in the text */
		enum redact_kind kind;
		bool sure; /* it is a name wherever it stands alone: not after a mere "user NAME" */
	} values[SAID_VALUES];
	size_t n;
};
/* False: the words at text[at] introduce nothing. Values stand at or behind `at`, in order. */
bool said_at(struct span text, size_t at, struct said *s);
/* Names that stand for nobody: "-", "[unknown]", "other", "postgres", "root". */
bool said_is_nobody(struct span name);

#endif
