/* surge: more requests: because more came (traffic_surge), or because what failed came again (retry_storm).
 *
 * Takes  a scene: its load, and that of later phases of the incident.
 * Gives  traffic_surge, once for each phase that more requests came for, and retry_storm.
 * Holds  nothing.
 * Never  takes a rise behind the first failures for their cause.
 */
#ifndef ONSET_SURGE_H
#define ONSET_SURGE_H

#include "cause/hypothesis.h"

#define SURGE_LATE_US MINUTE_US
#define SURGE_APART_US (30 * SECOND_US)
enum { SURGE_PHASES = 4 }; /* that are looked at */

void surge_find(const struct scene *s, struct hypothesis_list *out);

#endif
