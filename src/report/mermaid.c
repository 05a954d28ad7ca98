#include "report/mermaid.h"

#include "report/escape.h"
#include "report/lanes.h"
#include "report/stack.h"
#include "report/when.h"

enum { NAME_BYTES = 48 };

static const char *const state_names[] = {[STACK_QUIET] = "quiet", [STACK_HIT] = "hit", [STACK_BEGAN] = "began"};

void mermaid_stack(struct text *out, const struct document *doc, const struct json_t *incident)
{
	struct stack s;
	stack_build(&s, doc, incident);
	if (!s.n)
		return;
	text_append_string(out, "```mermaid\nflowchart LR\n");
	for (size_t i = 0; i < s.n; i++) {
		text_format(out, "    tier%zu[\"%s<br/>", i, document_tier_title(s.tiers[i].tier));
		stack_append_state(out, &s.tiers[i]);
		if (s.tiers[i].from_us != INSTANT_NONE) {
			text_append_string(out, "<br/>");
			when_append_time(out, s.tiers[i].from_us);
		}
		text_format(out, "\"]:::%s\n", state_names[s.tiers[i].state]);
	}
	for (size_t i = 0; i < s.calls_n; i++)
		text_format(out, "    tier%zu %s tier%zu\n", s.calls[i].caller, s.calls[i].known ? "-->" : "-.->", s.calls[i].called);
	text_append_string(out, "    classDef began fill:#fbeae8,stroke:#b3261e,color:#1c2126\n"
				"    classDef hit fill:#fcf3df,stroke:#8a5a00,color:#1c2126\n"
				"    classDef quiet fill:#f5f6f8,stroke:#5c6670,color:#1c2126\n```\n\n");
}

/* Mermaid reads and writes times in the zone of who looks: without a zone on both ways the digits stay UTC's. */
static void append_stamp(struct text *out, int64_t us)
{
	when_append_date(out, us);
	text_append_byte(out, 'T');
	when_append_time(out, us);
}

static void append_task(struct text *out, const char *tags, int64_t from_us, int64_t to_us)
{
	text_format(out, " :%s", tags);
	append_stamp(out, from_us);
	text_append_string(out, ", ");
	/* What has no length is not drawn. */
	append_stamp(out, to_us - from_us < 1000 ? from_us + 1000 : to_us);
	text_append_byte(out, '\n');
}

static void append_changes(struct text *out, const struct document *doc, const struct told *t)
{
	struct lanes marks = {0};
	lanes_marks(&marks, doc, t->from_us, t->to_us);
	if (marks.marks_n)
		text_append_string(out, "    section Changes\n");
	for (size_t i = 0; i < marks.marks_n; i++) {
		/* A number first: no word is one of the language's own. */
		text_format(out, "    %zu ", i + 1);
		escape_append(out, ESCAPE_MERMAID, value_member_text(marks.marks[i].entry, "kind"), NAME_BYTES);
		text_append_string(out, " :milestone, ");
		append_stamp(out, marks.marks[i].at_us);
		text_append_string(out, ", 0d\n");
	}
}

void mermaid_phases(struct text *out, const struct document *doc, const struct told *t)
{
	struct stack s;
	stack_build(&s, doc, t->incident);
	text_append_string(out, "```mermaid\ngantt\n    title Phases (UTC)\n    dateFormat YYYY-MM-DDTHH:mm:ss.SSS\n    axisFormat ");
	text_append_string(out, t->to_us - t->from_us > 2 * DAY_US ? "%m-%d %H:%M" : t->to_us - t->from_us > 30 * MINUTE_US ? "%H:%M" : "%H:%M:%S");
	text_append_string(out, "\n    section Incident\n    onset to end");
	append_task(out, "crit, ", t->onset_us, t->end_us);
	for (size_t i = 0; i < s.n; i++) {
		if (s.tiers[i].from_us == INSTANT_NONE)
			continue;
		text_format(out, "    section %s\n    symptoms", document_tier_title(s.tiers[i].tier));
		append_task(out, s.tiers[i].state == STACK_BEGAN ? "crit, " : "active, ", s.tiers[i].from_us, s.tiers[i].to_us);
	}
	append_changes(out, doc, t);
	text_append_string(out, "```\n\n");
}
