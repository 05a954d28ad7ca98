/* wait: the database kept sessions waiting: behind a lock, or because its statements took long.
 *
 * Takes  a scene: lock waits, slow statements, the time requests take.
 * Gives  lock_contention and slow_queries.
 * Holds  nothing.
 * Never  takes waits that follow from the incident for its cause; a single short wait is none.
 */
#ifndef ONSET_WAIT_H
#define ONSET_WAIT_H

#include "cause/hypothesis.h"

#define WAIT_LEAST_US SECOND_US /* the longest of lock waits that may be a cause lasts at least this */
#define WAIT_BEFORE_US (5 * MINUTE_US)
enum {
	WAIT_QUEUE = 3,        /* sessions that wait for a lock: the least that may be a cause */
	WAIT_LONG_QUEUE = 5,
	WAIT_STATEMENT_BYTES = 80, /* of the statement of the first who waits */
	WAIT_SLOW_LEAST = 3,   /* slow statements about the onset: the least */
	WAIT_SLOW_MILLI = 3000 /* standard deviations above what their input explains, thousandths */
};

void wait_find(const struct scene *s, struct hypothesis_list *out);

#endif
