#include "parse/entry.h"

#include "base/limits.h"

static inline bool lies_in(struct span s, struct span text)
{
	return (uintptr_t)s.at - (uintptr_t)text.at <= text.len;
}

static inline void move_span(struct span *s, struct span from, const char *to)
{
	if (lies_in(*s, from))
		s->at = to + (s->at - from.at);
}

/* The entry's text is its own: what else the record shows lies in the scratch, which other streams use too, or in the carrier's room. */
static void set_aside(struct entry *e, struct record *r)
{
	size_t starts[FIELD_COUNT], zone_start;
	text_clear(&e->aside);
	for (uint64_t has = r->has; has; has &= has - 1) {
		int i = __builtin_ctzll(has);
		starts[i] = e->aside.len;
		if (!lies_in(r->field[i], e->text))
			text_append(&e->aside, r->field[i]);
	}
	zone_start = e->aside.len;
	if (!lies_in(r->zone_text, e->text))
		text_append(&e->aside, r->zone_text);
	for (uint64_t has = r->has; has; has &= has - 1) {
		int i = __builtin_ctzll(has);
		if (!lies_in(r->field[i], e->text))
			r->field[i].at = r->field[i].len ? e->aside.at + starts[i] : "";
	}
	if (!lies_in(r->zone_text, e->text))
		r->zone_text.at = r->zone_text.len ? e->aside.at + zone_start : "";
}

void entry_own(struct entry *e, struct record *r)
{
	struct span from = e->text;
	if (!e->owned) {
		text_clear(&e->joined);
		text_append(&e->joined, from);
		e->text = text_span(&e->joined);
		e->owned = true;
		for (uint64_t has = r->has; has; has &= has - 1)
			move_span(&r->field[__builtin_ctzll(has)], from, e->text.at);
		move_span(&r->zone_text, from, e->text.at);
		if (r->extras && !e->carried)
			r->extras = keep_extras(&e->extras, r->extras);
	}
	if (!e->carried || e->apart)
		return;
	set_aside(e, r);
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
