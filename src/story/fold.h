/* fold: parts to sources: the one place where parts meet.
 *
 * Takes  a tally and what the user stated (zones, tiers).
 * Gives  sources in the order of their keys, each with its files in time order and its merged series; twins marked; gaps found.
 * Holds  borrowed pointers into the tally: it must outlive the fold.
 * Never  depends on the order of files, counts a part twice (a part with several locations belongs to the key that holds most
 *        bytes, then the smaller key), or re-bins: series stay in the source's own clock.
 */
#ifndef ONSET_FOLD_H
#define ONSET_FOLD_H

#include "story/story.h"

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

struct fold_source {
	char id[13];           /* 12 hex digits of a hash of the key */
	const char *key;
	uint32_t *entries;     /* owned: indices into tally->entries, by (first_us, key order) */
	size_t entries_n;
	enum tier tier;
	const char *tier_how;  /* "format", "option", "unknown" */
	/* clock: utc = printed - zone; applied to instants only */
	const struct zone *zone;  /* stated by the user for a source without printed zone; NULL */
	bool zone_printed;
	const char *zone_how;     /* "printed", "option", "assumed" */
	int64_t uncertainty_us;   /* of the clock: 0 for the reference clock, numbers.assumed_skew_us or numbers.unzoned_us */
	int64_t resolution_us;
	int64_t first_us, last_us; /* as printed; INSTANT_NONE */
	struct fold_series *series; /* owned; sorted by (signal, class, facet, facet_value), one per such key: where files of the
	                               source differ in width the coarsest is used for all */
	size_t series_n;
	struct fold_gap *gaps; /* owned */
	size_t gaps_n;
	ptrdiff_t twin_of; /* index of the source that counts; -1 */
	int64_t twin_agreement_ppm;
};

struct fold {
	const struct tally *tally;
	const struct signal_set *signals;
	struct fold_source *sources; /* by key */
	size_t n;
	ptrdiff_t reference; /* index of the reference clock's source; -1 */
	const char *reference_how;
};

struct fold *fold_new(const struct tally *tally, const struct signal_set *signals, const struct story_options *options,
		      struct diag_list *trouble);
void fold_free(struct fold *f);

/* UTC of a printed stamp of this source. */
int64_t fold_utc(const struct fold_source *s, int64_t printed_us);
/* NULL when the source has none. */
const struct fold_series *fold_series_find(const struct fold_source *s, const char *signal, const char *class, enum facet facet,
					   const char *facet_value);
/* All classes of a signal without facet, added together bin by bin (widths: the coarsest). The caller frees .bins. */
struct fold_series fold_signal(const struct fold_source *s, const char *signal);
/* One piece of evidence for the record at (part, line): path of the smallest location of this source, excerpt from the part's
 * exemplars when one was kept for exactly that offset, else NULL with the reason. */
void fold_evidence(const struct fold *f, size_t source, uint32_t part, uint64_t line, uint64_t offset, uint64_t length,
		   struct evidence_list *out);

#endif
