#include "cause/halt.h"

#include "cause/clockroot.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

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

struct halt_said halt_callers(const struct scene *s)
{
	static const char *const said[] = {"db.starting_up", "db.shutting_down", "db.terminated", "backend.down"};
	struct halt_said x = {.source = SIZE_MAX};
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		struct moment onset = hypothesis_onset(s, i);
		int64_t from_us = moment_printed(from, onset.at_us) - SECOND_US;
		int64_t to_us = moment_printed(from, s->in->end.at_us > onset.at_us ? s->in->end.at_us : onset.at_us);
		for (size_t k = 0; from->tier == TIER_APP && source_counts(from) && k < from->series_n; k++) {
			const struct fold_series *series = &from->series[k];
			const struct fold_bin *first, *last;
			bool says = false;
			for (size_t w = 0; w < sizeof said / sizeof *said; w++)
				says |= series->facet == FACET_NONE && !strcmp(series->signal, said[w]);
			if (!says || !symptom_span(series, from_us, to_us, &first, &last))
				continue;
			struct moment at = moment_of(from, symptom_first_us(first));
			x.count += symptom_count(series, from_us, to_us);
			if (x.source == SIZE_MAX || at.at_us < x.at.at_us) {
				x.source = i;
				x.at = at;
				x.bin = *first;
				x.class = series->class;
				x.signal = series->signal;
			}
		}
	}
	uint64_t failed = s->in->impact.failed.known ? (uint64_t)s->in->impact.failed.value : 0;
	if (x.count < HALT_SAID_LEAST || x.count * 100 < HALT_SAID_SHARE * failed)
		x = (struct halt_said){.source = SIZE_MAX};
	return x;
}

static const char *cause_of(const struct change *c)
{
	if (c->tier != TIER_DB)
		return NULL;
	if (!strcmp(c->kind, "crash"))
		return "database_crash";
	return !strcmp(c->kind, "restart") || !strcmp(c->kind, "stop") ? "database_restart" : NULL;
}

static bool cause_is_halt(const char *cause)
{
	return !strcmp(cause, "database_crash") || !strcmp(cause, "database_restart");
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
	struct moment onset = hypothesis_onset(s, c->source_index);
	h->is_symptom = !moment_before(&c->at, &onset);
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		hypothesis_count(h, s, gone[i], NULL, "sessions that it ended or turned away");
	hypothesis_input(h, s);
}

/* The log that tells of the incident first; SIZE_MAX: none. */
static size_t teller(const struct scene *s)
{
	for (size_t i = 0; i < s->d->bursts_n; i++) /* sorted by onset */
		if (incident_has(s->in, &s->d->bursts[i]))
			return s->d->bursts[i].source_index;
	return SIZE_MAX;
}

/* Away for about as long as the incident lasted: callers notice late, and take a while to come back. */
static bool as_long(const struct scene *s, const struct change *c)
{
	int64_t away_us = c->end_us - c->at.at_us, lasted_us = s->in->end.at_us - s->in->onset.at_us;
	return c->end_us != INSTANT_NONE && away_us > 0 && 2 * lasted_us >= away_us - 2 * SECOND_US && lasted_us <= 2 * away_us + HALT_READY_US;
}

/* A halt by a clock that nothing ties to the incident's: the order says nothing, the length does. */
static bool is_elsewhen(const struct scene *s, const struct change *c)
{
	int64_t apart_us = c->at.at_us - s->in->onset.at_us;
	size_t told = teller(s);
	return !s->in->refusals_n && told != SIZE_MAX && c->source && !clockroot_shared(s->f, told, c->source_index) && as_long(s, c) &&
	       apart_us <= HALT_ELSEWHEN_US && apart_us >= -HALT_ELSEWHEN_US;
}

static void add_elsewhen(const struct scene *s, const struct change *c, const char *cause, struct hypothesis_list *out)
{
	const struct fold_source *from = &s->f->sources[c->source_index];
	int64_t apart_us = c->at.at_us - s->in->onset.at_us;
	bool near = apart_us <= HALT_APART_US && apart_us >= -HALT_APART_US;
	int64_t wide_us = near ? HALT_APART_US : HALT_ELSEWHEN_US;
	struct moment at = {s->in->onset.at_us, s->in->onset.lower_us - wide_us, s->in->onset.upper_us + wide_us, NULL};
	struct hypothesis *h = hypothesis_add(out, cause, TIER_DB, c->source_index, &at);
	struct text t = {0};
	h->far = !near;
	text_format(&t, "the database's own log says so: %s; that is ", c->summary);
	sentence_duration(&t, apart_us);
	text_append_string(&t, apart_us < 0 ? " before the onset" : " after the onset");
	text_append_string(&t, " by a clock that nothing ties to the others");
	hypothesis_test(h, TEST_HALT_ELSEWHEN, sentence_take(&t));
	text_append_string(&t, "it was away for ");
	sentence_duration(&t, c->end_us - c->at.at_us);
	text_append_string(&t, ", the incident lasted ");
	sentence_duration(&t, s->in->end.at_us - s->in->onset.at_us);
	hypothesis_test(h, TEST_HALT_AS_LONG, sentence_take(&t));
	evidence_copy(&c->evidence, SIZE_MAX, &h->evidence);
	int64_t from_us = moment_printed(from, c->at.at_us) - SECOND_US, to_us = moment_printed(from, c->end_us) + HALT_READY_US;
	h->excess = (struct excess){.what = "sessions that it ended or turned away",
				    .during_us = to_us - from_us,
				    .before_us = s->in->onset.at_us - s->before_from_us};
	for (size_t k = 0; k < from->series_n; k++)
		for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
			if (from->series[k].facet == FACET_NONE && !strcmp(from->series[k].signal, gone[i])) {
				uint64_t n = symptom_count(&from->series[k], from_us, to_us);
				h->excess.count += n;
				h->excess.before += symptom_count(&from->series[k], from->first_us, from_us - 1);
			}
}

/* A database's log whose clock is tied to the incident's covers it: what it does not say did not happen. */
static bool database_tells(const struct scene *s)
{
	size_t told = teller(s);
	for (size_t i = 0; told != SIZE_MAX && i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		if (source_counts(from) && from->tier == TIER_DB && from->first_us != INSTANT_NONE && clockroot_shared(s->f, told, i) &&
		    fold_utc(from, from->first_us) <= s->in->onset.at_us && fold_utc(from, from->last_us) >= s->in->end.at_us)
			return true;
	}
	return false;
}

/* What callers say adds to what the database's log says; where that log is not there, it implies a stop. */
static void from_callers(const struct scene *s, const struct halt_said *says, struct hypothesis_list *out)
{
	struct hypothesis *h = NULL;
	for (size_t i = 0; i < out->n; i++)
		h = !out->items[i].ruled_out && cause_is_halt(out->items[i].cause) ? &out->items[i] : h;
	bool alone = !h;
	if (alone) {
		h = hypothesis_add(out, "database_restart", TIER_DB, says->source, &says->at);
		h->is_symptom = true;
		hypothesis_count(h, s, says->signal, NULL, "messages that what the application calls is not there");
		hypothesis_input(h, s);
	}
	struct text t = {0};
	sentence_counted(&t, says->count, "message");
	text_format(&t, " of applications, the first in %s: what they call is not there (%s)", label_of(s->f, says->source), says->class);
	hypothesis_test(h, TEST_CALLERS_SAY, sentence_take(&t));
	evidence_bin(s->f, says->source, &says->bin, false, &h->evidence);
	if (!alone || database_tells(s))
		return;
	h = hypothesis_add(out, "database_crash", TIER_DB, says->source, &says->at);
	h->is_symptom = true;
	hypothesis_count(h, s, says->signal, NULL, "messages that what the application calls is not there");
	hypothesis_input(h, s);
	hypothesis_test(h, TEST_CALLERS_SAY_EITHER,
			sentence_copy("to who calls it a crash looks like a restart; the database's own log would tell which, and none covers this by a clock that is tied to these"));
}

void halt_find(const struct scene *s, struct hypothesis_list *out)
{
	struct halt_said said = s->in->refusals_n ? (struct halt_said){.source = SIZE_MAX} : halt_callers(s);
	bool says = said.source != SIZE_MAX;
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		const char *cause = cause_of(c);
		/* Two clocks that are only assumed to agree prove no order when those who use it say that it is not there. */
		bool after = moment_before(&s->in->onset, &c->at), early = c->at.at_us < s->in->onset.at_us - HALT_BEFORE_US || was_over(s->in, c);
		bool near = says && c->at.at_us >= s->in->onset.at_us - HALT_BEFORE_US && c->at.at_us <= s->in->end.at_us + HALT_APART_US;
		if (cause && !is_later(s, c) && ((!after && !early) || near) && !is_listed(out, cause, false))
			add(s, c, cause, out);
	}
	if (says)
		from_callers(s, &said, out);
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		const char *cause = cause_of(c);
		if (cause && !says && is_elsewhen(s, c) && !is_listed(out, "database_crash", false) && !is_listed(out, "database_restart", false))
			add_elsewhen(s, c, cause, out);
	}
	/* What is told neither so is ruled out: the first of each kind. */
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		const char *cause = cause_of(c);
		if (cause && !is_listed(out, cause, false) && !is_listed(out, cause, true))
			hypothesis_rule_out(out, cause, why_not(s, c));
	}
}
