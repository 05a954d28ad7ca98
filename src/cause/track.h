/* track: how often something happened, step by step of UTC.
 *
 * Takes  an interval of UTC, series of sources.
 * Gives  counts per step, sums over stretches of time.
 * Holds  one number a step (owned): at most TRACK_STEPS, the step is doubled until they suffice.
 * Never  moves an event by more than half of its bin: a bin wider than a step is spread evenly over the steps that it covers.
 */
#ifndef ONSET_TRACK_H
#define ONSET_TRACK_H

#include "fold/fold.h"

enum { TRACK_STEPS = 8192 };

struct track {
	int64_t from_us, step_us;
	size_t n;
	uint64_t *counts;  /* owned */
	int64_t widest_us; /* of the bins that were added; the step when none was wider */
};

/* [from, to), begun at a whole step; all zero. `step_us` is a multiple of a second. */
void track_init(struct track *t, int64_t from_us, int64_t to_us, int64_t step_us);
/* Adds `count` events of [start, start + width), UTC. */
void track_add(struct track *t, int64_t start_us, int64_t width_us, uint64_t count);
/* Adds a series of a source. */
void track_series(struct track *t, const struct fold_source *s, const struct fold_series *series);
/* Events of the steps that begin in [from, to). */
uint64_t track_sum(const struct track *t, int64_t from_us, int64_t to_us);
void track_release(struct track *t);

#endif
