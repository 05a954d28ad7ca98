#include "parse/entry.h"

#include "base/limits.h"

void entry_own(struct entry *e, struct record *r)
{
	struct span from = e->text;
	if (!e->owned) {
		text_clear(&e->joined);
		text_append(&e->joined, from);
		e->text = text_span(&e->joined);
		e->owned = true;
		keep_moved(r, from, e->text.at);
		if (r->extras && !e->carried)
			r->extras = keep_extras(&e->extras, r->extras);
	}
	if (!e->carried || e->apart)
		return;
	/* What does not lie in the text lies in the scratch, which other streams use too, or in the carrier's room. */
	keep_spans(r, e->text, &e->aside);
	if (r->extras)
		r->extras = keep_extras(&e->extras, r->extras);
	e->apart = true;
	entry_keep(e);
}

void entry_keep(struct entry *e)
{
	if (!e->carried || e->carried == &e->kept.carried)
		return;
	keep(&e->kept, e->carried);
	e->carried = &e->kept.carried;
}

void entry_join(struct entry *e, const struct pushed *p, struct span glue)
{
	e->lines += p->lines;
	e->end = p->line.offset + p->line.length;
	if (e->full || e->joined.len + glue.len + p->line.text.len > LIMIT_JOIN_BYTES) {
		e->full = true;
		return;
	}
	text_append(&e->joined, glue);
	text_append(&e->joined, p->line.text);
}

void entry_joined(struct entry *e)
{
	e->text = text_span(&e->joined);
	e->owned = true;
}

void entry_release(struct entry *e)
{
	text_release(&e->joined);
	text_release(&e->aside);
	keep_release(&e->kept);
	keep_extras_release(&e->extras);
}
