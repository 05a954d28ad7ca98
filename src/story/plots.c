#include "story/plots.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/holders.h"
#include "incident/incident.h"
#include "incident/symptom.h"
#include "story/readings.h"
#include "story/traffic.h"

static void draw_refusals(const struct fold *f, struct canvas *c)
{
	const struct draft *d = c->draft;
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
			struct curve_of of = {.name = name, .source = s->id, .unit = "refusals", .tier = s->tier, .least_s = series.width_s};
			struct plot *p = canvas_curve(c, &of);
			plot_add(p, s, &series);
			plot_trim(p, fold_utc(s, s->first_us), fold_utc(s, s->last_us));
			memory_free(series.bins);
			drawn++;
		}
	}
}

/* The level at the end of each step: the last one known. Steps before the first level are left out. */
static void draw_levels(const struct fold *f, size_t source, enum holder dimension, const char *key, struct canvas *c)
{
	static const char *const names[HOLDER_COUNT] = {"open_connections.role", "open_connections.database",
							"open_connections.application", "open_connections.host"};
	const struct fold_source *s = &f->sources[source];
	struct session_cell *levels;
	size_t n = holders_levels(f, source, dimension, key, &levels), at = 0, from = 0;
	if (n) {
		struct curve_of of = {.name = key ? names[dimension] : "open_connections", .key = key, .source = s->id,
				      .unit = "connections", .tier = s->tier, .least_s = 1};
		struct plot *p = canvas_curve(c, &of);
		int64_t level = 0;
		for (size_t k = 0; k < p->n; k++) {
			int64_t end = p->points[k].at_us + p->width_us;
			for (; at < n && fold_utc(s, (int64_t)levels[at].start_s * SECOND_US) < end; at++)
				level = levels[at].delta;
			p->points[k].value = level;
			from = at ? from : k + 1;
		}
		p->n -= from;
		memmove(p->points, p->points + from, p->n * sizeof *p->points);
		plot_trim(p, fold_utc(s, s->first_us), fold_utc(s, s->last_us));
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

/* The PLOTS_SHARES keys of a dimension with most connections; nothing when all are of one. */
static void draw_shares(const struct fold *f, size_t source, enum holder dimension, struct canvas *c)
{
	size_t n;
	const char **keys = holders_keys(f, source, dimension, &n);
	struct share *shares = memory_new(n, sizeof *shares);
	for (size_t i = 0; i < n && n > 1; i++) {
		struct session_cell *levels;
		size_t levels_n = holders_levels(f, source, dimension, keys[i], &levels);
		shares[i].key = keys[i];
		for (size_t k = 0; k < levels_n; k++)
			if (levels[k].delta > shares[i].peak && canvas_holds(c, fold_utc(&f->sources[source], levels[k].start_s * SECOND_US)))
				shares[i].peak = levels[k].delta;
		memory_free(levels);
	}
	if (n > 1)
		qsort(shares, n, sizeof *shares, by_share);
	for (size_t i = 0; i < n && i < PLOTS_SHARES && shares[i].peak; i++)
		draw_levels(f, source, dimension, shares[i].key, c);
	memory_free(shares);
	memory_free(keys);
}

/* The database's restarts next to the instant whose limit an incident knows: a server reads its limit when it starts, and may have been given another. */
static void between_starts(const struct incident *in, size_t source, int64_t *from_us, int64_t *to_us)
{
	*from_us = INT64_MIN;
	*to_us = INT64_MAX;
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *x = &in->changes[i];
		int64_t ready_us = x->end_us != INSTANT_NONE ? x->end_us : x->at.at_us;
		if (x->source_index != source || strcmp(x->kind, "restart"))
			continue;
		if (x->at.at_us > in->holders.at.at_us)
			*to_us = x->at.at_us < *to_us ? x->at.at_us : *to_us;
		else
			*from_us = ready_us > *from_us ? ready_us : *from_us;
	}
}

/* A line along the curve that it limits: the limit of the last incident that knows one, as long as that server ran. */
static void draw_limit(size_t curve, size_t source, struct canvas *c)
{
	struct draft *d = c->draft;
	const struct incident *known = NULL;
	int64_t from_us, to_us;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (d->incidents[i].holders.limit.known)
			known = &d->incidents[i];
	if (!known || !d->series[curve].n)
		return;
	between_starts(known, source, &from_us, &to_us);
	d->series = memory_grow(d->series, &c->cap, d->series_n + 1, sizeof *d->series);
	const struct plot *p = &d->series[curve];
	struct plot *line = &d->series[d->series_n++];
	*line = (struct plot){.name = sentence_copy("connections_limit"), .source = sentence_copy(p->source), .tier = p->tier,
			      .unit = sentence_copy("connections"), .width_us = p->width_us};
	line->points = memory_new(p->n, sizeof *line->points);
	for (size_t i = 0; i < p->n; i++)
		if (p->points[i].at_us >= from_us && p->points[i].at_us < to_us)
			line->points[line->n++] = (struct point){p->points[i].at_us, known->holders.limit.value};
}

static void draw_open(const struct fold *f, struct canvas *c)
{
	const struct draft *d = c->draft;
	bool limited = false; /* incidents do not say whose limit they know: the first database's */
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		size_t before = d->series_n;
		if (s->tier != TIER_DB || !source_counts(s))
			continue;
		draw_levels(f, i, HOLDER_USER, NULL, c);
		if (d->series_n == before)
			continue;
		if (!limited)
			draw_limit(before, i, c);
		limited = true;
		for (int dimension = 0; dimension < HOLDER_COUNT && d->incidents_n; dimension++)
			draw_shares(f, i, (enum holder)dimension, c);
	}
}

/* A curve without a point is none. */
static void drop_empty(struct draft *d)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->series_n; i++) {
		if (d->series[i].n)
			d->series[kept++] = d->series[i];
		else
			plot_release(&d->series[i]);
	}
	d->series_n = kept;
}

void plots_draw(const struct fold *f, struct draft *d)
{
	static const enum tier tiers[] = {TIER_LB, TIER_WEB, TIER_APP, TIER_POOL, TIER_DB, TIER_UNKNOWN};
	struct canvas c;
	canvas_init(&c, d);
	if (c.n) {
		for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++) {
			struct front a;
			front_of_tier(&a, f, tiers[i]);
			traffic_draw(f, &a, &c);
			front_release(&a);
		}
		draw_refusals(f, &c);
		draw_open(f, &c);
		readings_draw(f, &c);
		drop_empty(d);
	}
	canvas_release(&c);
}
