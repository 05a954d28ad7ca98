#include <stdio.h>

#include "base/limits.h"
#include "base/memory.h"
#include "tally/keyed.h"

#include "unit.h"

static void release(struct keyed *k, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memory_free(k[i].key);
		memory_free(k[i].cells);
	}
	memory_free(k);
}

static uint64_t total(const struct keyed *k)
{
	uint64_t n = 0;
	for (size_t i = 0; i < k->n; i++)
		n += k->cells[i].n;
	return n;
}

static void paths(void)
{
	struct keyed_counts k;
	keyed_init(&k, LIMIT_ENDPOINTS);
	char path[100];
	for (uint32_t i = 0; i < 10000; i++) {
		snprintf(path, sizeof path, i % 2 ? "/item/%u?x=%u" : "/list?x=%u&y=%u", i, i);
		struct place p = {600000 + i, 0, i + 1, 50, i * 51u};
		keyed_count(&k, keyed_path_slot(&k, span_of(path), &p), p.second, i % 10 == 0, i % 5 == 0);
	}
	size_t n;
	struct keyed *all = keyed_freeze(&k, 0, UINT32_MAX, &n);
	FACT(n > 1 && !strcmp(all[0].key, "/item/<*>") && total(&all[0]) == 5000, "ids fall together");
	FACT(all[0].first_line == 2 && all[0].first_offset == 51, "where a key was seen first is kept");
	FACT(all[0].cells[0].start_s == 600000 && all[0].cells[0].n == 30, "counts are per minute");
	release(all, n);
	keyed_release(&k);
}

static void bounded(void)
{
	struct keyed_counts k;
	keyed_init(&k, LIMIT_ENDPOINTS);
	char path[100];
	uint64_t sum = 0, others = 0;
	for (uint32_t i = 0; i < 50000; i++) {
		snprintf(path, sizeof path, "/%c%c%c%c/x", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
			 'a' + i / 17576);
		struct place p = {i * 10, 0, i + 1, 50, i};
		keyed_count(&k, keyed_path_slot(&k, span_of(path), &p), p.second, false, false);
	}
	FACT(k.n == LIMIT_ENDPOINTS + 1, "keys over the limit are other");
	size_t n;
	struct keyed *all = keyed_freeze(&k, 0, UINT32_MAX, &n);
	bool sorted = true;
	for (size_t i = 0; i < n; i++) {
		sum += total(&all[i]);
		sorted = sorted && (!i || strcmp(all[i - 1].key, all[i].key) < 0);
		if (!strcmp(all[i].key, "other"))
			others = total(&all[i]);
	}
	FACT(sum == 50000 && others == 50000 - LIMIT_ENDPOINTS, "no request is lost");
	FACT(sorted, "sorted by key");
	release(all, n);
	keyed_release(&k);
}

static void messages(void)
{
	struct keyed_counts k;
	keyed_init(&k, LIMIT_MESSAGES);
	struct place p = {600000, 0, 1, 50, 0};
	uint32_t a, b, c;
	FACT(keyed_message_slot(&k, SPAN("too many clients (7)"), &p, 9, &a) &&
		     keyed_message_slot(&k, SPAN("too many clients (9)"), &p, 21, &b) &&
		     keyed_message_slot(&k, SPAN("too many clients (7)"), &p, 24, &c) && a == b && a == c,
	     "messages that differ in numbers are one");
	FACT(k.entries[a].severity == 24, "the highest severity is kept, of a remembered message too");
	FACT(!keyed_message_slot(&k, SPAN(" "), &p, 9, &a), "blanks are no message");
	keyed_count(&k, b, p.second, false, false);
	size_t n;
	struct keyed *all = keyed_freeze(&k, 0, 1000, &n);
	FACT(!n, "keys outside of the window are left out");
	release(all, n);
	keyed_release(&k);
}

int main(void)
{
	paths();
	bounded();
	messages();
	return unit_done();
}
