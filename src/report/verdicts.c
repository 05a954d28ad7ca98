#include "report/verdicts.h"

#include "report/advice.h"
#include "report/when.h"

static void put_sentences(struct page *p, const char *title, const struct json_t *sentences)
{
	size_t n = value_count(sentences);
	if (!n)
		return;
	text_format(p->out, "<p><b>%s</b></p>\n<ul>\n", title);
	for (size_t i = 0; i < n && i < DOCUMENT_MOST_ROWS; i++) {
		page_put(p, "<li>");
		page_text(p, value_text(value_at(sentences, i)));
		page_put(p, "</li>\n");
	}
	page_put(p, "</ul>\n");
}

static void put_terms(struct page *p, const struct json_t *terms)
{
	if (!value_count(terms))
		return;
	page_put(p, "<details><summary>How the points come about</summary>\n<table><thead><tr><th scope=\"col\">Points</th>"
		    "<th scope=\"col\">For</th><th scope=\"col\">Numbers</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < value_count(terms) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *term = value_at(terms, i);
		page_put(p, "<tr><td class=\"num\">");
		page_count(p, value_member_int(term, "points"));
		page_put(p, "</td><td>");
		page_words(p, value_member_text(term, "name"));
		page_put(p, "</td><td>");
		page_member(p, term, "text");
		page_put(p, "</td></tr>\n");
	}
	page_put(p, "</tbody></table></details>\n");
}

static void put_cause(struct page *p, const struct json_t *cause, size_t i)
{
	const char *level = p->incident ? "h4" : "h3";
	text_format(p->out, "<div class=\"cause\">\n<%s>%zu. ", level, i + 1);
	page_words(p, value_member_text(cause, "cause"));
	page_put(p, " ");
	page_badge(p, value_member_text(cause, "word"));
	text_format(p->out, "</%s>\n<p class=\"quiet small\">", level);
	page_count(p, value_member_int(cause, "score"));
	page_put(p, " points; ");
	page_text(p, span_of(document_tier_title(document_tier(value_member_text(cause, "tier")))));
	page_put(p, "; from ");
	page_times(p, when_moment(cause, "at"), INSTANT_NONE);
	if (when_moment(cause, "phase") != INSTANT_NONE) {
		page_put(p, ", for what failed from ");
		page_times(p, when_moment(cause, "phase"), INSTANT_NONE);
		page_put(p, " on");
	}
	page_put(p, "; evidence ");
	page_evidence(p, value_get(cause, "evidence_for"));
	if (!value_count(value_get(cause, "evidence_for")))
		page_put(p, "none");
	page_put(p, "</p>\n");
	put_sentences(p, "For", value_get(cause, "for"));
	put_sentences(p, "Against", value_get(cause, "against"));
	if (!value_count(value_get(cause, "against")))
		page_put(p, "<p><b>Against</b>: nothing in these logs.</p>\n");
	put_terms(p, value_get(cause, "terms"));
	page_put(p, "</div>\n");
}

static void put_considered(struct page *p, const struct json_t *considered)
{
	if (!value_count(considered))
		return;
	page_put(p, "<details><summary>Looked at and set aside (");
	page_count(p, (int64_t)value_count(considered));
	page_put(p, ")</summary>\n<ul>\n");
	for (size_t i = 0; i < value_count(considered) && i < DOCUMENT_MOST_ROWS; i++) {
		page_put(p, "<li><b>");
		page_words(p, value_member_text(value_at(considered, i), "cause"));
		page_put(p, "</b>: ");
		page_member(p, value_at(considered, i), "why");
		page_put(p, "</li>\n");
	}
	page_put(p, "</ul></details>\n");
}

void verdicts_findings(struct page *p, const struct json_t *findings, int64_t more)
{
	if (!value_count(findings))
		return;
	page_put(p, "<p><b>What else stands out</b> <span class=\"quiet\">(facts; none says that one thing caused another)</span></p>\n<ul>\n");
	for (size_t i = 0; i < value_count(findings) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *finding = value_at(findings, i);
		page_put(p, "<li>");
		page_member(p, finding, "text");
		page_put(p, " ");
		page_evidence(p, value_get(finding, "evidence"));
		page_notes(p, value_member_text(finding, "id"));
		page_put(p, "</li>\n");
	}
	page_put(p, "</ul>\n");
	if (more > 0)
		page_more(p, (size_t)more, 0);
}

void verdicts_causes(struct page *p, const struct json_t *incident)
{
	const struct json_t *causes = value_get(incident, "causes");
	page_section(p, "causes", "Possible causes");
	if (!value_count(causes)) {
		page_put(p, "<p>None is told: ");
		page_member(p, incident, "causes_reason");
		page_put(p, "</p>\n");
	}
	for (size_t i = 0; i < value_count(causes) && i < 10; i++)
		put_cause(p, value_at(causes, i), i);
	put_considered(p, value_get(incident, "considered"));
	verdicts_findings(p, value_get(incident, "findings"), value_member_int(incident, "findings_more"));
	page_end(p);
}

static void put_tests(struct page *p, const struct json_t *tests)
{
	size_t asked = 0;
	for (size_t i = 0; i < value_count(tests) && i < DOCUMENT_MOST_ROWS; i++)
		asked += !span_equal(value_member_text(value_at(tests, i), "result"), SPAN("not_applicable"));
	if (!asked)
		return;
	text_format(p->out, "<details><summary>%zu of its %zu tests apply</summary>\n<ul class=\"small\">\n", asked, value_count(tests));
	for (size_t i = 0; i < value_count(tests) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *test = value_at(tests, i);
		if (span_equal(value_member_text(test, "result"), SPAN("not_applicable")))
			continue;
		page_put(p, "<li><b>");
		page_member(p, test, "name");
		page_put(p, " ");
		page_member(p, test, "title");
		page_put(p, ": ");
		page_words(p, value_member_text(test, "result"));
		page_put(p, "</b>. ");
		page_member(p, test, "text");
		page_put(p, ". <span class=\"quiet\">Were it the cause: ");
		page_member(p, test, "expected");
		page_put(p, ".</span></li>\n");
	}
	page_put(p, "</ul></details>\n");
}

/* Whether something was done against the incident: then people ask whether it helped, not whether it was the cause. */
static struct span answer_of(const struct json_t *change)
{
	return value_member_text(value_get(change, "mitigation"), "answered");
}

static void put_answer(struct page *p, struct span answered)
{
	bool yes = span_equal(answered, SPAN("yes")), no = span_equal(answered, SPAN("no"));
	text_format(p->out, "<span class=\"badge-text %s\">%s</span>", yes ? "refuted" : no ? "supported" : "undetermined", yes ? "fell" : no ? "went on" : "not known");
}

static void put_change(struct page *p, const struct json_t *change, int64_t beside_us)
{
	int64_t after_us;
	const struct json_t *mitigation = value_get(change, "mitigation");
	struct span answered = answer_of(change);
	page_put(p, "<tr><td class=\"time\">");
	page_time(p, when_moment(change, "at"), beside_us);
	page_put(p, "<br/><span class=\"kind\">");
	if (value_int(value_get(change, "after_onset_us"), &after_us)) {
		page_duration(p, after_us < 0 && after_us != INT64_MIN ? -after_us : after_us);
		page_put(p, after_us < 0 ? " before the onset" : " after the onset");
	}
	page_put(p, "</span></td><td>");
	if (answered.len)
		put_answer(p, answered);
	else
		page_badge(p, value_member_text(change, "verdict"));
	page_put(p, "</td><td>");
	page_member(p, change, "summary");
	page_paragraph(p, "quiet small", answered.len ? value_member_text(mitigation, "text") : value_member_text(change, "reason"));
	page_notes(p, value_member_text(change, "id"));
	put_tests(p, value_get(change, "tests"));
	page_put(p, "</td><td>");
	page_evidence(p, value_get(change, "evidence"));
	page_put(p, "</td></tr>\n");
}

/* Those on trial, or those that were done against it. */
static void put_changes(struct page *p, const struct json_t *incident, bool against, const char *intro, const char *label, const char *column)
{
	const struct json_t *changes = value_get(incident, "changes");
	bool any = false;
	for (size_t i = 0; i < value_count(changes) && i < DOCUMENT_MOST_ROWS; i++) {
		if ((answer_of(value_at(changes, i)).len > 0) != against)
			continue;
		if (!any) {
			page_put(p, intro);
			text_format(p->out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table><thead><tr><th scope=\"col\">When (UTC)</th><th scope=\"col\">%s</th>"
				    "<th scope=\"col\">Change</th><th scope=\"col\">Evidence</th></tr></thead>\n<tbody>\n", label, column);
		}
		any = true;
		put_change(p, value_at(changes, i), when_moment(incident, "onset"));
	}
	page_put(p, any ? "</tbody></table></div>\n" : "");
}

void verdicts_changes(struct page *p, const struct json_t *incident)
{
	const struct json_t *changes = value_get(incident, "changes");
	page_section(p, "changes", "Changes on trial");
	if (!value_count(changes))
		page_put(p, "<p class=\"quiet\">No log tells of a change near the incident, and none was stated.</p>\n");
	put_changes(p, incident, false, "<p class=\"quiet small\">Refuted: it did not begin this incident. Undetermined: these logs do not tell.</p>\n", "Changes", "Verdict");
	put_changes(p, incident, true, "<p><b>What was done against it</b> <span class=\"quiet\">(what came after it, not because of it)</span></p>\n", "What was done against it", "Failures then");
	page_more(p, value_count(changes), DOCUMENT_MOST_ROWS);
	page_end(p);
}

void verdicts_measures(struct page *p, const struct json_t *incident, bool settings)
{
	struct advice a;
	advice_give(&a, p->doc, incident, settings);
	page_section(p, incident ? "measures" : "settings", incident ? "Suggested measures" : "What to log next time");
	page_put(p, incident ? "<p class=\"quiet small\">Suggestions, each with what suggests it; the logs prove symptoms, not remedies.</p>\n" :
			       "<p class=\"quiet small\">Settings that would have answered what is not known now.</p>\n");
	if (a.n)
		page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Measures\"><table><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">Suggestion</th>"
			    "<th scope=\"col\">Because</th><th scope=\"col\">Evidence</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < a.n; i++) {
		text_format(p->out, "<tr><td class=\"time\">%s</td><td>", advice_kind_title(a.items[i].kind));
		page_text(p, text_span(&a.items[i].text));
		page_put(p, "</td><td>");
		page_text(p, text_span(&a.items[i].because));
		page_put(p, "</td><td>");
		page_evidence(p, value_get(a.items[i].burst, "evidence"));
		page_put(p, "</td></tr>\n");
	}
	page_put(p, a.n ? "</tbody></table></div>\n" : "<p class=\"quiet\">None.</p>\n");
	advice_release(&a);
	page_end(p);
}
