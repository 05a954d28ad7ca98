/* leak: connections that are opened and not given back.
 *
 * Takes  a scene, the connections around its onset, what was found so far.
 * Gives  connection_leak.
 * Holds  nothing.
 * Never  calls growing pools a leak when more requests came, each took longer, or statements waited: that takes connections too;
 *        dates it by the start of a change that was refuted.
 */
#ifndef ONSET_LEAK_H
#define ONSET_LEAK_H

#include "cause/held.h"

#define LEAK_MENDED_US (30 * SECOND_US) /* a restart that mends is followed by no more than this of the incident */
#define LEAK_AROUND_US (10 * SECOND_US) /* what is slower only in so short a time before the first symptom may wait for a connection */
#define LEAK_LASTS_US (3 * MINUTE_US)   /* refusals for that long, while requests are as many as usual: nothing comes back */

void leak_find(const struct scene *s, const struct held *held, struct hypothesis_list *out);

#endif
