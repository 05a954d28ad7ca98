#include "tally/latency.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

/* The last two are only for a hostile spread of stamps: 100 days, 27 years. */
static const uint32_t widths[] = {10, 60, 900, 86400, 8640000, 864000000, 0};

void latency_init(struct latency_counts *l)
{
	*l = (struct latency_counts){.widths = widths, .width_s = widths[0]};
}

/* Writes the row behind the first `n` cells, as the interval from start_s on, and empties it. There is room. */
static void write_row(struct latency_counts *l, uint32_t start_s)
{
	for (size_t word = 0; word < sizeof l->used / sizeof *l->used; word++) {
		for (uint64_t bits = l->used[word]; bits; bits &= bits - 1) {
			size_t bucket = word * 64 + (size_t)__builtin_ctzll(bits);
			l->cells[l->n++] = (struct latency_cell){start_s, (uint16_t)bucket, l->row[bucket]};
			l->row[bucket] = 0;
		}
		l->used[word] = 0;
	}
}

/* Makes one cell of all that lie in the same interval and bucket; the intervals ascend, and the row is empty. Writes to where
 * it has read: a row has no more cells than it was made from. */
static void merge(struct latency_counts *l)
{
	size_t n = l->n;
	l->n = 0;
	for (size_t i = 0; i < n;) {
		uint32_t start = l->cells[i].start_s - l->cells[i].start_s % l->width_s;
		for (; i < n && l->cells[i].start_s - start < l->width_s; i++) {
			unsigned bucket = l->cells[i].bucket;
			l->row[bucket] += l->cells[i].n;
			l->used[bucket / 64] |= UINT64_C(1) << bucket % 64;
		}
		write_row(l, start);
	}
}

static int by_start(const void *left, const void *right)
{
	const struct latency_cell *a = left, *b = right;
	return a->start_s < b->start_s ? -1 : a->start_s > b->start_s;
}

/* One cell for each (interval, bucket), at most LIMIT_CELLS of them. */
static void pack(struct latency_counts *l)
{
	if (l->disordered)
		qsort(l->cells, l->n, sizeof *l->cells, by_start);
	l->disordered = false;
	merge(l);
	while (l->n > (size_t)LIMIT_CELLS >> l->share && l->widths[1]) {
		l->widths++;
		l->width_s = l->widths[0];
		merge(l);
	}
}

static void keep_row(struct latency_counts *l)
{
	l->cells = memory_grow(l->cells, &l->cap, l->n + HISTOGRAM_BUCKETS, sizeof *l->cells);
	write_row(l, l->at_s);
}

void latency_turn(struct latency_counts *l, uint32_t second)
{
	keep_row(l);
	if (l->n > (size_t)2 * LIMIT_CELLS >> l->share)
		pack(l);
	l->at_s = second - second % l->width_s;
	l->disordered |= l->n && l->at_s < l->cells[l->n - 1].start_s;
}

struct latency_cell *latency_freeze(struct latency_counts *l, size_t *n, uint32_t *width_s)
{
	keep_row(l);
	pack(l);
	/* Not one cell more than needed: there was room for a row, and a folder of small logs has a hundred thousand parts. */
	struct latency_cell *cells = memory_new(l->n, sizeof *cells);
	if (l->n)
		memcpy(cells, l->cells, l->n * sizeof *cells);
	*n = l->n;
	*width_s = l->width_s;
	memory_free(l->cells);
	l->cells = NULL;
	return cells;
}

void latency_release(struct latency_counts *l)
{
	memory_free(l->cells);
	*l = (struct latency_counts){0};
}
