/* lost: requests that one tier logged and the next one never did.
 *
 * Takes  a fold (sampled request ids of the parts: tally/sample.h), draft.incidents.
 * Gives  findings requests_lost.
 * Holds  nothing.
 * Never  calls a request missing that the other sample may have left out: an id counts only below the largest hash up to which all
 *        sources of the next tier that cover its time kept every id; where one of them has a gap then, it does not count.
 *
 * The next tier is the next deeper one whose logs have request ids. Where LOST_BEFORE ids were to be compared in the hour before and at
 * most a tenth of them was missing, those missing in the incident are told: at least LOST_LEAST, with a deviance of LOST_MILLI
 * (incident/deviance.h) above the share before. Where most were missing before, some instance's log was not given.
 */
#ifndef ONSET_LOST_H
#define ONSET_LOST_H

#include "fold/fold.h"

#define LOST_BEFORE_US HOUR_US
#define LOST_SLACK_US (5 * SECOND_US) /* between a request's lines in two tiers, beside what the clocks may be off */
enum { LOST_BEFORE = 20, LOST_LEAST = 3, LOST_MILLI = 3000 };

void lost_find(const struct fold *f, struct draft *d);

#endif
