/* window: the time that was asked for: what of the draft is told.
 *
 * Takes  --since, --until or --around (fold/stated.h), and a draft in which everything was found, counted and judged as if nothing
 *        had been asked for.
 * Gives  the draft without what lies outside, and how much that was.
 * Holds  nothing.
 * Never  changes what is told: an incident, burst, entry or point that is told is byte for byte what it is in the whole draft.
 *
 * Told is
 *  - an incident when the time from its first symptom to its last one (its bursts', each with its uncertainty) meets [since, until):
 *    then whole, with its true onset, its bursts, its entries and its part of the plots, wherever they lie;
 *  - a burst of no incident when the time from its onset to its end, with its uncertainty, meets it;
 *  - an entry of no incident the same; an entry of an incident that is not told (a deploy long before it) when its time, taken as
 *    it is, meets it. An entry's link may so name an incident that is not told;
 *  - a point of a plot when its step meets it, or lies around an incident that is told. Plots keep the width that they have in the
 *    whole draft;
 *  - of the unknowns those of the incidents that are told, and all that are about logs.
 * Sources, clocks, baselines and `window` are about the logs: they are told whole. Of the entries outside of all incidents there is room
 * for as many as in the whole draft: a window can tell one that the whole draft leaves out.
 */
#ifndef ONSET_WINDOW_H
#define ONSET_WINDOW_H

#include "fold/fold.h"
#include "incident/candidate.h"

/* When the incidents and the inventory are known: marks what is told (all of it when nothing was asked for). */
void window_mark(const struct fold *f, struct draft *d);
/* Says so when no log covers what was asked for. */
void window_warn(const struct draft *d, struct diag_list *trouble);
/* True when [from_us, to_us] meets what was asked for. */
bool window_meets(const struct draft *d, int64_t from_us, int64_t to_us);
/* Drops the candidates that are not told and counts them; of a thing that several incidents tell one is left, whatever was asked. */
void window_candidates(struct candidate_list *list, struct draft *d);
/* When all is written: drops what is not told. */
void window_drop(struct draft *d);

#endif
