/* holders: who held the database's connections at the onset.
 *
 * Takes  a fold (session series of the parts), draft.incidents with refusals.
 * Gives  incident.holders: open connections by role, database, application and host; the limit they ran into.
 * Holds  nothing.
 * Never  counts over a server's start: before it everything is closed; never calls a number exact when the log does not reach
 *        back to a start (sessions opened earlier are seen only when they close: at_least).
 */
#ifndef ONSET_HOLDERS_H
#define ONSET_HOLDERS_H

#include "story/fold.h"

void holders_count(const struct fold *f, struct draft *d);

/* Open connections of a database's source, per second as printed, all names of one dimension together. */
struct holders_curve {
	struct session_cell *cells; /* owned; start_s ascending, delta: the level from that second on */
	size_t n;
	bool exact;                 /* counted from a server's start on */
};
/* Between the two starts of the server around `at_us` (as printed). False: no sessions in the log. */
bool holders_curve_of(const struct fold *f, size_t source, int64_t at_us, struct holders_curve *out);

#endif
