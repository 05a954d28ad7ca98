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
