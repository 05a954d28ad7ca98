/* traffic: the requests of a tier over time: how many, how many failed, how many at once, how long they took.
 *
 * Takes  a canvas; who has access records.
 * Gives  http.requests, http.failed, inflight_milli, http.server.request.duration.p50 and .p95 of the tier.
 * Holds  nothing.
 * Never  tells a duration of a step without one; adds tiers together: one request passes through all of them.
 */
#ifndef ONSET_TRAFFIC_H
#define ONSET_TRAFFIC_H

#include "incident/front.h"
#include "story/canvas.h"

void traffic_draw(const struct fold *f, const struct front *a, struct canvas *c);

#endif
