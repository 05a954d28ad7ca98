/* taken: who took the connections at once: for a job, or with a new instance.
 *
 * Takes  a scene: open connections by role, application and host, second by second; starts of applications; refusals by role.
 * Gives  connection_leak (leak.h), batch_job and pool_misconfiguration.
 * Holds  nothing.
 * Never  says that no user met a refusal when the clocks of who serves users were not compared with the database's.
 */
#ifndef ONSET_TAKEN_H
#define ONSET_TAKEN_H

#include "cause/hypothesis.h"

#define TAKEN_START_US (30 * SECOND_US) /* between a start and the growth that it explains */
#define TAKEN_STEP_US (15 * SECOND_US)  /* growth that takes no longer is a step */
enum {
	TAKEN_ONE_SHARE = 50,      /* per cent of the growth that one name has who "took most of it" */
	TAKEN_UNUSUAL_SHARE = 20,  /* per cent of what a name holds that it may have held before, to be unusual */
	TAKEN_REFUSED_LEAST = 20,
	TAKEN_OTHERS_LEAST = 5,    /* refusals of the other roles, to be compared with what users met */
	TAKEN_MET_SHARE = 20,      /* per cent of the refusals that users may have met, where "few" of them did */
	TAKEN_REFUSED_SHARE = 80,  /* per cent of the refusals that are of one role */
};

void taken_find(const struct scene *s, struct hypothesis_list *out);

#endif
