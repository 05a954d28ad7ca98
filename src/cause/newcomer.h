/* newcomer: instances of an application that joined others and were refused at once.
 *
 * Takes  a scene: when the logs of applications begin, their starts, records and refusals.
 * Gives  how many are new, the first of them, whether only they were refused.
 * Holds  nothing.
 * Never  takes an instance that was started again for a new one: before its start a new one had next to nothing to say.
 *
 * An instance is new when its first refusal comes within NEWCOMER_START_US of the start of its work, by its own log's clock, whatever is
 * known of that, and another one had worked for NEWCOMER_OLDER_US by then. Its work starts with the log, or with the first start behind
 * which its log has NEWCOMER_IDLE times as many records a second as before it.
 */
#ifndef ONSET_NEWCOMER_H
#define ONSET_NEWCOMER_H

#include "cause/hypothesis.h"

#define NEWCOMER_START_US (30 * SECOND_US)
#define NEWCOMER_OLDER_US (5 * MINUTE_US)
enum { NEWCOMER_IDLE = 10 };

struct newcomers {
	size_t n, first;  /* first: a source; SIZE_MAX: none */
	struct moment at; /* when the first began to work; when n */
	bool apart;       /* the first tells the time by a clock that nothing ties to the database's, and of refusals that are of no incident */
	bool only_they;   /* no other application was refused */
};

struct newcomers newcomers_find(const struct scene *s);

#endif
