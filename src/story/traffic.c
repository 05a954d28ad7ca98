#include "story/traffic.h"

#include "base/memory.h"
#include "incident/impact.h"
#include "tally/histogram.h"

static struct curve_of of_tier(const struct fold *f, const struct front *a, const char *name, const char *unit, uint32_t least_s)
{
	return (struct curve_of){.name = name, .source = a->n == 1 ? f->sources[a->sources[0]].id : NULL, .unit = unit, .tier = a->tier, .least_s = least_s};
}

/* Outside of what the tier's sources cover nobody looked. */
static void trim(const struct fold *f, const struct front *a, struct plot *p)
{
	int64_t from_us = INT64_MAX, to_us = INT64_MIN;
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t first = fold_utc(s, s->first_us), last = fold_utc(s, s->last_us);
		from_us = first < from_us ? first : from_us;
		to_us = last > to_us ? last : to_us;
	}
	plot_trim(p, from_us, to_us);
}

static void draw_requests(const struct fold *f, const struct front *a, struct canvas *c)
{
	static const char *const names[] = {"http.requests", "http.failed"};
	for (size_t k = 0; k < 2; k++) {
		uint32_t least_s = 1;
		for (size_t i = 0; i < a->n; i++) {
			const struct fold_series *s = fold_series_find(&f->sources[a->sources[i]], names[k], "", FACET_NONE, "");
			least_s = s && s->width_s > least_s ? s->width_s : least_s;
		}
		struct curve_of of = of_tier(f, a, names[k], "requests", least_s);
		struct plot *p = canvas_curve(c, &of);
		for (size_t i = 0; i < a->n; i++) {
			const struct fold_source *s = &f->sources[a->sources[i]];
			const struct fold_series *series = fold_series_find(s, names[k], "", FACET_NONE, "");
			if (series)
				plot_add(p, s, series);
		}
		trim(f, a, p);
	}
}

static void draw_inflight(const struct fold *f, const struct front *a, struct canvas *c)
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
	struct curve_of of = of_tier(f, a, "inflight_milli", "requests in flight, thousandths", least_s);
	struct plot *p = canvas_curve(c, &of);
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *part = f->tally->entries[s->entries[e]].part;
			for (size_t k = 0; k < part->busy_n; k++)
				point_add(plot_at(p, fold_utc(s, (int64_t)part->busy[k].start_s * SECOND_US)), part->busy[k].us);
		}
	}
	for (size_t i = 0; i < p->n; i++)
		p->points[i].value = p->points[i].value / (p->width_us / 1000);
	trim(f, a, p);
}

/* The durations of each step; a step's buckets are allocated with its first one. At most PLOTS_POINTS histograms: 9 MB. */
static bool sum_durations(const struct fold *f, const struct front *a, struct plot *p, struct latency_sum *sums)
{
	bool any = false;
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *part = f->tally->entries[s->entries[e]].part;
			const struct point *at = NULL;
			for (size_t k = 0; k < part->latency_n; k++) {
				const struct latency_cell *cell = &part->latency[k];
				if (!k || cell->start_s != cell[-1].start_s)
					at = plot_at(p, fold_utc(s, (int64_t)cell->start_s * SECOND_US));
				if (at)
					latency_sum_add(&sums[at - p->points], cell->bucket, cell->n);
				any |= at != NULL;
			}
		}
	}
	return any;
}

static void draw_durations(const struct fold *f, const struct front *a, struct canvas *c)
{
	static const struct {
		const char *name;
		unsigned percent;
	} percentiles[] = {{"http.server.request.duration.p50", 50}, {"http.server.request.duration.p95", 95}};
	uint32_t least_s = 1;
	bool known = false;
	for (size_t i = 0; i < a->n; i++)
		for (size_t e = 0; e < f->sources[a->sources[i]].entries_n; e++) {
			const struct part *p = f->tally->entries[f->sources[a->sources[i]].entries[e]].part;
			known |= p->latency_n > 0;
			least_s = p->latency_n && p->latency_width_s > least_s ? p->latency_width_s : least_s;
		}
	if (!known)
		return;
	struct latency_sum *sums = memory_new(PLOTS_POINTS, sizeof *sums);
	for (size_t k = 0; k < sizeof percentiles / sizeof *percentiles; k++) {
		struct curve_of of = of_tier(f, a, percentiles[k].name, "us", least_s);
		of.error_ppm = HISTOGRAM_ERROR_PPM;
		struct plot *p = canvas_curve(c, &of);
		/* Both curves have the same steps. */
		if (!k && !sum_durations(f, a, p, sums)) {
			p->n = 0;
			break;
		}
		for (size_t i = 0; i < p->n; i++)
			if (!latency_sum_percentile(&sums[i], percentiles[k].percent, &p->points[i].value))
				p->points[i].value = -1;
		plot_drop_unknown(p);
	}
	for (size_t i = 0; i < PLOTS_POINTS; i++)
		latency_sum_release(&sums[i]);
	memory_free(sums);
}

void traffic_draw(const struct fold *f, const struct front *a, struct canvas *c)
{
	if (!a->n)
		return;
	draw_requests(f, a, c);
	draw_inflight(f, a, c);
	draw_durations(f, a, c);
}
