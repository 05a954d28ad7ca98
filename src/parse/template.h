/* template: nginx's log_format, compiled to a scanner that hops from separator to separator.
 *
 * Takes  the text of a log_format ("$remote_addr - $remote_user [$time_local] ..."; ${name} too; the name "combined").
 * The variable $tail is ours: whatever follows (tail.h). Gives  records out of lines. Holds  the compiled list of
 * steps, immutable, shared by threads; per thread a scratch. Never  uses a regex or allocates on a line.
 *
 * A value runs to the first occurrence of the text that follows its variable; in quotes, to the first one that no
 * backslash escapes. Two variables without text between them cannot be told apart: an error.
 */
#ifndef ONSET_TEMPLATE_H
#define ONSET_TEMPLATE_H

#include "base/diag.h"
#include "parse/tail.h"

struct template;

/* NULL with `d`; `*column` is where in `text` (bytes from 0) the error is. */
struct template *template_new(struct span text, struct diag *d, size_t *column);
void template_free(struct template *t);

struct template_scratch {
	struct access_scratch access;
	struct tail_guess tail;
};

/* False when the line does not have the template's separators. r->resolution_us is 0 when no stamp was read. */
bool template_scan(const struct template *t, struct span line, struct template_scratch *s, struct record *r);

/* The same line the slow way, for people: false when it does not fit; `*at` is the byte where it stopped, and
 * `wanted` (appended) says what had to be there. */
bool template_reach(const struct template *t, struct span line, size_t *at, struct text *wanted);

#endif
