/* front: what the users got: requests and failures, from the outermost tier that writes access records.
 *
 * Takes  a fold.
 * Gives  which sources count (lb, else web, else app; never a twin), and counts between two instants.
 * Holds  indices only.
 * Never  adds tiers together: one request passes through all of them.
 */
#ifndef ONSET_FRONT_H
#define ONSET_FRONT_H

#include "fold/fold.h"

struct front {
	enum tier tier; /* TIER_UNKNOWN: no access record anywhere */
	size_t *sources; /* indices into fold.sources, ascending; owned */
	size_t n;
};

void front_init(struct front *a, const struct fold *f);
/* Goes on to the next tier behind that writes access records. False when there is none: then it is released. */
bool front_inner(struct front *a, const struct fold *f);
/* The sources of one tier that write access records, whether users meet it or not. */
void front_of_tier(struct front *a, const struct fold *f, enum tier tier);
void front_release(struct front *a);

/* Which whole bins of an interval count. */
enum front_edge {
	FRONT_DURING, /* [from, to]: bins that hold any instant of it */
	FRONT_BEFORE, /* [from, to): bins that end by `to`: nothing of what follows is in them */
	FRONT_MOSTLY, /* [from, to]: bins that lie in it by half of their width or more */
};
/* Sum over the sources of a built-in series ("http.requests", "http.failed") between two UTC instants. */
uint64_t front_count(const struct fold *f, const struct front *a, const char *signal, int64_t from_us, int64_t to_us,
		      enum front_edge edge);
/* True when a bin [start, start + width) of microseconds as printed counts. */
bool front_in(int64_t start_us, int64_t width_us, int64_t from_us, int64_t to_us, enum front_edge edge);

#endif
