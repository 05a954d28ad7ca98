/* inventory: what was read, source by source, as the draft tells it.
 *
 * Takes  a fold.
 * Gives  draft.sources (same order as fold.sources), draft.window, draft.reference_*.
 * Holds  nothing.
 * Never  hides damage: what is lost is told with the stamps around it, when they are known.
 */
#ifndef ONSET_INVENTORY_H
#define ONSET_INVENTORY_H

#include "fold/fold.h"

void inventory_fill(const struct fold *f, struct draft *d);

#endif
