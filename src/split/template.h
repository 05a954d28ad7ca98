/* template: lines by nginx's log_format or Apache's LogFormat: a scanner that hops from separator to separator.
 *
 * Takes  the text of a log_format or LogFormat (nginxformat.h, apacheformat.h say in which ways it may be written); lines.
 * Gives  records out of lines; values with their escapes undone (\xHH, \", JSON's). An Apache time that is the request's begin is
 *        moved to its end, when the line has a duration.
 * Holds  the compiled steps, immutable, shared by threads; per thread a scratch: fields of the last record may point
 *        into it.
 * Never  uses a regex, allocates on a line once the scratch has grown, or takes longer than 64 times the line's length.
 *
 * A value runs to the first occurrence of the text that follows its variable; in quotes, to the first one that no
 * backslash escapes. Where that text may stand in the value itself ("$request $status"), or where there is none
 * ("$host$request_uri"), the shapes of the values decide (access.h): the shortest values with which the whole line
 * fits. Only values that contain a backslash are copied. What is not valid UTF-8 stays as its bytes, as everywhere.
 */
#ifndef ONSET_TEMPLATE_H
#define ONSET_TEMPLATE_H

#include "line/extras.h"
#include "line/tail.h"
#include "split/apacheformat.h"

struct template;

/* NULL with `d`; `*column` is where in `text` (bytes from 0) the error is. `stream`: of the stream module, whatever
 * its variables. */
struct template *template_new(struct span text, bool stream, struct diag *d, size_t *column);
/* The same of a LogFormat. */
struct template *template_new_apache(struct span text, struct diag *d, size_t *column);
/* The stamp is the begin of a request, and moved to its end here. */
bool template_moves(const struct template *t);
/* The lines tell of stream sessions. */
bool template_is_stream(const struct template *t);
void template_free(struct template *t);

struct template_scratch {
	struct access_scratch access;
	struct tail_guess tail;
	char *undone; /* values whose escapes are undone; owned */
	size_t undone_cap;
	struct extras *extras; /* NULL: not asked for */
};
void template_scratch_release(struct template_scratch *s);

/* False when the line does not have the template's separators. r->resolution_us is 0 when no stamp was read. */
bool template_scan(const struct template *t, struct span line, struct template_scratch *s, struct record *r);

/* The same line the slow way, for people: false when it does not fit; `*at` is the byte where it stopped, and
 * `wanted` (appended) says what had to be there. */
bool template_reach(const struct template *t, struct span line, size_t *at, struct text *wanted);

#endif
