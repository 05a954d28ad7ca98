/* fault: the application failed by itself: its errors are its own, nobody was refused a connection.
 *
 * Takes  a scene: failures, refusals, crashes, the application's own messages.
 * Gives  application_error.
 * Holds  nothing.
 * Never  blames an application for refusals that it only repeats.
 */
#ifndef ONSET_FAULT_H
#define ONSET_FAULT_H

#include "cause/hypothesis.h"

void fault_find(const struct scene *s, struct hypothesis_list *out);

#endif
