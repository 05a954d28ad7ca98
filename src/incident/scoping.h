/* scoping: whom the refusals of an incident hit, and whether users met them.
 *
 * Takes  a fold, who has access records, draft.incidents with refusals and impact.
 * Gives  findings refusals_user_visible, refusals_batch_only, limit_scoped.
 * Holds  nothing.
 * Never  says that no user met it where no access log covers the time, or requests are too few to tell.
 *
 * Users met the refusals when requests failed while they lasted, SCOPING_AROUND_US more on both sides, far more often than in the
 * hour before (incident/deviance.h: 3); they did not when the deviance is below 2, there were SCOPING_REQUESTS requests, all clocks are
 * known, and within SCOPING_BESIDE_US at most one in SCOPING_FEW failed and no burst that users see lies in these logs. What lies
 * between is not told. A limit of a role or a database says of itself whom it holds for.
 */
#ifndef ONSET_SCOPING_H
#define ONSET_SCOPING_H

#include "incident/front.h"

#define SCOPING_AROUND_US (5 * SECOND_US) /* a request fails when it gives up waiting */
#define SCOPING_BEFORE_US HOUR_US
#define SCOPING_BESIDE_US (15 * MINUTE_US)
enum { SCOPING_REQUESTS = 20, SCOPING_FEW = 100, SCOPING_MET_MILLI = 3000, SCOPING_NOT_MET_MILLI = 2000, SCOPING_NAMES = 3 };

void scoping_find(const struct fold *f, const struct front *a, struct draft *d);

#endif
