#include "tally/exemplar.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/cells.h"
#include "tally/mask.h"

void exemplars_init(struct exemplars *e)
{
	*e = (struct exemplars){.widths = cells_minutes, .width_s = cells_minutes[0]};
}

/* A record's text, and the part of it that says most. */
struct essence {
	struct span raw, focus;
};

static void item_release(struct exemplar_item *item)
{
	memory_free(item->raw);
	*item = (struct exemplar_item){0};
}

static void item_set(struct exemplar_item *item, const struct place *p, int64_t at_us, uint64_t hash,
		     struct essence what)
{
	size_t need = what.raw.len < MASK_RAW_BYTES ? what.raw.len : MASK_RAW_BYTES;
	if (item->cap < need) {
		memory_free(item->raw);
		item->cap = (uint32_t)(need + 127) & ~127u;
		item->raw = memory_new(item->cap, 1);
	}
	item->len = (uint32_t)mask_essence(what.raw, what.focus, item->raw);
	item->at_us = at_us;
	item->offset = p->offset;
	item->hash = hash;
	item->line = p->line;
	item->length = p->length;
}

static bool before(const struct exemplar_item *a, const struct exemplar_item *b)
{
	return a->at_us < b->at_us || (a->at_us == b->at_us && a->offset < b->offset);
}

/* Moves `from` over `to`; `from` is empty afterwards. */
static void item_move(struct exemplar_item *to, struct exemplar_item *from)
{
	memory_free(to->raw);
	*to = *from;
	*from = (struct exemplar_item){0};
}

static void smallest_insert(struct exemplar_cell *c, const struct place *p, int64_t at_us, uint64_t hash,
			    struct essence raw)
{
	struct exemplar_item *low = c->item + 2;
	if (c->n > 1 && hash >= low[1].hash)
		return;
	if (c->n && hash >= low[0].hash) {
		item_set(&low[1], p, at_us, hash, raw);
		return;
	}
	if (c->n) { /* the old text's buffer is used again */
		struct exemplar_item spare = low[1];
		low[1] = low[0];
		low[0] = spare;
	}
	item_set(&low[0], p, at_us, hash, raw);
}

static void cell_add(struct exemplar_cell *c, const struct place *p, int64_t at_us, struct essence raw)
{
	uint64_t hash = hash_mix(p->offset ^ 0x9E3779B97F4A7C15u, 0xD6E8FEB86659FD93u);
	if (!c->n || at_us < c->item[0].at_us)
		item_set(&c->item[0], p, at_us, hash, raw);
	if (!c->n || at_us >= c->item[1].at_us)
		item_set(&c->item[1], p, at_us, hash, raw);
	smallest_insert(c, p, at_us, hash, raw);
	c->n++;
}

/* Empties `from` into `to`. */
static void cell_merge(struct exemplar_cell *to, struct exemplar_cell *from)
{
	if (before(&from->item[0], &to->item[0]))
		item_move(&to->item[0], &from->item[0]);
	if (before(&to->item[1], &from->item[1]))
		item_move(&to->item[1], &from->item[1]);
	for (int i = 2; i < EXEMPLAR_ITEMS; i++) {
		struct exemplar_item *low = to->item + 2, *new = &from->item[i];
		size_t have = to->n < 2 ? (size_t)to->n : 2;
		if ((uint64_t)(i - 2) >= from->n)
			break;
		if (have == 2 && new->hash >= low[1].hash)
			break;
		item_move(&low[1], new);
		if (have && low[1].hash < low[0].hash) {
			struct exemplar_item swap = low[0];
			low[0] = low[1];
			low[1] = swap;
		} else if (!have) {
			item_move(&low[0], &low[1]);
		}
		to->n++; /* only 0, 1 and "more" matter */
	}
	to->n += from->n;
	for (int i = 0; i < EXEMPLAR_ITEMS; i++)
		item_release(&from->item[i]);
}

static uint32_t *slot_of(struct exemplars *e, uint32_t kind, uint32_t start_s)
{
	size_t i = (size_t)(cells_hash(kind, start_s) >> 40) & (e->index_cap - 1);
	while (e->index[i]) {
		const struct exemplar_cell *c = &e->cells[e->index[i] - 1];
		if (c->kind == kind && c->start_s == start_s)
			break;
		i = (i + 1) & (e->index_cap - 1);
	}
	return &e->index[i];
}

static void coarsen(struct exemplars *e)
{
	struct exemplar_cell *old = e->cells;
	size_t n = e->n;
	e->widths++;
	e->width_s = e->widths[0];
	e->cells = memory_new(e->cap, sizeof *e->cells);
	e->n = 0;
	memset(e->index, 0, e->index_cap * sizeof *e->index);
	for (size_t i = 0; i < n; i++) {
		old[i].start_s -= old[i].start_s % e->width_s;
		uint32_t *slot = slot_of(e, old[i].kind, old[i].start_s);
		if (*slot) {
			cell_merge(&e->cells[*slot - 1], &old[i]);
		} else {
			e->cells[e->n++] = old[i];
			*slot = (uint32_t)e->n;
		}
	}
	memory_free(old);
}

static struct exemplar_cell *cell_at(struct exemplars *e, uint32_t kind, uint32_t second)
{
	if (!e->index_cap) {
		e->index_cap = 2 * LIMIT_EXEMPLARS;
		e->index = memory_new(e->index_cap, sizeof *e->index);
	}
	uint32_t *slot = slot_of(e, kind, second - second % e->width_s);
	if (!*slot) {
		while (e->n >= (size_t)LIMIT_EXEMPLARS >> e->share && e->widths[1])
			coarsen(e);
		slot = slot_of(e, kind, second - second % e->width_s);
	}
	if (!*slot) {
		if (e->n >= (size_t)LIMIT_EXEMPLARS >> e->share) /* hundreds of kinds over all of time: no real file */
			return NULL;
		e->cells = memory_grow(e->cells, &e->cap, e->n + 1, sizeof *e->cells);
		e->cells[e->n++] = (struct exemplar_cell){.kind = kind, .start_s = second - second % e->width_s};
		*slot = (uint32_t)e->n;
	}
	return &e->cells[*slot - 1];
}

void exemplars_add(struct exemplars *e, uint32_t kind, const struct place *p, int64_t at_us, struct span raw,
		   struct span focus)
{
	struct exemplar_cell *c = cell_at(e, kind, p->second);
	if (c)
		cell_add(c, p, at_us, (struct essence){raw, focus});
}

struct sorted_item {
	uint32_t kind;
	const struct exemplar_cell *cell;
	const struct exemplar_item *item;
};

/* Kinds are sorted by (signal, class), so their numbers are the order. */
static int by_kind_offset(const void *left, const void *right)
{
	const struct sorted_item *a = left, *b = right;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->item->offset != b->item->offset)
		return a->item->offset < b->item->offset ? -1 : 1;
	return 0;
}

struct exemplar *exemplars_freeze(struct exemplars *e, const struct signal_set *signals, uint32_t from_s, uint32_t to_s,
				  size_t *n)
{
	struct sorted_item *items = memory_new(e->n * EXEMPLAR_ITEMS, sizeof *items);
	size_t items_n = 0, to = 0;
	for (size_t i = 0; i < e->n; i++) {
		const struct exemplar_cell *c = &e->cells[i];
		if (c->start_s < from_s || c->start_s > to_s)
			continue;
		for (size_t k = 0; k < EXEMPLAR_ITEMS && k < 2 + c->n; k++)
			items[items_n++] = (struct sorted_item){c->kind, c, &c->item[k]};
	}
	if (items_n)
		qsort(items, items_n, sizeof *items, by_kind_offset);
	struct exemplar *out = memory_new(items_n, sizeof *out);
	struct text text = {0};
	for (size_t i = 0; i < items_n; i++) {
		if (i && !by_kind_offset(&items[i - 1], &items[i]))
			continue;
		const struct exemplar_item *item = items[i].item;
		const struct signal_kind *kind = signal_kind(signals, items[i].kind);
		mask_excerpt((struct span){item->raw, item->len}, &text);
		out[to++] = (struct exemplar){.signal = span_copy(span_of(kind->signal->name)),
					      .class = span_copy(span_of(kind->class)),
					      .start_s = items[i].cell->start_s,
					      .at_us = item->at_us,
					      .line = item->line,
					      .length = item->length,
					      .offset = item->offset,
					      .text = span_copy(text_span(&text))};
	}
	text_release(&text);
	memory_free(items);
	*n = to;
	return out;
}

void exemplars_release(struct exemplars *e)
{
	for (size_t i = 0; i < e->n; i++)
		for (int k = 0; k < EXEMPLAR_ITEMS; k++)
			item_release(&e->cells[i].item[k]);
	memory_free(e->cells);
	memory_free(e->index);
	*e = (struct exemplars){0};
}
