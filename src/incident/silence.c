#include "incident/silence.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/finding.h"
#include "incident/symptom.h"

/* What a source logs when nothing is wrong; zero: it cannot be asked. */
struct rate {
	uint64_t records;
	int64_t us;
};
/* An incident, and the rates of all sources before it. */
struct scene {
	const struct fold *f;
	struct incident *in;
	struct rate *rates; /* owned; one for each source */
};

/* A silence, as printed: between the last record before and the first one after; `ends`: there is none after. */
struct quiet {
	int64_t from_us, to_us;
	uint64_t records; /* in between */
	bool ends;
	const struct fold_bin *before, *after; /* evidence; NULL: none */
};

static const struct fold_series *records_of(const struct fold_source *s)
{
	return fold_series_find(s, "records", "", FACET_NONE, "");
}

/* The end of another incident, as printed, when `at_us` lies in it; else `at_us`. */
static int64_t behind_others(const struct fold_source *s, const struct draft *d, const struct incident *in, int64_t at_us)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *other = &d->incidents[i];
		int64_t end_us = moment_printed(s, other->end.at_us) + SILENCE_BESIDE_US;
		if (other != in && other->onset.at_us <= in->onset.at_us && end_us > at_us)
			at_us = end_us;
	}
	return at_us;
}

/* Records from a while before the incident up to it. */
static struct rate rate_before(const struct fold_source *s, const struct draft *d, const struct incident *in, int64_t until_us)
{
	int64_t from_us = until_us - SILENCE_RATE_US;
	from_us = behind_others(s, d, in, from_us < s->first_us ? s->first_us : from_us);
	for (size_t i = 0; i < s->gaps_n; i++)
		if (s->gaps[i].end_us <= until_us && s->gaps[i].end_us > from_us)
			from_us = s->gaps[i].end_us;
	if (until_us - from_us < SILENCE_BEFORE_US || until_us > s->last_us)
		return (struct rate){0};
	return (struct rate){symptom_count(records_of(s), from_us, until_us - 1), until_us - from_us};
}

static uint64_t expected(const struct rate *r, int64_t us)
{
	__extension__ typedef unsigned __int128 wide;
	return r->us ? (uint64_t)((wide)r->records * (uint64_t)us / (uint64_t)r->us) : 0;
}

/* The shortest time, in whole ten seconds, in which SILENCE_EXPECTED records are to be expected; 0: too long to say. */
static int64_t step_of(const struct rate *r)
{
	if (!r->records)
		return 0;
	__extension__ typedef unsigned __int128 wide;
	int64_t us = (int64_t)((wide)(uint64_t)r->us * SILENCE_EXPECTED / r->records) + 1;
	us = (us + 10 * SECOND_US - 1) / (10 * SECOND_US) * (10 * SECOND_US);
	return us > HOUR_US ? 0 : us;
}

/* The longest silence that begins in [from, to], as printed. */
static bool quiet_find(const struct fold_source *s, const struct rate *r, int64_t from_us, int64_t to_us, struct quiet *out)
{
	const struct fold_series *records = records_of(s);
	int64_t step_us = step_of(r), run_us = INT64_MIN;
	uint64_t most = expected(r, step_us) / SILENCE_SHARE;
	uint64_t in_run = 0;
	*out = (struct quiet){0};
	if (!step_us)
		return false;
	from_us -= from_us % (10 * SECOND_US);
	for (int64_t at_us = from_us; at_us <= to_us && at_us + step_us <= s->last_us; at_us += step_us) {
		uint64_t n = symptom_count(records, at_us, at_us + step_us - 1);
		if (n > most) {
			run_us = INT64_MIN;
			continue;
		}
		if (run_us == INT64_MIN) {
			run_us = at_us;
			in_run = 0;
		}
		in_run += n;
		if (at_us + step_us - run_us > out->to_us - out->from_us)
			*out = (struct quiet){.from_us = run_us, .to_us = at_us + step_us, .records = in_run};
	}
	return out->to_us - out->from_us >= SILENCE_STEPS * step_us;
}

/* Its edges to the record: nothing is logged from the last one before to the first one after, when nothing at all is in between. */
static void quiet_edges(const struct fold_source *s, struct quiet *q)
{
	const struct fold_series *records = records_of(s);
	for (size_t i = 0; i < records->n; i++) {
		const struct fold_bin *b = &records->bins[i];
		if (symptom_last_us(b) < q->from_us)
			q->before = b;
		else if (symptom_first_us(b) >= q->to_us && !q->after)
			q->after = b;
	}
	if (!q->records && q->before)
		q->from_us = symptom_last_us(q->before);
	if (!q->records && q->after)
		q->to_us = symptom_first_us(q->after);
}

/* The source that logs most meanwhile, of those that log at least half as much as before: of another tier rather than of the same one.
 * SIZE_MAX: none. */
static size_t neighbour(const struct scene *c, size_t source, int64_t from_us, int64_t to_us, uint64_t *records)
{
	size_t best = SIZE_MAX;
	bool best_other = false;
	*records = 0;
	for (size_t i = 0; i < c->f->n; i++) {
		const struct fold_source *s = &c->f->sources[i];
		if (i == source || !c->rates[i].records)
			continue;
		int64_t from = moment_printed(s, from_us), to = moment_printed(s, to_us);
		uint64_t n = symptom_count(records_of(s), from, to), usual = expected(&c->rates[i], to - from);
		bool other = s->tier != c->f->sources[source].tier;
		if (n < usual / 2 || usual < SILENCE_EXPECTED)
			continue;
		if (best == SIZE_MAX || other > best_other || (other == best_other && n > *records)) {
			best = i;
			best_other = other;
			*records = n;
		}
	}
	return best;
}

static void tell(const struct scene *c, size_t source, const struct quiet *q)
{
	const struct fold *f = c->f;
	const struct fold_source *s = &f->sources[source];
	const struct rate *r = &c->rates[source];
	int64_t from_us = fold_utc(s, q->from_us), to_us = q->ends ? c->in->end.at_us : fold_utc(s, q->to_us);
	uint64_t records, usual = expected(r, to_us - from_us);
	if (q->ends && to_us < from_us + SILENCE_BEFORE_US)
		to_us = from_us + SILENCE_BEFORE_US;
	size_t other = neighbour(c, source, from_us, to_us, &records);
	if (other == SIZE_MAX)
		return;
	struct moment at = moment_of(s, q->from_us);
	struct text t = {0};
	if (q->ends) {
		text_format(&t, "%s (%s) ends at ", label_of(f, source), sentence_tier(s->tier));
		sentence_time(&t, from_us);
		text_append_string(&t, ", in the incident");
	} else {
		text_format(&t, "%s (%s) logs ", label_of(f, source), sentence_tier(s->tier));
		if (q->records)
			text_append_string(&t, "only ");
		if (q->records)
			sentence_counted(&t, q->records, "record");
		else
			text_append_string(&t, "nothing");
		text_append_string(&t, " from ");
		sentence_time(&t, from_us);
		text_append_string(&t, " to ");
		sentence_time(&t, to_us);
		text_append_string(&t, " (");
		sentence_duration(&t, to_us - from_us);
		text_append_string(&t, ")");
	}
	text_append_string(&t, q->ends ? "; to the end of it about " : " where about ");
	sentence_count(&t, usual);
	text_append_string(&t, q->ends ? " more records would be usual" : " would be usual");
	text_format(&t, ", while %s logs ", label_of(f, other));
	sentence_counted(&t, records, "record");
	text_append_string(&t, q->ends ? ". Unknown whether it was down or its log is cut off." : ". Unknown whether it was down, was not asked, or its log is lost.");
	struct finding *made = finding_add(&c->in->findings, f, FINDING_TIER_SILENT, s->tier, source, &at, q->ends ? "ends" : "silent", &t);
	made->count.value = (int64_t)q->records;
	made->before.value = (int64_t)r->records;
	made->end_us = q->ends ? INSTANT_NONE : to_us;
	made->score = (int64_t)(usual < INT32_MAX ? usual : INT32_MAX);
	if (q->before)
		evidence_bin(f, source, q->before, true, &made->evidence);
	if (q->after)
		evidence_bin(f, source, q->after, false, &made->evidence);
}

static void find_one(const struct scene *c, size_t source)
{
	const struct fold_source *s = &c->f->sources[source];
	const struct rate *r = &c->rates[source];
	struct quiet q;
	int64_t onset_us = moment_printed(s, c->in->onset.at_us), end_us = moment_printed(s, c->in->end.at_us);
	if (!r->records)
		return;
	if (s->last_us < end_us && s->last_us >= onset_us) {
		/* Between two records there may be as much time as there ever was. */
		int64_t step_us = step_of(r);
		if (step_us && end_us - s->last_us >= SILENCE_STEPS * step_us) {
			const struct fold_series *records = records_of(s);
			q = (struct quiet){.from_us = s->last_us, .to_us = end_us, .ends = true, .before = &records->bins[records->n - 1]};
			tell(c, source, &q);
		}
	}
	end_us = end_us - onset_us > SILENCE_LOOK_US ? onset_us + SILENCE_LOOK_US : end_us;
	if (quiet_find(s, r, onset_us - SILENCE_BESIDE_US, end_us + SILENCE_BESIDE_US, &q)) {
		quiet_edges(s, &q);
		tell(c, source, &q);
	}
}

/* Leaves the SILENCE_MOST that miss most. */
static int by_score(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return strcmp(x->id, y->id);
}

void silence_find(const struct fold *f, struct draft *d)
{
	struct scene c = {.f = f, .rates = memory_new(f->n, sizeof *c.rates)};
	for (size_t i = 0; i < d->incidents_n; i++) {
		c.in = &d->incidents[i];
		struct finding_list *list = &c.in->findings;
		size_t first = list->n;
		for (size_t k = 0; k < f->n; k++) {
			const struct fold_source *s = &f->sources[k];
			bool asked = source_counts(s) && s->first_us != INSTANT_NONE && s->uncertainty_us <= FINDING_CLOCK_US && records_of(s);
			c.rates[k] = asked ? rate_before(s, d, c.in, moment_printed(s, c.in->onset.at_us) - SILENCE_BESIDE_US) : (struct rate){0};
		}
		for (size_t k = 0; k < f->n; k++)
			find_one(&c, k);
		if (list->n > first)
			qsort(list->items + first, list->n - first, sizeof *list->items, by_score);
		for (; list->n > first + SILENCE_MOST; list->more++)
			finding_release(&list->items[--list->n]);
	}
	memory_free(c.rates);
}
