#include <stdbool.h>

#include "tally/histogram.h"

#include "unit.h"

int main(void)
{
	bool inside = true, tight = true, joined = true;
	for (unsigned b = 0; b < HISTOGRAM_BUCKETS; b++) {
		int64_t low = bucket_low(b), high = bucket_high(b), middle = bucket_middle(b);
		inside = inside && bucket_of(low) == b && bucket_of(high) == b && bucket_of(middle) == b;
		tight = tight && (middle - low) * 63 <= low && (high - middle) / 65 * 64 <= low &&
			(b + 1 == HISTOGRAM_BUCKETS || (high - middle <= high / 1000000 * HISTOGRAM_ERROR_PPM + high % 1000000 * HISTOGRAM_ERROR_PPM / 1000000 &&
			middle - low <= low / 1000000 * HISTOGRAM_ERROR_PPM + low % 1000000 * HISTOGRAM_ERROR_PPM / 1000000));
		joined = joined && (b + 1 == HISTOGRAM_BUCKETS || bucket_low(b + 1) == high + 1);
	}
	FACT(inside, "low, middle and high of a bucket lie in it");
	FACT(joined, "buckets meet without a hole");
	FACT(tight, "the middle is within 1.6 % of every value");
	FACT(bucket_of(-5) == 0 && bucket_of(0) == 0 && bucket_of(31) == 31 && bucket_of(32) == 32,
	     "small values are exact");
	FACT(bucket_of(1000000) == bucket_of(999424) && bucket_of(999424 + 16384) != bucket_of(999424),
	     "one second lies in the bucket of 16,384 us that begins at 61 * 2^14");
	FACT(bucket_of(INT64_MAX) == HISTOGRAM_BUCKETS - 1, "the largest value is in the last bucket");
	return unit_done();
}
