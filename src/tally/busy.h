/* busy: request-microseconds in flight per second.
 *
 * Takes  the end and the duration of each request.
 * Gives  per second (or 10, 60, 900 s when there are too many) the sum of the overlaps of all requests with it.
 * Holds  at most LIMIT_CELLS cells.
 * Never  loops over a request's duration: only its first and last second are touched, the whole seconds between them
 *        are a step up and a step down that are summed at the end. A duration over 1 h counts as 1 h.
 */
#ifndef ONSET_BUSY_H
#define ONSET_BUSY_H

#include "tally/part.h"

struct busy_cell {
	uint32_t start_s;
	bool used;
	int64_t us;   /* overlaps of requests that begin or end in this interval */
	int64_t step; /* change, at its start, of the number of requests that fill whole intervals */
};

struct busy {
	struct busy_cell *table; /* open addressing, capacity a power of two */
	size_t cap, n;
	const uint32_t *widths;
	uint32_t width_s;
	bool known; /* some request had a duration */
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void busy_init(struct busy *b);
/* end_us is an instant >= 0; duration_us >= 0. */
void busy_add(struct busy *b, int64_t end_us, int64_t duration_us);
/* Ascending bins with us > 0; the caller frees them. */
struct busy_bin *busy_freeze(struct busy *b, size_t *n, uint32_t *width_s);
void busy_release(struct busy *b);

#endif
