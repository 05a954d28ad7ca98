#include "cause/growth.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/statistic.h"

enum { SAMPLES = 2000 };

int64_t growth_level(const struct growth *g, int64_t at_us)
{
	size_t low = 0, high = g->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((int64_t)g->levels[middle].start_s * SECOND_US <= at_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? g->levels[low - 1].delta : g->before;
}

/* How many were open before the first change: the level behind it less that change. */
static int64_t before_first(const struct fold *f, size_t source, const struct growth *g)
{
	const struct fold_source *s = &f->sources[source];
	int64_t change = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->sessions_n; i++) {
			const struct session_series *series = &p->sessions[i];
			if (series->dimension != g->dimension || (g->name && strcmp(series->key, g->name)))
				continue;
			for (size_t k = 0; k < series->n && series->cells[k].start_s <= g->levels[0].start_s; k++)
				change += series->cells[k].start_s == g->levels[0].start_s ? series->cells[k].delta : 0;
		}
	}
	return g->levels[0].delta > change ? g->levels[0].delta - change : 0;
}

static int by_level(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static int64_t usual_of(const struct growth *g, int64_t from_us, int64_t onset_us, int64_t step_us)
{
	size_t n = 0;
	int64_t *levels = memory_new((size_t)((onset_us - from_us) / step_us) + 1, sizeof *levels);
	for (int64_t at = from_us; at < onset_us; at += step_us)
		levels[n++] = growth_level(g, at);
	if (n)
		qsort(levels, n, sizeof *levels, by_level);
	int64_t usual = n ? levels[n / 2] : 0;
	memory_free(levels);
	return usual;
}

static void steadiness(struct growth *g, int64_t onset_us)
{
	int64_t step_us = (onset_us - g->begin_us) / (SAMPLES - 2) / SECOND_US * SECOND_US + SECOND_US;
	uint64_t *times = memory_new(SAMPLES, sizeof *times), *levels = memory_new(SAMPLES, sizeof *levels);
	size_t n = 0;
	for (int64_t at = g->begin_us; at <= onset_us && n < SAMPLES; at += step_us) {
		int64_t level = growth_level(g, at);
		times[n] = n;
		levels[n++] = (uint64_t)(level > 0 ? level : 0);
	}
	g->steady_milli = statistic_spearman(times, levels, n);
	memory_free(times);
	memory_free(levels);
}

bool growth_measure(const struct fold *f, size_t source, enum holder dimension, const char *name, int64_t from_us, int64_t onset_us,
		    struct growth *out)
{
	*out = (struct growth){.name = name, .dimension = dimension, .begin_us = INSTANT_NONE, .reached_us = INSTANT_NONE};
	out->n = holders_levels(f, source, dimension, name, &out->levels);
	if (!out->n) {
		growth_release(out);
		return false;
	}
	out->before = before_first(f, source, out);
	int64_t step_us = (onset_us - from_us) / SAMPLES / SECOND_US * SECOND_US + SECOND_US;
	out->usual = usual_of(out, from_us, onset_us, step_us);
	out->top = growth_level(out, onset_us);
	int64_t grew = out->top - out->usual;
	if (grew <= 0)
		return true;
	int64_t begin_us = from_us;
	for (int64_t at = from_us; at < onset_us; at += SECOND_US)
		if (growth_level(out, at) <= out->usual + grew / 10)
			begin_us = at;
	out->begin_us = begin_us;
	for (int64_t at = begin_us; at <= onset_us && out->reached_us == INSTANT_NONE; at += SECOND_US)
		if (growth_level(out, at) >= out->top - grew / 10)
			out->reached_us = at;
	if (out->reached_us == INSTANT_NONE)
		out->reached_us = onset_us;
	steadiness(out, onset_us);
	return true;
}

void growth_release(struct growth *g)
{
	memory_free(g->levels);
	g->levels = NULL;
	g->n = 0;
}
