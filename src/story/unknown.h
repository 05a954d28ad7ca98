/* unknown: what the logs did not tell, why, and which log setting would have.
 *
 * Takes  a fold, who has access records, a draft with incidents and sources.
 * Gives  draft.unknowns, in the order of the rules, then of sources.
 * Holds  nothing.
 * Never  asks for a log that is there; names a setting only when it would help.
 */
#ifndef ONSET_UNKNOWN_H
#define ONSET_UNKNOWN_H

#include "incident/front.h"

void unknown_list(const struct fold *f, const struct front *a, struct draft *d);

#endif
