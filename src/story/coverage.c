#include "story/coverage.h"

#include <stdlib.h>

#include "base/memory.h"

/* `weight` times between records of `us` each. */
struct step {
	int64_t us;
	uint64_t weight;
};

static int step_order(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	return x->us < y->us ? -1 : x->us > y->us;
}

static int64_t bin_first(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.first_us;
}

static int64_t bin_last(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.last_us;
}

/* The median time between records. Inside a bin only count, first and last are known: there all steps are taken as equal. */
static int64_t median_step(const struct fold_series *records)
{
	struct step *steps = memory_new(2 * records->n, sizeof *steps);
	size_t n = 0;
	uint64_t all = 0;
	for (size_t i = 0; i < records->n; i++) {
		const struct fold_bin *b = &records->bins[i];
		int64_t inside_us = bin_last(b) - bin_first(b);
		if (b->bin.n > 1)
			steps[n++] = (struct step){inside_us / (b->bin.n - 1), b->bin.n - 1};
		if (i + 1 < records->n)
			steps[n++] = (struct step){bin_first(b + 1) - bin_last(b), 1};
	}
	for (size_t i = 0; i < n; i++)
		all += steps[i].weight;
	int64_t median_us = 0;
	uint64_t below = 0;
	if (n)
		qsort(steps, n, sizeof *steps, step_order);
	for (size_t i = 0; i < n; i++) {
		below += steps[i].weight;
		if (below >= all - below) {
			median_us = steps[i].us;
			break;
		}
	}
	memory_free(steps);
	return median_us;
}

void coverage_find(struct fold_source *s)
{
	const struct fold_series *records = fold_series_find(s, "records", "", FACET_NONE, "");
	if (!records || records->n < 2)
		return;
	int64_t least_us = COVERAGE_GAP_FACTOR * median_step(records);
	if (least_us < COVERAGE_GAP_US)
		least_us = COVERAGE_GAP_US;
	size_t cap = 0;
	for (size_t i = 1; i < records->n; i++) {
		struct fold_gap gap = {bin_last(&records->bins[i - 1]), bin_first(&records->bins[i])};
		if (gap.end_us - gap.start_us < least_us)
			continue;
		s->gaps = memory_grow(s->gaps, &cap, s->gaps_n + 1, sizeof *s->gaps);
		s->gaps[s->gaps_n++] = gap;
	}
}
