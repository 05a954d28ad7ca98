#include "fold/vote.h"

#include <stdlib.h>

#include "base/memory.h"
#include "random.h"
#include "unit.h"

/* How many intervals hold a point, by looking at each. */
static size_t holders(const struct vote_interval *items, size_t n, int64_t at)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += items[i].low_us <= at && at <= items[i].high_us;
	return count;
}

/* The same by asking each end of an interval: no sorting, no sweep. */
static struct vote naive(const struct vote_interval *items, size_t n)
{
	struct vote v = {INT64_MAX, INT64_MIN, n, 0};
	for (size_t i = 0; i < n; i++)
		v.count = holders(items, n, items[i].low_us) > v.count ? holders(items, n, items[i].low_us) : v.count;
	for (size_t i = 0; i < n; i++) {
		if (items[i].low_us < v.low_us && holders(items, n, items[i].low_us) >= vote_needed(v.count))
			v.low_us = items[i].low_us;
		if (items[i].high_us > v.high_us && holders(items, n, items[i].high_us) >= vote_needed(v.count))
			v.high_us = items[i].high_us;
	}
	return v;
}

static void at_random(void)
{
	size_t wrong = 0;
	for (int round = 0; round < 2000; round++) {
		struct vote_interval items[60];
		size_t n = 1 + random_next() % 60;
		int64_t spread = 1 + (int64_t)(random_next() % 400);
		for (size_t i = 0; i < n; i++) {
			items[i].low_us = (int64_t)(random_next() % (uint64_t)spread) - 200;
			items[i].high_us = items[i].low_us + (int64_t)(random_next() % 50);
		}
		struct vote got = vote_hold(items, n), want = naive(items, n);
		wrong += got.low_us != want.low_us || got.high_us != want.high_us || got.count != want.count || got.n != n ||
			 vote_count(items, n) != want.count;
	}
	FACT(!wrong, "2,000 votes are those of a count at each end");
}

static void plain(void)
{
	static const size_t needed[][2] = {{1, 1}, {2, 1}, {5, 4}, {16, 15}, {20, 19}, {40, 38}, {100, 95}, {1000, 950}};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		FACT(vote_needed(needed[i][0]) == needed[i][1], "95 % of the votes are needed, and of a few all but one");
	struct vote_interval one = {3, 7};
	struct vote v = vote_hold(&one, 1);
	FACT(v.low_us == 3 && v.high_us == 7 && v.count == 1, "one interval is the bound");
	struct vote_interval touching[] = {{0, 10}, {10, 20}, {5, 10}};
	v = vote_hold(touching, 3);
	FACT(v.count == 3, "intervals are closed: two that touch share a point");
	FACT(v.low_us == 5 && v.high_us == 10, "the bound is where two of the three agree");
	struct vote_interval far[] = {{INT64_MIN / 4, INT64_MIN / 4}, {INT64_MAX / 4, INT64_MAX / 4}};
	FACT(vote_hold(far, 2).count == 1, "no two agree, and nothing overflows");
}

/* For vote_oracle.py: on each line n and n pairs; on each line of the answer low, high and count. */
static int answer(void)
{
	size_t n;
	while (scanf("%zu", &n) == 1) {
		struct vote_interval *items = memory_new(n, sizeof *items);
		long long low, high;
		for (size_t i = 0; i < n && scanf("%lld %lld", &low, &high) == 2; i++)
			items[i] = (struct vote_interval){low, high};
		struct vote v = vote_hold(items, n);
		printf("%lld %lld %zu\n", (long long)v.low_us, (long long)v.high_us, v.count);
		memory_free(items);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--votes"))
		return answer();
	plain();
	at_random();
	return unit_done();
}
