/* latency: how many requests took how long, per interval.
 *
 * Takes  the second and the duration's bucket of each request, in file order; stamps in any order.
 * Gives  counts per (interval, bucket), ascending.
 * Holds  a row of counts of the interval at hand, and at most 2 * LIMIT_CELLS cells behind it. Intervals are 10 s wide, and
 *        wider when more than LIMIT_CELLS cells have something in them.
 * Never  looks a cell up: logs go forward, so the row, which stays in the cache, is written behind the others when the
 *        next interval begins. Stamps that jump leave several cells of one (interval, bucket), merged in the end.
 */
#ifndef ONSET_LATENCY_H
#define ONSET_LATENCY_H

#include "tally/histogram.h"
#include "tally/part.h"

struct latency_counts {
	struct latency_cell *cells;
	size_t n, cap;
	bool disordered;        /* the cells' intervals do not ascend */
	const uint32_t *widths; /* ascending, each divides the next, ends with 0; static */
	uint32_t width_s;       /* the one in force */
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
	uint32_t at_s;          /* interval of the row */
	uint32_t row[HISTOGRAM_BUCKETS];
	uint64_t used[(HISTOGRAM_BUCKETS + 63) / 64]; /* a bit for each bucket of the row that is not 0 */
};

void latency_init(struct latency_counts *l);
/* Begins the row of the interval that `second` lies in. */
void latency_turn(struct latency_counts *l, uint32_t second);

/* `bucket` < HISTOGRAM_BUCKETS. */
static inline void latency_add(struct latency_counts *l, uint32_t second, unsigned bucket)
{
	if (second - l->at_s >= l->width_s) /* wraps for an earlier second, and is then large */
		latency_turn(l, second);
	l->row[bucket]++;
	l->used[bucket / 64] |= UINT64_C(1) << bucket % 64;
}

/* Ascending (start_s, bucket); the caller frees them. Nothing can be added afterwards. */
struct latency_cell *latency_freeze(struct latency_counts *l, size_t *n, uint32_t *width_s);
void latency_release(struct latency_counts *l);

#endif
