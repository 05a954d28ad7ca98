#include "story/canvas.h"

#include <string.h>

#include "base/memory.h"
#include "fold/sentence.h"

void canvas_init(struct canvas *c, struct draft *d)
{
	*c = (struct canvas){.draft = d, .items = memory_new(d->incidents_n + 1, sizeof *c->items)};
	if (d->window_start_us == INSTANT_NONE)
		return;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		struct canvas_stretch x = {in->onset.at_us - PLOTS_AROUND_US, in->end.at_us + PLOTS_AROUND_US};
		x.from_us = x.from_us < d->window_start_us ? d->window_start_us : x.from_us;
		x.to_us = x.to_us > d->window_end_us + 1 ? d->window_end_us + 1 : x.to_us;
		if (c->n && x.from_us <= c->items[c->n - 1].to_us) {
			if (x.to_us > c->items[c->n - 1].to_us)
				c->items[c->n - 1].to_us = x.to_us;
		} else {
			c->items[c->n++] = x;
		}
	}
	if (!d->incidents_n)
		c->items[c->n++] = (struct canvas_stretch){d->window_start_us, d->window_end_us + 1};
	/* Hundreds of incidents far apart: a picture of all of them shows the whole time or nothing. */
	if (c->n > PLOTS_POINTS / 8) {
		c->items[0].to_us = c->items[c->n - 1].to_us;
		c->n = 1;
	}
	for (size_t i = 0; i < c->n; i++)
		c->length_us += c->items[i].to_us - c->items[i].from_us;
}

void canvas_release(struct canvas *c)
{
	memory_free(c->items);
	*c = (struct canvas){0};
}

bool canvas_holds(const struct canvas *c, int64_t utc_us)
{
	for (size_t i = 0; i < c->n; i++)
		if (utc_us >= c->items[i].from_us && utc_us < c->items[i].to_us)
			return true;
	return false;
}

/* The narrowest round width, at least `least_s`, at which the stretches have at most PLOTS_POINTS points. */
static int64_t width_of(const struct canvas *c, uint32_t least_s)
{
	static const uint32_t round_s[] = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400};
	size_t n = sizeof round_s / sizeof *round_s, i = 0;
	/* One point more per stretch: its edges are not multiples of the width. */
	while (i + 1 < n && (round_s[i] < least_s || round_s[i] % (least_s ? least_s : 1) ||
			     c->length_us / ((int64_t)round_s[i] * SECOND_US) + 2 * (int64_t)c->n > PLOTS_POINTS))
		i++;
	int64_t width_us = (int64_t)round_s[i] * SECOND_US;
	while (c->length_us / width_us + 2 * (int64_t)c->n > PLOTS_POINTS && width_us < INT64_MAX / 4)
		width_us *= 2;
	return width_us;
}

struct plot *canvas_curve(struct canvas *c, const struct curve_of *of)
{
	struct draft *d = c->draft;
	int64_t width_us = width_of(c, of->least_s);
	d->series = memory_grow(d->series, &c->cap, d->series_n + 1, sizeof *d->series);
	struct plot *p = &d->series[d->series_n++];
	*p = (struct plot){.name = sentence_copy(of->name), .key = sentence_copy(of->key), .source = sentence_copy(of->source), .tier = of->tier,
			   .unit = sentence_copy(of->unit), .width_us = width_us, .error_ppm = of->error_ppm};
	p->points = memory_new(PLOTS_POINTS, sizeof *p->points);
	for (size_t i = 0; i < c->n; i++)
		for (int64_t at = c->items[i].from_us / width_us * width_us; at < c->items[i].to_us && p->n < PLOTS_POINTS; at += width_us)
			if (!p->n || p->points[p->n - 1].at_us < at)
				p->points[p->n++] = (struct point){at, 0};
	return p;
}

struct point *plot_at(struct plot *p, int64_t utc_us)
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

void point_add(struct point *p, uint64_t value)
{
	if (p)
		p->value = value > (uint64_t)(INT64_MAX - p->value) ? INT64_MAX : p->value + (int64_t)value;
}

void plot_add(struct plot *p, const struct fold_source *s, const struct fold_series *series)
{
	for (size_t i = 0; i < series->n; i++)
		point_add(plot_at(p, fold_utc(s, (int64_t)series->bins[i].bin.start_s * SECOND_US)), series->bins[i].bin.n);
}

void plot_trim(struct plot *p, int64_t first_us, int64_t last_us)
{
	size_t from = 0;
	while (from < p->n && p->points[from].at_us + p->width_us <= first_us)
		from++;
	while (p->n > from && p->points[p->n - 1].at_us > last_us)
		p->n--;
	p->n -= from;
	memmove(p->points, p->points + from, p->n * sizeof *p->points);
}

void plot_drop_unknown(struct plot *p)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->n; i++)
		if (p->points[i].value >= 0)
			p->points[kept++] = p->points[i];
	p->n = kept;
}
