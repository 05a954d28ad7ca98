#include "cause/fault.h"

#include "cause/limit.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "line/record.h"

/* What an application says of itself when it fails. */
static const char *const own[] = {"app.crashed", "http.server_error"};
/* What others say when it cannot be reached. */
static const char *const lost[] = {"backend.down", "lb.no_backend"};

/* The first burst of the incident in a tier with one of the signals; NULL: none. Bursts are sorted by onset. */
static const struct burst *burst_of(const struct scene *s, enum tier tier, const char *const *signals, size_t n)
{
	for (size_t i = 0; i < s->d->bursts_n; i++)
		for (size_t k = 0; k < n; k++)
			if (incident_has(s->in, &s->d->bursts[i]) && s->d->bursts[i].tier == tier && !strcmp(s->d->bursts[i].signal, signals[k]))
				return &s->d->bursts[i];
	return NULL;
}

/* The first restart, stop or crash of an application that is not proved to come after the onset, at most a minute before it. */
static const struct change *went_away(const struct scene *s)
{
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		bool kind = !strcmp(c->kind, "crash") || !strcmp(c->kind, "restart") || !strcmp(c->kind, "stop") || !strcmp(c->kind, "start");
		if (kind && c->tier == TIER_APP && !moment_before(&s->in->onset, &c->at) && c->at.at_us >= s->in->onset.at_us - MINUTE_US)
			return c;
	}
	return NULL;
}

/* Crashes that applications logged, from a minute before the onset to the end: how many, and the first. */
static uint64_t crashes(const struct scene *s, size_t *source, struct fold_bin *first)
{
	uint64_t n = 0;
	int64_t first_us = INT64_MAX;
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		for (size_t k = 0; source_counts(from) && k < from->series_n; k++) {
			const struct fold_series *series = &from->series[k];
			if (series->facet != FACET_NONE || strcmp(series->signal, "app.crashed"))
				continue;
			for (size_t b = 0; b < series->n; b++) {
				int64_t at = fold_utc(from, (int64_t)series->bins[b].bin.start_s * SECOND_US + series->bins[b].bin.first_us);
				if (at < s->in->onset.at_us - MINUTE_US || at > s->in->end.at_us)
					continue;
				n += series->bins[b].bin.n;
				if (at < first_us) {
					first_us = at;
					*source = i;
					*first = series->bins[b];
				}
			}
		}
	}
	return n;
}

/* Messages of an error or worse in the applications' logs that first came in the incident, or far more often: the most frequent. */
struct own_message {
	const char *key; /* borrowed; NULL: none */
	size_t source;
	uint64_t count, before;
};

static struct own_message own_message(const struct scene *s)
{
	struct own_message best = {0};
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		int64_t onset_us = moment_printed(from, s->in->onset.at_us), end_us = moment_printed(from, s->in->end.at_us);
		for (size_t e = 0; source_counts(from) && from->tier == TIER_APP && e < from->entries_n; e++) {
			const struct part *p = s->f->tally->entries[from->entries[e]].part;
			int64_t width_us = (int64_t)p->messages_width_s * SECOND_US;
			for (size_t k = 0; k < p->messages_n; k++) {
				const struct keyed *m = &p->messages[k];
				struct own_message x = {m->key, i, 0, 0};
				if (m->severity < SEVERITY_ERROR || !strcmp(m->key, "other"))
					continue;
				for (size_t c = 0; c < m->n; c++) {
					int64_t at = (int64_t)m->cells[c].start_s * SECOND_US;
					if (at + width_us > onset_us && at <= end_us)
						x.count += m->cells[c].n;
					else if (at < onset_us)
						x.before += m->cells[c].n;
				}
				if (x.count > 4 * x.before + 2 && x.count > best.count)
					best = x;
			}
		}
	}
	return best;
}

static void supported_change(const struct scene *s, struct hypothesis *h)
{
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		if (strcmp(c->verdict ? c->verdict : "", "supported") || c->tier != TIER_APP)
			continue;
		struct text t = {0};
		text_format(&t, "the tests speak for a change: %s", c->summary);
		hypothesis_test(h, TEST_CHANGE_SUPPORTED, sentence_take(&t));
		return;
	}
}

/* The application calls something that refused. */
static bool met_refusals(const struct scene *s, size_t application)
{
	for (size_t i = 0; i < s->in->refusals_n; i++)
		for (size_t k = 0; k < s->f->n; k++)
			if (!s->in->refusals[i].echo && !strcmp(s->f->sources[k].id, s->in->refusals[i].source) &&
			    (k == application || topology_calls(s->topology, (struct topology_end){TIER_APP, application},
								(struct topology_end){s->in->refusals[i].tier, k})))
				return true;
	return false;
}

/* The first burst of failures of an application that calls nothing of what refused; NULL: none. */
static const struct burst *apart(const struct scene *s)
{
	for (size_t i = 0; i < s->d->bursts_n && refusal_tier(s->in) != TIER_UNKNOWN; i++)
		for (size_t k = 0; k < sizeof own / sizeof *own; k++)
			if (incident_has(s->in, &s->d->bursts[i]) && s->d->bursts[i].tier == TIER_APP && !strcmp(s->d->bursts[i].signal, own[k]) &&
			    !met_refusals(s, s->d->bursts[i].source_index))
				return &s->d->bursts[i];
	return NULL;
}

/* The application gave up waiting, and does not say for what: a statement, or a connection of its own pool (Go's database/sql, for one,
 * has the same words for both). */
static void gave_up(const struct scene *s, const struct own_message *m, uint64_t failed, const struct moment *at, struct hypothesis_list *out)
{
	static const char *const words[] = {"deadline exceeded", "timed out", "timeout"};
	bool waited = false;
	for (size_t i = 0; m->key && i < sizeof words / sizeof *words; i++)
		waited |= span_find_nocase(span_of(m->key), span_of(words[i])) >= 0;
	if (!waited || m->count * 4 < failed)
		return;
	struct hypothesis *h = hypothesis_add(out, "app_pool_exhausted", TIER_APP, m->source, at);
	struct text t = {0};
	h->is_symptom = !moment_before(at, &s->in->onset) && !moment_before(&s->in->onset, at);
	h->waits_first = true;
	text_append_string(&t, "the application gave up waiting ");
	sentence_counted(&t, m->count, "time");
	text_format(&t, " (\"%.120s\" in %s): for a statement or for a connection of its own pool, its log does not tell which", m->key,
		    label_of(s->f, m->source));
	hypothesis_test(h, TEST_GAVE_UP_WAITING, sentence_take(&t));
	h->excess = (struct excess){.what = "messages that it gave up waiting",
				    .count = m->count,
				    .before = m->before,
				    .during_us = s->in->end.at_us - s->in->onset.at_us,
				    .before_us = s->in->onset.at_us - s->before_from_us};
}

void fault_find(const struct scene *s, struct hypothesis_list *out)
{
	struct text t = {0};
	const struct burst *alone = apart(s);
	if (refusal_tier(s->in) != TIER_UNKNOWN && !alone) {
		sentence_counted(&t, s->in->refused.known ? (uint64_t)s->in->refused.value : s->in->refusals[0].count, "connection");
		text_format(&t, " refused by the %s: the application's errors follow from that", sentence_tier(refusal_tier(s->in)));
		hypothesis_rule_out(out, "application_error", sentence_take(&t));
		return;
	}
	for (size_t i = 0; i < out->n && !alone; i++)
		if (!out->items[i].ruled_out && !out->items[i].far &&
		    (!strcmp(out->items[i].cause, "database_crash") || !strcmp(out->items[i].cause, "database_restart"))) {
			text_format(&t, "%s: the application's errors follow from that", out->items[i].for_text[0]);
			hypothesis_rule_out(out, "application_error", sentence_take(&t));
			return;
		}
	const struct burst *errors = alone ? alone : burst_of(s, TIER_APP, own, sizeof own / sizeof *own);
	const struct burst *away = burst_of(s, TIER_WEB, lost, sizeof lost / sizeof *lost);
	away = away ? away : burst_of(s, TIER_LB, lost, sizeof lost / sizeof *lost);
	size_t crash_source = SIZE_MAX;
	struct fold_bin crash = {0};
	uint64_t crashed = crashes(s, &crash_source, &crash);
	const struct change *gone = went_away(s);
	uint64_t failed = s->in->impact.failed.known ? (uint64_t)s->in->impact.failed.value : 0;
	if (!errors && !away && !crashed && !failed) {
		hypothesis_rule_out(out, "application_error", sentence_copy("no request failed, and no application logged a failure of its own"));
		return;
	}
	/* The application's own first sign, else the first that others saw of it. */
	struct moment at = errors ? errors->onset : s->in->onset;
	size_t source = errors ? errors->source_index : SIZE_MAX;
	if (gone && gone->at.at_us < at.at_us) {
		at = gone->at;
		source = gone->source_index;
	}
	if (crashed) {
		struct moment first = moment_of(&s->f->sources[crash_source], (int64_t)crash.bin.start_s * SECOND_US + crash.bin.first_us);
		if (first.at_us < at.at_us) {
			at = first;
			source = crash_source;
		}
	}
	struct hypothesis *h = hypothesis_add(out, "application_error", TIER_APP, source, &at);
	h->is_symptom = !moment_before(&at, &s->in->onset) && !moment_before(&s->in->onset, &at);
	sentence_counted(&t, alone ? alone->count : failed, alone ? "error" : "request");
	if (alone)
		text_format(&t, " in %s, which calls nothing that refused connections", label_of(s->f, alone->source_index));
	else
		text_append_string(&t, " failed, and no log shows a connection refused");
	hypothesis_test(h, TEST_ERRORS_ONLY, sentence_take(&t));
	struct own_message message = own_message(s);
	if (crashed || message.key || errors) {
		if (crashed) {
			text_append_string(&t, "applications logged that they crashed, ");
			sentence_counted(&t, crashed, "time");
			evidence_bin(s->f, crash_source, &crash, false, &h->evidence);
		} else if (message.key) {
			text_format(&t, "the application logged \"%.120s\" ", message.key);
			sentence_counted(&t, message.count, "time");
			text_format(&t, " in the incident's minutes in %s (before: ", label_of(s->f, message.source));
			sentence_count(&t, message.before);
			text_append_byte(&t, ')');
		} else {
			sentence_counted(&t, errors->count, "error");
			text_format(&t, " of the application in %s", label_of(s->f, errors->source_index));
		}
		if (errors)
			evidence_copy(&errors->evidence, 1, &h->evidence);
		hypothesis_test(h, TEST_ERRORS_OWN, sentence_take(&t));
	}
	if (away) {
		sentence_counted(&t, away->count, "message");
		text_format(&t, " of the %s: the application could not be reached", sentence_tier(away->tier));
		evidence_copy(&away->evidence, 1, &h->evidence);
		hypothesis_test(h, TEST_BACKEND_LOST, sentence_take(&t));
	}
	if (limit_deeper_covered(s, TIER_APP, source))
		hypothesis_test(h, TEST_DATABASE_WELL, sentence_copy("the log of what the application calls covers the incident, and shows no refusal"));
	supported_change(s, h);
	if (source != SIZE_MAX) {
		if (errors)
			hypothesis_count(h, s, errors->signal, NULL, "errors of the application");
		else
			hypothesis_count(h, s, "app.crashed", NULL, "crashes of the application");
		hypothesis_input(h, s);
	} else if (s->front->n) {
		h->source = s->front->sources[0];
		hypothesis_count(h, s, "http.failed", "", "failed requests");
		hypothesis_input(h, s);
		h->source = SIZE_MAX;
	}
	gave_up(s, &message, failed, &at, out);
}
