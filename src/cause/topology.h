/* topology: who calls whom, tier by tier.
 *
 * Takes  what the user stated ("lb > web > app > pool > db"), else nothing: that is the default.
 * Gives  whether a tier calls another one, directly or through others. Errors and slowness travel from the called to the caller, load from
 *        the caller to the called.
 * Holds  one bit for each pair of tiers.
 * Never  learns from the logs what came first: an order in time is no proof of a call.
 */
#ifndef ONSET_TOPOLOGY_H
#define ONSET_TOPOLOGY_H

#include <stdbool.h>

#include "base/diag.h"
#include "line/record.h"

struct topology {
	bool calls[TIER_COUNT][TIER_COUNT]; /* [caller][called], closed under "calls somebody who calls" */
};

/* lb > web > app > pool > db. */
void topology_usual(struct topology *t);
/* What was stated, as topology_read() takes it; NULL, or what does not read (it was refused where it was stated): the usual one. */
void topology_of(struct topology *t, const char *stated);
/* Chains of tiers, from the caller to the called, separated by commas: "lb > web > app > db, app > pool > db". False with `d`: an
 * unknown tier, a chain of one, a tier that calls itself (also over others). */
bool topology_read(struct topology *t, struct span words, struct diag *d);

/* True when the topology names the tier. */
bool topology_has(const struct topology *t, enum tier tier);
/* True when there is a path between the two tiers, whoever calls, and then its words, "app > pool > db"; a tier has a path to itself.
 * False: `path` is left as it is. */
bool topology_path(const struct topology *t, enum tier from, enum tier to, struct text *path);

#endif
