#include "tally/series.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"

/* 900 divides every zone offset, so that bins can be shifted whole. */
static uint32_t wider(uint32_t width_s)
{
	return width_s < 10 ? 10 : width_s < 60 ? 60 : width_s < 900 ? 900 : 0;
}

void count_init(struct count *c, uint32_t width_s, bool is_facet)
{
	*c = (struct count){.width_s = width_s, .is_facet = is_facet};
}

/* Seconds that follow one another lie side by side, in the cache, in rows of 32; the rows are dealt out over the index, so
 * that days beside days never make one long run to walk through. */
static size_t index_of(const struct count *c, uint32_t start_s)
{
	uint32_t row = start_s >> 5;
	row = (row + (row >> 12) * UINT32_C(0x85EBCA6B)) * UINT32_C(0x9E3779B1);
	return (row << 5 | (start_s & 31)) & (c->index_cap - 1);
}

/* The index slot of a bin, or the free one where it belongs. */
static uint32_t *slot_of(struct count *c, uint32_t start_s)
{
	size_t i = index_of(c, start_s);
	while (c->index[i] && c->bins[c->index[i] - 1].start_s != start_s)
		i = (i + 1) & (c->index_cap - 1);
	return &c->index[i];
}

static void index_rebuild(struct count *c, size_t cap)
{
	memory_free(c->index);
	c->index = memory_new(cap, sizeof *c->index);
	c->index_cap = cap;
	for (size_t i = 0; i < c->n; i++)
		*slot_of(c, c->bins[i].start_s) = (uint32_t)i + 1;
}

static int by_start(const void *left, const void *right)
{
	const struct bin *a = left, *b = right;
	return a->start_s < b->start_s ? -1 : a->start_s > b->start_s;
}

void count_sort(struct count *c)
{
	size_t i = 1;
	while (i < c->n && c->bins[i - 1].start_s < c->bins[i].start_s)
		i++;
	if (i < c->n) /* some stamp went back */
		qsort(c->bins, c->n, sizeof *c->bins, by_start);
}

/* Adds `from`, whose times count from a later start, to `to`. */
static void bin_merge(struct bin *to, const struct bin *from)
{
	uint32_t shift = (from->start_s - to->start_s) * 1000000u;
	uint32_t first = from->first_us + shift, last = from->last_us + shift;
	to->n += from->n;
	if (first < to->first_us || (first == to->first_us && from->first_offset < to->first_offset)) {
		to->first_us = first;
		to->first_line = from->first_line;
		to->first_length = from->first_length;
		to->first_offset = from->first_offset;
	}
	if (last > to->last_us || (last == to->last_us && from->last_offset > to->last_offset)) {
		to->last_us = last;
		to->last_line = from->last_line;
		to->last_length = from->last_length;
		to->last_offset = from->last_offset;
	}
}

static void coarsen(struct count_pool *pool, struct count *c)
{
	size_t before = c->n, to = 0;
	c->width_s = wider(c->width_s);
	count_sort(c);
	for (size_t i = 0; i < c->n; i++) {
		uint32_t start = c->bins[i].start_s - c->bins[i].start_s % c->width_s;
		if (to && c->bins[to - 1].start_s == start) {
			bin_merge(&c->bins[to - 1], &c->bins[i]);
			continue;
		}
		struct bin moved = c->bins[i];
		uint32_t shift = (moved.start_s - start) * 1000000u;
		moved.start_s = start;
		moved.first_us += shift;
		moved.last_us += shift;
		c->bins[to++] = moved;
	}
	c->n = to;
	c->at = 0;
	index_rebuild(c, c->index_cap);
	pool->bins -= before - to;
	if (c->is_facet)
		pool->facet_bins -= before - to;
}

/* Coarsens the series with most bins; false when all have the widest. */
static bool make_room(struct count_pool *pool, bool facets_only)
{
	struct count *most = NULL;
	for (size_t i = 0; i < pool->n; i++) {
		struct count *c = pool->counts[i];
		if (wider(c->width_s) && (c->is_facet || !facets_only) && (!most || c->n > most->n))
			most = c;
	}
	if (most)
		coarsen(pool, most);
	return most != NULL;
}

static bool has_room(struct count_pool *pool, bool is_facet)
{
	while (pool->bins >= (size_t)LIMIT_BINS >> pool->share) {
		if (pool->full || !make_room(pool, false)) {
			pool->full = true;
			return false;
		}
	}
	while (is_facet && pool->facet_bins >= (size_t)LIMIT_BINS / 2 >> pool->share) {
		if (pool->facets_full || !make_room(pool, true)) {
			pool->facets_full = true;
			return false;
		}
	}
	return true;
}

/* The bin of `second`, or a place for it. */
static struct bin *find(struct count *c, uint32_t second)
{
	if (!c->index_cap)
		return NULL;
	uint32_t at = *slot_of(c, second - second % c->width_s);
	if (!at)
		return NULL;
	c->at = at - 1;
	return &c->bins[c->at];
}

bool count_slowly(struct count_pool *pool, struct count *c, const struct place *p)
{
	struct bin *b = find(c, p->second);
	if (!b) {
		if (!has_room(pool, c->is_facet))
			return false;
		b = find(c, p->second); /* the series itself may have been coarsened */
	}
	if (b) {
		bin_count(b, p);
		return true;
	}
	if (!c->n) {
		pool->counts = memory_grow(pool->counts, &pool->cap, pool->n + 1, sizeof *pool->counts);
		pool->counts[pool->n++] = c;
	}
	if (2 * (c->n + 1) > c->index_cap)
		index_rebuild(c, c->index_cap ? 2 * c->index_cap : 16);
	c->bins = memory_grow(c->bins, &c->cap, c->n + 1, sizeof *c->bins);
	c->at = c->n++;
	pool->bins++;
	pool->facet_bins += c->is_facet;
	b = &c->bins[c->at];
	uint32_t start = p->second - p->second % c->width_s;
	uint32_t us = (p->second - start) * 1000000u + p->us;
	*b = (struct bin){start, 1, us, us, p->line, p->line, p->length, p->length, p->offset, p->offset};
	*slot_of(c, start) = (uint32_t)c->at + 1;
	return true;
}

void count_release(struct count *c)
{
	memory_free(c->bins);
	memory_free(c->index);
	*c = (struct count){0};
}

void count_pool_release(struct count_pool *pool)
{
	memory_free(pool->counts);
	*pool = (struct count_pool){0};
}
