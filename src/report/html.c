#include "report/html.h"

#include "base/memory.h"
#include "report/course.h"
#include "report/escape.h"
#include "report/escape.h"
#include "report/overview.h"
#include "report/page.h"
#include "report/proof.h"
#include "report/sheet.h"
#include "report/verdicts.h"
#include "report/when.h"

static struct span title_of(const struct document *doc)
{
	struct span title = value_member_text(value_get(doc->root, "summary"), "title");
	return title.len ? title : SPAN("No incident found");
}

static void put_head(struct page *p)
{
	page_put(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
	page_put(p, sheet_hash());
	page_put(p, "'; base-uri 'none'; form-action 'none'\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		    "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>Draft: ");
	page_text(p, title_of(p->doc));
	page_put(p, "</title>\n<style>");
	page_put(p, sheet_text());
	page_put(p, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#summary\">To the summary</a>\n");
}

static void put_header(struct page *p)
{
	const struct json_t *generator = value_get(p->doc->root, "generator");
	page_put(p, "<header>\n<p class=\"kicker\"><span class=\"draft\">Draft</span> of a postmortem timeline, made from logs by onset ");
	page_member(p, generator, "version");
	page_put(p, "; nobody has reviewed it</p>\n<h1>");
	escape_append(p->out, ESCAPE_HTML, title_of(p->doc), ESCAPE_SHORT_BYTES);
	page_put(p, "</h1>\n</header>\n");
}

static void put_link(struct page *p, size_t incident, const char *name, const char *title)
{
	page_put(p, "<li><a href=\"#");
	if (incident)
		text_format(p->out, "i%zu", incident);
	page_put(p, name);
	text_format(p->out, "\">%s", title);
	if (incident)
		text_format(p->out, " %zu", incident);
	page_put(p, "</a></li>\n");
}

static void put_contents(struct page *p)
{
	static const char *const whole[][2] = {{"stack", "Stack"},	       {"course", "Over time"},	 {"timeline", "Timeline"},
					       {"propagation", "Spread"}, {"causes", "Causes"},	 {"changes", "Changes"},
					       {"measures", "Measures"}};
	page_put(p, "<nav aria-label=\"Contents\">\n<ol>\n");
	put_link(p, 0, "summary", "Summary");
	for (size_t i = 0; i < sizeof whole / sizeof *whole && p->doc->incidents_n <= 1; i++)
		if (p->doc->told_n || i < 3)
			put_link(p, 0, whole[i][0], whole[i][1]);
	for (size_t i = 0; i < p->doc->told_n && p->doc->incidents_n > 1; i++)
		put_link(p, p->doc->told[i].number, "", "Incident");
	if (p->doc->incidents_n > 1)
		put_link(p, 0, "rest", "Rest");
	if (p->doc->incidents_n != 1)
		put_link(p, 0, "settings", "To log");
	put_link(p, 0, "coverage", "Coverage");
	put_link(p, 0, "evidence", "Evidence");
	page_put(p, "</ol>\n</nav>\n");
}

/* Sections (2) to (8) of the report. */
static void put_incident(struct page *p, const struct told *t)
{
	struct lanes *l = memory_new(1, sizeof *l); /* too large for the stack of a thread */
	lanes_build(l, p->doc, t->incident, t->from_us, t->to_us);
	course_stack(p, t, l);
	course_lanes(p, t, l);
	course_timeline(p, t);
	course_propagation(p, t);
	verdicts_causes(p, t->incident);
	verdicts_changes(p, t->incident);
	verdicts_measures(p, t->incident, p->doc->incidents_n == 1);
	lanes_release(l);
	memory_free(l);
}

static void put_one_of_many(struct page *p, const struct told *t)
{
	size_t sections = p->section;
	p->incident = t->number;
	p->section = 0;
	text_format(p->out, "<section class=\"incident\" aria-labelledby=\"i%zu\">\n<h2 id=\"i%zu\"><span class=\"number\">Incident %zu</span> ",
		    t->number, t->number, t->number);
	page_member(p, t->incident, "title");
	page_put(p, "</h2>\n");
	overview_facts(p, t->incident);
	page_notes(p, value_member_text(t->incident, "id"));
	put_incident(p, t);
	page_end(p);
	p->incident = 0;
	p->section = sections;
}

/* What there is of a quiet day: the stack, the curves, the timeline. */
static void put_quiet(struct page *p)
{
	const struct json_t *window = value_get(p->doc->root, "window");
	int64_t from_us = when_member(window, "start"), to_us = when_member(window, "end");
	if (from_us == INSTANT_NONE || to_us == INSTANT_NONE)
		return;
	struct lanes *l = memory_new(1, sizeof *l);
	lanes_build(l, p->doc, NULL, from_us, to_us > from_us ? to_us : from_us + 1);
	course_stack(p, NULL, l);
	course_lanes(p, NULL, l);
	course_timeline(p, NULL);
	lanes_release(l);
	memory_free(l);
}

static void put_findings(struct page *p)
{
	const struct json_t *findings = value_get(p->doc->root, "findings");
	if (!value_count(findings))
		return;
	page_section(p, "findings", "Findings of no incident");
	verdicts_findings(p, findings, value_member_int(p->doc->root, "findings_more"));
	page_end(p);
}

static void put_footer(struct page *p)
{
	const struct json_t *generator = value_get(p->doc->root, "generator"), *options = value_get(generator, "options");
	page_put(p, "<footer>\n<p>All times are UTC");
	if (p->doc->zone) {
		page_put(p, "; those in brackets or beside them are of ");
		page_text(p, span_of(p->doc->zone_name));
	}
	page_put(p, ". Made by onset ");
	page_member(p, generator, "version");
	page_put(p, ", patterns ");
	page_member(p, generator, "patterns");
	for (size_t i = 0; i < value_count(options) && i < 100; i++) {
		page_put(p, ", ");
		page_member(p, value_at(options, i), "name");
		page_put(p, " ");
		page_member(p, value_at(options, i), "value");
	}
	page_put(p, ". The whole draft is the JSON; the same JSON and options give this page, byte for byte.</p>\n</footer>\n");
}

void html_append(struct text *out, struct document *doc, struct notes *notes)
{
	struct page p = {.out = out, .doc = doc, .notes = notes};
	put_head(&p);
	put_header(&p);
	put_contents(&p);
	page_put(&p, "<main>\n");
	overview_put(&p);
	if (!doc->told_n)
		put_quiet(&p);
	else if (doc->incidents_n == 1)
		put_incident(&p, &doc->told[0]);
	for (size_t i = 0; i < doc->told_n && doc->incidents_n > 1; i++)
		put_one_of_many(&p, &doc->told[i]);
	if (doc->incidents_n > 1)
		course_rest(&p);
	put_findings(&p);
	if (doc->incidents_n != 1)
		verdicts_measures(&p, NULL, true);
	proof_coverage(&p);
	proof_evidence(&p);
	proof_notes(&p);
	page_put(&p, "</main>\n");
	put_footer(&p);
	page_put(&p, "</body>\n</html>\n");
}
