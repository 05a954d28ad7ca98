/* edge: the text at the two ends of a file, for the join over a rotation.
 *
 * Takes  the head lines of a file; each record in file order.
 * Gives  what stands before the first record; the last record's place, severity, message and the lines that continue it.
 * Holds  copies of the first LIMIT_EDGE_BYTES of the last record's message and of its further lines.
 * Never  copies anything of an access record, whose one line nothing continues; never masks a text that is not the last.
 */
#ifndef ONSET_EDGE_H
#define ONSET_EDGE_H

#include "base/limits.h"
#include "line/record.h"
#include "tally/part.h"
#include "tally/series.h"

struct tail {
	struct file_edge edge; /* without its texts */
	struct text message, text; /* raw */
};

void tail_init(struct tail *t);
/* The texts of a record that is no request. */
void tail_text(struct tail *t, const struct record *r);
static inline void tail_note(struct tail *t, const struct place *p, int64_t at_us, const struct record *r)
{
	t->edge.at_us = at_us;
	t->edge.line = p->line;
	t->edge.length = p->length;
	t->edge.offset = p->offset;
	t->edge.severity = (uint8_t)r->severity;
	t->message.len = t->text.len = 0;
	if (!r->status)
		tail_text(t, r);
}
/* The caller owns the texts. */
struct file_edge tail_freeze(struct tail *t);
void tail_release(struct tail *t);

/* The first LIMIT_EDGE_BYTES of a text, masked, valid UTF-8, at most LIMIT_EDGE_BYTES; `scratch` is overwritten. New. */
char *edge_text(struct span raw, struct text *scratch);

#endif
