/* convoy: statements that had taken long ended all at once, as those do that waited for one lock.
 *
 * Takes  a scene; a database's log that prints durations, and no lock waits.
 * Gives  lock_contention from the shape of the durations: many began one after the other, and ended within seconds of each other.
 * Holds  nothing.
 * Never  takes statements that are slow each by itself for a queue: they end one after the other; says which lock it was.
 *
 * A log with log_lock_waits off says nothing of a queue while it stands. When the holder lets go, all who waited end: each with the
 * duration that it waited, within the seconds that their own work takes. The parts keep of a statement, per minute, how many there were,
 * their time together and the longest with its end: together divided by longest is the least number of them that waited.
 */
#ifndef ONSET_CONVOY_H
#define ONSET_CONVOY_H

#include "cause/hypothesis.h"

#define CONVOY_LEAST_US (5 * SECOND_US)  /* the longest took at least this */
#define CONVOY_WITHIN_US (3 * SECOND_US) /* on both sides of the end of the longest, the others end */
#define CONVOY_AFTER_US MINUTE_US        /* behind the incident's end: it ends with the queue, and what waited is logged then */
enum {
	CONVOY_QUEUE = 5,         /* who waited: the least */
	CONVOY_TIMES = 10,        /* so many times the rate at which slow statements ended while the queue stood */
	CONVOY_KINDS = 8,         /* of statements that are looked at */
	CONVOY_SQL_BYTES = 80,
};

/* Adds lock_contention and says true when there is such a queue. */
bool convoy_find(const struct scene *s, struct hypothesis_list *out);

#endif
