/* burst: intervals in which a signal of a source is far above its background ("CB2", facts/algorithms.md 1.2, corrections first).
 *
 * Takes  one merged series of one source, the source's coverage (first, last, gaps), whether the signal is ~0 in health.
 * Gives  intervals in the source's own clock, first and last event to the microsecond, with count, peak, background, and why.
 * Holds  nothing.
 * Never  uses floating point (log-likelihoods are micro-nats from an integer logarithm), so that every machine agrees; never takes
 *        a single second, a periodic peak or a log gap for a burst.
 */
#ifndef ONSET_BURST_H
#define ONSET_BURST_H

#include "story/source.h"

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
};

/* natural logarithm of n / 2^20 in micro-nats, exact to 1 micro-nat, integers only. n > 0. */
int64_t burst_ln(uint64_t n_q20);

/* Finds the bursts of a series. `start_us`, `end_us`: what the source covers; `gaps` as found by the fold. Returns an array that the
 * caller frees; *n its length. */
struct burst_span *burst_find(const struct fold_series *series, int64_t start_us, int64_t end_us, const struct fold_gap *gaps,
			      size_t gaps_n, bool health_zero, size_t *n);

#endif
