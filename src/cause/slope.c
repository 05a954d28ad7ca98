#include "cause/slope.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/root.h"
#include "cause/ratio.h"

static int slope_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

bool slope_find(const int64_t *levels, size_t n, struct slope *out)
{
	if (n < SLOPE_LEAST || n > SLOPE_MOST)
		return false;
	size_t pairs = n * (n - 1) / 2, at = 0;
	int64_t *slopes = memory_new(pairs, sizeof *slopes);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			slopes[at++] = (levels[k] - levels[i]) * 1000000 / (int64_t)(k - i);
	qsort(slopes, pairs, sizeof *slopes, slope_order);
	/* 1.96 standard deviations of S, whose variance is n (n - 1) (2 n + 5) / 18; 196^2 / 10^4 inside of the root. */
	uint64_t spread = root_of((unsigned __int128)n * (n - 1) * (2 * n + 5) * 38416u / 180000u);
	size_t low = spread < pairs ? (pairs - spread - 1) / 2 : 0;
	*out = (struct slope){
		.micro = pairs % 2 ? slopes[pairs / 2] : (slopes[pairs / 2 - 1] + slopes[pairs / 2]) / 2,
		.lower = slopes[low],
		.upper = slopes[pairs - 1 - low],
	};
	memory_free(slopes);
	return true;
}
