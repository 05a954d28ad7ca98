#include "fold/clock.h"

#include "base/memory.h"
#include "fold/passes.h"
#include "line/yearof.h"

/* Years between which a source without years may be moved: hostile tallies hold any stamp. */
enum { YEAR_FIRST = 1, YEAR_LAST = 9999 };

/* The zone of the last option that matches a path of this source; NULL. */
static const struct zone *zone_stated(const struct fold_source *s, const struct tally *tally, const struct story_options *options)
{
	for (size_t z = options->zones_n; z-- > 0;)
		if (source_matches(s, tally, options->zones[z].glob))
			return options->zones[z].zone;
	return NULL;
}

const struct story_postgresql *clock_postgresql(const struct fold_source *s, const struct tally *tally, const struct story_options *options)
{
	for (size_t i = options->postgresql_n; i-- > 0;)
		if (source_matches(s, tally, options->postgresql[i].glob))
			return &options->postgresql[i];
	return NULL;
}

/* The zone of the server's configuration, when the stamps bear it out; NULL. */
static const struct zone *zone_configured(const struct fold_source *s, const struct tally *tally, const struct story_options *options,
					  struct diag_list *trouble)
{
	const struct story_postgresql *conf = clock_postgresql(s, tally, options);
	if (!conf || !conf->log_timezone)
		return NULL;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->first_us == INSTANT_NONE)
			continue;
		if (p->zone == STAMP_EXPLICIT || !*p->zone_text || !span_starts(span_of(p->format), SPAN("postgresql")))
			return NULL;
		if (zone_uses(conf->log_timezone, span_of(p->zone_text)))
			continue;
		diag_add(trouble, DIAG_WARNING, "State the zone of the logs with --zone.",
			 "\"%s\": stamps say \"%s\", which %s of \"%s\" never does: it is not used", s->key, p->zone_text,
			 zone_name(conf->log_timezone), conf->path);
		return NULL;
	}
	return conf->log_timezone;
}

struct zone_facts {
	size_t explicit, none, yearless;
};

static struct zone_facts zone_facts(const struct fold_source *s, const struct tally *tally)
{
	struct zone_facts facts = {0};
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->first_us == INSTANT_NONE)
			continue;
		if (p->zone == STAMP_EXPLICIT)
			facts.explicit++;
		else
			facts.none++;
		facts.yearless += p->yearless;
	}
	return facts;
}

static void assign_zone(struct fold_source *s, const struct zone_facts *facts, const struct tally *tally,
			const struct story_options *options, struct diag_list *trouble)
{
	const struct zone *stated = zone_stated(s, tally, options);
	s->zone_printed = facts->explicit && !facts->none;
	s->uncertainty_us = CLOCK_ASSUMED_SKEW_US;
	if (s->zone_printed) {
		s->zone_how = "printed";
		if (stated)
			diag_add(trouble, DIAG_NOTE, NULL, "\"%s\": stamps print their zone; the stated zone %s is not used", s->key,
				 zone_name(stated));
		return;
	}
	if (facts->explicit && facts->none)
		diag_add(trouble, DIAG_WARNING, "Give the files different names with --source.",
			 "\"%s\": some files print their zone and some do not", s->key);
	s->zone = stated ? stated : zone_configured(s, tally, options, trouble);
	s->zone_how = stated ? "option" : s->zone ? "configuration" : "assumed";
	if (!s->zone)
		s->uncertainty_us = CLOCK_UNZONED_US;
}

/* The offset that printed stamps had, while all of them had the same. */
struct offset {
	bool any, several;
	int64_t us;
};

static void offset_add(struct offset *o, int64_t us)
{
	o->several |= o->any && o->us != us;
	o->any = true;
	o->us = us;
}

/* Adds the offsets that a source's files print. An epoch, which has no text, and "Z", which programs print wherever they run, do not
 * say where the server keeps its time. */
static void offset_add_source(struct offset *o, const struct fold_source *s, const struct tally *tally, bool utc_too)
{
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		struct span text = span_of(p->zone_text);
		struct zone *zone = p->first_us != INSTANT_NONE && !span_equal(text, SPAN("Z")) ? zone_fixed(text) : NULL;
		int64_t utc_us = 0, later_us = 0;
		if (!zone)
			continue;
		zone_to_utc(zone, 0, &utc_us, &later_us);
		if (utc_us || utc_too)
			offset_add(o, -utc_us);
		zone_free(zone);
	}
}

bool clock_printed_offset(const struct fold_source *s, const struct tally *tally, int64_t *offset_us)
{
	struct offset o = {0};
	offset_add_source(&o, s, tally, true);
	*offset_us = o.us;
	return o.any && !o.several;
}

/* What the sources print that say where their servers keep their time: those of one tier, or (TIER_UNKNOWN) all that are not in UTC. */
static struct offset offset_printed(const struct fold_source *sources, size_t n, const struct tally *tally, enum tier tier)
{
	struct offset o = {0};
	for (size_t i = 0; i < n; i++)
		if (sources[i].zone_printed && (tier == TIER_UNKNOWN || sources[i].tier == tier))
			offset_add_source(&o, &sources[i], tally, tier != TIER_UNKNOWN);
	return o;
}

static void assume_offsets(struct fold_source *sources, size_t n, const struct tally *tally)
{
	struct offset of_tier[TIER_COUNT];
	for (size_t t = 0; t < TIER_COUNT; t++)
		of_tier[t] = offset_printed(sources, n, tally, (enum tier)t);
	const struct offset *all = &of_tier[TIER_UNKNOWN];
	for (size_t i = 0; i < n; i++) {
		struct fold_source *s = &sources[i];
		const struct offset *own = &of_tier[s->tier];
		if (s->zone_printed || s->zone)
			continue;
		const struct offset *o = s->tier != TIER_UNKNOWN && own->any && !own->several ? own : all;
		s->assumed_us = o->any && !o->several ? o->us : 0;
	}
}

/* From the first to the last instant of the sources that print years; INSTANT_NONE. */
static void dated_span(const struct fold_source *sources, const bool *yearless, size_t n, int64_t *first_us, int64_t *last_us)
{
	*first_us = *last_us = INSTANT_NONE;
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *s = &sources[i];
		if (yearless[i] || s->last_us == INSTANT_NONE)
			continue;
		int64_t first = fold_utc(s, s->first_us == INSTANT_NONE ? s->last_us : s->first_us), last = fold_utc(s, s->last_us);
		if (*first_us == INSTANT_NONE || first < *first_us)
			*first_us = first;
		if (last > *last_us)
			*last_us = last;
	}
}

/* In which year it lies by the sources that print years: the one in which its last record comes closest to the last one of theirs, when it
 * overlaps with them or lies near; the years before and after it are as far off as a year is long. */
static bool year_of_neighbours(struct fold_source *s, int64_t dated_first_us, int64_t dated_last_us)
{
	struct civil dated, own;
	int64_t best_us = INT64_MAX;
	int best = 0;
	instant_to_civil(dated_last_us, &dated);
	instant_to_civil(s->last_us, &own);
	int64_t first_printed_us = s->first_us == INSTANT_NONE ? s->last_us : s->first_us;
	for (int year = dated.year - 1; year <= dated.year + 1; year++) {
		if (year < YEAR_FIRST || year > YEAR_LAST || !yearof_fits(year - own.year + YEAROF_YEARLESS, s->leap_day))
			continue;
		s->year_shift = year - own.year;
		int64_t first_us = fold_utc(s, first_printed_us), last_us = fold_utc(s, s->last_us);
		int64_t away_us = last_us > dated_last_us ? last_us - dated_last_us : dated_last_us - last_us;
		int64_t apart_us = first_us > dated_last_us ? first_us - dated_last_us : dated_first_us - last_us;
		if (apart_us > CLOCK_NEIGHBOURS_US || away_us >= best_us)
			continue;
		best_us = away_us;
		best = s->year_shift;
	}
	s->year_shift = best_us == INT64_MAX ? 0 : best;
	return best_us != INT64_MAX;
}

static void assign_year(struct fold_source *s, int64_t dated_first_us, int64_t dated_last_us, struct diag_list *trouble)
{
	if (s->last_us == INSTANT_NONE)
		return;
	if (s->year) {
		s->year_shift = s->year - YEAROF_YEARLESS;
		return;
	}
	bool known = dated_last_us != INSTANT_NONE && year_of_neighbours(s, dated_first_us, dated_last_us);
	s->year_how = known ? "neighbours" : "unknown";
	if (!known)
		diag_add(trouble, DIAG_WARNING, "State the year with --year, or add a log that prints years.",
			 "\"%s\": stamps have no year, and nothing tells it%s", s->key,
			 dated_last_us != INSTANT_NONE ? ": it is left out of the story" : "");
}

/* True when some source with times has a known year. */
static bool year_is_known(const struct fold_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sources[i].last_us != INSTANT_NONE && sources[i].year_how && strcmp(sources[i].year_how, "unknown"))
			return true;
	return false;
}

void clock_assign(struct fold_source *sources, size_t n, const struct tally *tally, const struct story_options *options,
		  struct diag_list *trouble)
{
	bool *yearless = memory_new(n, sizeof *yearless);
	for (size_t i = 0; i < n; i++) {
		struct zone_facts facts = zone_facts(&sources[i], tally);
		yearless[i] = facts.yearless;
		assign_zone(&sources[i], &facts, tally, options, trouble);
	}
	assume_offsets(sources, n, tally);
	int64_t first_us, last_us;
	dated_span(sources, yearless, n, &first_us, &last_us);
	for (size_t i = 0; i < n; i++) {
		if (yearless[i])
			assign_year(&sources[i], first_us, last_us, trouble);
		else if (sources[i].last_us != INSTANT_NONE)
			sources[i].year_how = "printed";
	}
	passes_assign(sources, n, tally);
	/* Times of no known year stand in 2000. Alone they tell a story of days and hours; beside sources whose years are known they
	 * would make a window of decades, and an incident of their own out of what may be the same one. */
	for (size_t i = 0; i < n && year_is_known(sources, n); i++)
		sources[i].undated = yearless[i] && sources[i].year_how && !strcmp(sources[i].year_how, "unknown");
	memory_free(yearless);
}

static bool zone_known(const struct fold_source *s)
{
	return s->zone_printed || s->zone;
}

static uint64_t refused(const struct fold_source *s)
{
	uint64_t total = 0;
	for (size_t i = 0; i < s->series_n; i++)
		if (s->series[i].facet == FACET_NONE && !strcmp(s->series[i].signal, "db.connections.exhausted"))
			total += s->series[i].total;
	return total;
}

/* The one with most refusals of the databases that refuse and whose zone is known. */
static ptrdiff_t refusing_database(const struct fold_source *sources, size_t n)
{
	ptrdiff_t best = -1;
	uint64_t most = 0;
	for (size_t i = 0; i < n; i++) {
		if (sources[i].tier != TIER_DB || !source_counts(&sources[i]) || !zone_known(&sources[i]))
			continue;
		uint64_t total = refused(&sources[i]);
		if (total > most) {
			most = total;
			best = (ptrdiff_t)i;
		}
	}
	return best;
}

static ptrdiff_t deepest_printed(const struct fold_source *sources, size_t n)
{
	ptrdiff_t best = -1;
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *s = &sources[i];
		if (!source_counts(s) || !s->zone_printed || s->tier < TIER_LB || s->tier > TIER_DB)
			continue;
		if (best < 0 || s->tier > sources[best].tier)
			best = (ptrdiff_t)i;
	}
	return best;
}

ptrdiff_t clock_reference(struct fold_source *sources, size_t n, const char **how)
{
	ptrdiff_t reference = refusing_database(sources, n);
	*how = "the database that refused connections";
	if (reference < 0) {
		reference = deepest_printed(sources, n);
		*how = "the deepest tier whose stamps print their zone";
	}
	if (reference < 0) {
		*how = "no source prints its zone: UTC as printed";
		return -1;
	}
	sources[reference].uncertainty_us = 0;
	/* A twin is written by the same process. */
	for (size_t i = 0; i < n; i++)
		if (sources[i].twin_of == reference && zone_known(&sources[i]))
			sources[i].uncertainty_us = 0;
	return reference;
}
