#include "story/window.h"

#include "base/memory.h"
#include "incident/incident.h"
#include "story/canvas.h"

bool window_meets(const struct draft *d, int64_t from_us, int64_t to_us)
{
	return (d->asked.since_us == INSTANT_NONE || to_us >= d->asked.since_us) &&
	       (d->asked.until_us == INSTANT_NONE || from_us < d->asked.until_us);
}

/* First and last instant of an incident and all of its bursts, uncertainty included. */
static void reach(const struct draft *d, const struct incident *in, int64_t *from_us, int64_t *to_us)
{
	*from_us = in->onset.lower_us;
	*to_us = in->end.upper_us;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (!incident_has(in, b))
			continue;
		*from_us = b->onset.lower_us < *from_us ? b->onset.lower_us : *from_us;
		*to_us = b->end.upper_us > *to_us ? b->end.upper_us : *to_us;
	}
}

/* True when some log has records on both sides of an instant of it, or in it. */
static bool is_covered(const struct draft *d)
{
	for (size_t i = 0; i < d->sources_n; i++)
		if (d->sources[i].first_us != INSTANT_NONE && !d->sources[i].undated && window_meets(d, d->sources[i].first_us, d->sources[i].last_us))
			return true;
	return false;
}

void window_mark(const struct fold *f, struct draft *d)
{
	d->asked.since_us = d->asked.until_us = INSTANT_NONE;
	if (f->options && f->options->window.asked) {
		d->asked.any = true;
		d->asked.since_us = f->options->window.since_us;
		d->asked.until_us = f->options->window.until_us;
	}
	d->asked.covered = is_covered(d);
	for (size_t i = 0; i < d->bursts_n; i++)
		d->bursts[i].told = window_meets(d, d->bursts[i].onset.lower_us, d->bursts[i].end.upper_us);
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		int64_t from_us, to_us;
		reach(d, in, &from_us, &to_us);
		in->told = window_meets(d, from_us, to_us);
		d->asked.incidents += !in->told;
		for (size_t k = 0; k < d->bursts_n; k++)
			if (incident_has(in, &d->bursts[k]))
				d->bursts[k].told = in->told;
	}
	for (size_t i = 0; i < d->bursts_n; i++)
		d->asked.bursts += !d->bursts[i].told;
}

void window_warn(const struct draft *d, struct diag_list *trouble)
{
	char from[32], to[32];
	if (!d->asked.any || d->asked.covered || d->window_start_us == INSTANT_NONE)
		return;
	struct text hint = {0};
	text_format(&hint, "They cover %s to %s; a time without an offset is UTC.", instant_format(d->window_start_us, from),
		    instant_format(d->window_end_us, to));
	if (d->year_unknown)
		text_append_string(&hint, " No log tells the year, 2000 stands in its place: state it with --year.");
	diag_add(trouble, DIAG_WARNING, hint.at, "no log covers the time asked for");
	text_release(&hint);
}

static bool is_told(const void *context, const struct candidate *c)
{
	const struct draft *d = context;
	const struct entry *e = &c->entry;
	bool inside = c->incident != SIZE_MAX;
	if (inside && d->incidents[c->incident].told)
		return true;
	int64_t last_us = e->end_us != INSTANT_NONE && e->end_us > e->at_us ? e->end_us : e->at_us;
	int64_t unsure_us = inside ? 0 : e->uncertainty_us;
	return window_meets(d, e->at_us - unsure_us, last_us + unsure_us);
}

void window_candidates(struct candidate_list *list, struct draft *d)
{
	d->asked.entries = candidate_filter(list, is_told, d);
}

static bool point_is_told(const struct draft *d, const struct plot *p, const struct point *point)
{
	int64_t end_us = point->at_us + p->width_us - 1;
	if (window_meets(d, point->at_us, end_us))
		return true;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		if (in->told && end_us >= in->onset.at_us - PLOTS_AROUND_US && point->at_us <= in->end.at_us + PLOTS_AROUND_US)
			return true;
	}
	return false;
}

static void drop_points(struct draft *d)
{
	for (size_t i = 0; i < d->series_n; i++) {
		struct plot *p = &d->series[i];
		size_t kept = 0;
		for (size_t k = 0; k < p->n; k++)
			if (point_is_told(d, p, &p->points[k]))
				p->points[kept++] = p->points[k];
		p->n = kept;
	}
}

void window_drop(struct draft *d)
{
	size_t kept = 0;
	if (!d->asked.any)
		return;
	drop_points(d);
	for (size_t i = 0; i < d->incidents_n; i++) {
		if (d->incidents[i].told)
			d->incidents[kept++] = d->incidents[i];
		else
			incident_release(&d->incidents[i]);
	}
	d->incidents_n = kept;
	kept = 0;
	for (size_t i = 0; i < d->bursts_n; i++) {
		if (d->bursts[i].told)
			d->bursts[kept++] = d->bursts[i];
		else
			burst_release(&d->bursts[i]);
	}
	d->bursts_n = kept;
	kept = 0;
	for (size_t i = 0; i < d->findings.n; i++) {
		struct finding *x = &d->findings.items[i];
		if (window_meets(d, x->at.lower_us, x->end_us != INSTANT_NONE ? x->end_us : x->at.upper_us))
			d->findings.items[kept++] = *x;
		else
			finding_release(x);
	}
	d->findings.n = kept;
}
