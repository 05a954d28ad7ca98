#include "cause/cause.h"

#include "base/memory.h"
#include "cause/mechanism.h"
#include "cause/score.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

#define STEP_US (10 * SECOND_US)

const char *cause_words(const char *cause)
{
	return mechanism_words(cause);
}

/* ---- what all look at ---- */

/* The database that refused, else the first. */
static size_t database_of(const struct fold *f, const struct incident *in)
{
	for (size_t r = 0; r < in->refusals_n; r++)
		for (size_t i = 0; i < f->n; i++)
			if (in->refusals[r].tier == TIER_DB && !strcmp(in->refusals[r].source, f->sources[i].id))
				return i;
	for (size_t i = 0; i < f->n; i++)
		if (f->sources[i].tier == TIER_DB && source_counts(&f->sources[i]) && f->sources[i].first_us != INSTANT_NONE)
			return i;
	return SIZE_MAX;
}

/* Where the time before begins: not in another incident, not before the logs. */
static int64_t before_from(const struct draft *d, const struct incident *in)
{
	int64_t from = in->onset.at_us - CAUSE_BEFORE_US;
	from = d->window_start_us != INSTANT_NONE && d->window_start_us > from ? d->window_start_us : from;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (d->incidents[i].end.at_us < in->onset.at_us && d->incidents[i].end.at_us > from)
			from = d->incidents[i].end.at_us;
	return from < in->onset.at_us ? from : in->onset.at_us;
}

/* What users met: failed requests; where no access record tells of any, the failures that others log: the bursts' own signals. */
static const char *impact_fill(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in, struct track *t)
{
	track_init(t, in->onset.at_us - CAUSE_AROUND_US, in->end.at_us + CAUSE_AROUND_US, STEP_US);
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_series *failed = fold_series_find(&f->sources[a->sources[i]], "http.failed", "", FACET_NONE, "");
		if (failed)
			track_series(t, &f->sources[a->sources[i]], failed);
	}
	if (track_sum(t, in->onset.at_us / STEP_US * STEP_US, in->end.at_us + 1))
		return "failed requests";
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		bool told = !incident_has(in, b);
		for (size_t k = 0; k < i && !told; k++)
			told = incident_has(in, &d->bursts[k]) && d->bursts[k].source_index == b->source_index &&
			       !strcmp(d->bursts[k].signal, b->signal);
		if (told)
			continue;
		struct fold_series series = symptom_series(f, b->source_index, b->signal);
		track_series(t, &f->sources[b->source_index], &series);
		memory_free(series.bins);
	}
	return in->bursts_n ? "symptoms logged" : NULL;
}

/* ---- to the draft ---- */

static void strings_move(char ***to, size_t *n, struct hypothesis *h, bool against)
{
	*to = against ? h->against_text : h->for_text;
	*n = against ? h->against_n : h->for_n;
	if (against) {
		h->against_text = NULL;
		h->against_n = 0;
	} else {
		h->for_text = NULL;
		h->for_n = 0;
	}
}

static void tell_cause(const struct fold *f, const struct hypothesis_list *list, size_t i, struct cause *c)
{
	struct hypothesis *h = &list->items[i];
	c->cause = sentence_copy(h->cause);
	c->score = h->score;
	c->word = sentence_copy(score_word(list, i));
	c->at = moment_copy(&h->at);
	c->phase = moment_copy(&h->phase);
	c->tier = h->tier;
	c->source = h->source != SIZE_MAX ? sentence_copy(f->sources[h->source].id) : NULL;
	c->terms = memory_new(PART_COUNT, sizeof *c->terms);
	for (; c->terms_n < PART_COUNT; c->terms_n++) {
		c->terms[c->terms_n] = (struct cause_term){sentence_copy(score_part_name((enum cause_part)c->terms_n)),
							   h->parts[c->terms_n].points, h->parts[c->terms_n].text};
		h->parts[c->terms_n].text = NULL;
	}
	strings_move(&c->for_text, &c->for_n, h, false);
	strings_move(&c->against_text, &c->against_n, h, true);
	c->evidence_for = h->evidence;
	h->evidence = (struct evidence_list){0};
}

static void tell_considered(struct hypothesis *h, struct considered *c)
{
	c->cause = sentence_copy(h->cause);
	if (h->ruled_out) {
		c->why = h->ruled_out;
		h->ruled_out = NULL;
		c->score.reason = sentence_copy("ruled out before it was scored");
		return;
	}
	c->score = (struct known){true, h->score, NULL};
	struct text t = {0};
	if (h->parts[PART_EXPLAINED].points < 0)
		text_append_string(&t, h->parts[PART_EXPLAINED].text);
	else if (h->against_n)
		text_append_string(&t, h->against_text[0]);
	else
		text_append_string(&t, "too little speaks for it");
	if (h->for_n)
		text_format(&t, "; for it: %s", h->for_text[0]);
	c->why = sentence_take(&t);
}

static void judge(const struct fold *f, const struct scene *s, struct incident *in)
{
	struct hypothesis_list list = {0};
	mechanism_find(s, &list);
	score_all(s, &list);
	size_t told = score_told(&list);
	in->causes = memory_new(told, sizeof *in->causes);
	for (; in->causes_n < told; in->causes_n++)
		tell_cause(f, &list, in->causes_n, &in->causes[in->causes_n]);
	in->considered = memory_new(list.n - told, sizeof *in->considered);
	for (size_t i = told; i < list.n; i++)
		tell_considered(&list.items[i], &in->considered[in->considered_n++]);
	if (!told)
		in->causes_reason = sentence_copy(in->refusals_n ? "the messages state that connections ran out, not why; no mechanism that was looked for left traces in these logs"
								 : "no message states a cause, and no mechanism that was looked for left traces in these logs");
	hypothesis_release(&list);
}

static void measures(const struct fold *f, const struct draft *d, struct incident *in)
{
	const struct burst *primary = incident_primary(f, d, in);
	size_t cap = 0;
	/* What fits the cause first: a measure against too many connections helps nobody who waits for a lock. */
	const struct cause *c = in->causes_n && strcmp(in->causes[0].word, "undetermined") ? &in->causes[0] : NULL;
	const char *fitting = c ? mechanism_measure(c->cause) : NULL;
	if (fitting) {
		in->measures = memory_grow(in->measures, &cap, 1, sizeof *in->measures);
		in->measures[in->measures_n++] = (struct measure){sentence_copy(fitting), sentence_copy(c->cause)};
	}
	/* Then the primary burst's signal, then the others in the order of their bursts; each signal and each text once. */
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < d->bursts_n; i++) {
			const struct burst *b = &d->bursts[i];
			const struct signal *s = signal_find(f->signals, span_of(b->signal));
			bool known = !incident_has(in, b) || !s || !s->measure || !*s->measure || (!round && b != primary);
			for (size_t k = 0; k < in->measures_n && !known; k++)
				known = !strcmp(in->measures[k].because, b->signal) || !strcmp(in->measures[k].text, s->measure);
			if (known)
				continue;
			in->measures = memory_grow(in->measures, &cap, in->measures_n + 1, sizeof *in->measures);
			in->measures[in->measures_n++] = (struct measure){sentence_copy(s->measure), sentence_copy(b->signal)};
		}
}

void cause_find(const struct fold *f, const struct front *a, const struct topology *topology, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		struct load_view load;
		struct track impact;
		load_measure(f, a, d, in, &load);
		load_tell(&load, &in->load);
		struct scene scene = {.f = f,
				      .front = a,
				      .d = d,
				      .in = in,
				      .topology = topology,
				      .load = &load,
				      .impact = &impact,
				      .impact_what = impact_fill(f, a, d, in, &impact),
				      .database = database_of(f, in),
				      .before_from_us = before_from(d, in)};
		judge(f, &scene, in);
		measures(f, d, in);
		track_release(&impact);
	}
}
