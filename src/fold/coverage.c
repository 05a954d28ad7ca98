#include "fold/coverage.h"

#include <stdlib.h>

#include "base/memory.h"

/* `count` times between records of `us` each. */
struct step {
	int64_t us;
	uint64_t count;
	int64_t weight_us; /* of healthy time, a silence counts with at most COVERAGE_GAP_US */
};
struct steps {
	struct step *items; /* ascending us */
	size_t n;
	int64_t *healthy_us; /* healthy_us[i]: sum of the weights of the first i */
	int64_t median_us;   /* by count */
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

/* Marks the bins of `records` in which `symptom` has events. */
static void mark(bool *sick, const struct fold_series *records, const struct fold_series *symptom)
{
	size_t from = 0;
	for (size_t i = 0; i < symptom->n; i++) {
		uint64_t start_s = symptom->bins[i].bin.start_s, end_s = start_s + symptom->width_s;
		while (from < records->n && (uint64_t)records->bins[from].bin.start_s + records->width_s <= start_s)
			from++;
		for (size_t k = from; k < records->n && records->bins[k].bin.start_s < end_s; k++)
			sick[k] = true;
	}
}

/* Bins of `records` whose lines may be there because of trouble. */
static bool *sick_bins(const struct fold_source *s, const struct fold_series *records, const struct signal_set *signals)
{
	bool *sick = memory_new(records->n, sizeof *sick);
	if (!signals || fold_series_find(s, "http.requests", "", FACET_NONE, ""))
		return sick;
	for (size_t i = 0; i < s->series_n; i++) {
		const struct signal *signal = signal_find(signals, span_of(s->series[i].signal));
		if (signal && signal->role == ROLE_SYMPTOM && s->series[i].facet == FACET_NONE)
			mark(sick, records, &s->series[i]);
	}
	return sick;
}

static int64_t step_weight(int64_t us)
{
	return us < 0 ? 0 : us < COVERAGE_GAP_US ? us : COVERAGE_GAP_US;
}

/* Inside a bin only count, first and last are known: there all steps are taken as equal. */
static struct steps steps_of(const struct fold_series *records, const bool *sick)
{
	struct steps s = {.items = memory_new(2 * records->n, sizeof *s.items)};
	uint64_t all = 0, below = 0;
	for (size_t i = 0; i < records->n; i++) {
		const struct fold_bin *b = &records->bins[i];
		int64_t inside_us = bin_last(b) - bin_first(b);
		if (b->bin.n > 1)
			s.items[s.n++] = (struct step){inside_us / (b->bin.n - 1), b->bin.n - 1, sick[i] ? 0 : step_weight(inside_us)};
		if (i + 1 < records->n) {
			int64_t us = bin_first(b + 1) - bin_last(b);
			s.items[s.n++] = (struct step){us, 1, sick[i] || sick[i + 1] ? 0 : step_weight(us)};
		}
	}
	if (s.n)
		qsort(s.items, s.n, sizeof *s.items, step_order);
	s.healthy_us = memory_new(s.n + 1, sizeof *s.healthy_us);
	for (size_t i = 0; i < s.n; i++) {
		all += s.items[i].count;
		s.healthy_us[i + 1] = s.healthy_us[i] + s.items[i].weight_us;
	}
	for (size_t i = 0; i < s.n && below < all - below; i++) {
		below += s.items[i].count;
		s.median_us = s.items[i].us;
	}
	return s;
}

/* Healthy time in steps of at most `us`. */
static int64_t healthy_up_to(const struct steps *s, int64_t us)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->items[middle].us <= us)
			low = middle + 1;
		else
			high = middle;
	}
	return s->healthy_us[low];
}

/* `weight_us`: what this silence itself adds to the healthy time. */
static bool is_gap(const struct steps *s, int64_t silence_us, int64_t weight_us)
{
	if (silence_us < COVERAGE_GAP_US || silence_us < COVERAGE_GAP_FACTOR * s->median_us)
		return false;
	int64_t beating_us = healthy_up_to(s, silence_us / COVERAGE_GAP_FACTOR);
	return beating_us >= MINUTE_US && beating_us >= (s->healthy_us[s->n] - weight_us) / 2;
}

/* PgBouncer tells its totals each minute (stats_period) whatever happens. Where such a clock ticks in at least half of the healthy time,
 * and for ten ticks, a tick that did not come is a gap. Poolers only: a database skips its checkpoints when it has nothing to do. */
enum { TICKS = 10 };
static bool misses_tick(const struct steps *s, int64_t silence_us, int64_t weight_us)
{
	if (silence_us < COVERAGE_GAP_US)
		return false;
	const int64_t tick_us = silence_us * 10 / 19; /* two ticks, less what a tick may be early */
	int64_t healthy_us = s->healthy_us[s->n] - weight_us, longest_us = 0;
	for (size_t i = 0; i < s->n && s->items[i].us <= tick_us; i++)
		longest_us = s->items[i].weight_us ? s->items[i].us : longest_us;
	int64_t ticking_us = healthy_up_to(s, longest_us) - healthy_up_to(s, longest_us - longest_us / 20);
	return ticking_us >= healthy_us / 2 && ticking_us >= TICKS * step_weight(longest_us) && healthy_us > 0;
}

/* Lively logs have pauses of all lengths up to some: in traffic that comes by itself one three times as long as the longest that was seen
 * in all of fifteen such pauses is met in one of a hundred cases. The log has to be known for as long as three of these silences. A log
 * with pauses of a minute is not lively, and a second hole in it is no pause. */
enum { UNUSUAL_FACTOR = 3, UNUSUAL_PAUSES = 15, UNUSUAL_KNOWN = 3, UNUSUAL_REST = 4 };
static bool is_unusual(const struct steps *s, int64_t silence_us, int64_t weight_us)
{
	if (silence_us < COVERAGE_GAP_US || silence_us < COVERAGE_GAP_FACTOR * s->median_us)
		return false;
	int64_t longest_us = 0;
	for (size_t i = 0; i < s->n && s->items[i].us < COVERAGE_GAP_US; i++)
		longest_us = s->items[i].weight_us ? s->items[i].us : longest_us;
	int64_t lively_us = healthy_up_to(s, longest_us), rest_us = s->healthy_us[s->n] - weight_us - lively_us;
	return silence_us >= UNUSUAL_FACTOR * longest_us && lively_us >= UNUSUAL_PAUSES * longest_us && lively_us / UNUSUAL_KNOWN >= silence_us &&
	       rest_us <= lively_us / UNUSUAL_REST;
}

void coverage_find(struct fold_source *s, const struct signal_set *signals)
{
	const struct fold_series *records = fold_series_find(s, "records", "", FACET_NONE, "");
	if (!records || records->n < 2)
		return;
	bool *sick = sick_bins(s, records, signals);
	struct steps steps = steps_of(records, sick);
	size_t cap = 0;
	for (size_t i = 1; i < records->n; i++) {
		struct fold_gap gap = {bin_last(&records->bins[i - 1]), bin_first(&records->bins[i])};
		int64_t silence_us = gap.end_us - gap.start_us;
		int64_t weight_us = sick[i - 1] || sick[i] ? 0 : step_weight(silence_us);
		if (!is_gap(&steps, silence_us, weight_us) && !is_unusual(&steps, silence_us, weight_us) &&
		    !(s->tier == TIER_POOL && misses_tick(&steps, silence_us, weight_us)))
			continue;
		s->gaps = memory_grow(s->gaps, &cap, s->gaps_n + 1, sizeof *s->gaps);
		s->gaps[s->gaps_n++] = gap;
	}
	memory_free(steps.items);
	memory_free(steps.healthy_us);
	memory_free(sick);
}
