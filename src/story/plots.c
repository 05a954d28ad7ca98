#include "story/plots.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/holders.h"
#include "incident/incident.h"
#include "incident/symptom.h"

/* Stretches of time that are drawn, ascending, apart from each other. */
struct window {
	int64_t from_us, to_us; /* UTC, [from, to) */
};
struct windows {
	struct window *items;
	size_t n;
	int64_t length_us;
};

/* Incidents with PLOTS_AROUND_US on both sides, inside what the logs cover; without incidents all of it. */
static struct windows windows_of(const struct draft *d)
{
	struct windows w = {.items = memory_new(d->incidents_n + 1, sizeof *w.items)};
	if (d->window_start_us == INSTANT_NONE)
		return w;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		struct window x = {in->onset.at_us - PLOTS_AROUND_US, in->end.at_us + PLOTS_AROUND_US};
		x.from_us = x.from_us < d->window_start_us ? d->window_start_us : x.from_us;
		x.to_us = x.to_us > d->window_end_us + 1 ? d->window_end_us + 1 : x.to_us;
		if (w.n && x.from_us <= w.items[w.n - 1].to_us) {
			if (x.to_us > w.items[w.n - 1].to_us)
				w.items[w.n - 1].to_us = x.to_us;
		} else {
			w.items[w.n++] = x;
		}
	}
	if (!d->incidents_n)
		w.items[w.n++] = (struct window){d->window_start_us, d->window_end_us + 1};
	/* Hundreds of incidents far apart: a picture of all of them shows the whole time or nothing. */
	if (w.n > PLOTS_POINTS / 8) {
		w.items[0].to_us = w.items[w.n - 1].to_us;
		w.n = 1;
	}
	for (size_t i = 0; i < w.n; i++)
		w.length_us += w.items[i].to_us - w.items[i].from_us;
	return w;
}

/* The narrowest round width, at least `least_s`, at which the windows have at most PLOTS_POINTS points. */
static int64_t width_of(const struct windows *w, uint32_t least_s)
{
	static const uint32_t round_s[] = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400};
	size_t n = sizeof round_s / sizeof *round_s, i = 0;
	/* One point more per window: its edges are not multiples of the width. */
	while (i + 1 < n && (round_s[i] < least_s || round_s[i] % (least_s ? least_s : 1) ||
			     w->length_us / ((int64_t)round_s[i] * SECOND_US) + 2 * (int64_t)w->n > PLOTS_POINTS))
		i++;
	int64_t width_us = (int64_t)round_s[i] * SECOND_US;
	while (w->length_us / width_us + 2 * (int64_t)w->n > PLOTS_POINTS && width_us < INT64_MAX / 4)
		width_us *= 2;
	return width_us;
}

/* A plot with a zero at each step of the windows. Steps are multiples of the width since 1970. */
static struct plot *plot_new(struct draft *d, size_t *cap, const struct windows *w, const char *name, const char *source,
			     const char *unit, int64_t width_us)
{
	d->series = memory_grow(d->series, cap, d->series_n + 1, sizeof *d->series);
	struct plot *p = &d->series[d->series_n++];
	*p = (struct plot){.name = sentence_copy(name), .source = sentence_copy(source), .unit = sentence_copy(unit), .width_us = width_us};
	p->points = memory_new(PLOTS_POINTS, sizeof *p->points);
	for (size_t i = 0; i < w->n; i++)
		for (int64_t at = w->items[i].from_us / width_us * width_us; at < w->items[i].to_us && p->n < PLOTS_POINTS; at += width_us)
			if (!p->n || p->points[p->n - 1].at_us < at)
				p->points[p->n++] = (struct point){at, 0};
	return p;
}

/* The point whose step holds the instant; NULL: none. */
static struct point *point_at(struct plot *p, int64_t utc_us)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->points[middle].at_us <= utc_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low && utc_us < p->points[low - 1].at_us + p->width_us ? &p->points[low - 1] : NULL;
}

/* Values of a tally from anywhere do not overflow. */
static void add_value(struct point *p, uint64_t value)
{
	if (p)
		p->value = value > (uint64_t)(INT64_MAX - p->value) ? INT64_MAX : p->value + (int64_t)value;
}

static void add_series(struct plot *p, const struct fold_source *s, const struct fold_series *series)
{
	for (size_t i = 0; i < series->n; i++)
		add_value(point_at(p, fold_utc(s, (int64_t)series->bins[i].bin.start_s * SECOND_US)), series->bins[i].bin.n);
}

/* Points before the first and after the last record of all sources are no zeros: nobody looked. */
static void trim(struct plot *p, int64_t first_us, int64_t last_us)
{
	size_t from = 0;
	while (from < p->n && p->points[from].at_us + p->width_us <= first_us)
		from++;
	while (p->n > from && p->points[p->n - 1].at_us > last_us)
		p->n--;
	p->n -= from;
	memmove(p->points, p->points + from, p->n * sizeof *p->points);
}

/* First and last record of the front's sources, UTC. */
static struct window covered(const struct fold *f, const struct front *a)
{
	struct window c = {INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t first = fold_utc(s, s->first_us), last = fold_utc(s, s->last_us);
		c.from_us = first < c.from_us ? first : c.from_us;
		c.to_us = last > c.to_us ? last : c.to_us;
	}
	return c;
}

static void draw_requests(const struct fold *f, const struct front *a, const struct windows *w, struct draft *d, size_t *cap)
{
	static const char *const names[] = {"http.requests", "http.failed"};
	struct window c = covered(f, a);
	for (size_t k = 0; a->n && k < 2; k++) {
		uint32_t least_s = 1;
		for (size_t i = 0; i < a->n; i++) {
			const struct fold_series *s = fold_series_find(&f->sources[a->sources[i]], names[k], "", FACET_NONE, "");
			least_s = s && s->width_s > least_s ? s->width_s : least_s;
		}
		struct plot *p = plot_new(d, cap, w, names[k], a->n == 1 ? f->sources[a->sources[0]].id : NULL, "requests",
					  width_of(w, least_s));
		for (size_t i = 0; i < a->n; i++) {
			const struct fold_source *s = &f->sources[a->sources[i]];
			const struct fold_series *series = fold_series_find(s, names[k], "", FACET_NONE, "");
			if (series)
				add_series(p, s, series);
		}
		trim(p, c.from_us, c.to_us);
	}
}

static void draw_inflight(const struct fold *f, const struct front *a, const struct windows *w, struct draft *d, size_t *cap)
{
	uint32_t least_s = 10; /* facts/algorithms.md, corrections: with stamps of 1 s not right below ten seconds */
	bool known = false;
	for (size_t i = 0; i < a->n; i++)
		for (size_t e = 0; e < f->sources[a->sources[i]].entries_n; e++) {
			const struct part *p = f->tally->entries[f->sources[a->sources[i]].entries[e]].part;
			known |= p->busy_known;
			least_s = p->busy_n && p->busy_width_s > least_s ? p->busy_width_s : least_s;
		}
	if (!known)
		return;
	struct plot *p = plot_new(d, cap, w, "inflight_milli", a->n == 1 ? f->sources[a->sources[0]].id : NULL,
				  "requests in flight, thousandths", width_of(w, least_s));
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *part = f->tally->entries[s->entries[e]].part;
			for (size_t k = 0; k < part->busy_n; k++)
				add_value(point_at(p, fold_utc(s, (int64_t)part->busy[k].start_s * SECOND_US)), part->busy[k].us);
		}
	}
	for (size_t i = 0; i < p->n; i++)
		p->points[i].value = p->points[i].value / (p->width_us / 1000);
	struct window c = covered(f, a);
	trim(p, c.from_us, c.to_us);
}

static void draw_refusals(const struct fold *f, const struct windows *w, struct draft *d, size_t *cap)
{
	size_t drawn = 0;
	for (size_t i = 0; i < f->n && drawn < PLOTS_SOURCES; i++) {
		const struct fold_source *s = &f->sources[i];
		for (size_t k = 0; k < signal_count(f->signals) && drawn < PLOTS_SOURCES; k++) {
			const char *name = signal_at(f->signals, k)->name;
			bool burst = false;
			for (size_t b = 0; b < d->bursts_n && !burst; b++)
				burst = d->bursts[b].source_index == i && d->bursts[b].incident && !strcmp(d->bursts[b].signal, name);
			if (!burst || !symptom_refuses(name))
				continue;
			struct fold_series series = symptom_series(f, i, name);
			struct plot *p = plot_new(d, cap, w, name, s->id, "refusals", width_of(w, series.width_s));
			add_series(p, s, &series);
			trim(p, fold_utc(s, s->first_us), fold_utc(s, s->last_us));
			memory_free(series.bins);
			drawn++;
		}
	}
}

/* The level at the end of each step: the last one known. Steps before the first level are left out. */
static void draw_levels(const struct fold *f, size_t source, enum holder dimension, const char *key, const struct windows *w,
			struct draft *d, size_t *cap)
{
	static const char *const names[HOLDER_COUNT] = {"open_connections.role", "open_connections.database",
							"open_connections.application", "open_connections.host"};
	const struct fold_source *s = &f->sources[source];
	struct session_cell *levels;
	size_t n = holders_levels(f, source, dimension, key, &levels), at = 0, from = 0;
	if (n) {
		struct plot *p = plot_new(d, cap, w, key ? names[dimension] : "open_connections", s->id, "connections", width_of(w, 1));
		int64_t level = 0;
		p->key = sentence_copy(key);
		for (size_t k = 0; k < p->n; k++) {
			int64_t end = p->points[k].at_us + p->width_us;
			for (; at < n && fold_utc(s, (int64_t)levels[at].start_s * SECOND_US) < end; at++)
				level = levels[at].delta;
			p->points[k].value = level;
			from = at ? from : k + 1;
		}
		p->n -= from;
		memmove(p->points, p->points + from, p->n * sizeof *p->points);
		trim(p, fold_utc(s, s->first_us), fold_utc(s, s->last_us));
	}
	memory_free(levels);
}

struct share {
	const char *key;
	int64_t peak; /* most open inside the windows */
};

static int by_share(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	if (x->peak != y->peak)
		return x->peak < y->peak ? 1 : -1;
	return strcmp(x->key, y->key);
}

static bool in_windows(const struct windows *w, int64_t utc_us)
{
	for (size_t i = 0; i < w->n; i++)
		if (utc_us >= w->items[i].from_us && utc_us < w->items[i].to_us)
			return true;
	return false;
}

/* The PLOTS_SHARES keys of a dimension with most connections; nothing when all are of one. */
static void draw_shares(const struct fold *f, size_t source, enum holder dimension, const struct windows *w, struct draft *d, size_t *cap)
{
	size_t n;
	const char **keys = holders_keys(f, source, dimension, &n);
	struct share *shares = memory_new(n, sizeof *shares);
	for (size_t i = 0; i < n && n > 1; i++) {
		struct session_cell *levels;
		size_t levels_n = holders_levels(f, source, dimension, keys[i], &levels);
		shares[i].key = keys[i];
		for (size_t k = 0; k < levels_n; k++)
			if (levels[k].delta > shares[i].peak && in_windows(w, fold_utc(&f->sources[source], levels[k].start_s * SECOND_US)))
				shares[i].peak = levels[k].delta;
		memory_free(levels);
	}
	if (n > 1)
		qsort(shares, n, sizeof *shares, by_share);
	for (size_t i = 0; i < n && i < PLOTS_SHARES && shares[i].peak; i++)
		draw_levels(f, source, dimension, shares[i].key, w, d, cap);
	memory_free(shares);
	memory_free(keys);
}

/* A line as long as the curve that it limits: the limit of the last incident that knows one. */
static void draw_limit(size_t curve, struct draft *d, size_t *cap)
{
	const struct known *limit = NULL;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (d->incidents[i].holders.limit.known)
			limit = &d->incidents[i].holders.limit;
	if (!limit || !d->series[curve].n)
		return;
	d->series = memory_grow(d->series, cap, d->series_n + 1, sizeof *d->series);
	const struct plot *p = &d->series[curve];
	struct plot *line = &d->series[d->series_n++];
	*line = (struct plot){.name = sentence_copy("connections_limit"), .source = sentence_copy(p->source),
			      .unit = sentence_copy("connections"), .width_us = p->width_us};
	line->points = memory_new(p->n, sizeof *line->points);
	for (; line->n < p->n; line->n++)
		line->points[line->n] = (struct point){p->points[line->n].at_us, limit->value};
}

static void draw_open(const struct fold *f, const struct windows *w, struct draft *d, size_t *cap)
{
	bool limited = false; /* incidents do not say whose limit they know: the first database's */
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		size_t before = d->series_n;
		if (s->tier != TIER_DB || !source_counts(s))
			continue;
		draw_levels(f, i, HOLDER_USER, NULL, w, d, cap);
		if (d->series_n == before)
			continue;
		if (!limited)
			draw_limit(before, d, cap);
		limited = true;
		for (int dimension = 0; dimension < HOLDER_COUNT && d->incidents_n; dimension++)
			draw_shares(f, i, (enum holder)dimension, w, d, cap);
	}
}

/* The largest value of each step; steps without a number are left out. */
static void draw_metric(const struct fold *f, const struct metric_change *m, const struct windows *w, struct draft *d, size_t *cap)
{
	const struct fold_source *s = &f->sources[m->source_index];
	uint32_t least_s = 1;
	size_t kept = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		least_s = p->gauges_n && p->gauges_width_s > least_s ? p->gauges_width_s : least_s;
	}
	struct plot *plot = plot_new(d, cap, w, m->name, m->source, m->unit, width_of(w, least_s));
	plot->key = sentence_copy(m->key);
	for (size_t i = 0; i < plot->n; i++)
		plot->points[i].value = -1;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->gauges_n; i++) {
			if (strcmp(p->gauges[i].name, m->name) || strcmp(p->gauges[i].key, m->key ? m->key : ""))
				continue;
			for (size_t k = 0; k < p->gauges[i].n; k++) {
				const struct number_cell *c = &p->gauges[i].cells[k];
				struct point *at = point_at(plot, fold_utc(s, c->max_at_us));
				if (at && (int64_t)c->max > at->value)
					at->value = (int64_t)c->max;
			}
		}
	}
	for (size_t i = 0; i < plot->n; i++)
		if (plot->points[i].value >= 0)
			plot->points[kept++] = plot->points[i];
	plot->n = kept;
}

static void draw_metrics(const struct fold *f, const struct windows *w, struct draft *d, size_t *cap)
{
	size_t first = d->series_n;
	for (size_t i = 0; i < d->incidents_n; i++)
		for (size_t k = 0; k < d->incidents[i].metrics_n && d->series_n - first < PLOTS_METRICS; k++) {
			const struct metric_change *m = &d->incidents[i].metrics[k];
			bool drawn = false;
			for (size_t p = first; p < d->series_n && !drawn; p++)
				drawn = !strcmp(d->series[p].name, m->name) && !strcmp(d->series[p].source, m->source) &&
					!strcmp(d->series[p].key ? d->series[p].key : "", m->key ? m->key : "");
			if (!drawn)
				draw_metric(f, m, w, d, cap);
		}
}

void plots_draw(const struct fold *f, const struct front *a, struct draft *d)
{
	struct windows w = windows_of(d);
	size_t cap = 0;
	if (w.n) {
		draw_requests(f, a, &w, d, &cap);
		draw_inflight(f, a, &w, d, &cap);
		draw_refusals(f, &w, d, &cap);
		draw_open(f, &w, d, &cap);
		draw_metrics(f, &w, d, &cap);
	}
	memory_free(w.items);
}
