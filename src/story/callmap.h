/* callmap: who calls whom, for the draft.
 *
 * Takes  a fold, its topology.
 * Gives  draft.topology: the tiers' calls, and the addresses that logs name, each with whose log that is.
 * Holds  at most CALLMAP_MOST addresses: those with most records.
 * Never  judges: cause/topology.h did.
 */
#ifndef ONSET_CALLMAP_H
#define ONSET_CALLMAP_H

#include "cause/topology.h"

enum { CALLMAP_MOST = 128 };

void callmap_tell(const struct fold *f, const struct topology *t, struct draft *d);

#endif
