#include "story/suspect.h"

#include "base/memory.h"
#include "cause/cause.h"
#include "cause/mitigation.h"
#include "cause/verdict.h"
#include "fold/sentence.h"

static void append_capital(struct text *t, const char *string)
{
	size_t at = t->len;
	text_append_string(t, string);
	if (t->len > at && t->at[at] >= 'a' && t->at[at] <= 'z')
		t->at[at] = (char)(t->at[at] - 'a' + 'A');
}

/* A clock without a zone says more than "at the onset": how far its stamps lie apart. */
static void append_apart(struct text *t, int64_t after_us)
{
	const int64_t near_us = 2 * SECOND_US;
	if (after_us > -near_us && after_us < near_us) {
		text_append_string(t, "at the onset");
		return;
	}
	text_append_string(t, "printed ");
	sentence_duration(t, after_us);
	text_append_string(t, after_us < 0 ? " before the onset" : " after the onset");
}

static void append_distance(struct text *t, const struct change *c)
{
	if (c->ordered) {
		/* The onset lies between its first step and its last one. */
		if (c->after_onset_us < 0 && c->end_us != INSTANT_NONE && c->end_us > c->at.at_us - c->after_onset_us)
			text_append_string(t, "begun ");
		sentence_duration(t, c->after_onset_us);
		text_append_string(t, c->after_onset_us < 0 ? " before the onset" : " after the onset");
	} else {
		append_apart(t, c->after_onset_us);
		text_append_string(t, ", order not provable");
	}
}

/* Whom everybody suspects first: what was delivered nearest to the onset, when it is refuted. NULL: nobody. */
static const struct change *cleared_suspect(const struct incident *in)
{
	const struct change *best = NULL;
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *c = &in->changes[i];
		bool suspect = !strcmp(c->kind, "deploy") || !strcmp(c->kind, "config") || !strcmp(c->kind, "migration");
		if (suspect && c->at.at_us <= in->end.at_us && c->verdict && !strcmp(c->verdict, "refuted") &&
		    (!best || change_distance_us(c) < change_distance_us(best)))
			best = c;
	}
	return best;
}

/* What a change is called: its instances and steps, behind a colon, stand in the timeline. What people wrote is left whole. Borrowed. */
static struct span name_of(const struct change *c)
{
	const char *steps = c->stated ? NULL : strstr(c->summary, ": ");
	return steps ? (struct span){c->summary, (size_t)(steps - c->summary)} : span_of(c->summary);
}

static void append_cleared(struct text *t, const struct change *c)
{
	text_append_string(t, " Not the ");
	text_append(t, name_of(c));
	text_append_string(t, ", ");
	append_distance(t, c);
	/* Its own log shows the failures first, whatever its clock says of the onset. */
	bool first = c->tests_n && !strcmp(c->tests[0].result, "refutes");
	if (c->after_onset_us < 0 && first)
		text_append_string(t, " as its stamps have it");
	size_t n = 0;
	for (size_t i = 0; i < c->tests_n && !first; i++)
		if (!strcmp(c->tests[i].result, "refutes"))
			text_format(t, "%s%s (%s)", n++ ? ", " : ": refuted by ", c->tests[i].name, c->tests[i].title);
	text_append_byte(t, '.');
}

static const char *verdict_phrase(const char *verdict)
{
	return !strcmp(verdict, "supported") ? "the tests speak for it" : !strcmp(verdict, "weakened") ? "the tests speak against it" : verdict;
}

/* The cause is told already: the rise of traffic, or the crash or restart from which it is counted. */
static bool is_cause(const struct incident *in, const struct change *c)
{
	const struct cause *why = in->causes_n ? &in->causes[0] : NULL;
	if (!why)
		return false;
	if (!strcmp(why->cause, "traffic_surge") && !strcmp(c->kind, "traffic_surge"))
		return true;
	return c->tier == TIER_DB && !strncmp(why->cause, "database_", strlen("database_")) && c->at.at_us == why->at.at_us;
}

/* True for what a reader would look at next. */
static bool is_near(const struct draft *d, const struct incident *in, const struct change *c)
{
	bool supported = c->verdict && !strcmp(c->verdict, "supported");
	bool begins = !strcmp(c->kind, "start") && d->window_start_us != INSTANT_NONE && c->at.at_us <= d->window_start_us + SUSPECT_BEGIN_US;
	return c->at.at_us <= in->end.at_us && (supported || (!begins && c->at.at_us >= in->onset.at_us - SUSPECT_BEFORE_US));
}

/* The change of `in` that is nearest to the onset, was not told and is one of those asked for; NULL: none. */
static const struct change *nearest(const struct draft *d, const struct incident *in, const struct change *cleared, const bool *told,
				    bool (*asked)(const struct incident *in, const struct change *c))
{
	const struct change *best = NULL;
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *c = &in->changes[i];
		if (c == cleared || told[i] || is_cause(in, c) || !is_near(d, in, c) || !asked(in, c))
			continue;
		if (!best || change_distance_us(c) < change_distance_us(best))
			best = c;
	}
	return best;
}

/* People state what logs show: then the log tells it. */
static bool is_logged(const struct incident *in, const struct change *c)
{
	for (size_t i = 0; c->stated && i < in->changes_n; i++) {
		int64_t apart_us = in->changes[i].at.at_us - c->at.at_us;
		if (!in->changes[i].stated && in->changes[i].mitigation.answered && apart_us >= -SUSPECT_STATED_US && apart_us <= SUSPECT_STATED_US)
			return true;
	}
	return false;
}

/* What people ask of next as a cause: not what was done against it. */
static bool is_suspect(const struct incident *in, const struct change *c)
{
	(void)in;
	return !c->mitigation.answered;
}

/* What was done against it and had an answer; what a log tells of it, not what people state. */
static bool is_answered(const struct incident *in, const struct change *c)
{
	struct text words = {0};
	bool any = c->mitigation.answered && mitigation_words(&words, c) && !is_logged(in, c);
	text_release(&words);
	return any;
}

static bool has_helped(const struct incident *in, const struct change *c)
{
	return is_answered(in, c) && !strcmp(c->mitigation.answered, "yes");
}

static bool has_not_helped(const struct incident *in, const struct change *c)
{
	return is_answered(in, c) && !has_helped(in, c);
}

/* Of what was done against it people ask whether it helped, not whether it was the cause. A crash is nobody's choice: no verdict. */
static void append_one(struct text *t, const struct change *c)
{
	if (c->mitigation.answered) {
		text_append_string(t, " at ");
		sentence_time(t, c->at.at_us);
		if (strcmp(c->mitigation.answered, "yes")) {
			text_append_string(t, " (at half of their rate or more)");
			return;
		}
		text_append_string(t, " (below 10 % of their peak from ");
		sentence_time(t, c->mitigation.fell_us);
		text_append_string(t, " on)");
		return;
	}
	text_append_string(t, " (");
	append_distance(t, c);
	if (c->verdict && strcmp(c->verdict, "undetermined") && strcmp(c->kind, "crash"))
		text_format(t, ": %s", verdict_phrase(c->verdict));
	text_append_byte(t, ')');
}

static void append_some(struct text *t, const struct draft *d, const struct incident *in, const struct change *cleared, const char *title,
			bool (*asked)(const struct incident *in, const struct change *c))
{
	enum { TOLD = 3 };
	bool *told = memory_new(in->changes_n, sizeof *told);
	for (size_t n = 0; n < TOLD; n++) {
		const struct change *c = nearest(d, in, cleared, told, asked);
		if (!c) {
			text_append_string(t, n ? "." : "");
			break;
		}
		told[c - in->changes] = true;
		text_append_string(t, n ? "; " : title);
		text_append(t, name_of(c));
		append_one(t, c);
		text_append_string(t, n + 1 == TOLD ? "." : "");
	}
	memory_free(told);
}

/* The changes nearest to the onset, as facts: what a reader would look at next, but for the one that was cleared and the cause; then what was
 * done against it. */
static void append_changes(struct text *t, const struct draft *d, const struct incident *in, const struct change *cleared)
{
	append_some(t, d, in, cleared, " Nearest changes: ", is_suspect);
	append_some(t, d, in, cleared, " Failures fell after: ", has_helped);
	append_some(t, d, in, cleared, " They went on after: ", has_not_helped);
}

/* `why`: the sentence that follows, or NULL. A time that it tells is not told twice. */
static void append_cause(struct text *t, const struct cause *c, const char *why)
{
	struct text at = {0};
	bool known = strcmp(c->word, "undetermined");
	append_capital(t, c->word);
	if (c->phase.at_us != INSTANT_NONE) {
		text_append_string(t, ", for what failed from ");
		sentence_time(t, c->phase.at_us);
		text_append_string(t, " on");
	}
	text_append_string(t, known ? ": " : ". Most speaks for: ");
	text_append_string(t, cause_words(c->cause));
	sentence_time(&at, c->at.at_us);
	if (!why || !strstr(why, at.at))
		text_format(t, ", %s", at.at);
	text_release(&at);
	if (why)
		text_format(t, ": %s", why);
}

static void append_causes(struct text *t, const struct incident *in)
{
	size_t less = 0;
	for (size_t i = 0; i < in->causes_n; i++) {
		const struct cause *c = &in->causes[i];
		bool none = !strcmp(c->cause, "none"), first = !i || c->phase.at_us != c[-1].phase.at_us;
		if (!first) {
			text_append_string(t, !less++ ? " Less speaks for: " : "; ");
			text_append_string(t, cause_words(c->cause));
			continue;
		}
		text_append_string(t, less ? ". " : i ? " " : "");
		less = 0;
		if (none) {
			text_append_string(t, "What began it is not known: no cause of its first failures left traces in these logs.");
			continue;
		}
		/* By what, and who, is what people ask next. */
		append_cause(t, c, c->for_n && !i ? c->for_text[0] : NULL);
		if (c->for_n > 1 && !i && !strcmp(c->cause, "application_error"))
			text_format(t, "; %s", c->for_text[1]);
		text_append_byte(t, '.');
	}
	text_append_string(t, less ? "." : "");
}

char *suspect_text(const struct draft *d, const struct incident *in)
{
	struct text t = {0};
	append_causes(&t, in);
	if (!in->causes_n)
		text_append_string(&t, "No message states why, and no cause left traces in these logs.");
	const struct change *cleared = cleared_suspect(in);
	if (cleared)
		append_cleared(&t, cleared);
	append_changes(&t, d, in, cleared);
	return sentence_take(&t);
}

void suspect_verdict(struct text *s, const struct incident *in, const struct change *c)
{
	static const char *const suspects[] = {"deploy", "rollback", "config", "migration", "reload", "failover"};
	bool suspect = !strcmp(c->verdict, "supported");
	for (size_t i = 0; i < sizeof suspects / sizeof *suspects; i++)
		suspect |= !strcmp(c->kind, suspects[i]) && c->at.at_us <= in->end.at_us;
	struct text answer = {0};
	if (mitigation_words(&answer, c))
		text_format(s, "; after it %s", answer.at);
	else if (suspect && strcmp(c->verdict, "undetermined") != 0 && (!c->mitigation.answered || !strcmp(c->verdict, "supported"))) {
		text_append_string(s, "; ");
		verdict_words(s, c);
	}
	text_release(&answer);
}

void suspect_named(struct text *s, const struct change *c)
{
	if (!c->verdict || !c->tests_n)
		return;
	text_format(s, " [the %s of %s: ", c->kind, c->version);
	verdict_words(s, c);
	text_append_byte(s, ']');
}
