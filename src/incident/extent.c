#include "incident/extent.h"

#include <stdlib.h>

#include "base/memory.h"

/* What is more than FAR_US from every burst is elsewhere. */
#define FAR_US (120 * SECOND_US)
#define BESIDE_US FAR_US
/* By chance an event would lie within reach of an edge in one of RARE cases at most; and so much of elsewhere must have been seen. */
enum { RARE = 10 };
#define ELSEWHERE_US (200 * SECOND_US)
#define JOIN_US (BACKGROUND_QUIET_CELLS * SECOND_US)

int64_t extent_event_us(const struct fold_series *series, size_t bin, bool last)
{
	const struct bin *b = &series->bins[bin].bin;
	return (int64_t)b->start_s * SECOND_US + (last ? b->last_us : b->first_us);
}

static int64_t rate_ppm(const struct background *b, uint32_t width_s)
{
	return (int64_t)((((unsigned __int128)b->rate_q32 * 1000000u / width_s) + (UINT64_C(1) << 31)) >> 32);
}

struct burst_span extent_span(const struct fold_series *series, const struct cells *c, const struct background *b, size_t first, size_t last)
{
	struct burst_span s = {
		.first_bin = c->items[first].first,
		.last_bin = c->items[last].last,
		.width_s = c->width_s,
		.background_ppm = rate_ppm(b, c->width_s),
		.assumed_baseline = b->filled,
	};
	s.first_us = extent_event_us(series, s.first_bin, false);
	s.last_us = extent_event_us(series, s.last_bin, true);
	for (size_t i = first; i <= last; i++) {
		s.count += c->items[i].n;
		if (c->items[i].n > s.peak) {
			s.peak = c->items[i].n;
			s.peak_at_us = (int64_t)c->items[i].index * c->width_s * SECOND_US;
		}
	}
	return s;
}

void extent_add(struct burst_list *list, const struct burst_span *s)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = *s;
}

bool extent_overlaps(const struct burst_list *list, size_t n, const struct burst_span *s)
{
	for (size_t i = 0; i < n; i++)
		if (list->items[i].first_us <= s->last_us && s->first_us <= list->items[i].last_us)
			return true;
	return false;
}

static int span_order(const void *a, const void *b)
{
	const struct burst_span *x = a, *y = b;
	return x->first_us < y->first_us ? -1 : x->first_us > y->first_us;
}

void extent_sort(struct burst_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, span_order);
}

/* Ten events are asked for because a few may come together by chance anywhere in a day. Right beside a burst of the same signal they
 * do not: three crashes half a minute apart are one outage, even when only one of them met ten clients. */
void extent_beside(struct burst_list *list, const struct burst_list *few)
{
	size_t strong = list->n;
	for (size_t i = 0; i < few->n; i++) {
		const struct burst_span *s = &few->items[i];
		bool beside = false;
		for (size_t k = 0; k < strong && !beside; k++)
			beside = list->items[k].first_us - s->last_us <= BESIDE_US && s->first_us - list->items[k].last_us <= BESIDE_US;
		if (beside && !extent_overlaps(list, strong, s))
			extent_add(list, s);
	}
}

/* How much of the log lies more than FAR_US from all bursts, seconds; less than none where they stand close. */
static int64_t elsewhere_s(const struct burst_list *list, const struct extent_of *of)
{
	const struct cells *c = of->cells;
	int64_t far_s = ((int64_t)c->end - c->begin + 1) * c->width_s;
	for (size_t i = 0; i < c->gaps_n; i++)
		far_s -= ((int64_t)c->gaps[i].last - c->gaps[i].first + 1) * c->width_s;
	for (size_t k = 0; k < list->n; k++)
		far_s -= (list->items[k].last_us - list->items[k].first_us + 2 * FAR_US) / SECOND_US;
	return far_s;
}

/* Is there so little of the signal elsewhere that an event near a burst belongs to it? Not where too little of elsewhere is left to tell. */
static bool rare_elsewhere(const struct burst_list *list, const struct extent_of *of)
{
	const struct cells *c = of->cells;
	int64_t far_s = elsewhere_s(list, of);
	uint64_t n = 0;
	for (size_t i = 0, k = 0; i < of->series->n; i++) {
		while (k < list->n && list->items[k].last_us + FAR_US < extent_event_us(of->series, i, false))
			k++;
		bool near = k < list->n && list->items[k].first_us - FAR_US <= extent_event_us(of->series, i, true);
		n += near || background_periodic(of->background, c->items[i].index) ? 0 : c->items[i].n;
	}
	return far_s >= ELSEWHERE_US / SECOND_US && n <= (uint64_t)(far_s / (EXTENT_REACH_US / SECOND_US * RARE));
}

/* Where too little of elsewhere is left to tell, in a log of a few minutes: does each lone event lie closer to a burst than what parts bursts? */
static bool near_all(const struct burst_list *list, const struct extent_of *of)
{
	if (!of->none_in_health || elsewhere_s(list, of) >= ELSEWHERE_US / SECOND_US)
		return false;
	for (size_t i = 0, k = 0; i < of->series->n; i++) {
		int64_t at_us = extent_event_us(of->series, i, false);
		while (k < list->n && list->items[k].last_us < at_us)
			k++;
		bool inside = k < list->n && list->items[k].first_us <= at_us;
		bool behind = k && at_us - list->items[k - 1].last_us < JOIN_US;
		bool before = k < list->n && list->items[k].first_us - extent_event_us(of->series, i, true) < JOIN_US;
		if (!inside && !behind && !before)
			return false;
	}
	return true;
}

/* ---- met ---- */

static bool is_while(const struct burst_span *s, const struct burst_while *whiles, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (whiles[i].first_us <= s->last_us && s->first_us <= whiles[i].last_us)
			return true;
	return false;
}

/* Do the bins i - 1 and i belong to one row of events? */
static bool in_row(const struct extent_of *of, size_t i, size_t *gap)
{
	const struct cell *a = &of->cells->items[i - 1], *b = a + 1;
	return extent_event_us(of->series, i, false) - extent_event_us(of->series, i - 1, true) <= EXTENT_REACH_US &&
	       !background_periodic(of->background, a->index) && !background_periodic(of->background, b->index) &&
	       !background_gap_between(of->cells, a->index, b->index, gap);
}

/* A row of lone bins is too long for what it holds when that might be background. */
static bool is_dense(const struct burst_span *s)
{
	__extension__ typedef unsigned __int128 wide;
	return (wide)s->count * 1000000u * SECOND_US >= (wide)(2 * BURST_CAP_PPM) * (uint64_t)(s->last_us - s->first_us);
}

void extent_met(struct burst_list *list, const struct extent_of *of, const struct burst_while *whiles, size_t whiles_n)
{
	struct burst_list all = {0};
	const struct fold_series *series = of->series;
	size_t gap = 0, k = 0;
	for (size_t i = 0; i < list->n; i++)
		extent_add(&all, &list->items[i]);
	for (size_t i = 0, end; whiles_n && i < series->n; i = end) {
		for (end = i + 1; end < series->n && in_row(of, end, &gap); end++)
			;
		struct burst_span s = extent_span(series, of->cells, of->background, i, end - 1);
		s.met = true;
		while (k < list->n && list->items[k].last_us + EXTENT_REACH_US < s.first_us)
			k++;
		bool lone = k == list->n || list->items[k].first_us - EXTENT_REACH_US > s.last_us;
		if (lone && s.count >= EXTENT_LEAST_EVENTS && !background_periodic(of->background, of->cells->items[i].index) && is_dense(&s) &&
		    is_while(&s, whiles, whiles_n))
			extent_add(&all, &s);
	}
	extent_sort(&all);
	if (all.n == list->n || !rare_elsewhere(&all, of)) {
		memory_free(all.items);
		return;
	}
	memory_free(list->items);
	*list = all;
}

/* ---- reach ---- */

/* Between the bursts k - 1 and k (or an end of the log) lie the bins [lo, hi). Link l leads from bin l - 1 to bin l. */
struct between {
	const struct burst_span *before, *behind; /* NULL: the log begins, ends */
	size_t lo, hi;
};

static struct between between_of(const struct burst_list *list, size_t k, const struct extent_of *of)
{
	struct between x = {k ? &list->items[k - 1] : NULL, k < list->n ? &list->items[k] : NULL, 0, of->series->n};
	x.lo = x.before ? x.before->last_bin + 1 : x.lo;
	x.hi = x.behind ? x.behind->first_bin : x.hi;
	return x;
}

/* The pause of a link; INT64_MAX where nothing goes on over it. */
static int64_t link_us(const struct between *x, const struct extent_of *of, size_t l, size_t *gap)
{
	const struct cells *c = of->cells;
	if ((l == x->lo && (!x->before || x->before->censored_end)) || (l == x->hi && (!x->behind || x->behind->censored_start)) ||
	    (l > x->lo && background_periodic(of->background, c->items[l - 1].index)) ||
	    (l < x->hi && background_periodic(of->background, c->items[l].index)) ||
	    background_gap_between(c, c->items[l - 1].index, c->items[l].index, gap))
		return INT64_MAX;
	return extent_event_us(of->series, l, false) - extent_event_us(of->series, l - 1, true);
}

static uint64_t count_of(const struct extent_of *of, size_t lo, size_t hi)
{
	uint64_t n = 0;
	for (size_t i = lo; i < hi; i++)
		n += of->cells->items[i].n;
	return n;
}

/* What the automaton parts because a lone event is background to it, in a signal that has none. */
static void join(struct burst_list *list, const struct extent_of *of)
{
	size_t kept = 0, gap = 0;
	for (size_t k = 1; k < list->n; k++) {
		struct burst_span *a = &list->items[kept], b = list->items[k];
		const struct between x = {a, &b, a->last_bin + 1, b.first_bin};
		bool whole = true;
		for (size_t l = x.lo; l <= x.hi && whole; l++)
			whole = link_us(&x, of, l, &gap) < JOIN_US;
		if (!whole) {
			list->items[++kept] = b;
			continue;
		}
		a->count += count_of(of, x.lo, x.hi) + b.count;
		a->last_bin = b.last_bin;
		a->last_us = b.last_us;
		a->peak_at_us = b.peak > a->peak ? b.peak_at_us : a->peak_at_us;
		a->peak = b.peak > a->peak ? b.peak : a->peak;
		a->width_s = b.width_s < a->width_s ? b.width_s : a->width_s;
		a->met &= b.met;
		a->censored_end = b.censored_end;
		a->ongoing = b.ongoing;
	}
	list->n = list->n ? kept + 1 : 0;
}

/* How far a burst reaches: no farther than to the burst before or behind it, which it was parted from. */
static int64_t reach_of(const struct burst_list *list, size_t k, int64_t most_us)
{
	int64_t us = most_us;
	const struct burst_span *s = &list->items[k];
	if (k && s->first_us - s[-1].last_us < us)
		us = s->first_us - s[-1].last_us;
	if (k + 1 < list->n && s[1].first_us - s->last_us < us)
		us = s[1].first_us - s->last_us;
	return us;
}

/* The automaton leaves lone events out, because one in ten seconds is not worth the burst state; yet they are its first and last ones. */
void extent_reach(struct burst_list *list, const struct extent_of *of)
{
	size_t gap = 0;
	if (!list->n)
		return;
	bool rare = rare_elsewhere(list, of);
	if (!rare && !near_all(list, of))
		return;
	join(list, of);
	int64_t *reach_us = memory_new(list->n, sizeof *reach_us);
	for (size_t k = 0; k < list->n; k++)
		reach_us[k] = reach_of(list, k, rare ? EXTENT_REACH_US : JOIN_US - 1);
	for (size_t k = 0; k <= list->n; k++) {
		const struct between x = between_of(list, k, of);
		size_t first_stop = SIZE_MAX, last_stop = 0, widest = x.lo;
		int64_t widest_us = -1;
		if (x.lo >= x.hi)
			continue;
		for (size_t l = x.lo; l <= x.hi; l++) {
			int64_t us = link_us(&x, of, l, &gap);
			if (us > widest_us) {
				widest_us = us;
				widest = l;
			}
			if (x.before && us > reach_us[k - 1] && first_stop == SIZE_MAX)
				first_stop = l;
			if (x.behind && us > reach_us[k])
				last_stop = l;
		}
		/* What both reach is parted where it is widest. */
		first_stop = x.before && first_stop < widest ? first_stop : widest;
		last_stop = x.behind && last_stop > widest ? last_stop : widest;
		if (x.before && first_stop > x.lo) {
			list->items[k - 1].last_bin = first_stop - 1;
			list->items[k - 1].last_us = extent_event_us(of->series, first_stop - 1, true);
			list->items[k - 1].count += count_of(of, x.lo, first_stop);
		}
		if (x.behind && last_stop < x.hi) {
			list->items[k].first_bin = last_stop;
			list->items[k].first_us = extent_event_us(of->series, last_stop, false);
			list->items[k].count += count_of(of, last_stop, x.hi);
		}
	}
	memory_free(reach_us);
}

/* ---- censored ---- */

void extent_censor(struct burst_list *list, const struct fold_gap *gaps, size_t gaps_n, bool rare)
{
	size_t over = 0, ahead = 0; /* gaps that end before the burst; the first one that starts behind it */
	for (size_t k = 0; k < list->n; k++) {
		struct burst_span *s = &list->items[k];
		int64_t cell_us = (int64_t)s->width_s * SECOND_US, reach_us = rare && cell_us < EXTENT_REACH_US ? EXTENT_REACH_US : cell_us;
		s->gap_start_us = s->gap_end_us = INSTANT_NONE;
		while (over < gaps_n && gaps[over].end_us <= s->first_us)
			over++;
		while (ahead < gaps_n && gaps[ahead].start_us < s->last_us)
			ahead++;
		if (over && gaps[over - 1].end_us >= s->first_us - reach_us && (!k || s[-1].last_us < gaps[over - 1].end_us)) {
			s->censored_start = true;
			s->gap_start_us = gaps[over - 1].start_us;
		}
		if (ahead < gaps_n && gaps[ahead].start_us <= s->last_us + reach_us && (k + 1 == list->n || s[1].first_us > gaps[ahead].start_us)) {
			s->censored_end = true;
			s->gap_end_us = gaps[ahead].end_us;
		}
	}
}
