#include "parse/keep.h"

#include "base/memory.h"

const struct extras *keep_extras(struct kept_extras *k, const struct extras *from)
{
	size_t name = 0;
	if (!k->extras)
		k->extras = memory_new(1, sizeof(*k->extras));
	*k->extras = *from;
	text_clear(&k->text);
	for (size_t i = 0; i < from->n; i++) {
		text_append(&k->text, from->items[i].name);
		text_append(&k->text, from->items[i].value);
	}
	for (size_t i = 0; i < from->n; i++) {
		struct extra *e = &k->extras->items[i];
		e->name.at = k->text.at + name;
		e->value.at = e->name.at + e->name.len;
		name += e->name.len + e->value.len;
	}
	return k->extras;
}

void keep_extras_release(struct kept_extras *k)
{
	text_release(&k->text);
	memory_free(k->extras);
}

void keep(struct kept *k, const struct carried *c)
{
	struct span *const spans[] = {
		&k->carried.host,       &k->carried.process,       &k->carried.container, &k->carried.unit,  &k->carried.iostream, &k->carried.pid,
		&k->carried.stamp_text, &k->carried.severity_text, &k->carried.version,   &k->carried.msgid, &k->carried.structured,
		&k->carried.stamp.zone_text,
	};
	enum { SPANS = sizeof spans / sizeof *spans };
	size_t starts[SPANS];
	k->carried = *c;
	k->carried.text = k->carried.headed = SPAN_NONE;
	if (!c->has_stamp)
		k->carried.stamp = (struct stamp){0};
	text_clear(&k->text);
	for (size_t i = 0; i < SPANS; i++) {
		starts[i] = k->text.len;
		text_append(&k->text, *spans[i]);
	}
	for (size_t i = 0; i < SPANS; i++)
		*spans[i] = spans[i]->len ? (struct span){k->text.at + starts[i], spans[i]->len} : SPAN_NONE;
	if (c->extras)
		k->carried.extras = keep_extras(&k->extras, c->extras);
}

void keep_release(struct kept *k)
{
	text_release(&k->text);
	keep_extras_release(&k->extras);
	k->carried = (struct carried){0};
}

static inline bool lies_in(struct span s, struct span text)
{
	return (uintptr_t)s.at - (uintptr_t)text.at <= text.len;
}

void keep_spans(struct record *r, struct span own, struct text *aside)
{
	size_t starts[FIELD_COUNT], zone_start;
	text_clear(aside);
	for (uint64_t has = r->has; has; has &= has - 1) {
		int i = __builtin_ctzll(has);
		starts[i] = aside->len;
		if (!lies_in(r->field[i], own))
			text_append(aside, r->field[i]);
	}
	zone_start = aside->len;
	if (!lies_in(r->zone_text, own))
		text_append(aside, r->zone_text);
	for (uint64_t has = r->has; has; has &= has - 1) {
		int i = __builtin_ctzll(has);
		if (!lies_in(r->field[i], own))
			r->field[i].at = r->field[i].len ? aside->at + starts[i] : "";
	}
	if (!lies_in(r->zone_text, own))
		r->zone_text.at = r->zone_text.len ? aside->at + zone_start : "";
}

static inline void move_span(struct span *s, struct span from, const char *to)
{
	if (lies_in(*s, from))
		s->at = to + (s->at - from.at);
}

void keep_moved(struct record *r, struct span from, const char *to)
{
	for (uint64_t has = r->has; has; has &= has - 1)
		move_span(&r->field[__builtin_ctzll(has)], from, to);
	move_span(&r->zone_text, from, to);
}
