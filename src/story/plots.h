/* plots: series for pictures: few points, near the incidents.
 *
 * Takes  a fold, who has access records, a draft with incidents and window.
 * Gives  draft.series: http.requests, http.failed, inflight_milli, refusals per source; open_connections, their limit, and the
 *        PLOTS_SHARES largest roles, databases, applications and hosts of them; the metrics that incidents tell.
 * Holds  nothing.
 * Never  gives more than PLOTS_POINTS points a series; never tells zero where a source has no records at all.
 */
#ifndef ONSET_PLOTS_H
#define ONSET_PLOTS_H

#include "incident/front.h"

enum { PLOTS_POINTS = 600, PLOTS_SOURCES = 12, PLOTS_SHARES = 5, PLOTS_METRICS = 24 };
#define PLOTS_AROUND_US (10 * MINUTE_US)

void plots_draw(const struct fold *f, const struct front *a, struct draft *d);

#endif
