#include "report/overview.h"

#include "fold/sentence.h"
#include "redact/names.h"
#include "report/when.h"

/* The reason that stands beside a null. */
static struct span reason_of(const struct json_t *object, const char *key)
{
	struct span reason = value_member_text(object, key);
	return reason.len ? reason : SPAN("not known");
}

/* `class`: "hurt", "unknown" or "". */
static void fact(struct page *p, const char *class, const char *term)
{
	text_format(p->out, "<div%s%s%s><dt>%s</dt><dd><span class=\"big\">", *class ? " class=\"" : "", class, *class ? "\"" : "", term);
}

static void put_duration(struct page *p, const struct json_t *incident)
{
	int64_t onset_us = when_moment(incident, "onset"), end_us = when_moment(incident, "end");
	bool ongoing = value_is_true(value_get(incident, "ongoing"));
	fact(p, "", "Duration");
	if (onset_us != INSTANT_NONE && end_us != INSTANT_NONE) {
		page_put(p, ongoing ? "at least " : "");
		page_duration(p, end_us - onset_us);
	} else {
		page_put(p, "unknown");
	}
	page_put(p, "</span>");
	page_times(p, onset_us, INSTANT_NONE);
	page_put(p, ongoing ? " to the end of the logs, " : " to ");
	page_times(p, end_us, onset_us);
	page_put(p, "</dd></div>\n");
}

void overview_redacted(struct text *out, const struct json_t *root)
{
	const struct json_t *redaction = value_get(root, "redaction"), *counts = value_get(redaction, "counts");
	if (value_kind(redaction) != VALUE_OBJECT)
		return;
	if (!value_count(value_get(redaction, "kinds"))) {
		text_append_string(out, "Nothing was taken out: addresses and names of users stand here as in the logs.");
		return;
	}
	text_append_string(out, value_count(counts) ? "Taken out, the same value always under the same name: " : "Nothing was found that would have to be taken out.");
	for (size_t i = 0; i < value_count(counts) && i < REDACT_KIND_COUNT; i++) {
		const struct json_t *count = value_at(counts, i);
		int64_t values = value_member_int(count, "values");
		text_append_string(out, i ? ", " : "");
		text_append(out, value_member_text(count, "kind"));
		text_append_string(out, " (");
		sentence_counted(out, values < 0 ? 0 : (uint64_t)values, "value");
		text_append_byte(out, ')');
	}
	text_append_string(out, value_count(counts) ? "." : "");
}

void overview_failed(struct text *out, const struct json_t *incident)
{
	const struct json_t *impact = value_get(incident, "impact");
	int64_t failed, requests, before, share;
	if (!value_int(value_get(impact, "failed"), &failed) || !value_int(value_get(impact, "requests"), &requests)) {
		struct span reason = value_member_text(impact, "reason");
		text_append_string(out, "not known: ");
		text_append(out, reason.len ? reason : reason_of(impact, "failed_reason"));
		return;
	}
	sentence_count(out, failed < 0 ? 0 : (uint64_t)failed);
	text_append_string(out, " of ");
	sentence_counted(out, requests < 0 ? 0 : (uint64_t)requests, "request");
	if (value_int(value_get(impact, "failed_ppm"), &share)) {
		text_append_string(out, ", ");
		sentence_share(out, share);
	}
	if (value_int(value_get(impact, "baseline_failed_ppm"), &before)) {
		text_append_string(out, "; before: ");
		sentence_share(out, before);
	}
}

static void put_failed(struct page *p, const struct json_t *incident)
{
	const struct json_t *impact = value_get(incident, "impact");
	int64_t share, clients;
	bool known = value_int(value_get(impact, "failed_ppm"), &share);
	struct text words = {0};
	fact(p, !known ? "unknown" : share > 0 ? "hurt" : "", "Failed requests");
	if (known)
		sentence_share(p->out, share);
	else
		page_put(p, "not known");
	page_put(p, "</span>");
	overview_failed(&words, incident);
	page_text(p, text_span(&words));
	if (value_int(value_get(impact, "clients"), &clients)) {
		page_put(p, "; ");
		sentence_counted(p->out, clients < 0 ? 0 : (uint64_t)clients, "client");
	}
	page_put(p, "</dd></div>\n");
	text_release(&words);
}

static void put_refused(struct page *p, const struct json_t *incident)
{
	const struct json_t *holders = value_get(incident, "holders");
	int64_t refused, open, limit;
	if (!value_count(value_get(incident, "refusals")) || !value_int(value_get(incident, "refused"), &refused))
		return;
	fact(p, "hurt", "Refused connections");
	page_count(p, refused);
	page_put(p, "</span>each counted once, at the deepest tier");
	if (value_int(value_get(holders, "open"), &open) && value_int(value_get(holders, "limit"), &limit)) {
		page_put(p, "; ");
		page_count(p, open);
		page_put(p, " open of ");
		page_count(p, limit);
		page_put(p, when_moment(holders, "at") > when_moment(incident, "onset") ? " when the database first refused" : " at the onset");
	}
	page_put(p, "</dd></div>\n");
}

static void put_noticed(struct page *p, const struct json_t *incident)
{
	const struct json_t *alert = value_get(value_get(incident, "detection"), "alert");
	int64_t gap_us;
	if (!alert)
		return;
	bool known = value_int(value_get(alert, "after_onset_us"), &gap_us);
	fact(p, known ? "" : "unknown", "Noticed");
	if (known) {
		page_duration(p, gap_us);
		page_put(p, " later</span>first alert ");
		page_times(p, when_moment(alert, "at"), when_moment(incident, "onset"));
	} else {
		page_put(p, "not known</span>");
		page_text(p, reason_of(value_get(alert, "at"), "reason"));
	}
	page_put(p, "</dd></div>\n");
}

static void put_cause(struct page *p, const struct json_t *incident)
{
	const struct json_t *cause = value_at(value_get(incident, "causes"), 0);
	fact(p, cause ? "" : "unknown", "Likely cause");
	if (cause) {
		page_words(p, value_member_text(cause, "cause"));
		page_put(p, "</span>");
		page_badge(p, value_member_text(cause, "word"));
		page_put(p, " by its points, never a percentage");
	} else {
		page_put(p, "not known</span>");
		page_text(p, reason_of(incident, "causes_reason"));
	}
	page_put(p, "</dd></div>\n");
}

void overview_facts(struct page *p, const struct json_t *incident)
{
	page_put(p, "<dl class=\"facts\">\n");
	put_duration(p, incident);
	put_failed(p, incident);
	put_refused(p, incident);
	put_cause(p, incident);
	put_noticed(p, incident);
	page_put(p, "</dl>\n");
}

/* The draft's own sentences. */
static void put_story(struct page *p, const struct json_t *summary)
{
	static const struct {
		const char *key, *term;
	} parts[] = {{"began", "It began"}, {"spread", "It spread"}, {"impact", "Users met"}, {"cause", "Cause"}, {"measure", "To consider"}};
	page_put(p, "<dl class=\"story\">\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (value_member_text(summary, parts[i].key).len) {
			text_format(p->out, "<dt>%s</dt><dd>", parts[i].term);
			page_member(p, summary, parts[i].key);
			page_put(p, "</dd>\n");
		}
	page_put(p, "</dl>\n");
}

static void put_row(struct page *p, size_t i, const struct json_t *incident)
{
	int64_t onset_us = when_moment(incident, "onset"), end_us = when_moment(incident, "end");
	bool told = false;
	struct text failed = {0};
	for (size_t k = 0; k < p->doc->told_n; k++)
		told |= p->doc->told[k].number == i + 1;
	text_format(p->out, told ? "<tr><td><a href=\"#i%zu\">%zu</a></td><td class=\"time\">" : "<tr><td>%zu</td><td class=\"time\">", i + 1, i + 1);
	page_time(p, onset_us, INSTANT_NONE);
	page_put(p, "</td><td class=\"time\">");
	if (onset_us != INSTANT_NONE && end_us != INSTANT_NONE)
		page_duration(p, end_us - onset_us);
	page_put(p, "</td><td>");
	page_member(p, incident, "title");
	page_put(p, "</td><td>");
	overview_failed(&failed, incident);
	page_text(p, text_span(&failed));
	page_put(p, "</td></tr>\n");
	text_release(&failed);
}

static void put_list(struct page *p)
{
	const struct json_t *incidents = value_get(p->doc->root, "incidents");
	page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"All incidents\"><table><caption>All incidents</caption>\n<thead><tr><th scope=\"col\">No.</th>"
		    "<th scope=\"col\">Onset (UTC)</th><th scope=\"col\">Duration</th><th scope=\"col\">What</th>"
		    "<th scope=\"col\">Failed requests</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < value_count(incidents) && i < DOCUMENT_MOST_ROWS; i++)
		put_row(p, i, value_at(incidents, i));
	page_put(p, "</tbody></table></div>\n");
	page_more(p, value_count(incidents), DOCUMENT_MOST_ROWS);
	if (p->doc->incidents_n > p->doc->told_n)
		text_format(p->out, "<p class=\"quiet\">The %zu with most failed requests and refusals are told below; the others stand in the JSON.</p>\n",
			    p->doc->told_n);
}

static void put_none(struct page *p, const struct json_t *summary)
{
	const struct json_t *window = value_get(p->doc->root, "window");
	page_put(p, "<p class=\"lead\">No incident was found: ");
	page_text(p, reason_of(summary, "reason"));
	page_put(p, ".</p>\n<p>The logs cover ");
	page_times(p, when_member(window, "start"), INSTANT_NONE);
	page_put(p, " to ");
	page_times(p, when_member(window, "end"), when_member(window, "start"));
	page_put(p, ".</p>\n");
}

void overview_put(struct page *p)
{
	const struct json_t *summary = value_get(p->doc->root, "summary");
	page_section(p, "summary", "Summary");
	if (!p->doc->told_n) {
		put_none(p, summary);
	} else {
		const struct json_t *incident = p->doc->told[p->doc->main].incident;
		if (p->doc->incidents_n > 1) {
			page_put(p, "<p class=\"quiet\">Of ");
			page_count(p, (int64_t)p->doc->incidents_n);
			text_format(p->out, " incidents this is number %zu, the one with most failed requests.</p>\n", p->doc->told[p->doc->main].number);
		}
		overview_facts(p, incident);
		put_story(p, summary);
		page_notes(p, value_member_text(incident, "id"));
		if (p->doc->incidents_n > 1)
			put_list(p);
	}
	page_end(p);
}
