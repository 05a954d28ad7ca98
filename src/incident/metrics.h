/* metrics: which of the numbers that servers print about themselves changed with an incident.
 *
 * Takes  a fold (gauges of the parts), draft.incidents.
 * Gives  incident.metrics; the first requests in HAProxy's queue and PgBouncer's rising wait as notes.
 * Holds  nothing.
 * Never  looks at twins; never tells of a change where the time before is not in the log.
 *
 * The rule, exactly. `before` is the largest value in the METRICS_BEFORE_US before the incident (0 when the log printed others only;
 * of a duration nothing), times within METRICS_BESIDE_US of another incident left out; the log must cover METRICS_LEAST_US of it and
 * print a number in it. `peak` is the largest value from METRICS_BESIDE_US before the onset to the end; where the log begins late
 * that lead shrinks, to nothing, so that METRICS_LEAST_US stay for `before`. A metric changed when peak >= 2 * before + least, where
 * least is by its unit: 3 of a count, 100 ms, 10 a second, 1 MiB. Limits are no changes. The METRICS_MOST with the largest
 * peak / (before + least) are told, of one metric of one source at most METRICS_KEYS keys.
 */
#ifndef ONSET_METRICS_H
#define ONSET_METRICS_H

#include "fold/fold.h"
#include "incident/note.h"

#define METRICS_BEFORE_US HOUR_US
#define METRICS_BESIDE_US MINUTE_US
#define METRICS_LEAST_US MINUTE_US
enum { METRICS_MOST = 12, METRICS_KEYS = 3 };

void metrics_find(const struct fold *f, struct draft *d, struct note_list *notes);

#endif
