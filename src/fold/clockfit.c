#include "fold/clockfit.h"

#include <stdlib.h>

#include "base/instant.h"
#include "base/memory.h"
#include "fold/vote.h"

enum {
	SEARCH_MOST = 512,       /* samples that a step or a drift is looked for with: evenly thinned */
	SPLITS = 48,             /* places at which a step is tried, before the best one is looked at closely */
	GAIN_LEAST = 5,          /* samples more that a step or a drift must explain, */
	GAIN_SHARE = 20,         /* and at least this share of all (1 / 20) */
	DRIFT_STEP_PPB = 20000,
	DRIFT_FINE_PPB = 2000,
};
#define DRIFT_LEAST_US (5 * MINUTE_US) /* in less time no drift can be told from a level */

/* [begin, end) of the samples. */
struct range {
	const struct clock_sample *samples;
	size_t n;
};

/* ppb of a time, without overflow: samples lie within years of each other. */
static int64_t drifted(int64_t length_us, int64_t ppb)
{
	int64_t most_us = 4000 * DAY_US;
	length_us = length_us > most_us ? most_us : length_us < -most_us ? -most_us : length_us;
	return length_us / 1000 * ppb / 1000000;
}

/* The range's intervals as if the clock had run off by `ppb` since `at_us`. */
static struct vote_interval *intervals_of(struct range r, int64_t at_us, int64_t ppb)
{
	struct vote_interval *items = memory_new(r.n, sizeof *items);
	for (size_t i = 0; i < r.n; i++) {
		int64_t run_us = drifted(r.samples[i].own_us - at_us, ppb);
		items[i] = (struct vote_interval){r.samples[i].low_us - run_us, r.samples[i].high_us - run_us};
	}
	return items;
}

static struct vote range_vote(struct range r, int64_t at_us, int64_t ppb)
{
	struct vote_interval *items = intervals_of(r, at_us, ppb);
	struct vote vote = vote_hold(items, r.n);
	memory_free(items);
	return vote;
}

static size_t range_count(struct range r, int64_t at_us, int64_t ppb)
{
	struct vote_interval *items = intervals_of(r, at_us, ppb);
	size_t count = vote_count(items, r.n);
	memory_free(items);
	return count;
}

static bool supported(const struct vote *v)
{
	return v->n >= CLOCKFIT_LEAST && v->count * 1000000u >= v->n * (size_t)CLOCKFIT_SUPPORT_PPM;
}

static size_t gain_needed(size_t n)
{
	return n / GAIN_SHARE > GAIN_LEAST ? n / GAIN_SHARE : GAIN_LEAST;
}

static size_t split_count(struct range r, size_t at)
{
	return range_count((struct range){r.samples, at}, 0, 0) + range_count((struct range){r.samples + at, r.n - at}, 0, 0);
}

/* Where the two sides together explain most; 0: no side may be that small. */
static size_t best_split(struct range r, size_t *count)
{
	size_t best = 0, stride = r.n / SPLITS ? r.n / SPLITS : 1;
	*count = 0;
	for (size_t at = CLOCKFIT_LEAST; at + CLOCKFIT_LEAST <= r.n; at += stride) {
		size_t c = split_count(r, at);
		if (c > *count) {
			*count = c;
			best = at;
		}
	}
	while (best && stride > 1) {
		size_t middle = best;
		stride /= 2;
		for (int side = 0; side < 2; side++) {
			size_t at = side ? middle + stride : middle - stride;
			if (at < CLOCKFIT_LEAST || at > r.n - CLOCKFIT_LEAST)
				continue;
			size_t c = split_count(r, at);
			if (c > *count) {
				*count = c;
				best = at;
			}
		}
	}
	return best;
}

/* Every k-th sample, so that there are at most SEARCH_MOST. */
static struct clock_sample *thinned(struct range r, size_t *every, size_t *n)
{
	*every = (r.n + SEARCH_MOST - 1) / SEARCH_MOST;
	struct clock_sample *out = memory_new(r.n / *every + 1, sizeof *out);
	*n = 0;
	for (size_t i = 0; i < r.n; i += *every)
		out[(*n)++] = r.samples[i];
	return out;
}

struct drift {
	int64_t ppb, spread_ppb, at_us;
	size_t count;
};

static struct drift best_drift(struct range r)
{
	int64_t first_us = r.samples[0].own_us, last_us = r.samples[r.n - 1].own_us;
	struct drift d = {.at_us = first_us + (last_us - first_us) / 2};
	if (last_us - first_us < DRIFT_LEAST_US)
		return d;
	for (int64_t step = DRIFT_STEP_PPB; step >= DRIFT_FINE_PPB; step /= 10) {
		int64_t from = step == DRIFT_STEP_PPB ? -CLOCKFIT_DRIFT_PPB : d.ppb - 10 * step;
		int64_t to = step == DRIFT_STEP_PPB ? CLOCKFIT_DRIFT_PPB : d.ppb + 10 * step;
		for (int64_t ppb = from; ppb <= to; ppb += step) {
			size_t count = range_count(r, d.at_us, ppb);
			if (count > d.count) {
				d.count = count;
				d.ppb = ppb;
			}
		}
	}
	/* As far to both sides as nearly as many samples allow; the middle of it is the estimate. */
	int64_t low = d.ppb, high = d.ppb;
	while (low > -2 * CLOCKFIT_DRIFT_PPB && range_count(r, d.at_us, low - DRIFT_FINE_PPB) >= vote_needed(d.count))
		low -= DRIFT_FINE_PPB;
	while (high < 2 * CLOCKFIT_DRIFT_PPB && range_count(r, d.at_us, high + DRIFT_FINE_PPB) >= vote_needed(d.count))
		high += DRIFT_FINE_PPB;
	d.ppb = low + (high - low) / 2;
	d.spread_ppb = (high - low) / 2 + DRIFT_FINE_PPB;
	return d;
}

static void stretch_add(struct clockfit *fit, struct range r, const struct vote *v, int64_t at_us, int64_t ppb)
{
	struct clock_stretch s = {INSTANT_NONE, INSTANT_NONE, v->low_us + (v->high_us - v->low_us) / 2, (v->high_us - v->low_us + 1) / 2,
			    v->n, v->count};
	for (size_t i = 0; i < r.n; i++) {
		int64_t run_us = drifted(r.samples[i].own_us - at_us, ppb);
		/* A wrong sample does not say how far the stretch goes. */
		if (r.samples[i].low_us - run_us > v->high_us || r.samples[i].high_us - run_us < v->low_us)
			continue;
		if (s.from_us == INSTANT_NONE || r.samples[i].own_us < s.from_us)
			s.from_us = r.samples[i].own_us;
		if (s.to_us == INSTANT_NONE || r.samples[i].own_us > s.to_us)
			s.to_us = r.samples[i].own_us;
	}
	fit->items[fit->n++] = s;
	fit->samples_n += v->n;
	fit->count += v->count;
}

static bool disjoint(const struct vote *a, const struct vote *b)
{
	return a->high_us < b->low_us || b->high_us < a->low_us;
}

/* What to look at next; the last one pushed is the first in time. */
struct work {
	struct range items[CLOCKFIT_STRETCHES];
	size_t n;
};

/* Parts the range at a step, if there is one: `left` and `right` are its sides. */
static bool part(struct range r, size_t count, struct range *left, struct range *right)
{
	size_t every, n, split_gain = 0;
	struct clock_sample *few = thinned(r, &every, &n);
	struct range thin = {few, n};
	size_t whole = every == 1 ? count : range_count(thin, 0, 0);
	size_t at = best_split(thin, &split_gain);
	memory_free(few);
	if (!at || split_gain < whole + gain_needed(n))
		return false;
	*left = (struct range){r.samples, at * every};
	*right = (struct range){r.samples + at * every, r.n - at * every};
	struct vote before = range_vote(*left, 0, 0), after = range_vote(*right, 0, 0);
	return supported(&before) && supported(&after) && disjoint(&before, &after);
}

/* One line through all samples, where that explains many more than a level does and more than a step. */
static bool fit_drift(struct clockfit *fit, struct range r, size_t level, bool parted, struct range left, struct range right)
{
	size_t every, n;
	struct clock_sample *few = thinned(r, &every, &n);
	struct drift d = best_drift((struct range){few, n});
	memory_free(few);
	if (!d.count)
		return false;
	struct vote v = range_vote(r, d.at_us, d.ppb);
	size_t stepped = parted ? range_count(left, 0, 0) + range_count(right, 0, 0) : 0;
	if (!supported(&v) || v.count < level + gain_needed(r.n) || v.count < stepped)
		return false;
	stretch_add(fit, r, &v, d.at_us, d.ppb);
	fit->drift_ppb = d.ppb;
	fit->drift_spread_ppb = d.spread_ppb;
	fit->drift_at_us = d.at_us;
	return true;
}

bool clockfit_make(struct clockfit *fit, const struct clock_sample *samples, size_t n)
{
	*fit = (struct clockfit){0};
	if (n < CLOCKFIT_LEAST)
		return false;
	fit->items = memory_new(CLOCKFIT_STRETCHES, sizeof *fit->items);
	struct work work = {{{samples, n}}, 1};
	while (work.n) {
		struct range r = work.items[--work.n], left = {0}, right = {0};
		struct vote v = range_vote(r, 0, 0);
		bool first = r.n == n, agree = v.count >= vote_needed(r.n);
		bool parted = !agree && fit->n + work.n + 2 <= CLOCKFIT_STRETCHES && part(r, v.count, &left, &right);
		if (first && !agree && fit_drift(fit, r, v.count, parted, left, right))
			break;
		if (parted) {
			work.items[work.n++] = right;
			work.items[work.n++] = left;
		} else if (supported(&v)) {
			stretch_add(fit, r, &v, 0, 0);
		} else {
			fit->samples_n += v.n;
		}
	}
	if (!fit->n || clockfit_support_ppm(fit) < CLOCKFIT_SUPPORT_PPM) {
		clockfit_release(fit);
		return false;
	}
	return true;
}

void clockfit_release(struct clockfit *fit)
{
	memory_free(fit->items);
	*fit = (struct clockfit){0};
}

/* True when the stretch may hold at that time: inside of it, and between it and its neighbours. */
static bool reaches(const struct clockfit *fit, size_t i, int64_t own_us)
{
	const struct clock_stretch *s = &fit->items[i];
	if (i && own_us < s->from_us && own_us <= s[-1].to_us)
		return false;
	return i + 1 == fit->n || own_us <= s->to_us || own_us < s[1].from_us;
}

void clockfit_at(const struct clockfit *fit, int64_t own_us, int64_t *offset_us, int64_t *uncertainty_us)
{
	int64_t low_us = INT64_MAX, high_us = INT64_MIN;
	for (size_t i = 0; i < fit->n; i++) {
		const struct clock_stretch *s = &fit->items[i];
		if (!reaches(fit, i, own_us))
			continue;
		low_us = s->offset_us - s->uncertainty_us < low_us ? s->offset_us - s->uncertainty_us : low_us;
		high_us = s->offset_us + s->uncertainty_us > high_us ? s->offset_us + s->uncertainty_us : high_us;
	}
	int64_t away_us = own_us - fit->drift_at_us;
	*offset_us = low_us + (high_us - low_us) / 2 + drifted(away_us, fit->drift_ppb);
	*uncertainty_us = (high_us - low_us + 1) / 2 + drifted(away_us < 0 ? -away_us : away_us, fit->drift_spread_ppb);
}

int64_t clockfit_support_ppm(const struct clockfit *fit)
{
	return fit->samples_n ? (int64_t)(fit->count * 1000000u / fit->samples_n) : 0;
}

int64_t clockfit_uncertainty(const struct clockfit *fit, int64_t from_us, int64_t to_us)
{
	int64_t most_us = 0;
	for (size_t i = 0; i < fit->n; i++)
		most_us = fit->items[i].uncertainty_us > most_us ? fit->items[i].uncertainty_us : most_us;
	int64_t before_us = fit->drift_at_us - from_us, after_us = to_us - fit->drift_at_us;
	int64_t away_us = before_us > after_us ? before_us : after_us;
	return most_us + (fit->drift_spread_ppb && away_us > 0 ? drifted(away_us, fit->drift_spread_ppb) : 0);
}
