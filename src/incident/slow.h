/* slow: from which duration on a request of a source counts as slow.
 *
 * Takes  a fold whose bursts of other symptoms can be found (it looks for them itself).
 * Gives  for each source the class of http.server.slow with the lowest threshold that at most 0.5 % of baseline requests reach.
 *        Baseline: whole seconds of the source outside of every burst of another symptom of any source, widened by 120 s.
 * Holds  nothing: the choice stands in the source (slow_class, slow_reason).
 * Never  judges on fewer than SLOW_BASELINE requests: then there is no class, and a reason.
 */
#ifndef ONSET_SLOW_H
#define ONSET_SLOW_H

#include "fold/fold.h"

#define SLOW_SIGNAL "http.server.slow"
#define SLOW_WIDEN_US (120 * SECOND_US)
enum { SLOW_BASELINE = 100, SLOW_SHARE_PPM = 5000 };

/* Once, after fold_new() and before symptoms are looked for. */
void slow_choose(struct fold *f);
/* The class chosen for this source; NULL: none, for s->slow_reason. */
static inline const char *slow_class(const struct fold_source *s)
{
	return s->slow_class;
}

#endif
