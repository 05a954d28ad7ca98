#include "tally/busy.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"

/* 2^32 s are 49,711 days: fewer than LIMIT_CELLS. */
static const uint32_t widths[] = {1, 10, 60, 900, 86400, 0};

void busy_init(struct busy *b)
{
	*b = (struct busy){.widths = widths, .width_s = widths[0]};
}

/* Seconds that follow one another lie side by side, in the cache, and sorted but for wraps; blocks of a day and a half are
 * dealt out. */
static size_t home_of(const struct busy *b, uint32_t start_s)
{
	return (start_s + (start_s >> 17) * UINT32_C(0x9E3779B1)) & (b->cap - 1);
}

static struct busy_cell *place_of(struct busy *b, uint32_t start_s)
{
	size_t i = home_of(b, start_s);
	while (b->table[i].used && b->table[i].start_s != start_s)
		i = (i + 1) & (b->cap - 1);
	return &b->table[i];
}

static struct busy_cell *make(struct busy *b, uint32_t start_s)
{
	struct busy_cell *cell = place_of(b, start_s);
	if (!cell->used) {
		cell->used = true;
		cell->start_s = start_s;
		b->n++;
	}
	return cell;
}

static void grow(struct busy *b)
{
	struct busy_cell *old = b->table;
	size_t old_cap = b->cap;
	b->cap = old_cap ? 2 * old_cap : 64;
	b->table = memory_new(b->cap, sizeof *b->table);
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].used)
			*place_of(b, old[i].start_s) = old[i];
	memory_free(old);
}

static int by_start(const void *left, const void *right)
{
	const struct busy_cell *a = left, *b = right;
	return a->start_s < b->start_s ? -1 : a->start_s > b->start_s;
}

static void sort(struct busy *b)
{
	size_t to = 0;
	for (size_t i = 0; i < b->cap; i++)
		if (b->table[i].used)
			b->table[to++] = b->table[i];
	for (size_t i = to; i < b->cap; i++)
		b->table[i].used = false;
	if (to > 1)
		qsort(b->table, to, sizeof *b->table, by_start);
}

/* Widens the intervals exactly. A wide interval that holds a cell gets everything that happened in it as `us`; requests
 * that fill the wide intervals between two such ones become steps at their edges. */
static void coarsen(struct busy *b)
{
	sort(b);
	struct busy_cell *old = b->table;
	size_t n = b->n;
	int64_t narrow_us = b->width_s * SECOND_US, level = 0;
	uint32_t narrow = b->width_s;
	b->widths++;
	b->width_s = b->widths[0];
	uint32_t width = b->width_s;
	b->table = memory_new(b->cap, sizeof *b->table);
	b->n = 0;
	for (size_t i = 0; i < n;) {
		uint32_t start = old[i].start_s - old[i].start_s % width;
		uint64_t end = (uint64_t)start + width;
		/* what filled the part of this interval before its first cell */
		int64_t before = level, us = level * (old[i].start_s - start) * SECOND_US;
		for (; i < n && old[i].start_s < end; i++) {
			level += old[i].step;
			uint64_t until = i + 1 < n && old[i + 1].start_s < end ? old[i + 1].start_s : end;
			us += old[i].us + level * (int64_t)((until - old[i].start_s) / narrow) * narrow_us;
		}
		struct busy_cell *cell = make(b, start);
		cell->us += us;
		cell->step -= before;
		if (level && end <= UINT32_MAX)
			make(b, (uint32_t)end)->step += level;
	}
	memory_free(old);
}

/* At most four cells are touched; asked for before any of them, so that the pointers stay valid. */
static void reserve(struct busy *b)
{
	while (b->n + 4 > (size_t)LIMIT_CELLS >> b->share && b->widths[1])
		coarsen(b);
	if (2 * (b->n + 4) > b->cap)
		grow(b);
}

void busy_add(struct busy *b, int64_t end_us, int64_t duration_us)
{
	b->known = true;
	if (duration_us > HOUR_US)
		duration_us = HOUR_US;
	if (duration_us > end_us)
		duration_us = end_us;
	if (duration_us <= 0)
		return;
	if (2 * (b->n + 4) > b->cap || b->n + 4 > (size_t)LIMIT_CELLS >> b->share)
		reserve(b);
	uint32_t width = b->width_s;
	int64_t start_us = end_us - duration_us;
	uint32_t first = (uint32_t)((uint64_t)start_us / 1000000), last = (uint32_t)((uint64_t)(end_us - 1) / 1000000);
	if (width > 1) {
		first -= first % width;
		last -= last % width;
	}
	if (first == last) {
		make(b, first)->us += duration_us;
		return;
	}
	make(b, first)->us += ((int64_t)first + width) * SECOND_US - start_us;
	make(b, last)->us += end_us - last * SECOND_US;
	if (last - first > width) {
		make(b, first + width)->step++;
		make(b, last)->step--;
	}
}

/* Bins with something in them; writes them when `out` is not NULL. */
static size_t fill(const struct busy *b, struct busy_bin *out)
{
	size_t n = 0;
	int64_t level = 0, width_us = b->width_s * SECOND_US;
	for (size_t i = 0; i < b->n; i++) {
		level += b->table[i].step;
		int64_t us = b->table[i].us + level * width_us;
		uint64_t start = b->table[i].start_s,
			 until = i + 1 < b->n ? b->table[i + 1].start_s : start + b->width_s;
		while (start < until) {
			if (us > 0) {
				if (out)
					out[n] = (struct busy_bin){(uint32_t)start, (uint64_t)us};
				n++;
			}
			us = level * width_us;
			if (us <= 0)
				break;
			start += b->width_s;
		}
	}
	return n;
}

struct busy_bin *busy_freeze(struct busy *b, size_t *n, uint32_t *width_s)
{
	sort(b);
	while ((*n = fill(b, NULL)) > (size_t)LIMIT_CELLS >> b->share && b->widths[1]) {
		coarsen(b);
		sort(b);
	}
	struct busy_bin *bins = memory_new(*n, sizeof *bins);
	fill(b, bins);
	*width_s = b->width_s;
	return bins;
}

void busy_release(struct busy *b)
{
	memory_free(b->table);
	*b = (struct busy){0};
}
