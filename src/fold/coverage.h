/* coverage: when a source's log is missing: that is neither health nor trouble.
 *
 * Takes  the source's series "records" (every record, 10 s bins with first and last stamp); the signals' roles.
 * Gives  gaps, as printed, from the last record before to the first one after.
 * Holds  nothing.
 * Never  takes the time before the first or after the last record for a gap; never takes it for a gap that a log which only
 *        speaks in trouble says nothing.
 *
 * A silence is a gap when it lasts at least COVERAGE_GAP_US and 20 times the median time between records (facts/algorithms.md
 * 1.5), and the log beats otherwise: of the healthy time between its other records (each step counted with at most a minute) at
 * least half, and a minute, lies in steps that are 20 times shorter than the silence. Healthy are the 10 s without a symptom;
 * all of them in a log of requests, where trouble does not make the lines. A database that logs a checkpoint each five minutes,
 * and refusals when it refuses, has no gaps before and after them. In the log of a pooler, which tells its totals each minute, a
 * silence of two such ticks is a gap, too.
 */
#ifndef ONSET_COVERAGE_H
#define ONSET_COVERAGE_H

#include "fold/source.h"

#define COVERAGE_GAP_US MINUTE_US /* draft.numbers.gap_us */
enum { COVERAGE_GAP_FACTOR = 20 };

/* Fills s->gaps. `signals` may be NULL: then nothing is a symptom. */
void coverage_find(struct fold_source *s, const struct signal_set *signals);

#endif
