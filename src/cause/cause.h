/* cause: why it happened: scored hypotheses, the best first, and what was considered.
 *
 * Takes  a fold, who has access records, draft.incidents with refusals, locks, statements, changes and their verdicts; draft.bursts.
 * Gives  incident.causes (or why there are none), incident.considered, incident.load and incident.measures.
 * Holds  nothing.
 * Never  gives a probability; takes "too many connections" for more than the mechanism that it states; takes what is proved to come
 *        after the onset for its cause; names a change as a cause: it may speak for one when its verdict is "supported".
 */
#ifndef ONSET_CAUSE_H
#define ONSET_CAUSE_H

#include "cause/topology.h"
#include "incident/front.h"

#define CAUSE_BEFORE_US HOUR_US         /* the time before, with which an incident is compared; not in another incident */
#define CAUSE_AROUND_US (5 * MINUTE_US) /* on both sides of the incident, failures are compared with what may cause them */

void cause_find(const struct fold *f, const struct front *a, const struct topology *topology, struct draft *d);
/* The words of a cause for people: "the database crashed". Static. */
const char *cause_words(const char *cause);

#endif
