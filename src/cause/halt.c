#include "cause/halt.h"

#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"

/* Signals that a database which is not ready makes. */
static const char *const gone[] = {"db.starting_up", "db.shutting_down", "db.terminated"};

static bool was_over(const struct incident *in, const struct change *c)
{
	bool ready = c->end_us != INSTANT_NONE && c->end_us >= c->at.at_us;
	return ready && c->end_us < in->onset.lower_us - HALT_READY_US;
}

/* True when a burst of the incident began before it in the same log: one clock, so that what is not known of it does not matter. */
static bool is_later(const struct scene *s, const struct change *c)
{
	for (size_t i = 0; c->source && i < s->d->bursts_n; i++)
		if (incident_has(s->in, &s->d->bursts[i]) && !strcmp(s->d->bursts[i].source, c->source) &&
		    s->d->bursts[i].onset.at_us < c->at.at_us)
			return true;
	return false;
}

static const char *cause_of(const struct change *c)
{
	if (c->tier != TIER_DB)
		return NULL;
	if (!strcmp(c->kind, "crash"))
		return "database_crash";
	return !strcmp(c->kind, "restart") || !strcmp(c->kind, "stop") ? "database_restart" : NULL;
}

static bool is_listed(const struct hypothesis_list *list, const char *cause, bool ruled_out)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->items[i].cause, cause) && (list->items[i].ruled_out != NULL) == ruled_out)
			return true;
	return false;
}

static char *why_not(const struct scene *s, const struct change *c)
{
	struct text t = {0};
	int64_t after_us = c->at.at_us - s->in->onset.at_us;
	text_format(&t, "%s: ", c->summary);
	if (after_us >= 0) {
		sentence_duration(&t, after_us);
		text_append_string(&t, " after the onset: what comes later is no cause of it");
	} else {
		text_append_string(&t, c->end_us == INSTANT_NONE ? "it began " : "it was over ");
		sentence_duration(&t, (c->end_us == INSTANT_NONE ? c->at.at_us : c->end_us) - s->in->onset.at_us);
		text_append_string(&t, " before the onset");
	}
	return sentence_take(&t);
}

static void add(const struct scene *s, const struct change *c, const char *cause, struct hypothesis_list *out)
{
	struct hypothesis *h = hypothesis_add(out, cause, TIER_DB, c->source_index, &c->at);
	struct text t = {0};
	text_format(&t, "the database's own log says so: %s", c->summary);
	hypothesis_test(h, TEST_STATED, sentence_take(&t));
	evidence_copy(&c->evidence, SIZE_MAX, &h->evidence);
	h->is_symptom = !moment_before(&c->at, &s->in->onset);
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		hypothesis_count(h, s, gone[i], NULL, "sessions that it ended or turned away");
	hypothesis_input(h, s);
}

void halt_find(const struct scene *s, struct hypothesis_list *out)
{
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		const char *cause = cause_of(c);
		if (cause && !moment_before(&s->in->onset, &c->at) && !is_later(s, c) && c->at.at_us >= s->in->onset.at_us - HALT_BEFORE_US &&
		    !was_over(s->in, c) && !is_listed(out, cause, false))
			add(s, c, cause, out);
	}
	/* What is told neither so is ruled out: the first of each kind. */
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		const char *cause = cause_of(c);
		if (cause && !is_listed(out, cause, false) && !is_listed(out, cause, true))
			hypothesis_rule_out(out, cause, why_not(s, c));
	}
}
