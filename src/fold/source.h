/* source: the files of one stream (or one stream of files that hold several) as one thing: its series merged over all of its files, its clock, its coverage.
 *
 * Takes  parts (through the tally's entries) that one key holds.
 * Gives  the structs that the whole story reads, and merged series.
 * Holds  borrowed pointers into the tally: it must outlive the source.
 * Never  re-bins across sources or moves bins by zones: series stay in the source's own clock.
 */
#ifndef ONSET_SOURCE_H
#define ONSET_SOURCE_H

#include "base/zone.h"
#include "fold/clockfit.h"
#include "tally/tally.h"

/* A bin and the part it came from (index into fold.tally->entries): evidence needs both. Where two parts of one source have the
 * same bin, counts add, first and last are the extremes. */
struct fold_bin {
	struct bin bin;
	uint32_t first_part, last_part;
};
struct fold_series {
	const char *signal, *class, *facet_value; /* borrowed */
	enum facet facet;
	uint32_t width_s;
	struct fold_bin *bins; /* owned, ascending start_s */
	size_t n;
	uint64_t total;
};

struct fold_gap {
	int64_t start_us, end_us; /* as printed: last record before, first record after */
};

/* An address that a record of a part names, and the part does not know it: in the lines that another file has of it. */
struct source_call {
	uint32_t entry;         /* index into tally->entries: whose last record it is */
	struct address address; /* its text is owned */
};

/* Stamps [first_us, last_us], as printed, that lie before the clock was set back in autumn, or behind it. */
struct fold_pass {
	int64_t first_us, last_us;
	bool second;
};

/* What its clock is known to be off, by comparison with other sources (fold/offset.h). */
struct clock_estimate {
	const char *method;      /* static: "request ids", "same events", "similar series", "same server", "two stamps", "twin"; NULL: nothing was comparable */
	const char *confidence;  /* static: "high", "medium", "low" */
	size_t n;                /* samples */
	int64_t support_ppm;     /* share of them that agree; -1: nothing was compared */
	ptrdiff_t against;       /* the source it was compared with; -1 */
	int64_t offset_us, uncertainty_us; /* this clock less that one, zones taken off */
	int64_t total_us, total_uncertainty_us; /* this clock less that of `root`, over all that lie between */
	ptrdiff_t root;          /* the reference; or, where nothing leads to that, what its neighbours were compared with; -1 */
	bool applied;            /* its instants are moved by it */
	struct clockfit fit;     /* owned: against root, zone of a source without one included; empty: not estimated */
};

struct fold_source {
	char id[13];           /* 12 hex digits of a hash of the key */
	const char *key;
	const char *stream;    /* of its files; borrowed; NULL or "": they are of one writer, or it is what is left of them */
	const char *label;     /* in the key, after label_all(); see fold/label.h */
	uint32_t *entries;     /* owned: indices into tally->entries, by (first_us, key order); files without records last */
	size_t entries_n;
	enum tier tier;
	const char *tier_how;  /* "format", "option", "unknown" */
	/* clock: utc = printed - zone; applied to instants only */
	const struct zone *zone;  /* stated, by the user or a configuration, for a source without printed zone; NULL */
	bool zone_printed;
	bool zone_estimated;      /* by comparison with other sources: assumed_us is it; */
	bool zone_odd;            /* or zone and clock are known together only: shift is both */
	const char *zone_how;     /* "printed", "option", "configuration", "estimated", "assumed" */
	int64_t assumed_us;       /* with "assumed" and "estimated": UTC is what is printed less this; else 0 */
	int year;                 /* of its first file's first stamp, when that is printed by none (fold/years.h); 0: not known */
	const char *year_how;     /* "printed", "option", "name", "container", "source", "neighbours", "unknown"; NULL: no record has a time */
	bool leap_day;            /* a year-less file has a record on 29 February */
	struct fold_pass *passes; /* owned: where the file itself tells the passes of an hour that comes twice */
	size_t passes_n;
	int64_t seam_us;          /* as printed, without zone: the hour in which its clock was set back by one, by its files' order; 0: none */
	bool twice;               /* some records lie in an hour that comes twice, and nothing tells in which pass */
	int year_shift;           /* years to add to printed stamps of a source without years (they are printed as year 2000) */
	bool undated;             /* the year is unknown beside sources of known years: it is listed, and counts nowhere in the story */
	int64_t uncertainty_us;   /* of the clock, at most: 0 for the reference clock; estimated; CLOCK_ASSUMED_SKEW_US or CLOCK_UNZONED_US */
	struct clock_estimate clock;
	struct clockfit shift;    /* owned: what its instants are moved by, beside the zone; empty: nothing */
	int64_t resolution_us;
	int64_t first_us, last_us; /* as printed; INSTANT_NONE */
	struct fold_series *series; /* owned; sorted by (signal, class, facet, facet_value), one per such key: where files of the
	                               source differ in width the coarsest is used for all */
	size_t series_n;
	struct fold_gap *gaps; /* owned */
	size_t gaps_n;
	uint64_t joined_over_rotation; /* head lines of its files that another file's last record took (fold/rotation.h) */
	struct source_call *calls; /* owned; by records that a rotation cut (fold/rotation.h) */
	size_t calls_n, calls_cap;
	ptrdiff_t twin_of; /* index of the source that counts; -1 */
	int64_t twin_agreement_ppm;
	/* the step of http.server.slow at which this source is judged (incident/slow.h): NULL before slow_choose(), or for a reason */
	const char *slow_class, *slow_reason; /* borrowed; static texts */
};

/* What is counted otherwise than a part says. */
struct source_patch {
	uint32_t entry;               /* index into tally->entries */
	const struct series *instead; /* of that part; NULL: one more series of it */
	struct series series;         /* its bins belong to the patch, its names are borrowed */
};
struct source_patches {
	struct source_patch *items;
	size_t n, cap;
};
void source_patches_release(struct source_patches *patches);

/* 12 hex digits of a hash of the key. */
void source_id(const char *key, char id[13]);
/* Fills series, first_us, last_us and resolution_us from the entries that are already there (sorted). */
void source_merge(struct fold_source *s, const struct tally *tally, const struct source_patches *patches);
/* Frees what the source owns. */
void source_release(struct fold_source *s);

/* True when the story is told from it: it is no twin, and its times are as good as the others'. */
bool source_counts(const struct fold_source *s);

/* True when the glob matches a path under which the source's files were found, or its stream of them (tally_matches). */
bool source_matches(const struct fold_source *s, const struct tally *tally, const char *glob);

/* UTC of a printed stamp of this source; INSTANT_NONE stays. */
int64_t fold_utc(const struct fold_source *s, int64_t printed_us);
/* The same by the source's own clock: its zone is taken off, what the clock is off is not. */
int64_t fold_uncorrected(const struct fold_source *s, int64_t printed_us);
/* The stamp lies in an hour that comes twice, and nothing tells in which pass. */
bool fold_twice(const struct fold_source *s, int64_t printed_us);
/* How far the source's clock may be off at that stamp. */
int64_t fold_uncertainty(const struct fold_source *s, int64_t printed_us);
/* The same, or the other instant that a stamp means in an hour that comes twice, when the file does not tell which. */
int64_t fold_utc_later(const struct fold_source *s, int64_t printed_us);
/* NULL when the source has none. */
const struct fold_series *fold_series_find(const struct fold_source *s, const char *signal, const char *class, enum facet facet,
					   const char *facet_value);
/* All classes of a signal without facet, added together bin by bin (widths: the coarsest). Classes of http.server.slow are
 * nested: do not add those. The caller frees .bins. */
struct fold_series fold_signal(const struct fold_source *s, const char *signal);

#endif
