/* histogram: durations in log-linear buckets.
 *
 * Takes  durations in microseconds.
 * Gives  bucket numbers and what they stand for, by integer arithmetic only.
 * Holds  nothing.
 * Never  uses a logarithm: hosts would differ.
 *
 * 5 bits: below 32 us a bucket is one microsecond, above it every octave has 32 buckets of equal width, so that the
 * middle of a bucket is within 1/64 = 1.6 % of every value in it (facts/algorithms.md 5).
 */
#ifndef ONSET_HISTOGRAM_H
#define ONSET_HISTOGRAM_H

#include <stdint.h>

enum {
	HISTOGRAM_BITS = 5,
	HISTOGRAM_BUCKETS = (63 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS,
	HISTOGRAM_ERROR_PPM = 15625, /* bucket_middle() for any value of the bucket: 1/64 of the value */
};

/* Negative values count as 0. Monotone; less than HISTOGRAM_BUCKETS. */
static inline unsigned bucket_of(int64_t us)
{
	if (us < 1 << HISTOGRAM_BITS)
		return us < 0 ? 0 : (unsigned)us;
	unsigned e = 63 - (unsigned)__builtin_clzll((uint64_t)us);
	return ((e - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS) +
	       (unsigned)((uint64_t)us >> (e - HISTOGRAM_BITS) & ((1u << HISTOGRAM_BITS) - 1));
}

/* Smallest and largest value of a bucket (< HISTOGRAM_BUCKETS). */
int64_t bucket_low(unsigned bucket);
int64_t bucket_high(unsigned bucket);
/* The value that stands for all of a bucket. */
int64_t bucket_middle(unsigned bucket);

#endif
