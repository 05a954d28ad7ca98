#include "incident/refusal.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

/* A log covers refusals when it begins and ends at most this much inside of them: rotation and buffering cost seconds. */
#define COVER_SLACK_US MINUTE_US

enum tier refusal_tier(const struct incident *in)
{
	for (size_t i = 0; i < in->refusals_n; i++)
		if (!in->refusals[i].echo)
			return in->refusals[i].tier;
	return TIER_UNKNOWN;
}

/* The interval of an incident in a source's own clock. A clock without a zone is asked through its own bursts only: an
 * interval that is hours wide would count other incidents too. False: the source has no part in it. */
static bool interval_of(const struct draft *d, const struct incident *in, const struct fold_source *s, size_t source,
			int64_t *from_us, int64_t *to_us)
{
	if (!moment_unzoned(s)) {
		*from_us = moment_printed(s, in->onset.lower_us) - s->uncertainty_us;
		*to_us = moment_printed(s, in->end.upper_us) + s->uncertainty_us;
		return true;
	}
	bool found = false;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->source_index != source || !incident_has(in, b))
			continue;
		*from_us = !found || b->first_us < *from_us ? b->first_us : *from_us;
		*to_us = !found || b->last_us > *to_us ? b->last_us : *to_us;
		found = true;
	}
	return found;
}

/* A source that prints no zone and has no burst anywhere: its refusals that fall within the incident as its stamps are taken.
 * False: it has bursts, by which its clock is known better. */
static bool taken_of(const struct draft *d, const struct incident *in, const struct fold_source *s, size_t source, int64_t *from_us,
		     int64_t *to_us)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (d->bursts[i].source_index == source && symptom_refuses(d->bursts[i].signal))
			return false;
	*from_us = moment_printed(s, in->onset.lower_us) - CLOCK_ASSUMED_SKEW_US;
	*to_us = moment_printed(s, in->end.upper_us) + CLOCK_ASSUMED_SKEW_US;
	return moment_unzoned(s);
}

/* The one value of a facet that all `count` events have; NULL otherwise. */
static char *only_value(const struct fold_source *s, const struct fold_series *of, enum facet facet, uint64_t count,
			int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *series = &s->series[i];
		if (series->facet != facet || strcmp(series->signal, of->signal) || strcmp(series->class, of->class) ||
		    !*series->facet_value || !strcmp(series->facet_value, "other"))
			continue;
		uint64_t here = symptom_count(series, from_us, to_us);
		if (here)
			return here == count ? sentence_copy(series->facet_value) : NULL;
	}
	return NULL;
}

static void source_refusals(const struct fold_source *s, int64_t from_us, int64_t to_us, struct incident *in, size_t *cap)
{
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *series = &s->series[i];
		const struct fold_bin *first, *last;
		if (series->facet != FACET_NONE || !symptom_refuses(series->signal) ||
		    !symptom_span(series, from_us, to_us, &first, &last))
			continue;
		in->refusals = memory_grow(in->refusals, cap, in->refusals_n + 1, sizeof *in->refusals);
		struct refusal *r = &in->refusals[in->refusals_n++];
		r->tier = s->tier;
		r->source = sentence_copy(s->id);
		r->class = sentence_copy(series->class);
		r->count = symptom_count(series, from_us, to_us);
		r->onset = moment_of(s, symptom_first_us(first));
		r->end = moment_of(s, symptom_last_us(last));
		r->user = only_value(s, series, FACET_USER, r->count, from_us, to_us);
		r->database = only_value(s, series, FACET_DATABASE, r->count, from_us, to_us);
	}
}

/* True when lines of the source between two instants cannot be read. */
static bool lost_between(const struct source *s, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < s->truncated_n; i++) {
		const struct source_truncated *x = &s->truncated[i];
		if (x->lost_from_us != INSTANT_NONE && x->lost_from_us <= to_us &&
		    (x->lost_until_us == INSTANT_NONE || x->lost_until_us >= from_us))
			return true;
	}
	return false;
}

/* Does some log of the tier hold the whole of [from, to]? */
static bool tier_covers(const struct fold *f, const struct draft *d, enum tier tier, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != tier || !source_counts(s) || s->first_us == INSTANT_NONE ||
		    (i < d->sources_n && lost_between(&d->sources[i], from_us, to_us)))
			continue;
		if (fold_utc(s, s->first_us) - s->uncertainty_us <= from_us + COVER_SLACK_US &&
		    fold_utc(s, s->last_us) + s->uncertainty_us >= to_us - COVER_SLACK_US)
			return true;
	}
	return false;
}

/* The deepest tier that refused and whose log covers all refusals; when none covers them, the deepest that refused. */
static enum tier counting_tier(const struct fold *f, const struct draft *d, const struct incident *in)
{
	int64_t from_us = INT64_MAX, to_us = INT64_MIN;
	for (size_t i = 0; i < in->refusals_n; i++) {
		from_us = in->refusals[i].onset.at_us < from_us ? in->refusals[i].onset.at_us : from_us;
		to_us = in->refusals[i].end.at_us > to_us ? in->refusals[i].end.at_us : to_us;
	}
	enum tier deepest = TIER_UNKNOWN, covering = TIER_UNKNOWN;
	for (size_t i = 0; i < in->refusals_n; i++) {
		enum tier tier = in->refusals[i].tier;
		if (incident_depth(tier) > incident_depth(deepest))
			deepest = tier;
		if (incident_depth(tier) > incident_depth(covering) && tier_covers(f, d, tier, from_us, to_us))
			covering = tier;
	}
	return covering != TIER_UNKNOWN ? covering : deepest;
}

static int refusal_order(const void *a, const void *b)
{
	const struct refusal *x = a, *y = b;
	if (x->echo != y->echo)
		return x->echo ? 1 : -1;
	if (x->tier != y->tier)
		return incident_depth(y->tier) - incident_depth(x->tier) ? incident_depth(y->tier) - incident_depth(x->tier)
									 : (int)x->tier - (int)y->tier;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	int order = strcmp(x->class, y->class);
	return order ? order : strcmp(x->source, y->source);
}

static void count_one(const struct fold *f, const struct draft *d, struct incident *in)
{
	size_t cap = 0;
	int64_t from_us = 0, to_us = 0;
	for (size_t i = 0; i < f->n; i++)
		if (source_counts(&f->sources[i]) && interval_of(d, in, &f->sources[i], i, &from_us, &to_us))
			source_refusals(&f->sources[i], from_us, to_us, in, &cap);
	enum tier tier = counting_tier(f, d, in);
	/* A clock that is only assumed may add echoes, no counts. */
	for (size_t i = 0; i < f->n; i++)
		if (source_counts(&f->sources[i]) && incident_depth(f->sources[i].tier) < incident_depth(tier) &&
		    taken_of(d, in, &f->sources[i], i, &from_us, &to_us))
			source_refusals(&f->sources[i], from_us, to_us, in, &cap);
	for (size_t i = 0; i < in->refusals_n; i++) {
		in->refusals[i].echo = in->refusals[i].tier != tier;
		if (!in->refusals[i].echo)
			in->refused.value += (int64_t)in->refusals[i].count;
	}
	if (in->refusals_n)
		qsort(in->refusals, in->refusals_n, sizeof *in->refusals, refusal_order);
	in->refused.known = in->refusals_n || tier_covers(f, d, TIER_DB, in->onset.at_us, in->end.at_us) ||
			    tier_covers(f, d, TIER_POOL, in->onset.at_us, in->end.at_us) ||
			    tier_covers(f, d, TIER_APP, in->onset.at_us, in->end.at_us);
	if (!in->refused.known)
		in->refused.reason = sentence_copy("no database, connection pooler or application log covers the incident");
}

void refusal_count(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		count_one(f, d, &d->incidents[i]);
}
