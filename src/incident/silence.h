/* silence: a source that logs nothing, or next to nothing by its own rate, while others log.
 *
 * Takes  a fold (records per ten seconds), draft.incidents.
 * Gives  findings tier_silent.
 * Holds  nothing.
 * Never  says that something was down: a log can be lost, and a server that nobody asks has nothing to log.
 *
 * A source's own rate is that of the hour before the incident, times near other incidents left out; it must have logged in
 * SILENCE_BEFORE_US of it. Time is looked at in steps in which SILENCE_EXPECTED records are to be expected, at least ten seconds;
 * a step is silent when it holds at most a SILENCE_SHARE-th of them. SILENCE_STEPS silent steps in a row within the incident, or the
 * SILENCE_BESIDE_US beside it, are a silence when another source logged meanwhile as it did before (at least half as much). A source
 * whose records end in the incident while others go on for SILENCE_BEFORE_US is told so: its log may be cut off.
 */
#ifndef ONSET_SILENCE_H
#define ONSET_SILENCE_H

#include "fold/fold.h"

#define SILENCE_RATE_US HOUR_US
#define SILENCE_BEFORE_US MINUTE_US
#define SILENCE_BESIDE_US MINUTE_US
#define SILENCE_LOOK_US (2 * DAY_US) /* of a longer incident the first two days are looked at: time must not grow with the span */
enum { SILENCE_EXPECTED = 20, SILENCE_SHARE = 20, SILENCE_STEPS = 2, SILENCE_MOST = 3 };

void silence_find(const struct fold *f, struct draft *d);

#endif
