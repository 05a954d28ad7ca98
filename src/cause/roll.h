/* roll: starts and stops of a service's instances to deploys, restarts and stops.
 *
 * Takes  the steps of one service in the order of time.
 * Gives  changes (change.h tells the rules).
 * Holds  nothing.
 * Never  takes the first start of a capture for a restart, unless the log shows that the service ran before.
 */
#ifndef ONSET_ROLL_H
#define ONSET_ROLL_H

#include "cause/changelist.h"

#define ROLL_US (5 * MINUTE_US)

/* One start or stop. */
struct step {
	const struct event *event; /* borrowed */
	size_t source;
	uint32_t part;
	int64_t at_us; /* UTC */
	bool start;
	const char *service; /* borrowed; the source's key when the log does not name one */
};

/* `steps` of one service, ascending. */
void roll_changes(const struct fold *f, const struct step *steps, size_t n, struct change_list *out);

#endif
