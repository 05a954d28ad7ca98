/* cause: why it happened, as far as a message says so outright.
 *
 * Takes  a fold, draft.incidents with refusals, changes and bursts.
 * Gives  incident.causes (or why there are none) and incident.measures.
 * Holds  nothing.
 * Never  infers: "too many connections" states a mechanism, not why; a cause has its own time and is never the onset.
 *
 * A message counts as a cause only when it is not proved to come after the onset and not more than CAUSE_BEFORE_US before it; a
 * crash or restart only while it lasts: a server that was ready CAUSE_READY_US before the onset no longer explains it.
 */
#ifndef ONSET_CAUSE_H
#define ONSET_CAUSE_H

#include "fold/fold.h"

#define CAUSE_BEFORE_US (5 * MINUTE_US)
#define CAUSE_READY_US (10 * SECOND_US)
#define CAUSE_WAIT_US SECOND_US /* the longest of lock waits that may be a cause lasts at least this */
enum {
	CAUSE_STATED = 10, /* points of a message that states the cause in so many words */
	CAUSE_SEEN = 3,    /* of a fact that goes before the onset and may be the cause */
	CAUSE_QUEUE = 3,   /* sessions in one queue for a lock: the least that may be a cause */
};

void cause_find(const struct fold *f, struct draft *d);
/* The words of a cause for people: "the database crashed". Static. */
const char *cause_words(const char *cause);

#endif
