#include "tally/sums.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "tally/cells.h"

void sums_init(struct sums *s, const uint32_t *widths)
{
	*s = (struct sums){.widths = widths, .width_s = widths[0]};
}

static uint32_t *place_of(struct sums *s, uint32_t slot, uint32_t start_s)
{
	size_t i = (size_t)(cells_hash(slot, start_s) >> 32) & (s->index_cap - 1);
	while (s->index[i]) {
		const struct sum_cell *c = &s->cells[s->index[i] - 1];
		if (c->slot == slot && c->of.start_s == start_s)
			break;
		i = (i + 1) & (s->index_cap - 1);
	}
	return &s->index[i];
}

static uint64_t sum_of(uint64_t a, uint64_t b)
{
	return a + b > (uint64_t)INT64_MAX ? (uint64_t)INT64_MAX : a + b; /* both are at most INT64_MAX */
}

static bool is_larger(const struct number_cell *a, const struct number_cell *b)
{
	if (a->max != b->max)
		return a->max > b->max;
	return a->max_at_us < b->max_at_us || (a->max_at_us == b->max_at_us && a->max_offset < b->max_offset);
}

static void merge(struct number_cell *to, const struct number_cell *from)
{
	if (is_larger(from, to)) {
		to->max = from->max;
		to->max_at_us = from->max_at_us;
		to->max_offset = from->max_offset;
		to->max_line = from->max_line;
		to->max_length = from->max_length;
	}
	to->n = to->n + from->n < to->n ? UINT32_MAX : to->n + from->n;
	to->sum = sum_of(to->sum, from->sum);
}

/* All cells anew, in intervals of the width in force. */
static void rebuild(struct sums *s, size_t index_cap)
{
	size_t old = s->n;
	memory_free(s->index);
	s->index = memory_new(index_cap, sizeof *s->index);
	s->index_cap = index_cap;
	s->n = 0;
	for (size_t i = 0; i < old; i++) {
		struct sum_cell c = s->cells[i];
		c.of.start_s -= c.of.start_s % s->width_s;
		uint32_t *at = place_of(s, c.slot, c.of.start_s);
		if (*at) {
			merge(&s->cells[*at - 1].of, &c.of);
			continue;
		}
		s->cells[s->n++] = c;
		*at = (uint32_t)s->n;
	}
}

/* The number of the cell; 0 when there is no room for it. */
static uint32_t find(struct sums *s, uint32_t slot, uint32_t second)
{
	if (!s->index_cap)
		rebuild(s, 256);
	uint32_t *at = place_of(s, slot, second - second % s->width_s);
	if (*at)
		return *at;
	while (s->n >= (size_t)LIMIT_GAUGE_CELLS >> s->share && s->widths[1]) {
		s->widths++;
		s->width_s = s->widths[0];
		rebuild(s, s->index_cap);
		at = place_of(s, slot, second - second % s->width_s);
		if (*at)
			return *at;
	}
	if (s->n >= (size_t)LIMIT_GAUGE_CELLS >> s->share)
		return 0;
	if (2 * (s->n + 1) > s->index_cap) {
		rebuild(s, 2 * s->index_cap);
		at = place_of(s, slot, second - second % s->width_s);
	}
	s->cells = memory_grow(s->cells, &s->cap, s->n + 1, sizeof *s->cells);
	s->cells[s->n++] = (struct sum_cell){.of = {.start_s = second - second % s->width_s}, .slot = slot};
	return *at = (uint32_t)s->n;
}

uint32_t sums_find(struct sums *s, uint32_t slot, uint64_t value, const struct place *p)
{
	uint32_t number = find(s, slot, p->second);
	if (!number)
		return 0;
	struct number_cell *c = &s->cells[number - 1].of;
	struct number_cell one = {c->start_s, 1, value, value, p->second * SECOND_US + p->us, p->offset, p->line, p->length};
	if (!c->n)
		*c = one;
	else
		merge(c, &one);
	return number;
}

static int by_start(const void *left, const void *right)
{
	const struct sum_cell *a = left, *b = right;
	return a->of.start_s < b->of.start_s ? -1 : a->of.start_s > b->of.start_s;
}

/* Cells of one slot stand in order of time nearly always: dealing them out by slot costs less than sorting all of them. */
const struct sum_cell *sums_by_slot(struct sums *s, size_t *n)
{
	*n = s->n;
	if (!s->n)
		return s->cells;
	uint32_t slots = 0;
	for (size_t i = 0; i < s->n; i++)
		slots = s->cells[i].slot >= slots ? s->cells[i].slot + 1 : slots;
	uint32_t *at = memory_new(slots + 1, sizeof *at); /* where the next cell of each slot goes */
	for (size_t i = 0; i < s->n; i++)
		at[s->cells[i].slot + 1]++;
	for (uint32_t slot = 0; slot < slots; slot++)
		at[slot + 1] += at[slot];
	struct sum_cell *sorted = memory_new(s->n, sizeof *sorted);
	for (size_t i = 0; i < s->n; i++)
		sorted[at[s->cells[i].slot]++] = s->cells[i];
	for (size_t from = 0, to; from < s->n; from = to) {
		bool ascends = true;
		for (to = from + 1; to < s->n && sorted[to].slot == sorted[from].slot; to++)
			ascends &= sorted[to].of.start_s > sorted[to - 1].of.start_s;
		if (!ascends)
			qsort(sorted + from, to - from, sizeof *sorted, by_start);
	}
	memory_free(at);
	memory_free(s->cells);
	s->cells = sorted;
	s->cap = s->n;
	return s->cells;
}

size_t sums_take(const struct sum_cell *cells, size_t n, uint32_t from_s, uint32_t to_s, struct number_cell **out, size_t *made)
{
	size_t end = 0, kept = 0;
	for (; end < n && cells[end].slot == cells[0].slot; end++)
		kept += cells[end].of.start_s >= from_s && cells[end].of.start_s <= to_s;
	*made = 0;
	*out = kept ? memory_new(kept, sizeof **out) : NULL;
	for (size_t i = 0; i < end; i++)
		if (cells[i].of.start_s >= from_s && cells[i].of.start_s <= to_s)
			(*out)[(*made)++] = cells[i].of;
	return end;
}

void sums_release(struct sums *s)
{
	memory_free(s->cells);
	memory_free(s->index);
	*s = (struct sums){0};
}
