/* clockroot: whether two logs tell the time by clocks that can be compared.
 *
 * Takes  a fold, indices of its sources.
 * Gives  the source whose clock a source's clock was compared with, over all that lie between.
 * Holds  nothing.
 * Never  takes two clocks for comparable because both print a zone: either may be minutes off.
 */
#ifndef ONSET_CLOCKROOT_H
#define ONSET_CLOCKROOT_H

#include "fold/fold.h"

/* A clock that nothing leads away from is its own root. */
static inline size_t clockroot_of(const struct fold *f, size_t source)
{
	const struct clock_estimate *c = &f->sources[source].clock;
	return c->method && c->root >= 0 ? (size_t)c->root : source;
}

static inline bool clockroot_shared(const struct fold *f, size_t a, size_t b)
{
	return clockroot_of(f, a) == clockroot_of(f, b);
}

#endif
