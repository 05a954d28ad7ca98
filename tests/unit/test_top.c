#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/top.h"

#include "random.h"
#include "unit.h"

static void add(struct top_counts *t, const char *key)
{
	top_add(t, span_of(key), hash_bytes(span_of(key)));
}

static void release(struct top *tops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memory_free(tops[i].key);
	memory_free(tops);
}

static void exact_while_few(void)
{
	struct top_counts *t = top_new();
	char key[16];
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "k%d", i % (i % 50 + 1));
		add(t, key);
	}
	uint64_t truth[50] = {0};
	for (int i = 0; i < 5000; i++)
		truth[i % (i % 50 + 1)]++;
	size_t n;
	struct top *tops = top_freeze(t, &n);
	bool same = true, sorted = true;
	for (size_t i = 0; i < n; i++) {
		same = same && tops[i].n == truth[atoi(tops[i].key + 1)] && !tops[i].error;
		sorted = sorted && (!i || tops[i - 1].n > tops[i].n ||
				    (tops[i - 1].n == tops[i].n && strcmp(tops[i - 1].key, tops[i].key) < 0));
	}
	FACT(same, "up to 1,024 keys are counted exactly");
	FACT(sorted, "sorted by count, then key");
	release(tops, n);
	top_free(t);
}

/* The promises of SpaceSaving, against exact counts. */
static void bounds(int skew)
{
	enum { KEYS = 20000, ADDS = 300000 };
	static uint64_t truth[KEYS];
	memset(truth, 0, sizeof truth);
	struct top_counts *t = top_new();
	char key[16];
	for (int i = 0; i < ADDS; i++) {
		uint64_t k = random_next() % KEYS;
		for (int s = 0; s < skew; s++)
			k = random_next() % (k + 1);
		truth[k]++;
		snprintf(key, sizeof key, "k%d", (int)k);
		add(t, key);
	}
	size_t n;
	struct top *tops = top_freeze(t, &n);
	bool inside = true, least = true;
	uint64_t total = 0;
	static bool kept[KEYS];
	memset(kept, 0, sizeof kept);
	for (size_t i = 0; i < n; i++) {
		int k = atoi(tops[i].key + 1);
		inside = inside && truth[k] <= tops[i].n && truth[k] >= tops[i].n - tops[i].error;
		least = least && tops[i].error <= ADDS / LIMIT_TOP;
		kept[k] = true;
		total += tops[i].n;
	}
	bool heavy = true;
	for (int k = 0; k < KEYS; k++)
		heavy = heavy && (kept[k] || truth[k] <= ADDS / LIMIT_TOP);
	FACT(n == LIMIT_TOP, "there are never more than 1,024 counters");
	FACT(inside, "the true count lies in [n - error, n]");
	FACT(least, "no error is larger than N / 1,024");
	FACT(total == ADDS, "the counters add up to all additions");
	FACT(heavy, "every key with more than N / 1,024 is there");
	release(tops, n);
	top_free(t);
}

static void odd_keys(void)
{
	struct top_counts *t = top_new();
	char long_key[200];
	memset(long_key, 'x', sizeof long_key);
	struct span s = {long_key, TOP_KEY_BYTES};
	top_add(t, s, hash_bytes(s));
	add(t, "bad\xFF");
	add(t, "bad\xFE");
	add(t, "good");
	size_t n;
	struct top *tops = top_freeze(t, &n);
	uint64_t bad = 0;
	bool utf8 = true;
	for (size_t i = 0; i < n; i++) {
		utf8 = utf8 && span_is_utf8(span_of(tops[i].key));
		if (tops[i].key[0] == 'b')
			bad += tops[i].n;
	}
	FACT(utf8 && n == 3 && bad == 2, "keys become UTF-8, and those that become equal are added");
	release(tops, n);
	top_free(t);
}

int main(void)
{
	exact_while_few();
	bounds(0);
	bounds(2);
	odd_keys();
	return unit_done();
}
