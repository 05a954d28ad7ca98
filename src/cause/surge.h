/* surge: more requests: because more came (traffic_surge), or because what failed came again (retry_storm).
 *
 * Takes  a scene: its load, its clients.
 * Gives  traffic_surge and retry_storm.
 * Holds  nothing.
 * Never  takes a rise behind the first failures for their cause.
 */
#ifndef ONSET_SURGE_H
#define ONSET_SURGE_H

#include "cause/hypothesis.h"

void surge_find(const struct scene *s, struct hypothesis_list *out);

#endif
