/* halt: the database went away: it crashed, was stopped or restarted.
 *
 * Takes  a scene: the incident's changes.
 * Gives  database_crash and database_restart.
 * Holds  nothing.
 * Never  takes a restart that came after the onset for its cause (a mitigation makes errors of its own), nor one that had been over for
 *        HALT_READY_US: a server that was ready no longer explains what begins then. Both by
 *        clocks that were compared: of others only the length is proof of anything, and an order is claimed for none.
 */
#ifndef ONSET_HALT_H
#define ONSET_HALT_H

#include "cause/hypothesis.h"

#define HALT_BEFORE_US (5 * MINUTE_US)
#define HALT_READY_US (10 * SECOND_US)
#define HALT_APART_US (2 * MINUTE_US) /* how far clocks that are only assumed to agree may differ, when callers say that it is not there */
#define HALT_ELSEWHEN_US (10 * MINUTE_US) /* how far clocks that nothing ties together may differ, when it was away for as long as the incident lasted */

enum {
	HALT_SAID_LEAST = 3,  /* messages of applications that what they call is not there: the least that count */
	HALT_SAID_SHARE = 25, /* and per cent of the failed requests */
};

/* What applications say of what they call, in the incident. */
struct halt_said {
	uint64_t count;
	size_t source; /* of the first; SIZE_MAX: they do not say so, or too few of them */
	struct moment at;
	struct fold_bin bin;
	const char *signal, *class; /* borrowed */
};
struct halt_said halt_callers(const struct scene *s);

void halt_find(const struct scene *s, struct hypothesis_list *out);

#endif
