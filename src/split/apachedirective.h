/* apachedirective: the directives of Apache's LogFormat, one by one, and what each means.
 *
 * Takes  the text of a LogFormat.
 * Gives  its directives and the texts between them; of several that say the same the one that counts; the field that one makes, or the
 *        name under which its value is told beside the fields.
 * Holds  nothing; spans point into the text.
 * Never  looks at a line.
 */
#ifndef ONSET_APACHEDIRECTIVE_H
#define ONSET_APACHEDIRECTIVE_H

#include "base/diag.h"
#include "line/access.h"

enum { APACHEDIRECTIVES = 256 };

/* One directive, or text between two. */
struct apachedirective {
	struct span source;   /* as written */
	struct span argument; /* of %{...}x */
	char letter;          /* 0: text */
	char caret;           /* of "^FB", "^FU", "^ti", "^to": the second letter */
	char want;            /* '<', '>' or 0 */
	bool conditional;     /* only for some statuses, else "-" */
	bool end;             /* of %t: when the request ended */
};

struct apachedirectives {
	struct apachedirective list[APACHEDIRECTIVES];
	size_t n;
};

/* Of the items the one that counts most of those that say the same. */
struct apachechoice {
	const struct apachedirective *status, *duration, *client;
};

/* False with `d`; `*column` is where in `text` the error is. */
bool apachedirective_read(struct span text, struct apachedirectives *items, struct diag *d, size_t *column);
void apachedirective_choose(const struct apachedirectives *items, struct apachechoice *c);
/* Also of one that is conditional: then "-" may stand there, which no field takes. */
struct access_meaning apachedirective_meaning(const struct apachedirective *item, const struct apachechoice *c);
/* Of %{name}n. */
struct access_meaning apachedirective_note(struct span name);
/* Appends what the value of one that makes no field is called: OpenTelemetry's name, where there is one; or nothing. */
void apachedirective_name(const struct apachedirective *item, struct text *to);

#endif
