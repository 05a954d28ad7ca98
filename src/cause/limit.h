/* limit: a limit of its own that a message names: the operating system's, the pooler's, the application pool's.
 *
 * Takes  a scene: the incident's refusals.
 * Gives  os_limit, pooler_limit and app_pool_exhausted.
 * Holds  nothing.
 * Never  takes for a cause what a tier only passes on: where something deeper refused, the pooler and the application repeat it.
 */
#ifndef ONSET_LIMIT_H
#define ONSET_LIMIT_H

#include "cause/hypothesis.h"

/* A message of a wait comes when the wait is over: it began up to this before. */
#define LIMIT_WAIT_US MINUTE_US
enum { LIMIT_DEEPER = 4 }; /* so many times the refusals of what is deeper are at least as many as the pool's, that they are behind these */

void limit_find(const struct scene *s, struct hypothesis_list *out);
/* True when a log of one of the tiers that `tier` calls covers the incident's onset and end. */
bool limit_deeper_covered(const struct scene *s, enum tier tier, size_t source);

#endif
