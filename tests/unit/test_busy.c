#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "tally/busy.h"

#include "random.h"
#include "unit.h"

enum { SPAN_S = 8000, BASE = 900 * 1000000 / 900 };

/* Overlap of every request with every interval, added up the slow way. */
static void agrees_with_overlaps(uint32_t force_width)
{
	static int64_t truth[SPAN_S];
	memset(truth, 0, sizeof truth);
	struct busy b;
	busy_init(&b);
	int64_t base = BASE * SECOND_US;
	for (int i = 0; i < 3000; i++) {
		int64_t end = base + (int64_t)(random_next() % (SPAN_S * 1000000ull));
		int64_t duration = (int64_t)(random_next() % (i % 10 ? 2000000 : 300000000));
		if (i % 97 == 0) /* whole seconds, whole ends */
			end -= end % SECOND_US;
		if (duration > end - base)
			duration = end - base;
		busy_add(&b, end, duration);
		for (int64_t s = (end - duration - base) / SECOND_US; s < SPAN_S && base + s * SECOND_US < end; s++) {
			int64_t low = base + s * SECOND_US, high = low + SECOND_US;
			if (low < end - duration)
				low = end - duration;
			if (high > end)
				high = end;
			truth[s] += high - low;
		}
	}
	if (force_width > 1) { /* far away requests until the table is full */
		uint32_t at = BASE + 20 * SPAN_S;
		while (b.width_s < force_width)
			busy_add(&b, (at += 2 * b.width_s) * SECOND_US + 2, 1);
	}
	size_t n;
	uint32_t width;
	struct busy_bin *bins = busy_freeze(&b, &n, &width);
	bool same = true, ascending = true;
	int64_t total = 0, expected = 0;
	for (size_t i = 0; i < n && bins[i].start_s < BASE + SPAN_S; i++) {
		int64_t sum = 0;
		for (uint32_t s = 0; s < width; s++)
			if (bins[i].start_s + s >= BASE && bins[i].start_s + s < BASE + SPAN_S)
				sum += truth[bins[i].start_s + s - BASE];
		same = same && bins[i].us == (uint64_t)sum;
		ascending = ascending && (!i || bins[i - 1].start_s < bins[i].start_s);
		total += sum;
	}
	for (int s = 0; s < SPAN_S; s++)
		expected += truth[s];
	FACT(width >= force_width, "the width is what was asked for");
	FACT(same, "each interval holds the overlap of all requests with it");
	FACT(total == expected, "no overlap is lost");
	FACT(ascending && n <= LIMIT_CELLS, "bins are sorted and bounded");
	memory_free(bins);
	busy_release(&b);
}

static void hostile(void)
{
	struct busy b;
	busy_init(&b);
	for (int i = 0; i < 1000000; i++)
		busy_add(&b, (int64_t)(random_next() % ((uint64_t)UINT32_MAX * 1000000)), INT64_MAX);
	size_t n;
	uint32_t width;
	struct busy_bin *bins = busy_freeze(&b, &n, &width);
	uint64_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += bins[i].us;
	FACT(n <= LIMIT_CELLS, "random stamps and endless durations stay bounded");
	FACT(total > 999000ull * HOUR_US && total <= 1000000ull * HOUR_US, "a duration over 1 h counts as 1 h");
	memory_free(bins);
	busy_release(&b);
}

static void nothing(void)
{
	struct busy b;
	busy_init(&b);
	size_t n;
	uint32_t width;
	struct busy_bin *bins = busy_freeze(&b, &n, &width);
	FACT(!n && width == 1 && !b.known, "no requests, no bins");
	memory_free(bins);
	busy_add(&b, 5, 0);
	FACT(b.known, "a request of no time makes durations known");
	busy_add(&b, 5, 1000);
	bins = busy_freeze(&b, &n, &width);
	FACT(n == 1 && bins[0].us == 5, "a request that began before 1970 counts from there");
	memory_free(bins);
	busy_release(&b);
}

int main(void)
{
	agrees_with_overlaps(1);
	agrees_with_overlaps(10);
	agrees_with_overlaps(60);
	agrees_with_overlaps(900);
	hostile();
	nothing();
	return unit_done();
}
