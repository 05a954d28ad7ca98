/* topology: which tier uses which.
 *
 * Takes  tiers.
 * Gives  whether what happens in one can reach another: errors go from a callee to its callers, load the other way.
 * Holds  nothing.
 * Never  learns the graph from the logs (facts/algorithms.md 3.1: that is no better than chance).
 *
 * By default lb > web > app > pool > db, each using the one behind it.
 */
#ifndef ONSET_TOPOLOGY_H
#define ONSET_TOPOLOGY_H

#include <stdbool.h>

#include "base/text.h"
#include "line/record.h"

/* True when there is a path between the two tiers, and then its words, "app > pool > db"; a tier has a path to itself. False: the
 * order of one of them is not known; `path` is left as it is. */
bool topology_path(enum tier from, enum tier to, struct text *path);

#endif
