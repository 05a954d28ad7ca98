#include "report/course.h"

#include "fold/sentence.h"
#include "report/figure.h"
#include "report/stack.h"
#include "report/when.h"

static const char *const state_names[] = {[STACK_QUIET] = "quiet", [STACK_HIT] = "hit", [STACK_BEGAN] = "began"};

/* "Web server to application" for each call of the kind; nothing when there is none. */
static void put_calls(struct page *p, const struct stack *s, bool known, const char *what)
{
	bool any = false;
	for (size_t i = 0; i < s->calls_n; i++) {
		if (s->calls[i].known != known)
			continue;
		page_put(p, any ? "; " : what);
		page_put(p, document_tier_title(s->tiers[s->calls[i].caller].tier));
		page_put(p, " to ");
		page_put(p, document_tier_title(s->tiers[s->calls[i].called].tier));
		any = true;
	}
	page_put(p, any ? ". " : "");
}

/* What is called and has no log here: where to look next. */
static void put_absent(struct page *p)
{
	enum { MOST = 8 };
	const struct json_t *upstreams = value_get(value_get(p->doc->root, "topology"), "upstreams");
	size_t n = 0;
	for (size_t i = 0; i < value_count(upstreams); i++) {
		const struct json_t *upstream = value_at(upstreams, i);
		if (!value_is_true(value_get(upstream, "absent")) || n++ >= MOST)
			continue;
		page_put(p, n == 1 ? "<p><b>Called, but no log of it was given</b></p>\n<ul>\n<li><code>" : "<li><code>");
		page_text(p, span_head(value_member_text(upstream, "address"), 200));
		page_put(p, "</code> (");
		page_put(p, document_tier_title(document_tier(value_member_text(upstream, "tier"))));
		page_put(p, "), by ");
		page_text(p, document_source_name(p->doc, value_member_text(upstream, "source")));
		page_put(p, ": ");
		page_count(p, value_member_int(upstream, "failed"));
		page_put(p, " of ");
		page_count(p, value_member_int(upstream, "records"));
		page_put(p, " records failed ");
		page_evidence(p, value_get(upstream, "evidence"));
		page_put(p, "</li>\n");
	}
	page_put(p, n ? "</ul>\n" : "");
	page_more(p, n, MOST);
}

void course_stack(struct page *p, const struct told *t, const struct lanes *l)
{
	struct stack s;
	stack_build(&s, p->doc, t ? t->incident : NULL);
	page_section(p, "stack", "The stack");
	page_put(p, "<ol class=\"stack\" aria-label=\"Tiers in the way of a request\">\n");
	for (size_t i = 0; i < s.n; i++) {
		const struct stack_tier *tier = &s.tiers[i];
		text_format(p->out, "<li class=\"%s\"><b>%s</b><span class=\"files\">", state_names[tier->state],
			    document_tier_title(tier->tier));
		for (size_t k = 0; k < tier->files_n && k < STACK_FILES; k++) {
			page_put(p, k ? ", " : "");
			page_text(p, span_head(tier->files[k], 80));
			if (tier->alike[k] > 1)
				text_format(p->out, " (%zu)", tier->alike[k]);
		}
		if (tier->files_n > STACK_FILES)
			text_format(p->out, " and %zu more", tier->files_n - STACK_FILES);
		page_put(p, "</span><span class=\"state\">");
		stack_append_state(p->out, tier);
		if (tier->from_us != INSTANT_NONE) {
			page_put(p, "<br/>");
			page_time(p, tier->from_us, l->from_us);
			page_put(p, " to ");
			page_time(p, tier->to_us, tier->from_us);
		}
		page_put(p, "</span>");
		figure_bar(p->out, l, tier->from_us, tier->to_us, state_names[tier->state]);
		page_put(p, "</li>\n");
	}
	page_put(p, "</ol>\n");
	if (!s.n)
		page_put(p, "<p class=\"quiet\">No log has a tier of a request's way.</p>\n");
	else
		page_put(p, "<p class=\"quiet small\">");
	put_calls(p, &s, true, "Calls that are stated or that addresses in the logs tell: ");
	put_calls(p, &s, false, "Assumed, as usual: ");
	if (s.n)
		page_put(p, "The bar below each tier is its time with symptoms, of the time that is drawn below.</p>\n");
	put_absent(p);
	page_end(p);
}

static void put_marks(struct page *p, const struct lanes *l)
{
	if (!l->marks_n)
		return;
	page_put(p, "<ol class=\"marks\">\n");
	for (size_t i = 0; i < l->marks_n; i++) {
		page_put(p, "<li>");
		page_time(p, l->marks[i].at_us, l->from_us);
		page_put(p, " ");
		page_member(p, l->marks[i].entry, "summary");
		page_put(p, "</li>\n");
	}
	page_put(p, "</ol>\n");
}

/* What is on trial and came too early to be drawn: nobody should look for it among the marks. */
static void put_earlier(struct page *p, const struct told *t, const struct lanes *l)
{
	const struct json_t *changes = value_get(t->incident, "changes");
	enum { MOST = 8 };
	size_t n = 0;
	for (size_t i = 0; i < value_count(changes) && n < MOST; i++) {
		const struct json_t *change = value_at(changes, i);
		int64_t at_us = when_moment(change, "at");
		if (at_us == INSTANT_NONE || at_us >= l->from_us)
			continue;
		page_put(p, n++ ? "; " : "<p class=\"quiet small\">Earlier than this picture: ");
		page_times(p, at_us, l->from_us);
		page_put(p, " ");
		page_member(p, change, "summary");
		page_put(p, " ");
		page_badge(p, value_member_text(change, "verdict"));
	}
	page_put(p, n ? "</p>\n" : "");
}

static void put_tables(struct page *p, const struct lanes *l, size_t first, size_t n)
{
	page_put(p, "<details class=\"numbers-behind\"><summary>The numbers of this picture</summary>\n");
	for (size_t i = first; i < first + n; i++)
		figure_table(p->out, &l->panels[i]);
	page_put(p, "</details>\n");
}

static void put_tier(struct page *p, const struct lanes *l, size_t first, size_t n, const struct figure_span *span)
{
	char id[32];
	struct text id_text = {0};
	text_format(&id_text, "d%zu", ++p->drawings);
	memcpy(id, id_text.at, id_text.len + 1);
	text_release(&id_text);
	const char *level = p->incident ? "h4" : "h3";
	text_format(p->out, "<%s class=\"tier\">%s</%s>\n<div class=\"scroll\">\n", level, document_tier_title(l->panels[first].tier), level);
	figure_panels(p->out, l, first, n, span, id);
	page_put(p, "</div>\n");
	put_tables(p, l, first, n);
}

/* Percentiles stand in the draft for before and during, not over time. */
static void put_latency(struct page *p, const struct json_t *incident)
{
	static const struct {
		const char *key, *title;
	} percentiles[] = {{"p50_us", "half"}, {"p95_us", "95 %"}, {"p99_us", "99 %"}}, rows[] = {{"before", "before"}, {"during", "in the incident"}};
	const struct json_t *impact = value_get(incident, "impact");
	int64_t n;
	if (!value_int(value_get(value_get(impact, "during"), "p50_us"), &n))
		return;
	page_put(p, "<table class=\"numbers\"><caption>Time in which requests were answered (error at most 1.6 %)</caption>\n"
		    "<thead><tr><th scope=\"col\">When</th>");
	for (size_t i = 0; i < 3; i++)
		text_format(p->out, "<th scope=\"col\">%s within</th>", percentiles[i].title);
	page_put(p, "<th scope=\"col\">requests</th></tr></thead>\n<tbody>\n");
	for (size_t k = 0; k < 2; k++) {
		const struct json_t *latency = value_get(impact, rows[k].key);
		text_format(p->out, "<tr><th scope=\"row\">%s</th>", rows[k].title);
		for (size_t i = 0; i < 3; i++) {
			page_put(p, "<td>");
			if (value_int(value_get(latency, percentiles[i].key), &n))
				page_duration(p, n);
			else
				page_put(p, "not known");
			page_put(p, "</td>");
		}
		page_put(p, "<td>");
		if (value_int(value_get(latency, "requests"), &n))
			page_count(p, n);
		page_put(p, "</td></tr>\n");
	}
	page_put(p, "</tbody></table>\n");
}

static void put_holders(struct page *p, const struct json_t *incident)
{
	const struct json_t *holders = value_get(incident, "holders"), *items = value_get(holders, "items");
	if (!value_count(items))
		return;
	page_put(p, "<details><summary>Who held the connections</summary>\n<table class=\"numbers\"><caption>Open connections at ");
	if (when_moment(holders, "at") != INSTANT_NONE)
		page_times(p, when_moment(holders, "at"), INSTANT_NONE);
	else
		page_put(p, "the onset");
	page_put(p, "</caption>\n"
		    "<thead><tr><th scope=\"col\">by</th><th scope=\"col\">name</th><th scope=\"col\">open</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < value_count(items) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *item = value_at(items, i);
		page_put(p, "<tr><th scope=\"row\">");
		page_words(p, value_member_text(item, "dimension"));
		page_put(p, "</th><td>");
		page_text(p, value_member_text(item, "name").len ? value_member_text(item, "name") : SPAN("(not printed)"));
		page_put(p, "</td><td>");
		page_count(p, value_member_int(item, "count"));
		page_put(p, "</td></tr>\n");
	}
	page_put(p, "</tbody></table></details>\n");
}

void course_lanes(struct page *p, const struct told *t, const struct lanes *l)
{
	struct figure_span span = {INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, false};
	page_section(p, "course", "Over time");
	if (t) {
		const struct json_t *onset = value_get(t->incident, "onset");
		span = (struct figure_span){t->onset_us, when_member(onset, "lower"), when_member(onset, "upper"), t->end_us,
					    value_is_true(value_get(t->incident, "ongoing"))};
	}
	char id[32];
	struct text id_text = {0};
	text_format(&id_text, "d%zu", ++p->drawings);
	memcpy(id, id_text.at, id_text.len + 1);
	text_release(&id_text);
	if (t || l->marks_n) {
		page_put(p, "<div class=\"scroll\">\n");
		figure_marks(p->out, l, &span, id);
		page_put(p, "</div>\n");
		put_marks(p, l);
		if (t)
			put_earlier(p, t, l);
	}
	for (size_t i = 0, n; i < l->panels_n; i += n) {
		for (n = 1; i + n < l->panels_n && l->panels[i + n].tier == l->panels[i].tier;)
			n++;
		put_tier(p, l, i, n, &span);
	}
	if (!l->panels_n)
		page_put(p, "<p class=\"quiet\">The draft has no numbers of this time.</p>\n");
	if (l->not_shown)
		text_format(p->out, "<p class=\"quiet\">%zu more series stand in the JSON.</p>\n", l->not_shown);
	if (t) {
		put_latency(p, t->incident);
		put_holders(p, t->incident);
	}
	page_put(p, "<p class=\"quiet small\">Red line: onset, as wide as it is uncertain. Green line: end. Dotted: the numbered changes and "
		    "what people did. Hatched: the log has a gap. Red areas are failures and refusals.</p>\n");
	page_end(p);
}

static void put_entry(struct page *p, const struct json_t *entry, int64_t *day_us)
{
	int64_t at_us = when_member(entry, "at");
	bool new_day = *day_us == INSTANT_NONE || !when_same_day(at_us, *day_us);
	*day_us = at_us;
	page_put(p, "<tr class=\"");
	page_member(p, entry, "severity");
	page_put(p, "\"><td class=\"time\">");
	if (new_day) {
		page_put(p, "<span class=\"date\">");
		when_append_date(p->out, at_us);
		page_put(p, "</span>");
	}
	page_time(p, at_us, at_us);
	page_doubt(p, value_member_int(entry, "uncertainty_us"));
	page_put(p, "</td>");
	if (p->doc->zone) {
		int64_t local_us = when_local(p->doc->zone, at_us);
		page_put(p, "<td class=\"time\">");
		if (new_day || !when_same_day(local_us, at_us)) {
			page_put(p, "<span class=\"date\">");
			when_append_date(p->out, local_us);
			page_put(p, "</span>");
		}
		when_append_time(p->out, local_us);
		page_put(p, "<span class=\"quiet\">");
		when_append_offset(p->out, p->doc->zone, at_us);
		page_put(p, "</span></td>");
	}
	page_put(p, "<td class=\"tier-cell\">");
	page_put(p, document_tier_title(document_tier(value_member_text(entry, "tier"))));
	page_put(p, "<br/><span class=\"kind\">");
	page_words(p, value_member_text(entry, "kind"));
	page_put(p, "</span></td><td class=\"event\">");
	page_member(p, entry, "summary");
	page_paragraph(p, "body", value_member_text(entry, "body"));
	page_notes(p, value_member_text(entry, "id"));
	page_put(p, "</td><td>");
	page_evidence(p, value_get(entry, "evidence"));
	page_put(p, "</td></tr>\n");
}

static void open_timeline(struct page *p)
{
	page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Timeline\"><table><thead><tr><th scope=\"col\">UTC</th>");
	if (p->doc->zone) {
		page_put(p, "<th scope=\"col\">");
		page_text(p, span_of(p->doc->zone_name));
		page_put(p, "</th>");
	}
	page_put(p, "<th scope=\"col\">Tier, kind</th><th scope=\"col\">Event</th><th scope=\"col\">Evidence</th></tr></thead>\n<tbody>\n");
}

static bool is_told(const struct page *p, const struct json_t *entry)
{
	for (size_t i = 0; i < p->doc->told_n; i++)
		if (document_belongs(entry, p->doc->told[i].incident))
			return true;
	return false;
}

/* `incident`: only its entries; NULL: `rest`: those of none that is told, else all. */
static size_t put_entries(struct page *p, const struct json_t *incident, bool rest)
{
	const struct json_t *timeline = value_get(p->doc->root, "timeline");
	int64_t day_us = INSTANT_NONE;
	size_t shown = 0, n = 0;
	for (size_t i = 0; i < value_count(timeline); i++) {
		const struct json_t *entry = value_at(timeline, i);
		if (incident ? !document_belongs(entry, incident) : rest && is_told(p, entry))
			continue;
		if (n++ >= DOCUMENT_MOST_ROWS)
			continue;
		if (!shown++)
			open_timeline(p);
		put_entry(p, entry, &day_us);
	}
	if (shown)
		page_put(p, "</tbody></table></div>\n");
	page_more(p, n, shown);
	return n;
}

void course_timeline(struct page *p, const struct told *t)
{
	page_section(p, "timeline", "Timeline");
	if (!put_entries(p, t && p->doc->incidents_n > 1 ? t->incident : NULL, false))
		page_put(p, "<p class=\"quiet\">No entries.</p>\n");
	if (p->doc->incidents_n <= 1 && value_member_int(p->doc->root, "left_out") > 0) {
		page_put(p, "<p class=\"quiet small\">");
		page_count(p, value_member_int(p->doc->root, "left_out"));
		page_put(p, " entries of less weight were left out by the draft.</p>\n");
	}
	page_end(p);
}

void course_rest(struct page *p)
{
	page_section(p, "rest", "Outside of these incidents");
	if (!put_entries(p, NULL, true))
		page_put(p, "<p class=\"quiet\">Nothing else was told.</p>\n");
	page_end(p);
}

void course_propagation(struct page *p, const struct told *t)
{
	const struct json_t *steps = value_get(t->incident, "propagation");
	page_section(p, "propagation", "How it spread");
	if (!value_count(steps)) {
		page_put(p, "<p class=\"quiet\">Only one source shows it, or the order is not known.</p>\n");
		page_end(p);
		return;
	}
	page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"How it spread\"><table><thead><tr><th scope=\"col\">First symptom (UTC)</th><th scope=\"col\">After the first</th>"
		    "<th scope=\"col\">Tier</th><th scope=\"col\">Symptom</th><th scope=\"col\">Order</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < value_count(steps) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *step = value_at(steps, i), *onset = value_get(step, "onset");
		int64_t lag_us, at_us = when_member(onset, "at"), lower_us = when_member(onset, "lower"), upper_us = when_member(onset, "upper");
		page_put(p, "<tr><td class=\"time\">");
		page_time(p, at_us, t->onset_us);
		if (lower_us != INSTANT_NONE && upper_us != INSTANT_NONE)
			page_doubt(p, (upper_us - lower_us) / 2);
		page_put(p, "</td><td class=\"time\">");
		if (i && value_int(value_get(step, "lag_us"), &lag_us))
			page_duration(p, lag_us);
		/* On paper the column is narrow: a path may break anywhere, a word may not. */
		page_put(p, "</td><td class=\"from\"><span class=\"tier-cell\">");
		page_put(p, document_tier_title(document_tier(value_member_text(step, "tier"))));
		page_put(p, "</span><br/><span class=\"kind\">");
		page_text(p, document_source_name(p->doc, value_member_text(step, "source")));
		page_put(p, "</span></td><td><span class=\"tier-cell\">");
		page_member(p, step, "signal");
		page_put(p, "</span></td><td>");
		page_member(p, step, "order");
		page_put(p, "</td></tr>\n");
	}
	page_put(p, "</tbody></table></div>\n");
	page_more(p, value_count(steps), DOCUMENT_MOST_ROWS);
	page_end(p);
}
