/* extent: which events belong to bursts beyond those that the automaton of incident/burst.c put into one.
 *
 * Takes  the spans found in one series, its events and its background, the log's gaps, when other logs fail.
 * Gives  spans that reach to the first and last event; spans of too few events, or too short ones, that are no chance where they lie;
 *        which of them a gap may have cut.
 * Holds  nothing.
 * Never  lets two spans overlap.
 *
 * In this order (tests/unit/burst_oracle.py says all of it again, the slow way), all but the last one of signals that are ~0 in health:
 *  - Beside: what the automaton finds in cells of 1 s and has fewer than ten events is a burst when it lies within 120 s of one that has
 *    ten, and overlaps none.
 *  - Met: ten events or more, each at most EXTENT_REACH_US from the next, that lie farther than that from all bursts, are one when another
 *    log fails at the same time, the signal is rare elsewhere (below), and they come twice as often as what may be background: fifteen
 *    refusals in a second are a lone peak by themselves, and no chance while users fail. A periodic peak and a gap end such a row.
 *  - Near: where fewer than 200 s lie so far from all bursts, chance cannot be told. Not one event lies 20 s or more from a burst, then they are
 *    joined and reach for as far: what does not part bursts parts no event from one. Not of failed requests, of which some fail any day.
 *  - Rare: so few events lie more than 120 s from all bursts that chance would put one within reach in a tenth of the cases at most.
 *  - Joined, when rare: two bursts between which no pause lasts for as long as parts bursts, 20 s. Lone events are background to the
 *    automaton, and a signal that is rare has none.
 *  - Reach, when rare: lone events at most EXTENT_REACH_US from a burst (and from one another) belong to it; and less far than another burst
 *    is from it: what parts two bursts parts an event from one. What both reach is parted at its longest pause.
 *    A periodic peak, a gap, and an end that is censored stop both.
 *  - Censored: a burst is at a gap that lies within that reach of it (of another signal: within a cell of the width at which it was
 *    found), unless another burst lies between: an event that the gap has swallowed would belong to it.
 */
#ifndef ONSET_EXTENT_H
#define ONSET_EXTENT_H

#include "fold/source.h"
#include "incident/background.h"

/* Signals that are ~0 in health have at most this background, events per second in millionths (draft.numbers.cap_ppm). */
#define BURST_CAP_PPM INT64_C(50000)

struct burst_span {
	int64_t first_us, last_us; /* first and last event, as printed */
	size_t first_bin, last_bin; /* indices into the series' bins */
	uint64_t count, peak;
	int64_t peak_at_us;        /* start of the fullest bin */
	uint32_t width_s;          /* at which resolution it was found: 1, 10 or 60 */
	int64_t background_ppm;    /* events per second, millionths */
	bool censored_start, censored_end, ongoing, assumed_baseline;
	bool met;                  /* by itself it would be a lone peak */
	/* As printed: last record before the gap in which it may have begun, first one behind that in which it may have
	 * ended. INSTANT_NONE: there is none so near. */
	int64_t gap_start_us, gap_end_us;
};

struct burst_list {
	struct burst_span *items; /* owned */
	size_t n, cap;
};

/* A time in which other logs fail, by this source's clock as printed, both ends included. */
struct burst_while {
	int64_t first_us, last_us;
};

/* Two bursts of a signal that is ~0 in health have half a minute without an event between them: a client that waits for as long before it
 * asks again is one that still cannot get in. */
#define EXTENT_REACH_US (30 * SECOND_US)
enum { EXTENT_LEAST_EVENTS = 10 };

/* What a series is, and how it looks when nothing is wrong: in its narrowest cells. All borrowed. */
struct extent_of {
	const struct fold_series *series;
	const struct cells *cells;   /* one for each bin */
	const struct background *background;
	bool none_in_health;         /* its bound is BURST_CAP_PPM: not that of requests, of which some fail any day */
};

/* First or last event of a bin, as printed. */
int64_t extent_event_us(const struct fold_series *series, size_t bin, bool last);
/* The span of the cells [first, last]. */
struct burst_span extent_span(const struct fold_series *series, const struct cells *c, const struct background *b, size_t first, size_t last);
void extent_add(struct burst_list *list, const struct burst_span *s);
/* Does it overlap one of the first n of the list? */
bool extent_overlaps(const struct burst_list *list, size_t n, const struct burst_span *s);
void extent_sort(struct burst_list *list);

/* Adds those of `few` that lie beside one of the list. */
void extent_beside(struct burst_list *list, const struct burst_list *few);
/* Of a sorted list. `whiles`: in any order. The list stays sorted. */
void extent_met(struct burst_list *list, const struct extent_of *of, const struct burst_while *whiles, size_t whiles_n);
void extent_reach(struct burst_list *list, const struct extent_of *of);
/* `rare`: of a signal that is ~0 in health. Gaps and the list ascend. */
void extent_censor(struct burst_list *list, const struct fold_gap *gaps, size_t gaps_n, bool rare);

#endif
