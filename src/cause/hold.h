/* hold: who took the connections, and how: slowly and for good, at once for a job, at once with a new instance.
 *
 * Takes  a scene: open connections by role, application and host, second by second; starts of applications; the load.
 * Gives  connection_leak, batch_job and pool_misconfiguration.
 * Holds  nothing.
 * Never  calls growing pools a leak when more requests came or each took longer: that takes connections too.
 */
#ifndef ONSET_HOLD_H
#define ONSET_HOLD_H

#include "cause/hypothesis.h"

#define HOLD_BEFORE_US (30 * MINUTE_US) /* how far back growth is looked for */
#define HOLD_STEADY_US (10 * SECOND_US) /* growth that takes longer is no step */
#define HOLD_START_US (30 * SECOND_US)  /* between a start and the growth that it explains */
#define HOLD_STEP_US (15 * SECOND_US)   /* growth that takes no longer is a step */
enum {
	HOLD_LEAST = 3,           /* connections more than usual: the least that is growth */
	HOLD_SHARE = 25,          /* and per cent of all that are open at the onset */
	HOLD_ONE_SHARE = 50,      /* per cent of the growth that one name has who "took most of it" */
	HOLD_UNUSUAL_SHARE = 20,  /* per cent of what a name holds that it may have held before, to be unusual */
	HOLD_REFUSED_LEAST = 20,
	HOLD_REFUSED_SHARE = 80,  /* per cent of the refusals that are of one role */
	HOLD_STEADY_MILLI = 800,  /* rank correlation of level and time */
};

void hold_find(const struct scene *s, struct hypothesis_list *out);

#endif
