/* walk: a subject along the steps of a regex.
 *
 * Takes  a program (steps.h) and a subject of any bytes.
 * Gives  whether it matches, and its groups: what a backtracking matcher would find first, because it is one; most steps have one way on
 *        only, and nothing is kept of them.
 * Holds  nothing.
 * Never  goes on for long: after WALK_TURNS turns, or with WALK_MARKS ways open, it gives up.
 */
#ifndef ONSET_WALK_H
#define ONSET_WALK_H

#include "line/steps.h"

enum {
	WALK_TURNS = 1000, /* a line that a pattern is for takes some tens; each may look at all the rest of the subject */
	WALK_MARKS = 128,
};

enum walk_result { WALK_MISS, WALK_MATCH, WALK_GAVE_UP };
/* `*took` has a bit for each group that took part; group g is subject[ends[2 * g]..ends[2 * g + 1]). Other ends are not set. */
enum walk_result walk(const struct steps *p, struct span subject, size_t ends[2 * STEPS_GROUPS], uint64_t *took);

#endif
