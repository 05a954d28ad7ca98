#include "fold/correlate.h"

#include "base/memory.h"
#include "base/root.h"

enum {
	PRODUCTS_MOST = 1 << 25, /* a tenth of a second */
	LAGS_MOST = 1 << 20,
	COUNT_MOST = 1 << 20,
	ROOT_SCALE = 64,
	RATIO_MOST = 1000,
};

static const int64_t widths_s[] = {1, 10, 60};

/* 64 times the square root, rounded down; at most 2^16, so that sums of products of LAGS_MOST of them fit. */
static int64_t root(uint64_t n)
{
	return (int64_t)root_of((n > COUNT_MOST ? COUNT_MOST : n) * ROOT_SCALE * ROOT_SCALE);
}

/* Roots of the counts on a grid of `width`, with running sums. */
struct roots {
	int64_t from, length; /* in widths */
	int64_t *values;      /* by place on the grid */
	int64_t *sums;        /* of the values before that place; length + 1 */
	int64_t *places;      /* of those that are not empty */
	size_t n;
};

static int64_t floor_div(int64_t x, int64_t by)
{
	return x / by - (x % by < 0);
}

static struct roots roots_of(const struct correlate_series *s, int64_t width_s)
{
	struct roots r = {.from = floor_div(s->from_s, width_s)};
	r.length = floor_div(s->to_s - 1, width_s) - r.from + 1;
	r.values = memory_new((size_t)r.length, sizeof *r.values);
	r.sums = memory_new((size_t)r.length + 1, sizeof *r.sums);
	r.places = memory_new(s->n, sizeof *r.places);
	for (size_t i = 0; i < s->n; i++)
		r.values[floor_div(s->bins[i].at_s, width_s) - r.from] += s->bins[i].n;
	for (int64_t k = 0; k < r.length; k++) {
		if (r.values[k]) {
			r.values[k] = root((uint64_t)r.values[k]);
			r.places[r.n++] = k;
		}
		r.sums[k + 1] = r.sums[k] + r.values[k];
	}
	return r;
}

static void roots_release(struct roots *r)
{
	memory_free(r->values);
	memory_free(r->sums);
	memory_free(r->places);
}

/* Covariance, times the bins that overlap, of a with b moved back by `lag`: place k of a beside place k + lag of b. */
static int64_t covariance(const struct roots *a, const struct roots *b, int64_t product, int64_t lag, int64_t least)
{
	int64_t first = lag < 0 ? -lag : 0, end = a->length < b->length - lag ? a->length : b->length - lag, n = end - first;
	if (n < least)
		return 0;
	int64_t sum_a = a->sums[end] - a->sums[first], sum_b = b->sums[end + lag] - b->sums[first + lag];
	return product - sum_a / n * sum_b - sum_a % n * sum_b / n;
}

struct lags {
	int64_t *values;  /* covariances, by lag - first */
	int64_t first, n; /* in widths, of places */
};

static struct lags lags_of(const struct roots *a, const struct roots *b, int64_t least)
{
	struct lags lags = {.first = -(a->length - 1), .n = a->length + b->length - 1};
	lags.values = memory_new((size_t)lags.n, sizeof *lags.values);
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			lags.values[b->places[k] - a->places[i] - lags.first] += a->values[a->places[i]] * b->values[b->places[k]];
	for (int64_t l = 0; l < lags.n; l++)
		lags.values[l] = covariance(a, b, lags.values[l], lags.first + l, least);
	/* Clocks differ by parts of a second: what goes together is parted between two lags. */
	for (int64_t l = 0; l + 1 < lags.n; l++)
		lags.values[l] += lags.values[l + 1];
	return lags;
}

/* In lags of the clocks: that of places 0 and 0 is b->from - a->from. */
static bool judge(const struct lags *lags, int64_t shift, int64_t width_s, int64_t apart_s, int64_t most_s, struct correlate_lag *out)
{
	int64_t best = 0, at = 0, other = 0;
	for (int64_t l = 0; l < lags->n; l++) {
		int64_t lag_s = (lags->first + l + shift) * width_s;
		if (lags->values[l] > best && lag_s <= most_s && lag_s >= -most_s) {
			best = lags->values[l];
			at = l;
		}
	}
	if (!best)
		return false;
	int64_t low = at, high = at, apart = apart_s / width_s;
	for (int64_t l = 0; l < lags->n; l++) {
		int64_t lag_s = (lags->first + l + shift) * width_s;
		if (lag_s > most_s || lag_s < -most_s)
			continue;
		if (l <= at - apart || l >= at + apart) {
			other = lags->values[l] > other ? lags->values[l] : other;
		} else if (lags->values[l] * 10 >= best * CORRELATE_NEAR_TENTHS) {
			low = l < low ? l : low;
			high = l > high ? l : high;
		}
	}
	out->low_s = (lags->first + low + shift - 1) * width_s;
	out->high_s = (lags->first + high + shift + 2) * width_s;
	out->ratio_ppm = other && best / other < RATIO_MOST ? best / other * 1000000 + best % other * 1000 / (other / 1000 + 1)
							     : (int64_t)RATIO_MOST * 1000000;
	return other <= best;
}

bool correlate(const struct correlate_series *a, const struct correlate_series *b, int64_t apart_s, int64_t most_s, struct correlate_lag *lag)
{
	if (a->n < CORRELATE_LEAST || b->n < CORRELATE_LEAST)
		return false;
	for (size_t w = 0; w < sizeof widths_s / sizeof *widths_s; w++) {
		int64_t width_s = widths_s[w];
		if ((a->to_s - a->from_s + b->to_s - b->from_s) / width_s > LAGS_MOST)
			continue;
		struct roots in_a = roots_of(a, width_s), in_b = roots_of(b, width_s);
		bool fits = in_a.n <= PRODUCTS_MOST / in_b.n, found = false;
		if (fits) {
			struct lags lags = lags_of(&in_a, &in_b, CORRELATE_OVERLAP_S / width_s);
			found = judge(&lags, in_b.from - in_a.from, width_s, apart_s, most_s, lag);
			memory_free(lags.values);
		}
		roots_release(&in_a);
		roots_release(&in_b);
		if (fits)
			return found;
	}
	return false;
}
