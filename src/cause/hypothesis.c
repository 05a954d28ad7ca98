#include "cause/hypothesis.h"

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

struct hypothesis *hypothesis_add(struct hypothesis_list *list, const char *cause, enum tier tier, size_t source, const struct moment *at)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	struct hypothesis *h = &list->items[list->n++];
	*h = (struct hypothesis){.cause = cause, .tier = tier, .source = source, .at = *at, .phase = {.at_us = INSTANT_NONE}, .until_us = INT64_MAX};
	h->at.reason = NULL;
	return h;
}

int64_t hypothesis_strength(enum cause_test test)
{
	static const int64_t strengths[TEST_COUNT] = {
#define X(name, strength) [TEST_##name] = strength,
		CAUSE_TESTS(X)
#undef X
	};
	return strengths[test];
}

void hypothesis_test(struct hypothesis *h, enum cause_test test, char *sentence)
{
	int64_t strength = hypothesis_strength(test);
	h->strength += strength;
	if (strength >= 0) {
		h->for_text = memory_grow(h->for_text, &h->for_cap, h->for_n + 1, sizeof *h->for_text);
		h->for_text[h->for_n++] = sentence;
	} else {
		h->against_text = memory_grow(h->against_text, &h->against_cap, h->against_n + 1, sizeof *h->against_text);
		h->against_text[h->against_n++] = sentence;
	}
}

void hypothesis_rule_out(struct hypothesis_list *list, const char *cause, char *why)
{
	const struct moment none = {INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL};
	hypothesis_add(list, cause, TIER_UNKNOWN, SIZE_MAX, &none)->ruled_out = why;
}

static void one_release(struct hypothesis *h)
{
	for (size_t i = 0; i < h->for_n; i++)
		memory_free(h->for_text[i]);
	for (size_t i = 0; i < h->against_n; i++)
		memory_free(h->against_text[i]);
	memory_free(h->for_text);
	memory_free(h->against_text);
	evidence_release(&h->evidence);
	track_release(&h->rate);
	memory_free(h->ruled_out);
	for (size_t i = 0; i < PART_COUNT; i++)
		memory_free(h->parts[i].text);
}

void hypothesis_release(struct hypothesis_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		one_release(&list->items[i]);
	memory_free(list->items);
	*list = (struct hypothesis_list){0};
}

struct moment hypothesis_onset(const struct scene *s, size_t source)
{
	for (size_t i = 0; source != SIZE_MAX && i < s->d->bursts_n; i++)
		if (incident_has(s->in, &s->d->bursts[i]) && s->d->bursts[i].source_index == source) /* sorted by onset */
			return s->d->bursts[i].onset;
	for (size_t i = 0; source != SIZE_MAX && i < s->in->refusals_n; i++)
		if (!strcmp(s->in->refusals[i].source, s->f->sources[source].id))
			return s->in->refusals[i].onset;
	return s->in->onset;
}

const struct burst *hypothesis_failed(const struct scene *s, size_t source)
{
	static const char *const slow[] = {"http.server.slow", "backend.slow", "http.client_gone"};
	const struct burst *any = NULL;
	for (size_t i = 0; i < s->d->bursts_n; i++) { /* sorted by onset */
		const struct burst *b = &s->d->bursts[i];
		/* A clock that is known by its shape only does not tell the onset: what it tells may be of the time before. */
		bool fails = incident_has(s->in, b) && b->end.at_us >= s->in->onset.at_us;
		for (size_t k = 0; k < sizeof slow / sizeof *slow; k++)
			fails &= strcmp(b->signal, slow[k]) != 0;
		if (fails && b->source_index == source)
			return b;
		any = fails && !any ? b : any;
	}
	return any;
}

/* The last symptom of the incident in a source, as far as it lies behind that of the others. */
static int64_t end_of(const struct scene *s, size_t source)
{
	int64_t end_us = s->in->end.at_us;
	for (size_t i = 0; i < s->d->bursts_n; i++)
		if (incident_has(s->in, &s->d->bursts[i]) && s->d->bursts[i].source_index == source && s->d->bursts[i].end.at_us > end_us)
			end_us = s->d->bursts[i].end.at_us;
	return end_us;
}

/* From when on its events count as its own: it may have begun before the onset. */
static int64_t begin_of(const struct hypothesis *h, const struct scene *s)
{
	struct moment onset = hypothesis_onset(s, h->source);
	bool earlier = h->at.at_us != INSTANT_NONE && h->at.at_us < onset.at_us;
	int64_t at = earlier ? h->at.at_us : onset.at_us;
	return at > s->before_from_us ? at : s->before_from_us;
}

/* Events of a series in its time and in the time before. */
static void count_series(const struct hypothesis *h, const struct scene *s, const struct fold_source *from,
			 const struct fold_series *series, uint64_t *during, uint64_t *before)
{
	int64_t onset_us = moment_printed(from, begin_of(h, s)), end_us = moment_printed(from, end_of(s, (size_t)(from - s->f->sources)));
	int64_t begin_us = moment_printed(from, s->before_from_us);
	/* A stamp of a whole second may lie before the onset that it contains. */
	int64_t slack_us = from->resolution_us > 0 ? from->resolution_us - 1 : 0;
	*during += symptom_count(series, onset_us - slack_us, end_us);
	*before += onset_us - slack_us - 1 > begin_us ? symptom_count(series, begin_us, onset_us - slack_us - 1) : 0;
}

void hypothesis_count(struct hypothesis *h, const struct scene *s, const char *signal, const char *class, const char *what)
{
	const struct fold_source *from = &s->f->sources[h->source];
	struct excess *v = &h->excess;
	if (!h->rate.n)
		track_init(&h->rate, s->impact->from_us, s->impact->from_us + (int64_t)s->impact->n * s->impact->step_us, s->impact->step_us);
	for (size_t i = 0; i < from->series_n; i++) {
		const struct fold_series *series = &from->series[i];
		if (series->facet != FACET_NONE || strcmp(series->signal, signal) || (class && strcmp(series->class, class)))
			continue;
		count_series(h, s, from, series, &v->count, &v->before);
		track_series(&h->rate, from, series);
	}
	v->what = what;
	v->during_us = end_of(s, h->source) - begin_of(h, s);
	v->before_us = begin_of(h, s) - s->before_from_us;
}

void hypothesis_input(struct hypothesis *h, const struct scene *s)
{
	/* What reaches a tier: the first of these that its own log, or the front's, counts. */
	static const struct {
		enum tier tier;
		const char *signal, *class, *what;
	} inputs[] = {
		{TIER_DB, "db.session.received", "session.received", "connections that reached the database"},
		{TIER_APP, "http.requests", "", "requests that reached the application"},
		{TIER_WEB, "http.requests", "", "requests that reached the web server"},
	};
	struct excess *v = &h->excess;
	for (size_t k = 0; k < sizeof inputs / sizeof *inputs && h->source != SIZE_MAX; k++) {
		const struct fold_series *series =
			fold_series_find(&s->f->sources[h->source], inputs[k].signal, inputs[k].class, FACET_NONE, "");
		if (inputs[k].tier != h->tier || !series)
			continue;
		v->input = v->input_before = 0;
		count_series(h, s, &s->f->sources[h->source], series, &v->input, &v->input_before);
		v->input_what = v->input_before ? inputs[k].what : NULL;
		if (v->input_what)
			return;
	}
	v->input = v->input_before = 0;
	for (size_t i = 0; i < s->front->n; i++) {
		const struct fold_source *from = &s->f->sources[s->front->sources[i]];
		const struct fold_series *series = fold_series_find(from, "http.requests", "", FACET_NONE, "");
		if (series)
			count_series(h, s, from, series, &v->input, &v->input_before);
	}
	v->input_what = v->input_before ? "requests" : NULL;
}
