/* timeless: what a line says that no known format takes, most of all since it has no time.
 *
 * Takes  a record whose message is such a line, or lines that belong together.
 * Gives  of a line that is whole but for the time (an object of JSON, logfmt) the fields and extras that it has with one; of others
 *        what bare.h reads.
 * Holds  a scratch, reused from line to line.
 * Never  gives a time; takes part in a scan.
 *
 * What is pairs and nothing else has them as extras (logfmt.h), also where it has a time, but no known format.
 */
#ifndef ONSET_TIMELESS_H
#define ONSET_TIMELESS_H

#include "parse/format.h"

struct timeless;
/* `set` is borrowed. */
struct timeless *timeless_new(const struct format_set *set);
/* `stated`: the only format that is asked; NULL: those of the set. Nothing is done when `r` has a severity or a trace. Spans are
 * valid until the next call. */
void timeless_read(struct timeless *t, const struct format *stated, struct record *r);
/* Of a record with a time that none but a format for unknown texts (RANK_STAMPED) takes: its pairs, when it is pairs alone. */
void timeless_pairs(struct timeless *t, struct record *r);
void timeless_free(struct timeless *t);

#endif
