/* halt: the database went away: it crashed, was stopped or restarted.
 *
 * Takes  a scene: the incident's changes.
 * Gives  database_crash and database_restart.
 * Holds  nothing.
 * Never  takes a restart that came after the onset for its cause (a mitigation makes errors of its own), nor one that had been over for
 *        HALT_READY_US: a server that was ready no longer explains what begins then.
 */
#ifndef ONSET_HALT_H
#define ONSET_HALT_H

#include "cause/hypothesis.h"

#define HALT_BEFORE_US (5 * MINUTE_US)
#define HALT_READY_US (10 * SECOND_US)

void halt_find(const struct scene *s, struct hypothesis_list *out);

#endif
