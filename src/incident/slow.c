#include "incident/slow.h"

#include <stdlib.h>

#include "base/memory.h"
#include "incident/burst.h"

/* The steps of patterns/signals/http.server.slow.signal, ascending. They are nested: who waits 5 s has waited 1 s. */
enum { STEPS = 4 };
static const char *const steps[STEPS] = {"slow.1s", "slow.2_5s", "slow.5s", "slow.10s"};

/* Time that is no baseline, UTC. */
struct window {
	int64_t from_us, until_us;
};
struct windows {
	struct window *items; /* sorted, none meets the next */
	size_t n, cap;
};

static int window_order(const void *a, const void *b)
{
	const struct window *x = a, *y = b;
	if (x->from_us != y->from_us)
		return x->from_us < y->from_us ? -1 : 1;
	return x->until_us < y->until_us ? -1 : x->until_us > y->until_us;
}

static void windows_add(struct windows *w, const struct fold_source *s, const struct signal *signal)
{
	struct fold_series series = fold_signal(s, signal->name);
	size_t n = 0;
	struct burst_span *spans = burst_find(&series, s->first_us, s->last_us, s->gaps, s->gaps_n, burst_cap(s, signal), &n);
	for (size_t i = 0; i < n; i++) {
		w->items = memory_grow(w->items, &w->cap, w->n + 1, sizeof *w->items);
		w->items[w->n++] = (struct window){fold_utc(s, spans[i].first_us) - SLOW_WIDEN_US,
						   fold_utc(s, spans[i].last_us) + SLOW_WIDEN_US};
	}
	memory_free(spans);
	memory_free(series.bins);
}

/* The bursts of all other symptoms, widened and joined. */
static struct windows windows_find(const struct fold *f)
{
	struct windows w = {0};
	for (size_t i = 0; i < f->n; i++) {
		if (f->sources[i].first_us == INSTANT_NONE || !source_counts(&f->sources[i]))
			continue;
		for (size_t k = 0; k < signal_count(f->signals); k++) {
			const struct signal *signal = signal_at(f->signals, k);
			if (signal->role == ROLE_SYMPTOM && strcmp(signal->name, SLOW_SIGNAL))
				windows_add(&w, &f->sources[i], signal);
		}
	}
	if (w.n)
		qsort(w.items, w.n, sizeof *w.items, window_order);
	size_t kept = 0;
	for (size_t i = 0; i < w.n; i++) {
		if (kept && w.items[i].from_us <= w.items[kept - 1].until_us) {
			if (w.items[i].until_us > w.items[kept - 1].until_us)
				w.items[kept - 1].until_us = w.items[i].until_us;
		} else {
			w.items[kept++] = w.items[i];
		}
	}
	w.n = kept;
	return w;
}

static bool windows_meet(const struct windows *w, int64_t from_us, int64_t until_us)
{
	size_t low = 0, high = w->n; /* the first window that ends at or after from_us */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->items[middle].until_us < from_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low < w->n && w->items[low].from_us <= until_us;
}

/* Events of bins that lie wholly in the baseline. */
static uint64_t baseline_count(const struct fold_source *s, const struct fold_series *series, const struct windows *w)
{
	uint64_t count = 0;
	for (size_t i = 0; i < series->n; i++) {
		int64_t from_us = fold_utc(s, (int64_t)series->bins[i].bin.start_s * SECOND_US);
		if (!windows_meet(w, from_us, from_us + (int64_t)series->width_s * SECOND_US))
			count += series->bins[i].bin.n;
	}
	return count;
}

static void choose(struct fold_source *s, const struct windows *w)
{
	const struct fold_series *requests = fold_series_find(s, "http.requests", "", FACET_NONE, "");
	if (!requests) {
		s->slow_reason = "the source has no requests";
		return;
	}
	bool busy = false;
	for (size_t i = 0; i < STEPS; i++)
		busy |= fold_series_find(s, SLOW_SIGNAL, steps[i], FACET_NONE, "") != NULL;
	if (!busy) {
		s->slow_reason = "no request took a second, or no duration is logged";
		return;
	}
	uint64_t baseline = baseline_count(s, requests, w);
	if (baseline < SLOW_BASELINE) {
		s->slow_reason = "fewer than 100 requests lie outside of the bursts of other symptoms: no baseline";
		return;
	}
	for (size_t i = 0; i < STEPS; i++) {
		const struct fold_series *slow = fold_series_find(s, SLOW_SIGNAL, steps[i], FACET_NONE, "");
		if (!slow)
			continue; /* nobody reached it: there is nothing to find a burst in */
		if (baseline_count(s, slow, w) * 1000000u <= baseline * SLOW_SHARE_PPM) {
			s->slow_class = steps[i];
			return;
		}
	}
	s->slow_reason = "more than 0.5 % of the baseline requests reach the highest threshold that was reached";
}

void slow_choose(struct fold *f)
{
	struct windows w = windows_find(f);
	for (size_t i = 0; i < f->n; i++)
		choose(&f->sources[i], &w);
	memory_free(w.items);
}
