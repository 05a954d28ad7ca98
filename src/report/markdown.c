#include "report/markdown.h"

#include "report/mermaid.h"
#include "report/prose.h"
#include "report/when.h"

static const char only_people[] = "logs do not tell; for people to say";

static const struct json_t *summary_of(const struct prose *p)
{
	return value_get(p->doc->root, "summary");
}

static void put_summary(struct prose *p)
{
	static const char *const keys[] = {"began", "spread", "impact", "cause"};
	prose_incidents(p);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		prose_paragraph(p, summary_of(p), keys[i]);
	size_t before = p->out->len;
	prose_notes(p, value_member_text(p->told->incident, "id"));
	prose_put(p, p->out->len > before ? "\n\n" : "");
}

static void put_head(struct prose *p)
{
	prose_put(p, "Draft of a postmortem timeline, made from logs by onset ");
	prose_member(p, value_get(p->doc->root, "generator"), "version");
	prose_put(p, "; nobody has reviewed it. All times are UTC. The numbered notes at the end are the log lines that prove what is said.\n\n");
}

static void put_diagrams(struct prose *p)
{
	mermaid_stack(p->out, p->doc, p->told->incident);
	mermaid_phases(p->out, p->doc, p->told);
}

static void put_people(struct prose *p)
{
	prose_todo(p, only_people);
}

static void put_google_head(struct prose *p)
{
	prose_put(p, "| | |\n| --- | --- |\n| Date | ");
	when_append_date(p->out, p->told->onset_us);
	text_format(p->out, " |\n| Authors | TODO (%s) |\n| Status | Draft |\n\n", only_people);
}

static void put_trigger(struct prose *p)
{
	const struct json_t *changes = value_get(p->told->incident, "changes");
	for (size_t i = 0; i < value_count(changes); i++) {
		const struct json_t *change = value_at(changes, i);
		if (!span_equal(value_member_text(change, "verdict"), SPAN("supported")))
			continue;
		prose_put(p, "- ");
		prose_member(p, change, "summary");
		prose_put(p, ", ");
		prose_time(p, when_moment(change, "at"), true);
		prose_put(p, ": ");
		prose_member(p, change, "reason");
		prose_evidence(p, value_get(change, "evidence"));
		prose_put(p, "\n\n");
	}
	prose_todo(p, "no log proves what triggered it; the changes near the onset have these verdicts");
	prose_changes(p);
}

static void put_google_timeline(struct prose *p)
{
	prose_timeline(p, "Time (UTC)", "Event", "Proof");
}

static void put_pagerduty_timeline(struct prose *p)
{
	prose_timeline(p, "Time (UTC)", "Event", "Data Link");
}

static void put_owned_measures(struct prose *p)
{
	prose_measures(p, true);
}

static void put_measures(struct prose *p)
{
	prose_measures(p, false);
}

static void put_what_happened(struct prose *p)
{
	prose_paragraph(p, summary_of(p), "began");
	prose_paragraph(p, summary_of(p), "spread");
	put_diagrams(p);
}

static void put_impact(struct prose *p)
{
	prose_paragraph(p, summary_of(p), "impact");
	prose_facts(p);
}

static void put_impact_words(struct prose *p)
{
	put_impact(p);
	prose_put(p, "TODO (accounts, orders and money: no log of them was given)\n\n");
}

static void put_overview(struct prose *p)
{
	prose_incidents(p);
	prose_paragraph(p, summary_of(p), "impact");
	prose_paragraph(p, summary_of(p), "cause");
	size_t before = p->out->len;
	prose_notes(p, value_member_text(p->told->incident, "id"));
	prose_put(p, p->out->len > before ? "\n\n" : "");
}

static void put_factors(struct prose *p)
{
	prose_causes(p);
	prose_changes(p);
}

/* A template is its headings in their order; NULL: text without one. */
struct part {
	const char *heading;
	void (*put)(struct prose *p);
};
enum { MOST_PARTS = 20 };
static const struct template {
	const char *name;
	struct part parts[MOST_PARTS];
} templates[MARKDOWN_TEMPLATES] = {
	[MARKDOWN_GOOGLE] = {"google",
			     {{NULL, put_google_head},
			      {"## Summary", put_summary},
			      {"## Impact", put_impact_words},
			      {"## Root Causes", prose_causes},
			      {"## Trigger", put_trigger},
			      {"## Resolution", prose_resolution},
			      {"## Detection", prose_detection},
			      {"## Action Items", put_owned_measures},
			      {"## Lessons Learned", NULL},
			      {"### What went well", put_people},
			      {"### What went wrong", put_people},
			      {"### Where we got lucky", put_people},
			      {"## Timeline", put_google_timeline},
			      {"## Supporting information", put_diagrams},
			      {"### What was read", prose_coverage}}},
	[MARKDOWN_PAGERDUTY] = {"pagerduty",
				{{"## Overview", put_overview},
				 {"## What Happened", put_what_happened},
				 {"## Contributing Factors", put_factors},
				 {"## Resolution", prose_resolution},
				 {"### Detection", prose_detection},
				 {"## Impact", put_impact_words},
				 {"## Responders", put_people},
				 {"## Timeline", put_pagerduty_timeline},
				 {"## How'd We Do?", NULL},
				 {"### What Went Well?", put_people},
				 {"### What Didn't Go So Well?", put_people},
				 {"## Action Items", put_owned_measures},
				 {"## Messaging", put_people},
				 {"## What was read", prose_coverage}}},
	[MARKDOWN_BRIEF] = {"brief",
			    {{NULL, put_summary},
			     {NULL, prose_facts},
			     {NULL, put_diagrams},
			     {"## Timeline", put_google_timeline},
			     {"## Possible causes", prose_causes},
			     {"## Changes", prose_changes},
			     {"## Suggested measures", put_measures}}},
};

bool markdown_template_named(struct span name, enum markdown_template *which)
{
	for (enum markdown_template t = 0; t < MARKDOWN_TEMPLATES; t++)
		if (span_equal(name, span_of(templates[t].name))) {
			*which = t;
			return true;
		}
	return false;
}

/* The same for all templates: there is no postmortem to write. */
static void put_none(struct prose *p)
{
	prose_put(p, "No incident was found: ");
	prose_member(p, summary_of(p), "reason");
	prose_put(p, ".\n\n## Timeline\n\n");
	put_google_timeline(p);
	prose_put(p, "## What was read\n\n");
	prose_coverage(p);
}

void markdown_append(struct text *out, struct document *doc, struct notes *notes, enum markdown_template which)
{
	struct prose p = {.out = out, .doc = doc, .notes = notes, .told = doc->told_n ? &doc->told[doc->main] : NULL};
	struct span title = value_member_text(summary_of(&p), "title");
	prose_put(&p, "# ");
	prose_text(&p, title.len ? title : SPAN("No incident found"));
	prose_put(&p, "\n\n");
	put_head(&p);
	if (!p.told)
		put_none(&p);
	for (size_t i = 0; p.told && i < MOST_PARTS; i++) {
		const struct part *part = &templates[which].parts[i];
		if (part->heading)
			text_format(out, "%s\n\n", part->heading);
		if (part->put)
			part->put(&p);
	}
	prose_end(&p);
}
