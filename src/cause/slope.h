/* slope: does a level rise all the time, whatever single steps do: Theil and Sen's slope.
 *
 * Takes  a level per step, all steps of one length.
 * Gives  the median of the slopes between all pairs of steps, with its 95 % interval by Kendall's S (facts/algorithms.md 3.4, R7).
 * Holds  n * n / 2 slopes while it looks.
 * Never  uses floating point; never answers of fewer than SLOPE_LEAST steps.
 */
#ifndef ONSET_SLOPE_H
#define ONSET_SLOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLOPE_LEAST = 8, SLOPE_MOST = 120 };

struct slope {
	int64_t micro, lower, upper; /* millionths of the level's unit per step */
};

/* False: too few steps. n at most SLOPE_MOST; levels within +- 2^40. */
bool slope_find(const int64_t *levels, size_t n, struct slope *out);

#endif
