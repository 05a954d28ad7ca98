/* trickle: refusals and shortages outside of incidents, told as what they are.
 *
 * Takes  a fold, draft.incidents.
 * Gives  draft.findings: trickle (refusals too few for a burst), near_miss (a limit nearly reached, a queue that drained).
 * Holds  nothing.
 * Never  makes an incident of them; never counts what lies within TRICKLE_BESIDE_US of an incident (the timeline tells that there), or
 *        what may lie there because the source's clock is not known.
 *
 * A near miss of connections: at least TRICKLE_NEAR_PERCENT of a limit that a configuration or the log states were open, and
 * nothing was refused within TRICKLE_BESIDE_US. The log may not show all sessions: "at least". A queue that drained: its largest value
 * is at least `least` of its unit and TRICKLE_TIMES the mean of all, and nobody in it was refused or gave up in that time.
 */
#ifndef ONSET_TRICKLE_H
#define ONSET_TRICKLE_H

#include "fold/fold.h"

#define TRICKLE_BESIDE_US (2 * MINUTE_US)
enum { TRICKLE_NEAR_PERCENT = 95, TRICKLE_TIMES = 10, TRICKLE_MOST = 10 };

void trickle_find(const struct fold *f, struct draft *d);

#endif
