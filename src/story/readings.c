#include "story/readings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Those that belong to a lane of their tier, in the order in which they are drawn. */
static const enum metric standing[] = {METRIC_LB_FRONTEND_CONNECTIONS, METRIC_LB_BACKEND_QUEUE, METRIC_LB_SERVER_QUEUE,
				       METRIC_POOL_TRANSACTIONS, METRIC_POOL_QUERY_TIME, METRIC_POOL_WAIT_TIME};

static const struct part *part_of(const struct fold *f, size_t source, size_t entry)
{
	return f->tally->entries[f->sources[source].entries[entry]].part;
}

/* A server that prints its numbers once a minute says what holds for a minute: the shortest round step that is not shorter
 * than the time between two numbers, a second of jitter aside. */
static uint32_t step_of(const struct gauge *g)
{
	static const uint32_t steps_s[] = {1, 2, 5, 10, 20, 30, 60};
	int64_t least_us = g->n > 1 ? INT64_MAX : 0;
	for (size_t k = 1; k < g->n; k++)
		if (g->cells[k].max_at_us - g->cells[k - 1].max_at_us < least_us)
			least_us = g->cells[k].max_at_us - g->cells[k - 1].max_at_us;
	size_t i = 0;
	while (i + 1 < sizeof steps_s / sizeof *steps_s && ((int64_t)steps_s[i] + 1) * SECOND_US < least_us)
		i++;
	return steps_s[i];
}

static bool is_of(const struct gauge *g, const char *name, const char *key)
{
	return !strcmp(g->name, name) && !strcmp(g->key, key ? key : "");
}

/* The largest value of each step; steps without a number are left out. */
static void draw(const struct fold *f, size_t source, const char *name, const char *key, const char *unit, struct canvas *c)
{
	const struct fold_source *s = &f->sources[source];
	struct curve_of of = {.name = name, .key = key, .source = s->id, .unit = unit, .tier = s->tier, .least_s = 1};
	uint32_t step_s = 60;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = part_of(f, source, e);
		of.least_s = p->gauges_n && p->gauges_width_s > of.least_s ? p->gauges_width_s : of.least_s;
		for (size_t i = 0; i < p->gauges_n; i++)
			if (is_of(&p->gauges[i], name, key) && step_of(&p->gauges[i]) < step_s)
				step_s = step_of(&p->gauges[i]);
	}
	of.least_s = of.least_s == 1 ? step_s : of.least_s;
	struct plot *plot = canvas_curve(c, &of);
	for (size_t i = 0; i < plot->n; i++)
		plot->points[i].value = -1;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = part_of(f, source, e);
		for (size_t i = 0; i < p->gauges_n; i++) {
			if (!is_of(&p->gauges[i], name, key))
				continue;
			for (size_t k = 0; k < p->gauges[i].n; k++) {
				const struct number_cell *cell = &p->gauges[i].cells[k];
				struct point *at = plot_at(plot, fold_utc(s, cell->max_at_us));
				if (at && (int64_t)cell->max > at->value)
					at->value = (int64_t)cell->max;
			}
		}
	}
	plot_drop_unknown(plot);
}

/* True when a curve from `first` on is of that. */
static bool is_drawn(const struct draft *d, size_t first, const char *name, const char *source, const char *key)
{
	for (size_t p = first; p < d->series_n; p++)
		if (!strcmp(d->series[p].name, name) && !strcmp(d->series[p].source, source) &&
		    !strcmp(d->series[p].key ? d->series[p].key : "", key ? key : ""))
			return true;
	return false;
}

struct share {
	const char *key;
	uint64_t peak; /* inside what is drawn */
};

static int by_key(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	return strcmp(x->key, y->key);
}

static int by_peak(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	return x->peak != y->peak ? (x->peak < y->peak ? 1 : -1) : strcmp(x->key, y->key);
}

/* The keys of a metric of a source with the largest values, each once. The caller frees them. */
static struct share *shares_of(const struct fold *f, size_t source, const char *name, const struct canvas *c, size_t *n)
{
	const struct fold_source *s = &f->sources[source];
	struct share *shares = NULL;
	size_t cap = 0, kept = 0;
	*n = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = part_of(f, source, e);
		for (size_t i = 0; i < p->gauges_n; i++) {
			if (strcmp(p->gauges[i].name, name))
				continue;
			struct share share = {p->gauges[i].key, 0};
			for (size_t k = 0; k < p->gauges[i].n; k++)
				if (p->gauges[i].cells[k].max > share.peak && canvas_holds(c, fold_utc(s, p->gauges[i].cells[k].max_at_us)))
					share.peak = p->gauges[i].cells[k].max;
			shares = memory_grow(shares, &cap, *n + 1, sizeof *shares);
			shares[(*n)++] = share;
		}
	}
	if (*n)
		qsort(shares, *n, sizeof *shares, by_key);
	for (size_t i = 0; i < *n; i++) {
		if (kept && !strcmp(shares[kept - 1].key, shares[i].key))
			shares[kept - 1].peak = shares[i].peak > shares[kept - 1].peak ? shares[i].peak : shares[kept - 1].peak;
		else
			shares[kept++] = shares[i];
	}
	*n = kept;
	if (kept)
		qsort(shares, kept, sizeof *shares, by_peak);
	return shares;
}

void readings_draw(const struct fold *f, struct canvas *c)
{
	struct draft *d = c->draft;
	size_t first = d->series_n;
	for (size_t i = 0; i < d->incidents_n; i++)
		for (size_t k = 0; k < d->incidents[i].metrics_n && d->series_n - first < READINGS_CHANGED; k++) {
			const struct metric_change *m = &d->incidents[i].metrics[k];
			if (!is_drawn(d, first, m->name, m->source, m->key))
				draw(f, m->source_index, m->name, m->key, m->unit, c);
		}
	size_t changed = d->series_n;
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; source_counts(&f->sources[i]) && k < sizeof standing / sizeof *standing; k++) {
			const char *name = metric_name(standing[k]);
			size_t n;
			struct share *shares = shares_of(f, i, name, c, &n);
			for (size_t s = 0; s < n && s < READINGS_KEYS && shares[s].peak && d->series_n - changed < READINGS_STANDING; s++) {
				const char *key = *shares[s].key ? shares[s].key : NULL;
				if (!is_drawn(d, first, name, f->sources[i].id, key))
					draw(f, i, name, key, metric_unit(standing[k]), c);
			}
			memory_free(shares);
		}
}
