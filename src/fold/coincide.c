#include "fold/coincide.h"

#include <stdlib.h>

#include "base/memory.h"

#define STEP_US 5000
enum { STEPS_MOST = 1 << 14 };

struct distance {
	int64_t us;
	size_t event, repetition;
};

static int distance_order(const void *a, const void *b)
{
	const struct distance *x = a, *y = b;
	if (x->us != y->us)
		return x->us < y->us ? -1 : 1;
	if (x->repetition != y->repetition)
		return x->repetition < y->repetition ? -1 : 1;
	return x->event < y->event ? -1 : x->event > y->event;
}

/* The first event that is not before that time. */
static size_t event_from(const struct coincide_log *log, int64_t us)
{
	size_t first = 0, last = log->n;
	while (first < last) {
		size_t middle = first + (last - first) / 2;
		if (log->events[middle] < us)
			first = middle + 1;
		else
			last = middle;
	}
	return first;
}

/* All distances in [low, high]; NULL: none, or too many to tell them apart. */
static struct distance *distances_of(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t low_us, int64_t high_us,
				     size_t *n)
{
	struct distance *out = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < repeats->n; i++)
		for (size_t k = event_from(happens, repeats->events[i] - high_us);
		     k < happens->n && happens->events[k] <= repeats->events[i] - low_us; k++) {
			if (*n == COINCIDE_MOST) {
				memory_free(out);
				return NULL;
			}
			out = memory_grow(out, &cap, *n + 1, sizeof *out);
			out[(*n)++] = (struct distance){repeats->events[i] - happens->events[k], k, i};
		}
	if (*n)
		qsort(out, *n, sizeof *out, distance_order);
	return out;
}

/* The window of `width` in which most repetitions have an event, of those that do not begin in (not_from, not_to). */
static size_t best_window(const struct distance *all, size_t n, size_t repetitions, int64_t width_us, int64_t not_from_us, int64_t not_to_us,
			  int64_t *begin_us)
{
	size_t *inside = memory_new(repetitions, sizeof *inside), count = 0, best = 0;
	for (size_t first = 0, end = 0; first < n; first++) {
		for (; end < n && all[end].us <= all[first].us + width_us; end++)
			count += !inside[all[end].repetition]++;
		bool allowed = all[first].us <= not_from_us || all[first].us >= not_to_us;
		if (allowed && count > best) {
			best = count;
			*begin_us = all[first].us;
		}
		count -= !--inside[all[first].repetition];
	}
	memory_free(inside);
	return best;
}

/* Where most of them are closest together: the shortest window with half of them; of those of its length the one with most. By chance some
 * events lie a little nearer than those that are repeated: they must not say that something was repeated before it happened. */
static int64_t core_begin(const struct distance *all, size_t n, size_t repetitions, size_t half)
{
	size_t *inside = memory_new(repetitions, sizeof *inside), count = 0;
	int64_t shortest_us = INT64_MAX, begin_us = 0;
	for (size_t first = 0, end = 0; first < n; first++) {
		for (; end < n && count < half; end++)
			count += !inside[all[end].repetition]++;
		if (count >= half && all[end - 1].us - all[first].us < shortest_us)
			shortest_us = all[end - 1].us - all[first].us;
		count -= !--inside[all[first].repetition];
	}
	memory_free(inside);
	best_window(all, n, repetitions, shortest_us, INT64_MAX, INT64_MAX, &begin_us);
	return begin_us;
}

bool coincide_happens(const struct coincide_log *log, int64_t from_us, int64_t to_us)
{
	size_t at = event_from(log, from_us);
	if (at < log->n && log->events[at] <= to_us)
		return true;
	size_t first = 0, last = log->hidden_n; /* the first that ends at `from` or later */
	while (first < last) {
		size_t middle = first + (last - first) / 2;
		if (log->hidden[middle].to_us < from_us)
			first = middle + 1;
		else
			last = middle;
	}
	return first < log->hidden_n && log->hidden[first].from_us <= to_us;
}

static int64_t away(int64_t us)
{
	return us < 0 ? -us : us;
}

/* Each repetition with the event at that distance, give or take `width`. */
static void pair_up(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t begin_us, int64_t width_us,
		    struct coincide *out)
{
	out->samples = memory_new(repeats->n, sizeof *out->samples);
	for (size_t i = 0; i < repeats->n; i++) {
		int64_t own_us = repeats->events[i], apart_us = INT64_MAX / 2;
		size_t after = event_from(happens, own_us - begin_us);
		if (after < happens->n)
			apart_us = own_us - happens->events[after];
		if (after && away(own_us - happens->events[after - 1] - begin_us) < away(apart_us - begin_us))
			apart_us = own_us - happens->events[after - 1];
		if (away(apart_us - begin_us) <= width_us)
			out->samples[out->n++] = (struct clock_sample){own_us - apart_us, own_us,
								       apart_us - COINCIDE_LATE_US - happens->resolution_us,
								       (apart_us > begin_us ? apart_us : begin_us) + repeats->resolution_us};
		else
			out->denied += !coincide_happens(happens, own_us - begin_us - COINCIDE_LATE_US, own_us - begin_us + width_us);
	}
}

bool coincide_may(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t late_us, int64_t distance_us)
{
	/* The ends deny most distances: they are asked first. */
	for (size_t i = 0; i < repeats->n; i++) {
		size_t k = i ? i - 1 : repeats->n - 1;
		int64_t at_us = repeats->events[k] - distance_us;
		if (!coincide_happens(happens, at_us - late_us - happens->resolution_us, at_us + repeats->resolution_us))
			return false;
	}
	return true;
}

bool coincide_within(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t late_us, int64_t low_us, int64_t high_us,
		     int64_t *from_us, int64_t *to_us)
{
	int64_t step_us = (high_us - low_us) / STEPS_MOST > STEP_US ? (high_us - low_us) / STEPS_MOST : STEP_US;
	bool found = false;
	if (!repeats->n || coincide_may(happens, repeats, late_us, low_us) || coincide_may(happens, repeats, late_us, high_us))
		return false;
	for (int64_t us = low_us; us < high_us; us += step_us) {
		if (!coincide_may(happens, repeats, late_us, us))
			continue;
		*from_us = found ? *from_us : us - step_us;
		*to_us = us + step_us;
		found = true;
	}
	return found;
}

void coincide_release(struct coincide *c)
{
	memory_free(c->samples);
	*c = (struct coincide){0};
}

bool coincide(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t low_us, int64_t high_us, struct coincide *out)
{
	int64_t width_us = COINCIDE_WIDTH_US + happens->resolution_us + repeats->resolution_us, begin_us = 0, other_us;
	size_t n;
	*out = (struct coincide){0};
	struct distance *all = distances_of(happens, repeats, low_us, high_us, &n);
	size_t best = n ? best_window(all, n, repeats->n, width_us, INT64_MAX, INT64_MAX, &begin_us) : 0;
	/* What came a little later than most is no other distance. */
	size_t other = best ? best_window(all, n, repeats->n, width_us, begin_us - width_us, begin_us + COINCIDE_LATE_US, &other_us) : 0;
	bool alone = best >= COINCIDE_LEAST && 2 * other <= best;
	if (alone)
		begin_us = core_begin(all, n, repeats->n, (best + 1) / 2);
	memory_free(all);
	if (!alone)
		return false;
	pair_up(happens, repeats, begin_us, width_us, out);
	if (out->n * 1000000u >= (out->n + out->denied) * (size_t)COINCIDE_SHARE_PPM)
		return true;
	coincide_release(out);
	return false;
}
