/* fold: parts to sources: the one place where parts meet. A file gives a part for each of its streams, and each has a key of its own.
 *
 * Takes  a tally and what the user stated (zones, tiers).
 * Gives  sources in the order of their keys, each with its files in time order and its merged series (fold/source.h); twins
 *        marked (fold/twins.h); gaps found (fold/coverage.h, fold/overheard.h); clocks known (fold/clock.h).
 * Holds  borrowed pointers to the tally, the signals and the options: they must outlive the fold.
 * Never  depends on the order of files, counts a part twice (a part with several locations belongs to the key that holds most
 *        bytes, then the smaller key; empty files belong to every key), or re-bins: series stay in the source's own clock.
 */
#ifndef ONSET_FOLD_H
#define ONSET_FOLD_H

#include "fold/clock.h"
#include "fold/coverage.h"
#include "fold/source.h"
#include "fold/stated.h"
#include "fold/years.h"

struct fold {
	struct years years;
	const struct tally *tally;   /* the view of it in which files lie in the order of their years */
	const struct signal_set *signals;
	const struct story_options *options;
	struct fold_source *sources; /* by key */
	size_t n;
	ptrdiff_t reference; /* index of the reference clock's source; -1 */
	const char *reference_how;
};

struct fold *fold_new(const struct tally *tally, const struct signal_set *signals, const struct story_options *options,
		      struct diag_list *trouble);
void fold_free(struct fold *f);

/* What a configuration says of the server that wrote this source: the last statement whose glob matches one of its paths; NULL. */
const struct story_postgresql *fold_postgresql(const struct fold *f, size_t source);

/* One piece of evidence for the record at (part, line): path of the smallest location of this source, excerpt from the part's
 * exemplars when one was kept for exactly that offset, else NULL with the reason. */
void fold_evidence(const struct fold *f, size_t source, uint32_t part, uint64_t line, uint64_t offset, uint64_t length,
		   struct evidence_list *out);

#endif
