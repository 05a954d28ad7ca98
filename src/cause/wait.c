#include "cause/wait.h"

#include "cause/convoy.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/incident.h"
#include "incident/symptom.h"

#define SLOW_STATEMENT "db.slow_statement"

/* ---- locks ---- */

static void append_holder(struct text *t, const struct locks *l)
{
	const struct lock_holder *h = l->objects_n && l->objects[0].holders_n ? &l->objects[0].holders[0] : NULL;
	if (!h)
		return;
	text_format(t, l->objects[0].waits == l->waits ? "; all wait for %s, held by " : "; most wait for %s, held by ", l->objects[0].object);
	if (h->user)
		text_format(t, "%s (%s%s", h->user, h->application ? h->application : "", h->application ? ", " : "");
	text_format(t, "process %lld%s", (long long)h->pid, h->user ? ")" : "");
}

/* The source that logged lock waits; SIZE_MAX: none. */
static size_t lock_source(const struct scene *s)
{
	for (size_t i = 0; i < s->f->n; i++)
		for (size_t e = 0; source_counts(&s->f->sources[i]) && e < s->f->sources[i].entries_n; e++)
			if (s->f->tally->entries[s->f->sources[i].entries[e]].part->locks_n)
				return i;
	return SIZE_MAX;
}

static void slower_first(const struct scene *s, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	if (v->no_flight || !v->grew || v->duration_share_ppm < LOAD_DECIDES_PPM)
		return;
	struct text t = {0};
	text_append_string(&t, "slower answers explain ");
	sentence_share(&t, v->duration_share_ppm < 1000000 ? v->duration_share_ppm : 1000000);
	text_append_string(&t, " of the growth of requests in flight");
	hypothesis_test(h, TEST_SLOWER_FIRST, sentence_take(&t));
}

static void locks(const struct scene *s, struct hypothesis_list *out)
{
	const struct locks *l = &s->in->locks;
	struct text t = {0};
	if (!l->known) {
		if (convoy_find(s, out)) {
			slower_first(s, &out->items[out->n - 1]);
			return;
		}
		text_format(&t, "not known: %s", l->reason ? l->reason : "no lock wait was logged");
		hypothesis_rule_out(out, "lock_contention", sentence_take(&t));
		return;
	}
	uint64_t queue = l->queue_peak.known ? (uint64_t)l->queue_peak.value : l->waits;
	sentence_counted(&t, l->waits, "session");
	text_append_string(&t, " waited for locks, the longest ");
	sentence_duration(&t, l->longest_us);
	if (l->queue_peak.known && queue != l->waits) {
		text_append_string(&t, ", up to ");
		sentence_count(&t, queue);
		text_append_string(&t, " for one");
	}
	if (queue < WAIT_QUEUE || l->longest_us < WAIT_LEAST_US) {
		text_append_string(&t, ": too few or too short");
		hypothesis_rule_out(out, "lock_contention", sentence_take(&t));
		return;
	}
	bool before = moment_before(&l->onset, &s->in->onset);
	text_append_string(&t, before ? "; the first began " : "; the first began about the onset");
	if (before) {
		sentence_duration(&t, s->in->onset.at_us - l->onset.at_us);
		text_append_string(&t, " before the onset");
	}
	/* A migration that waits is what all others wait behind; it holds nothing. */
	if (l->first_user && *l->first_user)
		text_format(&t, ", %s for %s", l->first_user, l->first_mode);
	if (l->first_statement && *l->first_statement) {
		text_append_string(&t, " (\"");
		text_append_printable(&t, span_head(span_of(l->first_statement), WAIT_STATEMENT_BYTES));
		text_append_string(&t, "\")");
	}
	append_holder(&t, l);
	size_t source = lock_source(s);
	struct hypothesis *h = hypothesis_add(out, "lock_contention", TIER_DB, source, &l->onset);
	hypothesis_test(h, before ? TEST_LOCKS_BEFORE : TEST_LOCKS_AROUND, sentence_take(&t));
	if (l->objects_n && l->objects[0].waits * 2 > l->waits) {
		sentence_count(&t, l->objects[0].waits);
		text_append_string(&t, " of ");
		sentence_count(&t, l->waits);
		text_format(&t, " waits are for one object, %s", l->objects[0].object);
		hypothesis_test(h, TEST_LOCKS_ONE_OBJECT, sentence_take(&t));
	}
	if (queue >= WAIT_LONG_QUEUE) {
		sentence_count(&t, queue);
		text_append_string(&t, " sessions waited at once, each with a connection of its own");
		hypothesis_test(h, TEST_LOCKS_QUEUE, sentence_take(&t));
	}
	slower_first(s, h);
	evidence_copy(&l->evidence, SIZE_MAX, &h->evidence);
	if (source != SIZE_MAX) {
		hypothesis_count(h, s, "db.lock_wait", NULL, "lock waits logged");
		hypothesis_input(h, s);
		/* What was waited for before the onset is logged a second later, or never: what is known of the waits counts too. */
		h->excess.count = h->excess.count > l->waits ? h->excess.count : l->waits;
	}
}

/* ---- slow statements ---- */

/* The slow statements that ended in [from, to], as printed: when the first of them began (each interval's longest tells its end and its
 * time; INSTANT_NONE: none is kept), the longest that began before anything else could slow it, and the longest of the time before. */
struct slow_ones {
	int64_t began_us, longest_us, before_us;
};

static struct slow_ones slow_ones(const struct scene *s, size_t source, int64_t from_us, int64_t to_us)
{
	const struct fold_source *of = &s->f->sources[source];
	struct slow_ones x = {INSTANT_NONE, 0, 0};
	for (size_t e = 0; e < of->entries_n; e++) {
		const struct part *p = s->f->tally->entries[of->entries[e]].part;
		for (size_t i = 0; i < p->statements_n; i++)
			for (size_t k = 0; k < p->statements[i].n; k++) {
				const struct number_cell *c = &p->statements[i].cells[k];
				if (c->max < (uint64_t)SECOND_US || c->max > (uint64_t)HOUR_US || c->max_at_us > to_us)
					continue;
				if (c->max_at_us < from_us) {
					x.before_us = (int64_t)c->max > x.before_us ? (int64_t)c->max : x.before_us;
					continue;
				}
				int64_t began = c->max_at_us - (int64_t)c->max;
				if (x.began_us != INSTANT_NONE && began >= x.began_us)
					continue;
				x.began_us = began;
				x.longest_us = (int64_t)c->max;
			}
	}
	return x;
}

/* Slow statements that ended from a minute before the onset to the incident's end, against the time before. */
static bool statements(const struct scene *s, struct hypothesis_list *out)
{
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		if (!source_counts(from) || from->tier != TIER_DB || from->first_us == INSTANT_NONE)
			continue;
		int64_t onset_us = moment_printed(from, hypothesis_onset(s, i).at_us), end_us = moment_printed(from, s->in->end.at_us);
		end_us = end_us > onset_us ? end_us : onset_us;
		int64_t begin_us = moment_printed(from, s->before_from_us), lead_us = onset_us - MINUTE_US;
		uint64_t here = 0, early = 0, before = 0;
		const struct fold_bin *first_bin = NULL, *last_bin;
		for (size_t k = 0; k < from->series_n; k++) {
			const struct fold_series *series = &from->series[k];
			if (series->facet != FACET_NONE || strcmp(series->signal, SLOW_STATEMENT))
				continue;
			here += symptom_count(series, lead_us, end_us);
			early += symptom_count(series, lead_us, onset_us);
			before += lead_us - 1 > begin_us ? symptom_count(series, begin_us, lead_us - 1) : 0;
			if (!first_bin)
				symptom_span(series, lead_us, end_us, &first_bin, &last_bin);
		}
		if (here < WAIT_SLOW_LEAST)
			continue;
		struct slow_ones slow = slow_ones(s, i, lead_us, end_us);
		if (slow.began_us == INSTANT_NONE || slow.began_us > symptom_first_us(first_bin))
			slow.began_us = symptom_first_us(first_bin);
		struct moment at = moment_of(from, slow.began_us);
		struct hypothesis *h = hypothesis_add(out, "slow_queries", TIER_DB, i, &at);
		hypothesis_count(h, s, SLOW_STATEMENT, NULL, "statements of a second or more");
		h->excess.count = here;
		h->excess.before = before;
		h->excess.during_us = end_us - lead_us;
		/* Where the log has no time before, as long a time without any is taken for it. */
		h->excess.before_us = lead_us > begin_us + SECOND_US ? lead_us - begin_us : h->excess.during_us;
		h->excess.input_what = NULL; /* what is refused reaches no statement: the time is the measure */
		struct excess *v = &h->excess;
		int64_t z = deviance_milli(here, deviance_expected(before, (uint64_t)(v->during_us / SECOND_US + 1),
								(uint64_t)(v->before_us / SECOND_US + 1)));
		if (z < WAIT_SLOW_MILLI) {
			struct text t = {0};
			sentence_counted(&t, here, "statement");
			text_append_string(&t, " of a second or more from a minute before the onset to the end, ");
			sentence_count(&t, before);
			text_append_string(&t, " before: no more than usual");
			h->ruled_out = sentence_take(&t);
			return true;
		}
		struct text t = {0};
		sentence_counted(&t, here, "statement");
		text_append_string(&t, " took a second or longer from a minute before the onset to the end (before: ");
		sentence_count(&t, before);
		text_append_string(&t, "); ");
		sentence_count(&t, early);
		text_append_string(&t, " of them ended before the onset");
		if (s->in->statements_n) {
			text_format(&t, "; most time went to \"%.120s\", up to ", s->in->statements[0].sql);
			sentence_duration(&t, s->in->statements[0].max_us);
			evidence_copy(&s->in->statements[0].evidence, 1, &h->evidence);
		}
		int64_t z_early = deviance_milli(early, deviance_expected(before, (uint64_t)(MINUTE_US / SECOND_US), (uint64_t)(v->before_us / SECOND_US + 1)));
		bool longer = slow.began_us < onset_us && slow.longest_us > 2 * slow.before_us;
		hypothesis_test(h, z_early >= WAIT_SLOW_MILLI || longer ? TEST_SLOW_STATEMENTS : TEST_SLOW_AFTER, sentence_take(&t));
		slower_first(s, h);
		return true;
	}
	return false;
}

/* The first burst of slow answers in a log that shows nothing else of the incident for WAIT_LEAST_US behind its onset; NULL: none. */
static const struct burst *slow_first(const struct scene *s)
{
	for (size_t i = 0; i < s->d->bursts_n; i++) { /* sorted by onset */
		const struct burst *b = &s->d->bursts[i];
		if (!incident_has(s->in, b) || strcmp(b->signal, "http.server.slow"))
			continue;
		bool first = true;
		for (size_t k = 0; k < s->d->bursts_n; k++) {
			const struct burst *other = &s->d->bursts[k];
			first &= !incident_has(s->in, other) || other->source_index != b->source_index || !strcmp(other->signal, b->signal) ||
				 other->onset.at_us >= b->onset.at_us + WAIT_LEAST_US;
		}
		if (first)
			return b;
	}
	return NULL;
}

/* Statements with their durations that a database's log printed while it covered the incident and the time before it; 0: none does, or
 * they are printed only when they are slow. */
static uint64_t durations_printed(const struct scene *s)
{
	uint64_t n = 0;
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		if (!source_counts(from) || from->tier != TIER_DB || from->first_us == INSTANT_NONE ||
		    from->first_us > moment_printed(from, s->in->onset.at_us) || from->last_us < moment_printed(from, s->in->end.at_us))
			continue;
		for (size_t e = 0; e < from->entries_n; e++) {
			const struct part *p = s->f->tally->entries[from->entries[e]].part;
			for (size_t k = 0; k < p->statements_n; k++)
				for (size_t c = 0; c < p->statements[k].n; c++)
					n += p->statements[k].cells[c].n;
		}
	}
	return n;
}

/* Slow answers are not its statements' fault when its log would print them. */
static void not_there(const struct scene *s, struct hypothesis *h)
{
	uint64_t printed = durations_printed(s);
	if (printed < WAIT_SLOW_LEAST)
		return;
	struct text t = {0};
	text_append_string(&t, "the database's log prints durations (");
	sentence_counted(&t, printed, "statement");
	text_append_string(&t, "), but no more of a second or longer than usual in the incident: the time went elsewhere");
	hypothesis_test(h, TEST_SLOW_NOT_THERE, sentence_take(&t));
}

/* No statement is logged as slow, but requests took longer before more came. */
static void answers(const struct scene *s, struct hypothesis_list *out)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	const struct burst *slow = slow_first(s);
	if (slow) {
		struct hypothesis *h = hypothesis_add(out, "slow_queries", TIER_DB, slow->source_index, &slow->onset);
		sentence_counted(&t, slow->count, "answer");
		text_format(&t, " too slow (%s) in %s, before anything else went wrong in that log; no statement of a second or more was logged",
			    slow->class, label_of(s->f, slow->source_index));
		hypothesis_test(h, TEST_SLOW_ANSWERS, sentence_take(&t));
		slower_first(s, h);
		not_there(s, h);
		evidence_copy(&slow->evidence, 1, &h->evidence);
		h->is_symptom = true;
		hypothesis_count(h, s, slow->signal, *slow->class ? slow->class : NULL, "slow answers");
		hypothesis_input(h, s);
		return;
	}
	if (v->no_flight || !v->grew || v->duration_share_ppm < LOAD_DECIDES_PPM || v->window_from_us > v->onset.at_us) {
		if (v->no_flight)
			text_format(&t, "no statement of a second or more was logged; whether answers were slower is not known: %s", v->no_flight);
		else
			text_append_string(&t, "no statement of a second or more was logged, and answers were not slower before the onset");
		hypothesis_rule_out(out, "slow_queries", sentence_take(&t));
		return;
	}
	struct moment at = {v->window_from_us, v->window_from_us - SECOND_US, v->window_to_us + SECOND_US, NULL};
	struct hypothesis *h = hypothesis_add(out, "slow_queries", TIER_DB, SIZE_MAX, &at);
	text_append_string(&t, "requests took longer: ");
	sentence_duration(&t, v->duration_us);
	text_append_string(&t, " in the mean (before: ");
	sentence_duration(&t, v->duration_before_us);
	text_append_string(&t, "), which explains ");
	sentence_share(&t, v->duration_share_ppm < 1000000 ? v->duration_share_ppm : 1000000);
	text_append_string(&t, " of the growth of requests in flight; no statement of a second or more was logged");
	hypothesis_test(h, TEST_SLOW_ANSWERS, sentence_take(&t));
	not_there(s, h);
}

void wait_find(const struct scene *s, struct hypothesis_list *out)
{
	locks(s, out);
	if (!statements(s, out))
		answers(s, out);
	struct hypothesis *h = &out->items[out->n - 1];
	const struct load_view *v = s->load;
	if (!strcmp(h->cause, "slow_queries") && !h->ruled_out && !v->no_flight && v->grew && v->requests_share_ppm >= LOAD_DECIDES_PPM) {
		struct text t = {0};
		text_append_string(&t, "more requests explain ");
		sentence_share(&t, v->requests_share_ppm < 1000000 ? v->requests_share_ppm : 1000000);
		text_append_string(&t, " of the growth of requests in flight");
		hypothesis_test(h, TEST_SLOW_LOAD, sentence_take(&t));
	}
}
