#include "cause/newcomer.h"

#include "cause/clockroot.h"
#include "cause/limit.h"
#include "fold/moment.h"
#include "incident/symptom.h"

/* Of the series of records: what lies nearer before a start may be of its own bin. */
#define BIN_US (10 * SECOND_US)

/* When a source's log first has something refused, as printed: what waited in vain had begun to wait before. INSTANT_NONE: never. */
static int64_t first_refusal(const struct fold_source *from, int64_t worked_us)
{
	int64_t first_us = INSTANT_NONE;
	for (size_t k = 0; k < from->series_n; k++) {
		const struct fold_series *series = &from->series[k];
		if (series->facet != FACET_NONE || !series->n || !symptom_refuses(series->signal))
			continue;
		int64_t at_us = symptom_first_us(&series->bins[0]);
		if (!strcmp(series->class, "pool.wait_timeout") && at_us > worked_us)
			at_us = at_us - LIMIT_WAIT_US > worked_us ? at_us - LIMIT_WAIT_US : worked_us;
		first_us = first_us == INSTANT_NONE || at_us < first_us ? at_us : first_us;
	}
	return first_us;
}

/* When the instance that writes a log began to work, as printed: the first start that it had next to nothing to say before; else the
 * log's first record. */
static int64_t worked_from(const struct fold *f, const struct fold_source *from)
{
	const struct fold_series *records = fold_series_find(from, "records", "", FACET_NONE, "");
	for (size_t e = 0; e < from->entries_n && records; e++) {
		const struct part *p = f->tally->entries[from->entries[e]].part;
		for (size_t i = 0; i < p->events_n; i++) {
			int64_t at_us = p->events[i].at_us;
			if (strcmp(p->events[i].signal, "process.start") || at_us <= from->first_us)
				continue;
			uint64_t before = symptom_count(records, from->first_us, at_us - BIN_US);
			uint64_t behind = symptom_count(records, at_us, from->last_us);
			uint64_t before_s = (uint64_t)(at_us - from->first_us) / SECOND_US;
			uint64_t behind_s = (uint64_t)(from->last_us - at_us) / SECOND_US;
			if (before_s && behind_s &&
			    NEWCOMER_IDLE * (before / before_s * behind_s + before % before_s * behind_s / before_s) <= behind)
				return at_us;
		}
	}
	return from->first_us;
}

/* By clocks that are only assumed to agree. */
static bool is_near(const struct scene *s, const struct moment *at)
{
	return at->at_us >= s->in->onset.at_us - LOAD_NEAR_US && at->at_us <= s->in->end.at_us + LOAD_NEAR_US;
}

/* Its refusals are of no incident, and its clock was compared with nobody's: they may be of this one. */
static bool is_apart(const struct scene *s, size_t source)
{
	for (size_t i = 0; i < s->d->incidents_n; i++)
		for (size_t k = 0; k < s->d->incidents[i].refusals_n; k++)
			if (!strcmp(s->d->incidents[i].refusals[k].source, s->f->sources[source].id))
				return false;
	return s->database != SIZE_MAX && !clockroot_shared(s->f, source, s->database);
}

struct newcomers newcomers_find(const struct scene *s)
{
	struct newcomers x = {.first = SIZE_MAX};
	bool older = false, others_refused = false;
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		if (from->tier != TIER_APP || !source_counts(from) || from->first_us == INSTANT_NONE)
			continue;
		int64_t worked_us = worked_from(s->f, from), first_us = first_refusal(from, worked_us);
		struct moment at = moment_of(from, worked_us);
		bool refused = false;
		for (size_t k = 0; k < s->in->refusals_n; k++)
			refused |= !strcmp(s->in->refusals[k].source, from->id);
		/* Few refusals make no incident of their own: those near by count. */
		bool near = refused || is_near(s, &at), apart = !near && is_apart(s, i);
		bool is_new = first_us != INSTANT_NONE && first_us >= worked_us && first_us - worked_us <= NEWCOMER_START_US && (near || apart);
		older |= !is_new && (refused ? first_us : from->last_us) - worked_us >= NEWCOMER_OLDER_US;
		others_refused |= refused && !is_new;
		if (!is_new)
			continue;
		if (!x.n++ || at.at_us < x.at.at_us) {
			x.first = i;
			x.at = at;
			x.apart = apart;
		}
	}
	if (!older)
		x = (struct newcomers){.first = SIZE_MAX};
	x.only_they = x.n && !others_refused;
	return x;
}
