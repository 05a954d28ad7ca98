#include "tally/edge.h"

#include "base/memory.h"
#include "tally/mask.h"

void tail_init(struct tail *t)
{
	*t = (struct tail){.edge = {.at_us = INSTANT_NONE}};
}

void tail_text(struct tail *t, const struct record *r)
{
	struct span message = span_head(record_get(r, FIELD_MESSAGE), LIMIT_EDGE_BYTES);
	/* By a call: told that there is a limit, compilers copy in place with `rep movsq`, which is slow to begin. */
	text_clear(&t->message);
	text_append(&t->message, message);
	if (r->lines > 1) {
		struct span rest = r->raw;
		span_cut(&rest, '\n');
		text_append(&t->text, span_head(rest, LIMIT_EDGE_BYTES));
	}
}

char *edge_text(struct span raw, struct text *scratch)
{
	struct text clean = {0};
	mask_text(span_head(raw, LIMIT_EDGE_BYTES), scratch);
	text_append_utf8(&clean, text_span(scratch)); /* a secret that is cut in half was masked before it was cut again */
	size_t len = clean.len;
	if (len > LIMIT_EDGE_BYTES) {
		len = LIMIT_EDGE_BYTES;
		while (len && ((unsigned char)clean.at[len] & 0xC0) == 0x80)
			len--;
	}
	char *copy = span_copy((struct span){clean.at, len});
	text_release(&clean);
	return copy;
}

struct file_edge tail_freeze(struct tail *t)
{
	struct text scratch = {0};
	struct file_edge edge = t->edge;
	edge.message = edge_text(text_span(&t->message), &scratch);
	edge.text = edge_text(text_span(&t->text), &scratch);
	text_release(&scratch);
	return edge;
}

void tail_release(struct tail *t)
{
	text_release(&t->message);
	text_release(&t->text);
}
