#include "tally/histogram.h"

int64_t bucket_low(unsigned bucket)
{
	if (bucket < 1u << HISTOGRAM_BITS)
		return bucket;
	unsigned octave = bucket >> HISTOGRAM_BITS; /* from 1: values from 32 */
	uint64_t mantissa = (1u << HISTOGRAM_BITS) + (bucket & ((1u << HISTOGRAM_BITS) - 1));
	return (int64_t)(mantissa << (octave - 1));
}

int64_t bucket_high(unsigned bucket)
{
	return bucket + 1 >= HISTOGRAM_BUCKETS ? INT64_MAX : bucket_low(bucket + 1) - 1;
}

int64_t bucket_middle(unsigned bucket)
{
	int64_t low = bucket_low(bucket);
	return low + (bucket_high(bucket) - low) / 2;
}
