#include "parse/entry.h"

#include "base/limits.h"

void entry_init(struct entry *e)
{
	*e = (struct entry){.scratch = format_scratch_new()};
}

static inline void move_span(struct span *s, struct span from, const char *to)
{
	if ((uintptr_t)s->at - (uintptr_t)from.at <= from.len)
		s->at = to + (s->at - from.at);
}

void entry_own(struct entry *e, struct record *r)
{
	struct span from = e->text;
	if (e->owned)
		return;
	text_clear(&e->joined);
	text_append(&e->joined, from);
	e->text = text_span(&e->joined);
	e->owned = true;
	for (uint64_t has = r->has; has; has &= has - 1)
		move_span(&r->field[__builtin_ctzll(has)], from, e->text.at);
	move_span(&r->zone_text, from, e->text.at);
}

void entry_join(struct entry *e, const struct line *line)
{
	e->lines++;
	e->end = line->offset + line->length;
	if (e->full || e->joined.len + 1 + line->text.len > LIMIT_JOIN_BYTES) {
		e->full = true;
		return;
	}
	text_append_byte(&e->joined, '\n');
	text_append(&e->joined, line->text);
}

void entry_joined(struct entry *e)
{
	e->text = text_span(&e->joined);
	e->owned = true;
}

void entry_release(struct entry *e)
{
	format_scratch_free(e->scratch);
	text_release(&e->joined);
}
