#include <stdio.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/exemplar.h"

#include "builtin.h"
#include "random.h"
#include "unit.h"

static void release(struct exemplar *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memory_free(e[i].signal);
		memory_free(e[i].class);
		memory_free(e[i].text);
	}
	memory_free(e);
}

static void add(struct exemplars *e, uint32_t kind, uint32_t second, uint32_t us, uint64_t offset)
{
	char text[40];
	int len = snprintf(text, sizeof text, "record at %llu", (unsigned long long)offset);
	struct place p = {second, us, (uint32_t)offset, (uint32_t)len, offset};
	exemplars_add(e, kind, &p, second * SECOND_US + us, (struct span){text, (size_t)len}, SPAN_NONE);
}

static void first_and_last(const struct signal_set *signals)
{
	struct exemplars e;
	exemplars_init(&e);
	int64_t first_us = INT64_MAX, last_us = 0;
	uint64_t first = 0, last = 0;
	for (uint64_t offset = 0; offset < 1000; offset++) {
		uint32_t second = 600000 + (uint32_t)(random_next() % 60), us = (uint32_t)(random_next() % 2) * 500000;
		int64_t at = second * SECOND_US + us;
		if (at < first_us) {
			first_us = at;
			first = offset;
		}
		if (at >= last_us) {
			last_us = at;
			last = offset;
		}
		add(&e, 3, second, us, offset);
	}
	size_t n;
	struct exemplar *all = exemplars_freeze(&e, signals, 0, UINT32_MAX, &n);
	bool has_first = false, has_last = false, sorted = true, text = true;
	for (size_t i = 0; i < n; i++) {
		char expected[40];
		snprintf(expected, sizeof expected, "record at %llu", (unsigned long long)all[i].offset);
		has_first |= all[i].offset == first;
		has_last |= all[i].offset == last;
		sorted = sorted && (!i || all[i - 1].offset < all[i].offset);
		text = text && !strcmp(all[i].text, expected);
	}
	FACT(n == 4 || n == 3, "a minute keeps four texts, fewer when one is two of them");
	FACT(has_first && has_last, "the first and the last are kept");
	FACT(sorted && text, "sorted by offset, each with its own text");
	release(all, n);
	exemplars_release(&e);
}

static void bounded(const struct signal_set *signals)
{
	/* the same records in one minute each, or coarsened: first and last of all survive */
	struct exemplars e;
	exemplars_init(&e);
	bool holds = true;
	for (uint64_t offset = 0; offset < 30000; offset++) {
		add(&e, (uint32_t)(offset % 3), (uint32_t)(offset * 60), 0, offset);
		holds = holds && e.n <= LIMIT_EXEMPLARS;
	}
	FACT(holds && e.width_s == 3600, "more minutes than the limit make wider cells");
	size_t n;
	struct exemplar *all = exemplars_freeze(&e, signals, 0, UINT32_MAX, &n);
	bool has_first = false, has_last = false, apart = true;
	for (size_t i = 0; i < n; i++) {
		has_first |= all[i].offset == 0;
		has_last |= all[i].offset == 29999;
		apart = apart && (!i || strcmp(all[i - 1].signal, all[i].signal) ||
				  strcmp(all[i - 1].class, all[i].class) || all[i - 1].offset < all[i].offset);
	}
	FACT(has_first && has_last && apart && n <= 4 * LIMIT_EXEMPLARS, "merged cells keep the extremes of both");
	release(all, n);
	all = exemplars_freeze(&e, signals, 3600, 7200, &n);
	bool inside = n > 0;
	for (size_t i = 0; i < n; i++)
		inside = inside && all[i].start_s >= 3600 && all[i].start_s <= 7200;
	FACT(inside, "cells outside of the window are left out");
	release(all, n);
	exemplars_release(&e);
	exemplars_init(&e);
	for (uint64_t offset = 0; offset < 200000; offset++)
		add(&e, (uint32_t)(random_next() % 3), (uint32_t)random_next(), 0, offset);
	FACT(e.n <= LIMIT_EXEMPLARS, "stamps over all of time stay bounded");
	exemplars_release(&e);
}

/* The two of smallest hash, whatever the cells were merged from. */
static void smallest(const struct signal_set *signals)
{
	struct exemplars e;
	exemplars_init(&e);
	for (uint64_t offset = 0; offset < 3000; offset++)
		add(&e, 0, (uint32_t)(offset * 60), 0, offset); /* coarsens to 15 min */
	size_t n;
	struct exemplar *all = exemplars_freeze(&e, signals, 0, UINT32_MAX, &n);
	bool right = e.width_s == 900;
	for (uint64_t cell = 0; cell < 200 && right; cell++) {
		uint64_t low[2] = {UINT64_MAX, UINT64_MAX}, at[2] = {0, 0};
		for (uint64_t offset = cell * 15; offset < cell * 15 + 15; offset++) {
			uint64_t h = hash_mix(offset ^ 0x9E3779B97F4A7C15u, 0xD6E8FEB86659FD93u);
			int k = h < low[0] ? 0 : h < low[1] ? 1 : 2;
			if (k == 0) {
				low[1] = low[0];
				at[1] = at[0];
			}
			if (k < 2) {
				low[k] = h;
				at[k] = offset;
			}
		}
		bool found[2] = {false, false};
		for (size_t i = 0; i < n; i++)
			for (int k = 0; k < 2; k++)
				found[k] |= all[i].offset == at[k];
		right = found[0] && found[1];
	}
	FACT(right, "the two of smallest hash are kept, in merged cells too");
	release(all, n);
	exemplars_release(&e);
}

int main(void)
{
	struct patterns all = builtin_load();
	first_and_last(all.signals);
	bounded(all.signals);
	smallest(all.signals);
	builtin_release(&all);
	return unit_done();
}
