#include "report/lanes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/when.h"

/* How a series of the draft is shown. Those of one `panel` and source share one. */
struct kind {
	const char *name; /* of the series; NULL: any of this unit */
	const char *draft_unit;
	const char *title, *unit, *curve; /* unit NULL: a duration, whose values say their own; curve NULL: not drawn */
	enum curve_kind kind;
	bool rate;     /* counts, shown a second */
	bool adds;     /* several sources of one tier are one curve */
	int64_t times; /* from the draft's unit to thousandths of ours */
};
static const struct kind kinds[] = {
	{"http.requests", NULL, "Requests", "a second", "requests", CURVE_USUAL, true, true, 1000},
	{"http.failed", NULL, "Requests", "a second", "of these failed", CURVE_BAD, true, true, 1000},
	{"http.server.request.duration.p95", NULL, "Time to answer", NULL, "95 % within", CURVE_UPPER, false, false, 1},
	{"http.server.request.duration.p50", NULL, "Time to answer", NULL, "half within", CURVE_LOWER, false, false, 1},
	{"inflight_milli", NULL, "Requests in flight", "at once, on average", "in flight", CURVE_USUAL, false, true, 1},
	{"open_connections", NULL, "Open connections", "at once", "open", CURVE_USUAL, false, false, 1000},
	{"connections_limit", NULL, "Open connections", "at once", "limit", CURVE_LIMIT, false, false, 1000},
	{NULL, "refusals", "Refused connections", "a second", "refused", CURVE_BAD, true, true, 1000},
	{"haproxy.connections.frontend", NULL, "Open connections to", "at once", "open", CURVE_USUAL, false, false, 1000},
	/* Nearly the same curve three times more. */
	{"haproxy.connections.process", NULL, NULL, NULL, NULL, CURVE_USUAL, false, false, 0},
	{"haproxy.connections.backend", NULL, NULL, NULL, NULL, CURVE_USUAL, false, false, 0},
	{"haproxy.connections.server", NULL, NULL, NULL, NULL, CURVE_USUAL, false, false, 0},
	{"haproxy.queue.backend", NULL, "Requests in the queue of", "at once", "waiting", CURVE_USUAL, false, false, 1000},
	{"haproxy.queue.server", NULL, "Requests in the queue of", "at once", "waiting", CURVE_USUAL, false, false, 1000},
	{"haproxy.time.queue", NULL, "Wait in the queue of", NULL, "longest", CURVE_USUAL, false, false, 1},
	{"haproxy.time.connect", NULL, "Time to connect to", NULL, "longest", CURVE_USUAL, false, false, 1},
	{"haproxy.time.response", NULL, "Time to the response of", NULL, "longest", CURVE_USUAL, false, false, 1},
	{"pgbouncer.transactions", NULL, "Transactions", "a second", "transactions", CURVE_USUAL, false, false, 1000},
	{"pgbouncer.time.query", NULL, "Time of a query, as the pooler's statistics say", NULL, "average", CURVE_USUAL, false, false, 1},
	{"pgbouncer.time.wait", NULL, "Wait for a server connection, as the pooler's statistics say", NULL, "average", CURVE_USUAL, false, false, 1},
	{NULL, "us", NULL, NULL, "largest", CURVE_USUAL, false, false, 1},
	{NULL, "By", NULL, "kB", "largest", CURVE_USUAL, false, false, 1},
	{NULL, "By/s", NULL, "kB/s", "largest", CURVE_USUAL, false, false, 1},
	{NULL, "1/s", NULL, "a second", "largest", CURVE_USUAL, false, false, 1000},
	{NULL, "1", NULL, "at once", "largest", CURVE_USUAL, false, false, 1000},
};

static const struct kind *kind_of(const struct json_t *series)
{
	struct span name = value_member_text(series, "name"), unit = value_member_text(series, "unit");
	/* Those of one role, database, application or host stand among the holders. */
	if (span_starts(name, SPAN("open_connections.")))
		return NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].name ? span_equal(name, span_of(kinds[i].name)) : span_equal(unit, span_of(kinds[i].draft_unit)))
			return &kinds[i];
	return NULL;
}

/* A draft from anywhere may hold any integer: beyond this no picture is of use. */
static const int64_t LARGEST = INT64_C(1000000000000);

/* Where a step is a minute or more, few things happen a second. */
static bool is_by_minute(int64_t width_us)
{
	return width_us >= MINUTE_US;
}

static int64_t milli_of(const struct kind *kind, int64_t value, int64_t width_us)
{
	value = value < 0 ? 0 : value > LARGEST ? LARGEST : value;
	if (!kind->rate)
		return value * kind->times;
	/* 10^12 events of a millisecond are still no overflow. */
	int64_t width_ms = width_us < 1000 ? 1 : width_us / 1000, unit_ms = is_by_minute(width_us) ? 60000 : 1000;
	return value * kind->times / 1000 * unit_ms / width_ms * 1000 + value * kind->times / 1000 * unit_ms % width_ms * 1000 / width_ms;
}

static enum document_tier tier_of(const struct document *doc, const struct json_t *series, const struct json_t *incident)
{
	if (value_member_text(series, "tier").len)
		return document_tier(value_member_text(series, "tier"));
	/* Drafts of a build that did not write it yet. */
	const struct json_t *source = document_source(doc, value_member_text(series, "source"));
	/* Requests of several sources: those that the impact is counted at. */
	if (!source && incident)
		source = document_source(doc, value_member_text(value_get(incident, "impact"), "measured_at"));
	return source ? document_tier(value_member_text(source, "tier")) : DOCUMENT_WEB;
}

static struct panel *panel_for(struct lanes *l, const struct document *doc, const struct json_t *series, const struct kind *kind,
			       enum document_tier tier)
{
	struct span name = kind->title ? SPAN_NONE : value_member_text(series, "name");
	struct span key = value_member_text(series, "key");
	struct span source = document_source_name(doc, value_member_text(series, "source"));
	for (size_t i = 0; i < l->panels_n; i++) {
		struct panel *p = &l->panels[i];
		if (p->tier == tier && p->title == kind->title && span_equal(p->name, name) && span_equal(p->key, key) &&
		    p->width_us == value_member_int(series, "width_us") &&
		    (kind->adds || span_equal(p->sources_n ? p->sources[0] : SPAN_NONE, source)))
			return p;
	}
	if (l->panels_n == LANES_MOST_PANELS) {
		l->not_shown++;
		return NULL;
	}
	struct panel *p = &l->panels[l->panels_n++];
	const char *unit = kind->rate && is_by_minute(value_member_int(series, "width_us")) ? "a minute" : kind->unit;
	*p = (struct panel){.tier = tier, .title = kind->title, .unit = unit, .name = name, .key = key, .is_duration = !kind->unit,
			    .width_us = value_member_int(series, "width_us")};
	return p;
}

static void note_gaps(struct panel *p, const struct json_t *source, const struct lanes *l)
{
	const struct json_t *gaps = value_get(source, "gaps");
	for (size_t i = 0; i < value_count(gaps) && p->gaps_n < LANES_MOST_GAPS; i++) {
		struct lane_gap g = {when_member(value_at(gaps, i), "start"), when_member(value_at(gaps, i), "end")};
		if (g.from_us < l->to_us && g.to_us > l->from_us && g.from_us < g.to_us)
			p->gaps[p->gaps_n++] = g;
	}
}

/* A series of several sources is of all of its tier that log requests: a gap of one of them is one of the sum. */
static void note_sources(struct panel *p, const struct document *doc, const struct lanes *l)
{
	const struct json_t *sources = value_get(doc->root, "sources");
	if (p->sources_n || p->gaps_n)
		return;
	for (size_t i = 0; i < value_count(sources); i++) {
		const struct json_t *source = value_at(sources, i);
		if (document_tier(value_member_text(source, "tier")) == p->tier && !value_member_text(source, "twin_of").len &&
		    value_member_int(source, "access_records") > 0)
			note_gaps(p, source, l);
	}
}

static void note_source(struct panel *p, const struct document *doc, struct span id, const struct lanes *l)
{
	struct span name = document_source_name(doc, id);
	for (size_t i = 0; i < p->sources_n && i < 3; i++)
		if (span_equal(p->sources[i], name))
			return;
	if (!name.len) {
		note_sources(p, doc, l);
		return;
	}
	if (p->sources_n < 3)
		p->sources[p->sources_n] = name;
	p->sources_n++;
	note_gaps(p, document_source(doc, id), l);
}

static struct curve *curve_for(struct panel *p, const struct kind *kind, int64_t width_us)
{
	for (size_t i = 0; i < p->curves_n; i++)
		if (!strcmp(p->curves[i].title, kind->curve))
			return &p->curves[i];
	if (p->curves_n == LANES_MOST_CURVES)
		return NULL;
	p->curves[p->curves_n] = (struct curve){.title = kind->curve, .kind = kind->kind, .width_us = width_us};
	return &p->curves[p->curves_n++];
}

static int by_start(const void *a, const void *b)
{
	const struct lane_point *x = a, *y = b;
	return x->from_us < y->from_us ? -1 : x->from_us > y->from_us;
}

/* Puts the points of one or several sources in order; those of one step are added. Sources' steps are the same, because
 * they are multiples of one width: what lies across is left out. */
static void settle(struct curve *c)
{
	size_t kept = 0;
	if (c->n)
		qsort(c->points, c->n, sizeof *c->points, by_start);
	for (size_t i = 0; i < c->n; i++) {
		struct lane_point *last = kept ? &c->points[kept - 1] : NULL;
		if (last && last->from_us == c->points[i].from_us)
			last->milli = last->milli > INT64_MAX / 2 ? last->milli : last->milli + c->points[i].milli;
		else if (!last || last->to_us <= c->points[i].from_us)
			c->points[kept++] = c->points[i];
	}
	c->n = kept;
}

/* More points than the drawing can tell apart: neighbours are put together, the largest of them stands for all. */
static void thin(struct curve *c)
{
	size_t together = (c->n + LANES_MOST_POINTS - 1) / LANES_MOST_POINTS, kept = 0;
	for (size_t i = 0; together > 1 && i < c->n; i++) {
		if (i % together == 0)
			c->points[kept++] = c->points[i];
		else {
			struct lane_point *p = &c->points[kept - 1];
			p->milli = c->points[i].milli > p->milli ? c->points[i].milli : p->milli;
			p->to_us = c->points[i].to_us;
		}
	}
	c->n = together > 1 ? kept : c->n;
}

static void add_series(struct lanes *l, const struct document *doc, const struct json_t *series, const struct json_t *incident)
{
	enum { MOST_READ = 100000 }; /* of one curve; the program writes some hundred */
	const struct kind *kind = kind_of(series);
	const struct json_t *points = value_get(series, "points");
	int64_t width_us = value_member_int(series, "width_us");
	struct curve *c = NULL;
	if (!kind || width_us <= 0 || width_us > LARGEST * 1000)
		return;
	if (!kind->curve) {
		l->not_shown++;
		return;
	}
	for (size_t i = 0; i < value_count(points) && !(c && c->n == MOST_READ); i++) {
		int64_t at_us = when_member(value_at(points, i), "at");
		if (at_us + width_us <= l->from_us || at_us >= l->to_us)
			continue;
		if (!c) {
			struct panel *p = panel_for(l, doc, series, kind, tier_of(doc, series, incident));
			c = p ? curve_for(p, kind, width_us) : NULL;
			if (!c)
				return;
			note_source(p, doc, value_member_text(series, "source"), l);
		}
		c->points = memory_grow(c->points, &c->cap, c->n + 1, sizeof *c->points);
		c->points[c->n++] = (struct lane_point){at_us, at_us + width_us,
							milli_of(kind, value_member_int(value_at(points, i), "value"), width_us)};
	}
}

/* Changes and what people did: what may explain a curve, and is none. */
static bool is_marked(const struct json_t *entry)
{
	static const char *const kinds_marked[] = {"deploy",	 "rollback", "restart", "reload",	"crash",      "config",
						   "migration",	 "failover", "alert",	"acknowledge", "mitigation", "resolve",
						   "traffic_surge", "ready",  "sessions_ended"};
	struct span kind = value_member_text(entry, "kind");
	for (size_t i = 0; i < sizeof kinds_marked / sizeof *kinds_marked; i++)
		if (span_equal(kind, span_of(kinds_marked[i])))
			return true;
	return document_tier(value_member_text(entry, "tier")) == DOCUMENT_HUMAN;
}

static int by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

void lanes_marks(struct lanes *l, const struct document *doc, int64_t from_us, int64_t to_us)
{
	l->from_us = from_us;
	l->to_us = to_us;
	l->marks_n = 0;
	const struct json_t *timeline = value_get(doc->root, "timeline");
	for (size_t i = 0; i < value_count(timeline) && l->marks_n < LANES_MOST_MARKS; i++) {
		const struct json_t *entry = value_at(timeline, i);
		int64_t at_us = when_member(entry, "at"), doubt_us = value_member_int(entry, "uncertainty_us");
		doubt_us = doubt_us < 0 || doubt_us > LARGEST ? 0 : doubt_us;
		if (is_marked(entry) && at_us >= l->from_us && at_us <= l->to_us)
			l->marks[l->marks_n++] = (struct mark){at_us, at_us - doubt_us, at_us + doubt_us, entry};
	}
	if (l->marks_n)
		qsort(l->marks, l->marks_n, sizeof *l->marks, by_time);
}

static int by_tier(const void *a, const void *b)
{
	const struct panel *x = a, *y = b;
	if (x->tier != y->tier)
		return x->tier < y->tier ? -1 : 1;
	size_t i = 0, k = 0;
	while (i < sizeof kinds / sizeof *kinds && kinds[i].title != x->title)
		i++;
	while (k < sizeof kinds / sizeof *kinds && kinds[k].title != y->title)
		k++;
	if (i != k)
		return i < k ? -1 : 1;
	int names = span_compare(x->name, y->name);
	return names ? names : span_compare(x->key, y->key);
}

void lanes_build(struct lanes *l, const struct document *doc, const struct json_t *incident, int64_t from_us, int64_t to_us)
{
	const struct json_t *series = value_get(doc->root, "series");
	*l = (struct lanes){.from_us = from_us, .to_us = to_us};
	for (size_t i = 0; i < value_count(series); i++)
		add_series(l, doc, value_at(series, i), incident);
	for (size_t i = 0; i < l->panels_n; i++)
		for (size_t k = 0; k < l->panels[i].curves_n; k++) {
			settle(&l->panels[i].curves[k]);
			thin(&l->panels[i].curves[k]);
		}
	for (size_t i = 0; i < l->panels_n; i++)
		l->panels[i].is_logarithmic = l->panels[i].is_duration && lanes_least_milli(&l->panels[i]) &&
					      lanes_top_milli(&l->panels[i]) / LANES_PEAK >= lanes_least_milli(&l->panels[i]);
	if (l->panels_n)
		qsort(l->panels, l->panels_n, sizeof *l->panels, by_tier);
	lanes_marks(l, doc, from_us, to_us);
}

void lanes_release(struct lanes *l)
{
	for (size_t i = 0; i < l->panels_n; i++)
		for (size_t k = 0; k < l->panels[i].curves_n; k++)
			memory_free(l->panels[i].curves[k].points);
	*l = (struct lanes){0};
}

int64_t lanes_top_milli(const struct panel *p)
{
	int64_t top = 0;
	for (size_t k = 0; k < p->curves_n; k++)
		for (size_t i = 0; i < p->curves[k].n; i++)
			top = p->curves[k].points[i].milli > top ? p->curves[k].points[i].milli : top;
	return top;
}

int64_t lanes_least_milli(const struct panel *p)
{
	int64_t least = 0;
	for (size_t k = 0; k < p->curves_n; k++)
		for (size_t i = 0; i < p->curves[k].n; i++)
			if (p->curves[k].points[i].milli > 0 && (!least || p->curves[k].points[i].milli < least))
				least = p->curves[k].points[i].milli;
	return least;
}
