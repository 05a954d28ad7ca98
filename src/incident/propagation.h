/* propagation: in which order the tiers fell, as far as the clocks prove it, or what they logged does.
 *
 * Takes  draft.incidents and draft.bursts.
 * Gives  incident.propagation: the earliest burst of each source, in an order that contradicts no proved one; its onset is
 *        that of the first event of the burst's signal since the incident's onset, which may be too lone for the burst.
 * Holds  nothing.
 * Never  claims an order when two intervals meet: then the deeper tier stands first, without a claim; nor when another source
 *        of the tier has an event of the same signal whose interval meets the first one's, nor that a refusal was repeated before
 *        it was made (the clocks differ then).
 *
 * Where clocks are too near to each other, what a log repeats of another one (aftermath.h) proves which was first all the same. Where all others are
 * proved to have come later, the incident began no earlier than its first one.
 */
#ifndef ONSET_PROPAGATION_H
#define ONSET_PROPAGATION_H

#include "fold/fold.h"

void propagation_find(const struct fold *f, struct draft *d);

#endif
