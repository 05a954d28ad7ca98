/* component: which logs are those of the thing that was changed.
 *
 * Takes  a fold, a change.
 * Gives  sources: those in which its steps stand, and those whose events name its service; of a stated change those of its service.
 * Holds  indices (owned).
 * Never  guesses: a stated change without a service, or of a service that no log names, has no logs.
 */
#ifndef ONSET_COMPONENT_H
#define ONSET_COMPONENT_H

#include "fold/fold.h"

struct component {
	size_t *sources; /* ascending, each once; owned */
	size_t n;
	enum tier tier;  /* of all of them; TIER_UNKNOWN: they differ, or there are none */
};

/* Service NULL or "": not said. `source` SIZE_MAX: stated. */
void component_find(const struct fold *f, const char *service, size_t source, struct component *out);
void component_release(struct component *c);

#endif
