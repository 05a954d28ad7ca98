#include "tally/cells.h"

#include <stdlib.h>

#include "base/memory.h"

const uint32_t cells_minutes[] = {60, 900, 3600, 86400, 8640000, 864000000, 0};
const uint32_t cells_seconds[] = {1, 10, 60, 900, 86400, 8640000, 864000000, 0};

void cells_init(struct cells *c, const uint32_t *widths, size_t limit)
{
	*c = (struct cells){.widths = widths, .width_s = widths[0], .limit = limit};
}

/* The cell, or the free place where it belongs. */
static struct cell *place_of(struct cells *c, uint32_t slot, uint32_t start_s)
{
	size_t i = cells_hash(slot, start_s) >> c->shift;
	while (c->table[i].used && (c->table[i].slot != slot || c->table[i].start_s != start_s))
		i = (i + 1) & (c->cap - 1);
	return &c->table[i];
}

static void rebuild(struct cells *c, size_t cap)
{
	struct cell *old = c->table;
	size_t old_cap = c->cap;
	c->table = memory_new(cap, sizeof *c->table);
	c->cap = cap;
	c->shift = 64 - (unsigned)__builtin_ctzll(cap);
	c->n = 0;
	for (size_t i = 0; i < old_cap; i++) {
		if (!old[i].used)
			continue;
		struct cell *to = place_of(c, old[i].slot, old[i].start_s - old[i].start_s % c->width_s);
		if (!to->used) {
			*to = old[i];
			to->start_s -= to->start_s % c->width_s;
			c->n++;
		} else {
			to->n += old[i].n;
			to->failed += old[i].failed;
			to->slow += old[i].slow;
		}
	}
	memory_free(old);
}

/* Widens the intervals; false when there is no wider one. */
static bool coarsen(struct cells *c)
{
	if (!c->widths[1])
		return false;
	c->widths++;
	c->width_s = c->widths[0];
	rebuild(c, c->cap);
	return true;
}

struct cell *cells_make(struct cells *c, uint32_t slot, uint32_t second)
{
	if (!c->cap)
		rebuild(c, 64);
	struct cell *cell = place_of(c, slot, second - second % c->width_s);
	if (cell->used)
		return cell;
	while (c->n >= c->limit && coarsen(c))
		;
	if (2 * (c->n + 1) > c->cap)
		rebuild(c, 2 * c->cap);
	c->at_s = second - second % c->width_s;
	cell = place_of(c, slot, c->at_s);
	if (!cell->used) {
		*cell = (struct cell){.slot = slot, .start_s = c->at_s, .used = 1};
		c->n++;
	}
	return cell;
}

static int by_slot(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	return a->start_s < b->start_s ? -1 : a->start_s > b->start_s;
}

struct cell *cells_by_slot(struct cells *c, size_t *n)
{
	size_t to = 0;
	for (size_t i = 0; i < c->cap; i++)
		if (c->table[i].used)
			c->table[to++] = c->table[i];
	if (to)
		qsort(c->table, to, sizeof *c->table, by_slot);
	*n = to;
	return c->table;
}

void cells_release(struct cells *c)
{
	memory_free(c->table);
	*c = (struct cells){0};
}
