/* burst: intervals in which a signal of a source is far above its background ("CB2", facts/algorithms.md 1.2, corrections first).
 *
 * Takes  one merged series of one source, the source's coverage (first, last, gaps), the most that its background may be.
 * Gives  intervals in the source's own clock, first and last event to the microsecond, with count, peak, background, and why.
 * Holds  nothing.
 * Never  uses floating point (log-likelihoods are micro-nats from an integer logarithm), so that every machine agrees; never takes
 *        a single second, a periodic peak or a log gap for a burst.
 *
 * What is settled here beyond the facts (tests/unit/burst_oracle.py says all of it again, the slow way):
 *  - Background of a capture of fewer than 20 whole minutes: incident/background.c, rate_of_quiet(). Minutes and shorter blocks are
 *    aligned to the epoch; blocks at the edges and at gaps are left out.
 *  - A period is masked only when at most a quarter of its phases peak: an incident that fills most of a capture is no period.
 *  - At 10 and 60 s a second counts with at most the least count that is a peak, and periodic peaks not at all. A burst found
 *    there is dropped when it overlaps one that was found in narrower cells.
 *  - Twenty cells in a row, between cells of one burst, with at most 20 rate + 2 sqrt(20 rate) events: the automaton runs again
 *    and must not be in a burst in the middle of them.
 *  - The automaton begins without a burst and may end in one (`ongoing`). A gap of more than ten minutes is such a begin and end.
 *  - Of a signal that is ~0 in health, when more than half of the blocks exceed the cap (`assumed_baseline`): what the automaton
 *    finds above the cap; when it finds nothing, the whole capture is one burst, unless most of the events are periodic.
 *  - What belongs to a burst beside what the automaton found: incident/extent.h.
 */
#ifndef ONSET_BURST_H
#define ONSET_BURST_H

#include "incident/extent.h"

/* Of HEALTH_FEW: one request in twenty. */
enum { BURST_FEW = 20 };

/* Finds the bursts of a series, whose background is at most `cap_ppm` (0: no bound). `start_us`, `end_us`: what the source covers; `gaps` as found by the fold. Returns an array that the
 * caller frees; *n its length. */
struct burst_span *burst_find(const struct fold_series *series, int64_t start_us, int64_t end_us, const struct fold_gap *gaps,
			      size_t gaps_n, int64_t cap_ppm, size_t *n);
/* The same when it is known that other logs fail at these times. */
struct burst_span *burst_find_while(const struct fold_series *series, int64_t start_us, int64_t end_us, const struct fold_gap *gaps,
				    size_t gaps_n, int64_t cap_ppm, const struct burst_while *whiles, size_t whiles_n, size_t *n);

/* The most that a signal may have as background in this source, events per second in millionths; 0: there is no such bound. */
int64_t burst_cap(const struct fold_source *s, const struct signal *signal);

#endif
