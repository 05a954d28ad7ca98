/* stray: what an incident's main signal said shortly before and after it, too seldom for a burst.
 *
 * Takes  a fold, draft.bursts and an incident.
 * Gives  how many single events there were, and the first or last of them.
 * Holds  nothing.
 * Never  counts what belongs to a burst, or signals that come now and then in health.
 */
#ifndef ONSET_STRAY_H
#define ONSET_STRAY_H

#include "fold/fold.h"

/* As far as a cause is looked for: facts/algorithms.md. */
#define STRAY_AROUND_US (15 * MINUTE_US)

struct stray {
	uint64_t count;            /* 0: none, and nothing else is set */
	size_t source;
	const char *signal;        /* borrowed from the draft */
	int64_t first_us, last_us; /* as printed */
	struct fold_bin edge;      /* holds the first event before an incident, or the last one after it */
};

/* Within STRAY_AROUND_US before the onset, or after the end; up to the next burst of the same signal and source. */
struct stray stray_find(const struct fold *f, const struct draft *d, const struct incident *in, bool after);
/* "4 more refusals ..." without a full stop: how many, where, and the first or last. */
void stray_sentence(struct text *t, const struct fold *f, const struct stray *s, bool after);

#endif
