#include "story/window.h"

#include "made.h"
#include "story/story.h"
#include "tell/json.h"

/* Two hours of three logs, every number of it chosen here; seconds after MADE_T0 (11:00:00).
 *   refusals  600 to 690 (50 a second), 3600 to 3660 (20), 6000 to 6100 (80), each with failed requests
 *   a deploy  of the app 3000 to 3003, which belongs to the second outage: ten minutes before it
 *   a burst   of 502 that is no incident: one request in 200, for 20 s from 5000 on */
enum { OUTAGES = 3, END_S = 7200 };
static const struct {
	int64_t from_s, to_s;
	uint32_t n;
} outages[OUTAGES] = {{600, 690, 50}, {3600, 3660, 20}, {6000, 6100, 80}};

static void make(struct made *m)
{
	struct part *db = made_log(m, "logs/postgresql.log", TIER_DB, "postgresql", 1000, 0, END_S);
	struct part *web = made_log(m, "logs/access.log", TIER_WEB, "nginx_access", SECOND_US, 0, END_S);
	struct part *app = made_log(m, "logs/app-1.log", TIER_APP, "app_json", 1000, 0, END_S);
	struct part *parts[] = {db, web, app};
	for (size_t i = 0; i < 3; i++)
		for (int64_t s = 0; s < END_S; s += 10) {
			made_second(parts[i], "records", "", FACET_NONE, "", s, 10, 0, 9999999);
			made_series(parts[i], "records", "", FACET_NONE, "")->width_s = 10;
		}
	for (int64_t s = 0; s < END_S; s++) {
		uint32_t failed = s >= 5000 && s < 5020;
		for (size_t i = 0; i < OUTAGES; i++)
			if (s >= outages[i].from_s && s < outages[i].to_s) {
				failed = outages[i].n;
				made_second(db, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", s, failed, 1000, 900000);
			}
		made_second(web, "http.requests", "", FACET_NONE, "", s, 200, 0, 0);
		if (failed) {
			made_second(web, "http.failed", "", FACET_NONE, "", s, failed, 0, 0);
			made_second(web, "http.server_error", "http.502", FACET_NONE, "", s, failed, 0, 0);
		}
	}
	made_event(app, "process.start", "process.start", SECOND_US, "shop", "1.0");
	made_event(app, "process.stop", "process.stop", 3000 * SECOND_US, "shop", "1.0");
	made_event(app, "process.start", "process.start", 3003 * SECOND_US, "shop", "1.1");
	for (size_t i = 0; i < 3; i++)
		qsort(parts[i]->series, parts[i]->series_n, sizeof(struct series), made_series_order);
}

static struct draft *tell(struct made *m, int64_t since_s, int64_t until_s, struct text *json)
{
	m->options.window = (struct story_window){true, since_s < 0 ? INSTANT_NONE : made_us(since_s, 0),
						  until_s < 0 ? INSTANT_NONE : made_us(until_s, 0)};
	m->options.window.asked = since_s >= 0 || until_s >= 0;
	struct draft *d = story_tell(&m->tally, m->signals, &m->options, &m->trouble);
	text_clear(json);
	json_from_draft(d, "test", json);
	return d;
}

/* The text of one of the draft's arrays, between its brackets. */
static struct span section(const struct text *json, const char *key)
{
	struct text open = {0};
	text_format(&open, "\n  \"%s\": [", key);
	ptrdiff_t at = span_find(text_span(json), text_span(&open));
	text_release(&open);
	struct span rest = at < 0 ? SPAN_NONE : span_from(text_span(json), (size_t)at);
	ptrdiff_t end = span_find(rest, SPAN("\n  ]"));
	struct span items = end < 0 ? SPAN_NONE : span_head(rest, (size_t)end);
	ptrdiff_t open_at = span_find_byte(items, '[');
	return open_at >= 0 && (size_t)open_at + 1 < items.len && items.at[open_at + 1] == ']' ? SPAN_NONE : items; /* "[]" */
}

/* The next item of an array of the draft, without the comma behind it. False: there is none. */
static bool next_item(struct span *rest, struct span *item)
{
	ptrdiff_t at = span_find(*rest, SPAN("\n    {")), end = at < 0 ? -1 : span_find(span_from(*rest, (size_t)at), SPAN("\n    }"));
	if (end < 0)
		return false;
	*item = span_head(span_from(*rest, (size_t)at), (size_t)end + 6);
	*rest = span_from(*rest, (size_t)at + (size_t)end + 6);
	return true;
}

static size_t items(const struct text *json, const char *key)
{
	struct span rest = section(json, key), item;
	size_t n = 0;
	while (next_item(&rest, &item))
		n++;
	return n;
}

/* True when each item of the part is, byte for byte, an item of the whole. */
static bool is_part(const struct text *part, const struct text *whole, const char *key)
{
	struct span rest = section(part, key), item;
	struct span all = section(whole, key);
	while (next_item(&rest, &item))
		if (span_find(all, item) < 0)
			return false;
	return true;
}

/* The points of the series: each series' head, and each point, are in the whole. */
static bool is_part_of_plots(const struct draft *part, const struct draft *whole)
{
	bool same = part->series_n == whole->series_n;
	for (size_t i = 0; same && i < part->series_n; i++) {
		const struct plot *p = &part->series[i], *w = &whole->series[i];
		same = !strcmp(p->name, w->name) && p->width_us == w->width_us && p->n <= w->n;
		for (size_t k = 0, at = 0; same && k < p->n; k++) {
			while (at < w->n && w->points[at].at_us < p->points[k].at_us)
				at++;
			same = at < w->n && w->points[at].at_us == p->points[k].at_us && w->points[at].value == p->points[k].value;
		}
	}
	return same;
}

/* Any window: what is told is what the whole draft tells, and what meets the window is told. */
static void any_window(void)
{
	struct made m;
	struct text all = {0}, some = {0};
	made_init(&m);
	make(&m);
	struct draft *whole = tell(&m, -1, -1, &all);
	if (!FACT(whole->incidents_n == OUTAGES && whole->bursts_n > 2 * OUTAGES && !whole->left_out,
		  "three outages and a burst that is none, nothing left out")) {
		printf("%zu incidents, %zu bursts\n", whole->incidents_n, whole->bursts_n);
		return;
	}
	unsigned wrong = 0, outside = 0;
	bool same = true, plots = true, counted = true, complete = true, rest = true;
	uint32_t state = 7;
	for (int round = 0; round < 60; round++) {
		int64_t edge[2];
		for (int i = 0; i < 2; i++) {
			state = state * 1664525u + 1013904223u;
			edge[i] = (int64_t)(state >> 8) % (END_S + 600);
		}
		int64_t since_s = round % 5 ? edge[0] : -1, until_s = round % 7 ? edge[1] : -1;
		if (since_s >= 0 && until_s >= 0 && since_s >= until_s) {
			int64_t swap = since_s;
			since_s = until_s;
			until_s = swap + 1;
		}
		struct draft *d = tell(&m, since_s, until_s, &some);
		same &= is_part(&some, &all, "incidents") && is_part(&some, &all, "bursts") && is_part(&some, &all, "timeline");
		plots &= is_part_of_plots(d, whole);
		rest &= span_equal(section(&some, "sources"), section(&all, "sources")) && d->window_start_us == whole->window_start_us;
		counted &= items(&some, "incidents") + d->asked.incidents == whole->incidents_n &&
			   items(&some, "bursts") + d->asked.bursts == whole->bursts_n &&
			   items(&some, "timeline") + d->asked.entries == whole->timeline_n;
		if (since_s < 0 && until_s < 0) /* nothing asked */
			counted &= span_equal(text_span(&some), text_span(&all));
		/* Half a second is how far clocks may be off: windows that near to an edge are not judged. */
		for (size_t i = 0; i < OUTAGES; i++) {
			bool meets = (since_s < 0 || outages[i].to_s >= since_s) && (until_s < 0 || outages[i].from_s <= until_s);
			bool near = (since_s >= 0 && llabs(outages[i].to_s - since_s) <= 3) ||
				    (until_s >= 0 && llabs(outages[i].from_s - until_s) <= 3);
			bool told = false;
			for (size_t k = 0; k < d->incidents_n; k++)
				told |= d->incidents[k].onset.at_us / SECOND_US == MADE_T0 + outages[i].from_s;
			wrong += !near && told != meets;
			outside += !meets;
		}
		for (size_t i = 0; i < whole->timeline_n; i++) {
			const struct entry *e = &whole->timeline[i];
			bool inside = (since_s < 0 || e->at_us >= made_us(since_s, 0)) && (until_s < 0 || e->at_us < made_us(until_s, 0)), told = false;
			for (size_t k = 0; k < d->timeline_n; k++)
				told |= !strcmp(d->timeline[k].id, e->id);
			complete &= told || !inside;
		}
		draft_free(d);
	}
	FACT(same, "what is told is byte for byte what the whole draft tells");
	FACT(plots, "so are the points of the plots");
	FACT(rest, "sources and what the logs cover are told whole");
	FACT(counted, "what is not told is counted");
	FACT(complete, "every entry inside of the window is told");
	FACT(!wrong && outside > 20, "an incident is told when it meets the window");
	draft_free(whole);
	text_release(&all);
	text_release(&some);
	made_release(&m);
}

static size_t entries_of(const struct draft *d, const char *kind)
{
	size_t n = 0;
	for (size_t i = 0; i < d->timeline_n; i++)
		n += !strcmp(d->timeline[i].kind, kind);
	return n;
}

static void some_windows(void)
{
	struct made m;
	struct text json = {0};
	made_init(&m);
	make(&m);
	struct draft *d = tell(&m, 3650, 3655, &json);
	FACT(d->incidents_n == 1 && d->incidents[0].onset.at_us == made_us(3600, 1000) && d->asked.incidents == 2,
	     "an incident that overlaps the window is told whole: its onset lies before it");
	FACT(d->summary.incident && !strcmp(d->summary.incident, d->incidents[0].id), "the summary is of an incident that is told");
	FACT(d->asked.covered && strstr(json.at, "\"since\": \"2026-11-22T12:00:50.000000Z\"") &&
		     strstr(json.at, "\"until\": \"2026-11-22T12:00:55.000000Z\""),
	     "the draft says what was asked for");
	FACT(entries_of(d, "deploy") == 1, "with its deploy of ten minutes before");
	draft_free(d);
	d = tell(&m, 2900, 3100, &json);
	FACT(!d->incidents_n && entries_of(d, "deploy") == 1 && !entries_of(d, "onset"),
	     "a deploy inside of the window is told without the incident that it belongs to");
	TEXT_IS(d->summary.reason, "no incident in the time asked for; 3 incidents lie outside of it", "that none is told is said");
	draft_free(d);
	d = tell(&m, 4900, 5100, &json);
	FACT(!d->incidents_n && d->bursts_n == 1 && entries_of(d, "symptom") == 1, "a burst of no incident is told by itself");
	draft_free(d);
	d = tell(&m, END_S + 600, -1, &json);
	bool said = false;
	for (size_t i = 0; i < d->unknowns_n; i++)
		said |= !strcmp(d->unknowns[i].what, "what happened in the time asked for") &&
			!strcmp(d->unknowns[i].why, "it lies outside of what the logs cover: 2026-11-22 11:00:00 to 2026-11-22 13:00:00 UTC");
	FACT(said && !d->asked.covered && !d->timeline_n && !d->incidents_n, "a window that no log covers: nothing, and that is an unknown");
	FACT(m.trouble.n == 1 && m.trouble.items[0].level == DIAG_WARNING && !m.trouble.incomplete &&
		     strstr(m.trouble.items[0].hint, "2026-11-22T11:00:00.000000Z to 2026-11-22T13:00:00.000000Z"),
	     "a warning, that makes nothing incomplete");
	TEXT_IS(d->summary.reason, "no log covers the time asked for; 3 incidents lie outside of it", "and the summary says so");
	draft_free(d);
	text_release(&json);
	made_release(&m);
}

int main(void)
{
	any_window();
	some_windows();
	return unit_done();
}
