/* growth: how open connections grew up to an onset.
 *
 * Takes  a fold, a database's source, whose connections.
 * Gives  how many are usual, how many there were at the onset, when and how the growth went.
 * Holds  the levels (owned) until growth_release().
 * Never  looks beyond a start of the server: holders_levels() begins anew there.
 */
#ifndef ONSET_GROWTH_H
#define ONSET_GROWTH_H

#include "incident/holders.h"

struct growth {
	const char *name;  /* borrowed; NULL: all together */
	enum holder dimension;
	int64_t usual, top; /* connections: the median of the time before, and at the onset */
	int64_t begin_us, reached_us; /* as printed: last time near the usual, first time near the top; INSTANT_NONE: it did not grow */
	int64_t steady_milli; /* rank correlation of level and time from begin to onset */
	struct session_cell *levels; /* owned */
	size_t n;
	int64_t before;    /* connections before the first of them */
};

/* [from, onset], as printed. False: no session of that name is known (nothing to release). */
bool growth_measure(const struct fold *f, size_t source, enum holder dimension, const char *name, int64_t from_us, int64_t onset_us,
		    struct growth *out);
/* Connections open at a printed time. */
int64_t growth_level(const struct growth *g, int64_t at_us);
void growth_release(struct growth *g);

#endif
