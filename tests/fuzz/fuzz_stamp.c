/* stamp: any bytes. With and without a cache the same is read; what is taken lies inside; the time is a year of four digits. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "line/stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static int same(const struct stamp *a, const struct stamp *b)
{
	return a->time_us == b->time_us && a->resolution_us == b->resolution_us && a->zone == b->zone &&
	       a->yearless == b->yearless && span_equal(a->zone_text, b->zone_text);
}

/* Each line of the input is a stamp, so that the cache meets other stamps. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stamp_cache cache = {.len = 0};
	struct span rest = {(const char *)data, size};
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct stamp plain, cached;
		size_t taken = stamp_scan(line, NULL, &plain);
		must(taken <= line.len && taken == stamp_scan(line, &cache, &cached));
		if (taken)
			must(same(&plain, &cached) && plain.resolution_us >= 1 && plain.resolution_us <= 60 * SECOND_US &&
			     plain.time_us >= -INT64_C(62135596800) * SECOND_US - DAY_US &&
			     plain.time_us < INT64_C(253402300800) * SECOND_US + DAY_US);
		bool whole = stamp_parse(line, NULL, &plain);
		must(whole == stamp_parse(line, &cache, &cached) && (!whole || same(&plain, &cached)));
	}
	return 0;
}
