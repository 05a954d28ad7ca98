/* vote: intervals, most of which hold one truth, to the bound of that truth.
 *
 * Takes  closed intervals in microseconds, in any order; some of them may be wrong.
 * Gives  the hull of all points that lie in nearly as many intervals as the best point: in 95 % of them, and in all but one at most
 *        where they are few (facts of a simulation with a fifth of the intervals wrong, tests/unit/vote_oracle.py: the truth lies inside in
 *        >= 98 % of the runs; the best point's own interval misses it in most runs of a thousand intervals).
 * Holds  nothing.
 * Never  uses the order of the intervals, floats, or a mean: a third of them may be as wrong as they like.
 *
 * Marzullo's algorithm (1984), relaxed.
 */
#ifndef ONSET_VOTE_H
#define ONSET_VOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* low_us <= high_us. */
struct vote_interval {
	int64_t low_us, high_us;
};
struct vote {
	int64_t low_us, high_us; /* the bound */
	size_t n, count;         /* intervals; how many of them hold the best point */
};

/* How many intervals a point must lie in, of `count` that the best one lies in. */
size_t vote_needed(size_t count);
/* `n` >= 1. */
struct vote vote_hold(const struct vote_interval *items, size_t n);
/* How many intervals hold the best point. */
size_t vote_count(const struct vote_interval *items, size_t n);

#endif
