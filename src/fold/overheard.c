#include "fold/overheard.h"

#include <string.h>

#include "base/memory.h"
#include "fold/coverage.h"

/* A caller's word for it comes so soon, and a silence that ends with refusals has one so soon behind it. */
#define SOON_US (30 * SECOND_US)
/* So long before the silence the log tells of none. */
#define BEFORE_US (120 * SECOND_US)

/* Who says it first. */
static const struct {
	const char *signal;
	enum tier tier;
} firsts[] = {
	{"db.connections.exhausted", TIER_DB},
	{"pool.connections.exhausted", TIER_POOL},
};

static int64_t first_of(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.first_us;
}

static int64_t last_of(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.last_us;
}

static bool says_first(const struct fold_source *s, const struct fold_series *series)
{
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
		if (series->facet == FACET_NONE && s->tier == firsts[i].tier && !strcmp(series->signal, firsts[i].signal))
			return true;
	return false;
}

/* The first bin that begins at that instant, as printed, or later. */
static size_t bin_from(const struct fold_series *series, int64_t us)
{
	size_t low = 0, high = series->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (first_of(&series->bins[middle]) < us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does the log tell of refusals right behind the silence, and of none before? */
static bool begins_behind(const struct fold_series *refusals, const struct fold_gap *silence)
{
	size_t i = bin_from(refusals, silence->end_us);
	return i < refusals->n && first_of(&refusals->bins[i]) <= silence->end_us + SOON_US &&
	       (!i || last_of(&refusals->bins[i - 1]) < silence->start_us - BEFORE_US);
}

/* How many of a caller's refusals lie within the silence, whatever the clocks are off. */
static uint64_t heard(const struct fold_source *caller, const struct fold_series *refusals, const struct fold_source *s,
		      const struct fold_gap *silence)
{
	int64_t from_us = fold_utc_later(s, silence->start_us) + fold_uncertainty(s, silence->start_us) + s->resolution_us + SOON_US;
	int64_t to_us = fold_utc(s, silence->end_us) - fold_uncertainty(s, silence->end_us);
	uint64_t n = 0;
	size_t low = 0, high = refusals->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fold_utc(caller, first_of(&refusals->bins[middle])) < from_us)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < refusals->n && fold_utc(caller, first_of(&refusals->bins[i])) < to_us; i++) {
		int64_t first_us = first_of(&refusals->bins[i]), last_us = last_of(&refusals->bins[i]);
		bool inside = fold_utc(caller, first_us) - fold_uncertainty(caller, first_us) > from_us &&
			      fold_utc_later(caller, last_us) + fold_uncertainty(caller, last_us) + caller->resolution_us < to_us;
		n += inside ? refusals->bins[i].bin.n : 0;
	}
	return n;
}

/* Is it the only log that tells of these refusals first? Its twin is the same log. */
static bool alone(const struct fold_source *sources, size_t n, size_t source, const struct fold_series *refusals)
{
	for (size_t i = 0; i < n; i++) {
		bool same = i == source || sources[i].twin_of == (ptrdiff_t)source || sources[source].twin_of == (ptrdiff_t)i;
		if (!same && sources[i].tier == sources[source].tier &&
		    fold_series_find(&sources[i], refusals->signal, refusals->class, FACET_NONE, ""))
			return false;
	}
	return true;
}

static uint64_t heard_by_all(const struct fold_source *sources, size_t n, size_t source, const struct fold_series *refusals,
			     const struct fold_gap *silence)
{
	uint64_t all = 0;
	for (size_t i = 0; i < n; i++) {
		const struct fold_series *theirs = fold_series_find(&sources[i], refusals->signal, refusals->class, FACET_NONE, "");
		if (theirs && source_counts(&sources[i]) && sources[i].tier != sources[source].tier)
			all += heard(&sources[i], theirs, &sources[source], silence);
	}
	return all;
}

/* The gaps stay ascending. */
static void gap_insert(struct fold_source *s, const struct fold_gap *gap)
{
	struct fold_gap *more = memory_new(s->gaps_n + 1, sizeof *more);
	size_t at = 0;
	while (at < s->gaps_n && s->gaps[at].start_us < gap->start_us)
		at++;
	for (size_t i = 0; i < s->gaps_n; i++)
		more[i + (i >= at)] = s->gaps[i];
	more[at] = *gap;
	memory_free(s->gaps);
	s->gaps = more;
	s->gaps_n++;
}

static bool gap_known(const struct fold_source *s, const struct fold_gap *gap)
{
	for (size_t i = 0; i < s->gaps_n; i++)
		if (s->gaps[i].start_us < gap->end_us && gap->start_us < s->gaps[i].end_us)
			return true;
	return false;
}

static void find_in(struct fold_source *sources, size_t n, size_t source, const struct fold_series *refusals)
{
	struct fold_source *s = &sources[source];
	const struct fold_series *records = fold_series_find(s, "records", "", FACET_NONE, "");
	for (size_t i = 1; records && i < records->n; i++) {
		const struct fold_gap silence = {last_of(&records->bins[i - 1]), first_of(&records->bins[i])};
		if (silence.end_us - silence.start_us >= COVERAGE_GAP_US && begins_behind(refusals, &silence) && !gap_known(s, &silence) &&
		    heard_by_all(sources, n, source, refusals, &silence) >= OVERHEARD_LEAST)
			gap_insert(s, &silence);
	}
}

void overheard_find(struct fold_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sources[i].series_n; k++)
			if (!sources[i].undated && says_first(&sources[i], &sources[i].series[k]) && alone(sources, n, i, &sources[i].series[k]))
				find_in(sources, n, i, &sources[i].series[k]);
}
