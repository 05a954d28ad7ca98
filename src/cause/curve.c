#include "cause/curve.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

/* How much of the time around an incident a curve holds. */
#define BEFORE_US MINUTE_US
#define AFTER_US (35 * MINUTE_US)
/* Stamps of a second and retries in rhythms of seconds: shorter steps would show those. */
#define STEP_US (10 * SECOND_US)
/* So many in each half of the time behind a mitigation, or "as many as before" is chance. */
enum { GOES_ON_LEAST = 20 };

const char *curve_answer_word(enum curve_answer answer)
{
	static const char *const words[] = {"undetermined", "yes", "no"};
	return words[answer];
}

static void curve_init(struct curve *c, const char *what, const struct incident *in)
{
	int64_t from_us = in->onset.at_us - BEFORE_US, to_us = in->end.at_us + AFTER_US;
	*c = (struct curve){.what = what, .step_us = STEP_US, .until_us = INT64_MIN};
	while ((to_us - from_us) / c->step_us >= CURVE_STEPS)
		c->step_us *= 2;
	c->start_us = from_us;
	c->steps = (size_t)((to_us - from_us) / c->step_us) + 1;
	c->n = memory_new(c->steps, sizeof *c->n);
}

static void curve_add(struct curve *c, const struct fold_source *s, const struct fold_series *series)
{
	int64_t last_us = fold_utc(s, s->last_us);
	c->until_us = last_us > c->until_us ? last_us : c->until_us;
	for (size_t i = 0; series && i < series->n; i++) {
		int64_t at = fold_utc(s, symptom_first_us(&series->bins[i])) - c->start_us;
		if (at >= 0 && (uint64_t)(at / c->step_us) < c->steps)
			c->n[at / c->step_us] += series->bins[i].bin.n;
	}
}

static bool curve_any(const struct curve *c)
{
	for (size_t i = 0; i < c->steps; i++)
		if (c->n[i])
			return true;
	return false;
}

/* Keeps the curve when something failed. */
static void keep(struct curves *c)
{
	if (curve_any(&c->items[c->n]))
		c->n++;
	else
		memory_free(c->items[c->n].n);
}

void curves_init(struct curves *c, const struct fold *f, const struct front *front, const struct draft *d, const struct incident *in)
{
	*c = (struct curves){.n = 0};
	curve_init(&c->items[0], "failed requests", in);
	for (size_t i = 0; i < front->n; i++) {
		const struct fold_source *s = &f->sources[front->sources[i]];
		curve_add(&c->items[0], s, fold_series_find(s, "http.failed", "", FACET_NONE, ""));
	}
	keep(c);
	enum tier tier = refusal_tier(in);
	struct curve *refused = &c->items[c->n];
	curve_init(refused, tier == TIER_UNKNOWN ? "events of the incident's first symptom" : "refusals", in);
	for (size_t i = 0; tier != TIER_UNKNOWN && i < f->n; i++)
		for (size_t k = 0; f->sources[i].tier == tier && source_counts(&f->sources[i]) && k < f->sources[i].series_n; k++) {
			const struct fold_series *series = &f->sources[i].series[k];
			if (series->facet == FACET_NONE && symptom_refuses(series->signal))
				curve_add(refused, &f->sources[i], series);
		}
	const struct burst *primary = tier == TIER_UNKNOWN && !c->n ? incident_primary(f, d, in) : NULL;
	if (primary) {
		struct fold_series series = symptom_series(f, primary->source_index, primary->signal);
		curve_add(refused, &f->sources[primary->source_index], &series);
		memory_free(series.bins);
	}
	keep(c);
}

void curves_release(struct curves *c)
{
	for (size_t i = 0; i < c->n; i++)
		memory_free(c->items[i].n);
	*c = (struct curves){.n = 0};
}

/* The step that holds an instant; the first or the last one when it lies outside. */
static size_t step_of(const struct curve *c, int64_t at_us)
{
	if (at_us <= c->start_us)
		return 0;
	size_t step = (size_t)((at_us - c->start_us) / c->step_us);
	return step < c->steps ? step : c->steps - 1;
}

static uint64_t sum_of(const struct curve *c, size_t from, size_t n)
{
	uint64_t sum = 0;
	for (size_t i = from; i < c->steps && i < from + n; i++)
		sum += c->n[i];
	return sum;
}

/* Largest sum of `n` steps in a row of [from, to). */
static uint64_t most_of(const struct curve *c, size_t from, size_t to, size_t n)
{
	uint64_t most = 0;
	for (size_t i = from; i < to; i++) {
		uint64_t sum = sum_of(c, i, i + n <= to ? n : to - i);
		most = sum > most ? sum : most;
	}
	return most;
}

static void append_peak(struct text *t, const struct curve *c, uint64_t peak)
{
	sentence_count(t, peak);
	text_append_string(t, " in ");
	sentence_duration(t, c->step_us);
}

/* Whether the curve was low from a step on and stayed so. `low`: below this. */
static bool stays_low(const struct curve *c, size_t from, size_t steps, uint64_t peak)
{
	for (size_t i = from; i < from + steps; i++)
		if (i >= c->steps || c->n[i] * 10 >= peak)
			return false;
	return true;
}

static enum curve_answer answer_of(const struct curve *c, const struct incident *in, int64_t from_us, int64_t to_us, struct text *t,
				   int64_t *fell_us)
{
	size_t onset = step_of(c, in->onset.at_us), from = step_of(c, from_us), to = step_of(c, to_us);
	uint64_t peak = most_of(c, onset, from, 1);
	text_format(t, "%s: ", c->what);
	if (!peak) {
		text_append_string(t, "no peak was seen before it");
		return CURVE_UNDETERMINED;
	}
	text_append_string(t, "at most ");
	append_peak(t, c, peak);
	text_append_string(t, " before");
	if (c->n[from - 1] * 10 < peak && c->n[from] * 10 < peak) {
		text_append_string(t, ", and below 10 % of that already when it began");
		return CURVE_UNDETERMINED;
	}
	size_t stay = (size_t)((CURVE_STAY_US + c->step_us - 1) / c->step_us);
	size_t known = c->until_us > c->start_us ? step_of(c, c->until_us) : 0; /* the last step may be cut short */
	for (size_t i = from + 1; i < c->steps && c->start_us + (int64_t)i * c->step_us <= from_us + CURVE_ANSWER_US; i++) {
		if (i + stay > known)
			break;
		if (!stays_low(c, i, stay, peak))
			continue;
		text_append_string(t, ", below 10 % of that from ");
		sentence_time(t, c->start_us + (int64_t)i * c->step_us);
		text_append_string(t, " on");
		*fell_us = c->start_us + (int64_t)i * c->step_us > *fell_us ? c->start_us + (int64_t)i * c->step_us : *fell_us;
		return CURVE_YES;
	}
	int64_t watch_us = 3 * (to_us - from_us) > CURVE_ANSWER_US ? 3 * (to_us - from_us) : CURVE_ANSWER_US;
	size_t minute = (size_t)((MINUTE_US + c->step_us - 1) / c->step_us), end = to + 1 + (size_t)(watch_us / c->step_us);
	uint64_t fullest = most_of(c, onset, from, minute), least = UINT64_MAX;
	if (end > known || end > c->steps) {
		text_append_string(t, ", and the log ends before an answer could be seen");
		return CURVE_UNDETERMINED;
	}
	for (size_t i = to + 1; i + minute <= end; i += minute) {
		uint64_t sum = sum_of(c, i, minute);
		least = sum < least ? sum : least;
	}
	text_append_string(t, ", in the ");
	sentence_duration(t, watch_us);
	text_append_string(t, " after at least ");
	sentence_count(t, least);
	text_append_string(t, " a minute (before at most ");
	sentence_count(t, fullest);
	text_append_byte(t, ')');
	/* What comes and goes has minutes with little: then as much as before, in both halves of that time, is no answer either. */
	size_t steps = end - (to + 1), before = from - onset < steps ? from - onset : steps, half = steps / 2;
	uint64_t was = sum_of(c, from - before, before), first = sum_of(c, to + 1, half), second = sum_of(c, to + 1 + half, steps - half);
	text_append_string(t, ", in all ");
	sentence_count(t, first + second);
	text_append_string(t, " (in the ");
	sentence_duration(t, (int64_t)before * c->step_us);
	text_append_string(t, " before ");
	sentence_count(t, was);
	text_append_byte(t, ')');
	uint64_t less = first < second ? first : second;
	if (before * 2 >= steps && less >= GOES_ON_LEAST && less * 4 * before >= was * steps)
		return CURVE_NO;
	return least >= fullest - fullest / 2 ? CURVE_NO : CURVE_UNDETERMINED;
}

enum curve_answer curves_answer(const struct curves *c, const struct incident *in, int64_t from_us, int64_t to_us, char **text,
				int64_t *fell_us)
{
	struct text t = {0};
	*fell_us = INT64_MIN;
	size_t yes = 0, no = 0;
	for (size_t i = 0; i < c->n; i++) {
		text_append_string(&t, i ? "; " : "");
		enum curve_answer answer = answer_of(&c->items[i], in, from_us, to_us, &t, fell_us);
		yes += answer == CURVE_YES;
		no += answer == CURVE_NO;
	}
	if (!c->n)
		text_append_string(&t, "no curve of failures to judge by");
	*text = sentence_take(&t);
	return no ? CURVE_NO : yes && yes == c->n ? CURVE_YES : CURVE_UNDETERMINED;
}
