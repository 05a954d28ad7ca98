/* readings: numbers that servers print about themselves, over time.
 *
 * Takes  a canvas; a draft with the metrics that changed with its incidents.
 * Gives  a curve for each of these, the largest value of each step; and those that always belong to a lane of their tier: open
 *        connections and queues of load balancers, rate, durations and waits of poolers.
 * Holds  nothing.
 * Never  tells zero where nothing was printed; draws a queue in which nobody waited.
 */
#ifndef ONSET_READINGS_H
#define ONSET_READINGS_H

#include "story/canvas.h"

enum {
	READINGS_CHANGED = 24, /* of those that changed */
	READINGS_STANDING = 12, /* of the others */
	READINGS_KEYS = 3,     /* of one metric of one source, those with the largest values */
};

void readings_draw(const struct fold *f, struct canvas *c);

#endif
