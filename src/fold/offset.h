/* offset: how far each source's clock is off, by comparison with the others, and what its instants are moved by.
 *
 * Takes  sources with assigned clocks (clock.h), twins and the reference.
 * Gives  fold_source.clock of all that are comparable; zones of sources that print none (zone_estimated, assumed_us); shift and
 *        uncertainty_us.
 * Holds  nothing.
 * Never  moves an instant by an offset that may be 0, or by one of low confidence; takes a zone for known that one comparison alone tells and
 *        a tenth of its samples deny: a wrong hour is worse than an unknown one.
 *
 * Comparisons are edges between sources: by the ids of requests (match.h), by twins, by logs of one server (server.h), by two stamps on a line (header.h), by what happened in
 * both at the same instant (echo.h): each event and its echo, or, with low confidence and for zones alone, the shape of their series.
 *
 * From the reference on, always the source comes next that is known best: by confidence, then by the sum of the uncertainties on its way.
 * What no comparison leads to the reference is told from a root of its own (the deepest tier that prints its zone), whose own clock is taken
 * to be right within CLOCK_ASSUMED_SKEW_US. Shapes come last. Sources without zones that are comparable among themselves only come to agree,
 * but their zone stays unknown. The samples of an edge are moved by what is known of its nearer end before they vote, so that steps and
 * drifts of that one do not stand in the other's account.
 */
#ifndef ONSET_OFFSET_H
#define ONSET_OFFSET_H

#include "fold/source.h"

/* `reference`: its index, or -1. True when some source's zone became known: what depends on it (twins) is to be asked again. */
bool offset_find(struct fold_source *sources, size_t n, const struct tally *tally, ptrdiff_t reference);

#endif
