#include "report/prose.h"

#include "fold/sentence.h"
#include "report/advice.h"
#include "report/escape.h"
#include "report/overview.h"
#include "report/when.h"

void prose_put(struct prose *p, const char *markdown)
{
	text_append_string(p->out, markdown);
}

void prose_text(struct prose *p, struct span s)
{
	escape_append(p->out, ESCAPE_MARKDOWN, s, ESCAPE_MOST_BYTES);
}

void prose_member(struct prose *p, const struct json_t *object, const char *key)
{
	prose_text(p, value_member_text(object, key));
}

void prose_paragraph(struct prose *p, const struct json_t *object, const char *key)
{
	if (!value_member_text(object, key).len)
		return;
	prose_member(p, object, key);
	prose_put(p, "\n\n");
}

void prose_todo(struct prose *p, const char *reason)
{
	text_format(p->out, "TODO (%s)\n\n", reason);
}

void prose_time(struct prose *p, int64_t us, bool date)
{
	if (date)
		when_append(p->out, us);
	else
		when_append_time(p->out, us);
	prose_put(p, " UTC");
	if (!p->doc->zone || us == INSTANT_NONE)
		return;
	int64_t local_us = when_local(p->doc->zone, us);
	prose_put(p, " (");
	if (when_same_day(local_us, us))
		when_append_time(p->out, local_us);
	else
		when_append(p->out, local_us);
	prose_put(p, " ");
	when_append_offset(p->out, p->doc->zone, us);
	prose_put(p, ")");
}

void prose_evidence(struct prose *p, const struct json_t *list)
{
	for (size_t i = 0; i < value_count(list) && i < DOCUMENT_MOST_CITED; i++) {
		size_t n = value_kind(value_at(list, i)) == VALUE_OBJECT ? document_cite(p->doc, value_at(list, i)) : 0;
		if (n)
			text_format(p->out, "[^e%zu]", n);
	}
}

static void put_note(struct prose *p, const struct note *note)
{
	struct span rest = note->text;
	bool first = true;
	/* A cell or a list item is one line. */
	while (rest.len) {
		struct span line = span_trim(span_cut(&rest, '\n'));
		if (!line.len)
			continue;
		prose_put(p, first ? "" : " / ");
		escape_append(p->out, ESCAPE_MARKDOWN, line, SIZE_MAX);
		first = false;
	}
}

void prose_notes(struct prose *p, struct span id)
{
	size_t first, n = notes_take(p->notes, id, &first);
	for (size_t i = first; i < first + n; i++) {
		prose_put(p, " **Note:** ");
		put_note(p, &p->notes->items[i]);
	}
}

void prose_words(struct prose *p, struct span name)
{
	struct text words = {0};
	text_append(&words, span_head(name, 120));
	for (size_t i = 0; i < words.len; i++)
		words.at[i] = words.at[i] == '_' ? ' ' : words.at[i];
	prose_text(p, text_span(&words));
	text_release(&words);
}

static void put_duration(struct prose *p, int64_t us)
{
	prose_put(p, us < 0 ? "-" : "");
	sentence_duration(p->out, us == INT64_MIN ? INT64_MAX : us);
}

void prose_facts(struct prose *p)
{
	const struct json_t *incident = p->told->incident, *cause = value_at(value_get(incident, "causes"), 0);
	bool ongoing = value_is_true(value_get(incident, "ongoing"));
	struct text failed = {0};
	int64_t n;
	prose_put(p, "| What | Value |\n| --- | --- |\n| Onset | ");
	prose_time(p, p->told->onset_us, true);
	prose_put(p, ongoing ? " |\n| Last seen (not over when the logs end) | " : " |\n| End | ");
	prose_time(p, p->told->end_us, true);
	prose_put(p, ongoing ? " |\n| Duration | at least " : " |\n| Duration | ");
	put_duration(p, p->told->end_us - p->told->onset_us);
	prose_put(p, " |\n| Failed requests | ");
	overview_failed(&failed, incident);
	prose_text(p, text_span(&failed));
	prose_evidence(p, value_get(value_get(incident, "impact"), "evidence"));
	text_release(&failed);
	if (value_count(value_get(incident, "refusals")) && value_int(value_get(incident, "refused"), &n)) {
		prose_put(p, " |\n| Refused connections | ");
		sentence_count(p->out, n < 0 ? 0 : (uint64_t)n);
		prose_put(p, ", each counted once, at the deepest tier");
	}
	if (value_int(value_get(value_get(incident, "impact"), "clients"), &n)) {
		prose_put(p, " |\n| Clients with a failed request | ");
		sentence_count(p->out, n < 0 ? 0 : (uint64_t)n);
	}
	prose_put(p, " |\n| Likely cause | ");
	if (cause) {
		prose_words(p, value_member_text(cause, "cause"));
		prose_put(p, " (");
		prose_member(p, cause, "word");
		prose_put(p, ")");
	} else {
		prose_put(p, "not known: ");
		prose_member(p, incident, "causes_reason");
	}
	prose_put(p, " |\n\n");
}

static void put_entry(struct prose *p, const struct json_t *entry, int64_t *day_us)
{
	int64_t at_us = when_member(entry, "at"), doubt_us = value_member_int(entry, "uncertainty_us");
	prose_put(p, "| ");
	if (*day_us == INSTANT_NONE || !when_same_day(at_us, *day_us))
		when_append(p->out, at_us);
	else
		when_append_time(p->out, at_us);
	*day_us = at_us;
	if (doubt_us >= 1000) {
		prose_put(p, " ± ");
		put_duration(p, doubt_us);
	}
	if (p->doc->zone) {
		prose_put(p, " | ");
		when_append_time(p->out, when_local(p->doc->zone, at_us));
		prose_put(p, " ");
		when_append_offset(p->out, p->doc->zone, at_us);
	}
	text_format(p->out, " | %s: ", document_tier_title(document_tier(value_member_text(entry, "tier"))));
	prose_member(p, entry, "summary");
	prose_notes(p, value_member_text(entry, "id"));
	prose_put(p, " | ");
	prose_evidence(p, value_get(entry, "evidence"));
	prose_put(p, " |\n");
}

void prose_timeline(struct prose *p, const char *time, const char *event, const char *proof)
{
	const struct json_t *timeline = value_get(p->doc->root, "timeline");
	int64_t day_us = INSTANT_NONE;
	text_format(p->out, "| %s | ", time);
	if (p->doc->zone) {
		prose_text(p, span_of(p->doc->zone_name));
		prose_put(p, " | ");
	}
	text_format(p->out, "%s | %s |\n| --- | ", event, proof);
	prose_put(p, p->doc->zone ? "--- | --- | --- |\n" : "--- | --- |\n");
	for (size_t i = 0; i < value_count(timeline) && i < DOCUMENT_MOST_ROWS; i++)
		put_entry(p, value_at(timeline, i), &day_us);
	prose_put(p, "\n");
	if (value_count(timeline) > DOCUMENT_MOST_ROWS)
		text_format(p->out, "And %zu more entries, in the JSON.\n\n", value_count(timeline) - DOCUMENT_MOST_ROWS);
}

static void put_sentences(struct prose *p, const char *title, const struct json_t *sentences)
{
	for (size_t i = 0; i < value_count(sentences) && i < DOCUMENT_MOST_ROWS; i++) {
		text_format(p->out, "   - %s: ", title);
		prose_text(p, value_text(value_at(sentences, i)));
		prose_put(p, "\n");
	}
}

void prose_causes(struct prose *p)
{
	const struct json_t *incident = p->told->incident, *causes = value_get(incident, "causes");
	if (!value_count(causes)) {
		prose_put(p, "TODO (");
		prose_member(p, incident, "causes_reason");
		prose_put(p, ")\n\n");
		return;
	}
	prose_put(p, "TODO (logs prove symptoms; what was the root is for people to say). What the logs speak for, by points:\n\n");
	for (size_t i = 0; i < value_count(causes) && i < 10; i++) {
		const struct json_t *cause = value_at(causes, i);
		text_format(p->out, "%zu. **", i + 1);
		prose_words(p, value_member_text(cause, "cause"));
		prose_put(p, "** (");
		prose_member(p, cause, "word");
		text_format(p->out, ", %lld points), from ", (long long)value_member_int(cause, "score"));
		prose_time(p, when_moment(cause, "at"), true);
		if (when_moment(cause, "phase") != INSTANT_NONE) {
			prose_put(p, ", for what failed from ");
			prose_time(p, when_moment(cause, "phase"), true);
			prose_put(p, " on");
		}
		prose_evidence(p, value_get(cause, "evidence_for"));
		prose_put(p, "\n");
		put_sentences(p, "for", value_get(cause, "for"));
		put_sentences(p, "against", value_get(cause, "against"));
	}
	prose_put(p, "\n");
}

/* What was done against the incident: then people ask whether it helped, not whether it was the cause. */
static struct span answer_of(const struct json_t *change)
{
	return value_member_text(value_get(change, "mitigation"), "answered");
}

static void put_change(struct prose *p, const struct json_t *change)
{
	struct span answered = answer_of(change);
	prose_put(p, "| ");
	when_append(p->out, when_moment(change, "at"));
	prose_put(p, " | ");
	prose_member(p, change, "summary");
	prose_notes(p, value_member_text(change, "id"));
	prose_put(p, " | **");
	if (answered.len)
		prose_put(p, span_equal(answered, SPAN("yes")) ? "fell" : span_equal(answered, SPAN("no")) ? "went on" : "not known");
	else
		prose_member(p, change, "verdict");
	prose_put(p, "**: ");
	if (answered.len)
		prose_member(p, value_get(change, "mitigation"), "text");
	else
		prose_member(p, change, "reason");
	prose_put(p, " | ");
	prose_evidence(p, value_get(change, "evidence"));
	prose_put(p, " |\n");
}

static void put_changes(struct prose *p, bool against, const char *head)
{
	const struct json_t *changes = value_get(p->told->incident, "changes");
	bool any = false;
	for (size_t i = 0; i < value_count(changes) && i < DOCUMENT_MOST_ROWS; i++) {
		if ((answer_of(value_at(changes, i)).len > 0) != against)
			continue;
		prose_put(p, any ? "" : head);
		any = true;
		put_change(p, value_at(changes, i));
	}
	prose_put(p, any ? "\n" : "");
}

void prose_changes(struct prose *p)
{
	if (!value_count(value_get(p->told->incident, "changes")))
		prose_put(p, "No log tells of a change near the incident, and none was stated.\n\n");
	put_changes(p, false, "| Time (UTC) | Change | Verdict | Proof |\n| --- | --- | --- | --- |\n");
	put_changes(p, true, "What was done against it, and what failures did then (after it, not because of it):\n\n"
			     "| Time (UTC) | Done | Failures then | Proof |\n| --- | --- | --- | --- |\n");
}

/* The last thing that was done and that the curve of failures answered. */
void prose_resolution(struct prose *p)
{
	const struct json_t *incident = p->told->incident, *changes = value_get(incident, "changes"), *best = NULL;
	for (size_t i = 0; i < value_count(changes); i++)
		if (span_equal(value_member_text(value_get(value_at(changes, i), "mitigation"), "answered"), SPAN("yes")))
			best = value_at(changes, i);
	if (value_is_true(value_get(incident, "ongoing"))) {
		prose_todo(p, "it was not over when the logs end");
		return;
	}
	prose_put(p, "Last symptom that users met: ");
	prose_time(p, p->told->end_us, true);
	prose_put(p, ".");
	if (best) {
		prose_put(p, " Before that: ");
		prose_member(p, best, "summary");
		prose_put(p, "; ");
		prose_member(p, value_get(best, "mitigation"), "text");
		prose_put(p, ".");
		prose_evidence(p, value_get(best, "evidence"));
		prose_put(p, "\n\n");
	} else {
		prose_put(p, "\n\n");
		prose_todo(p, "what ended it: nothing that was done and logged was followed by fewer failures");
	}
}

void prose_detection(struct prose *p)
{
	static const struct {
		const char *key, *what;
	} steps[] = {{"alert", "First alert"}, {"acknowledge", "Taken on"}, {"mitigation", "First mitigation"}, {"resolve", "Taken to be over"}};
	const struct json_t *detection = value_get(p->told->incident, "detection");
	bool any = false;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const struct json_t *step = value_get(detection, steps[i].key);
		int64_t gap_us;
		if (!value_int(value_get(step, "after_onset_us"), &gap_us))
			continue;
		text_format(p->out, "- %s: ", steps[i].what);
		prose_time(p, when_moment(step, "at"), true);
		prose_put(p, ", ");
		put_duration(p, gap_us);
		prose_put(p, " after the onset\n");
		any = true;
	}
	if (any) {
		prose_put(p, "\n");
		return;
	}
	struct span reason = value_member_text(value_get(value_get(detection, "alert"), "at"), "reason");
	prose_put(p, "TODO (");
	prose_text(p, reason.len ? reason : SPAN("no log of alerts or of people was given"));
	prose_put(p, ")\n\n");
}

/* Tasks with boxes to tick, by kind: GitHub and GitLab draw them, and others read them as they stand. */
static void put_tasks(struct prose *p, const struct advice *a, enum advice_kind kind, bool owners)
{
	bool any = false;
	for (size_t i = 0; i < a->n; i++) {
		const struct advice_item *item = &a->items[i];
		if (item->kind != kind)
			continue;
		if (!any)
			text_format(p->out, "**%s**\n\n", advice_kind_title(kind));
		any = true;
		prose_put(p, "- [ ] ");
		prose_text(p, text_span(&item->text));
		prose_put(p, " *Because:* ");
		prose_text(p, text_span(&item->because));
		prose_evidence(p, value_get(item->burst, "evidence"));
		prose_put(p, owners ? " *Owner:* TODO (who)\n" : "\n");
	}
	prose_put(p, any ? "\n" : "");
}

void prose_measures(struct prose *p, bool owners)
{
	struct advice a;
	prose_put(p, "Suggestions, each with what suggests it; the logs prove symptoms, not remedies.\n\n");
	advice_give(&a, p->doc, p->told->incident, true);
	for (enum advice_kind kind = 0; kind < ADVICE_KINDS; kind++)
		put_tasks(p, &a, kind, owners);
	advice_release(&a);
}

void prose_incidents(struct prose *p)
{
	const struct json_t *incidents = value_get(p->doc->root, "incidents");
	if (value_count(incidents) < 2)
		return;
	text_format(p->out, "Of %zu incidents this tells number %zu, the one with most failed requests; the timeline has all of them.\n\n",
		    value_count(incidents), p->told->number);
	prose_put(p, "| No. | Onset (UTC) | Duration | What | Failed requests |\n| --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < value_count(incidents) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *incident = value_at(incidents, i);
		int64_t onset_us = when_moment(incident, "onset"), end_us = when_moment(incident, "end");
		struct text failed = {0};
		text_format(p->out, "| %zu | ", i + 1);
		when_append(p->out, onset_us);
		prose_put(p, " | ");
		if (onset_us != INSTANT_NONE && end_us != INSTANT_NONE)
			put_duration(p, end_us - onset_us);
		prose_put(p, " | ");
		prose_member(p, incident, "title");
		if (incident != p->told->incident)
			prose_notes(p, value_member_text(incident, "id"));
		prose_put(p, " | ");
		overview_failed(&failed, incident);
		prose_text(p, text_span(&failed));
		prose_put(p, " |\n");
		text_release(&failed);
	}
	prose_put(p, "\n");
}

void prose_coverage(struct prose *p)
{
	const struct json_t *sources = value_get(p->doc->root, "sources"), *unknowns = value_get(p->doc->root, "unknowns");
	prose_put(p, "| Source | Tier | Format | Lines | First record (UTC) | Last record (UTC) |\n| --- | --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < value_count(sources) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *source = value_at(sources, i);
		int64_t lines = value_member_int(source, "lines");
		prose_put(p, "| ");
		prose_member(p, source, "key");
		prose_notes(p, value_member_text(source, "id"));
		text_format(p->out, " | %s | ", document_tier_title(document_tier(value_member_text(source, "tier"))));
		prose_member(p, source, "format");
		prose_put(p, " | ");
		sentence_count(p->out, lines < 0 ? 0 : (uint64_t)lines);
		prose_put(p, " | ");
		when_append(p->out, when_member(source, "first"));
		prose_put(p, " | ");
		when_append(p->out, when_member(source, "last"));
		prose_put(p, " |\n");
	}
	prose_put(p, "\n");
	struct text redacted = {0};
	overview_redacted(&redacted, p->doc->root);
	prose_text(p, text_span(&redacted));
	prose_put(p, redacted.len ? "\n\n" : "");
	text_release(&redacted);
	if (value_count(unknowns))
		prose_put(p, "What could not be known:\n\n");
	for (size_t i = 0; i < value_count(unknowns) && i < DOCUMENT_MOST_ROWS; i++) {
		prose_put(p, "- ");
		prose_member(p, value_at(unknowns, i), "what");
		prose_put(p, ": ");
		prose_member(p, value_at(unknowns, i), "why");
		prose_put(p, "\n");
	}
	prose_put(p, value_count(unknowns) ? "\n" : "");
}

void prose_end(struct prose *p)
{
	bool any = false;
	for (size_t i = 0; i < p->notes->n; i++) {
		if (p->notes->items[i].told)
			continue;
		prose_put(p, any ? "" : "## Notes without a place\n\n");
		any = true;
		prose_put(p, "- ");
		prose_text(p, p->notes->items[i].about.len ? p->notes->items[i].about : p->notes->items[i].id);
		prose_put(p, ": ");
		put_note(p, &p->notes->items[i]);
		prose_put(p, "\n");
	}
	prose_put(p, any ? "\n" : "");
	for (size_t i = 0; i < p->doc->cited.n; i++) {
		const struct json_t *e = p->doc->cited.items[i].value;
		struct span excerpt = value_member_text(e, "excerpt");
		text_format(p->out, "[^e%zu]: ", i + 1);
		escape_code(p->out, value_member_text(e, "path"), ESCAPE_MOST_BYTES);
		text_format(p->out, " line %lld, byte %lld, ", (long long)value_member_int(e, "line"), (long long)value_member_int(e, "offset"));
		prose_member(p, e, "fingerprint");
		prose_put(p, ": ");
		if (excerpt.len)
			escape_code(p->out, excerpt, ESCAPE_MOST_BYTES);
		else
			prose_member(p, e, "reason");
		prose_put(p, "\n");
	}
}
