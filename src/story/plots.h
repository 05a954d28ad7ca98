/* plots: series for pictures: few points, near the incidents.
 *
 * Takes  a fold, a draft with incidents and window.
 * Gives  draft.series: the requests of each tier that logs them (story/traffic.h); refusals per source; open_connections, their limit,
 *        and the PLOTS_SHARES largest roles, databases, applications and hosts of them; what servers print about themselves
 *        (story/readings.h).
 * Holds  nothing.
 * Never  gives more than PLOTS_POINTS points a series (story/canvas.h); never tells zero where a source has no records at all.
 */
#ifndef ONSET_PLOTS_H
#define ONSET_PLOTS_H

#include "fold/fold.h"

enum { PLOTS_SOURCES = 12, PLOTS_SHARES = 5 };

void plots_draw(const struct fold *f, struct draft *d);

#endif
