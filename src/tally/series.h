/* series: counts per second with first and last record, while a file is read.
 *
 * Takes  the place of a record (time, line, offset, length), in file order; stamps in any order.
 * Gives  bins, sorted; their width.
 * Holds  at most LIMIT_BINS bins over all series of a pool, at any time. The bins are shared evenly: when they are
 *        spent, the series that holds most (so it is over its even share) coarsens alone: 1, 10, 60, 900 s. Facet
 *        series together get at most half, so that many users never coarsen the counts of a signal itself.
 * Never  depends on anything but the sequence of calls. Costs one compare for a record in the bin of the record before
 *        it, a hash look-up for any other bin: a stamp that jumps costs no more than one that creeps.
 *
 * When even bins of 900 s do not fit (years of stamps in hundreds of series: no real file), new bins are refused.
 */
#ifndef ONSET_SERIES_H
#define ONSET_SERIES_H

#include "tally/part.h"

/* Where a record is. Computed once per record. */
struct place {
	uint32_t second, us;   /* since 1970; microseconds after it */
	uint32_t line, length; /* cut to 32 bits */
	uint64_t offset;
};

struct count {
	struct bin *bins; /* in order of appearance */
	size_t n, cap;
	uint32_t *index; /* open addressing over start_s: number of the bin + 1 */
	size_t index_cap;
	size_t at; /* bin of the last record */
	uint32_t width_s;
	bool is_facet;
};

struct count_pool {
	struct count **counts; /* borrowed: all series that have a bin */
	size_t n, cap;
	size_t bins, facet_bins;
	bool full, facets_full; /* nothing is left to coarsen */
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void count_init(struct count *c, uint32_t width_s, bool is_facet);
/* False when there was no room for its bin. */
bool count_slowly(struct count_pool *pool, struct count *c, const struct place *p);

static inline void bin_count(struct bin *b, const struct place *p)
{
	uint32_t us = (p->second - b->start_s) * 1000000u + p->us; /* < 900 s: fits */
	b->n++;
	if (us >= b->last_us) { /* offsets ascend: the later record is the last of equal stamps */
		b->last_us = us;
		b->last_line = p->line;
		b->last_length = p->length;
		b->last_offset = p->offset;
	}
	if (us < b->first_us) {
		b->first_us = us;
		b->first_line = p->line;
		b->first_length = p->length;
		b->first_offset = p->offset;
	}
}

static inline bool count_add(struct count_pool *pool, struct count *c, const struct place *p)
{
	if (c->n && p->second - c->bins[c->at].start_s < c->width_s) {
		bin_count(&c->bins[c->at], p);
		return true;
	}
	return count_slowly(pool, c, p);
}

/* Sorts the bins by start. Nothing can be added afterwards. */
void count_sort(struct count *c);
void count_release(struct count *c);
void count_pool_release(struct count_pool *pool);

#endif
