/* background: how a series looks when nothing is wrong, and how much more one count speaks for a burst than for that.
 *
 * Takes  counts per interval ("cells": only those that are not empty), what is covered, whether the signal is ~0 in health.
 * Gives  a background rate (the median minute), its spread, the phases of periodic peaks; gains in micro-nats.
 * Holds  one word per phase of the six periods looked at (7,260).
 * Never  takes time or memory that grows with the span of the stamps: an empty cell is never looked at one by one.
 *
 * facts/algorithms.md 1.2 with its corrections. A count x in a cell of the burst state gains ln g(x), in the background state
 * ln[(1-e) b(x) + e g(x)]: only the difference matters, and it is at most ln(1/e), so that one cell never makes a burst. Counts
 * up to rate + sqrt(rate) always cost 1.1 nats: a return to the background ends a burst, at any rate, in about 16 cells. Zero is
 * such a count whatever e is, therefore runs of empty cells need no look at the periodic mask.
 */
#ifndef ONSET_BACKGROUND_H
#define ONSET_BACKGROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts above this are taken as this: no second of a log has more lines, and products stay inside 128 bits. */
#define BACKGROUND_COUNT_MAX (UINT32_C(1) << 24)
#define BACKGROUND_LOW_NATS INT64_C(-1100000) /* micro-nats of a count at background level */
/* So many cells in a row that hold no more than the background separate two bursts: 20 rate + 2 sqrt(20 rate) events. */
enum { BACKGROUND_QUIET_CELLS = 20 };

struct cell {
	uint32_t index;     /* start_s / width_s */
	uint32_t x;         /* the count that is judged */
	uint64_t n;         /* the count itself */
	size_t first, last; /* bins of the series in it */
};
/* Cells without a record of any kind, first and last one. */
struct cell_gap {
	uint32_t first, last;
	bool bridged; /* short enough for a burst to go on behind it */
};
struct cells {
	uint32_t width_s;
	struct cell *items; /* owned; ascending index */
	size_t n;
	uint32_t begin, end; /* covered: first and last index */
	struct cell_gap *gaps; /* owned; ascending, inside [begin, end] */
	size_t gaps_n;
};

/* One periodic peak: share of periods that have it, with 32 fraction bits, by phase; 0 where there is none. */
struct mask {
	uint32_t period; /* in cells; 0: not looked at */
	uint64_t *share_q32; /* owned */
};
enum { BACKGROUND_MASKS = 6 };

struct background {
	uint64_t rate_q32;  /* per cell */
	uint32_t low;       /* counts up to here are background */
	uint32_t high;      /* counts from here on are peaks */
	uint64_t quiet;     /* what BACKGROUND_QUIET_CELLS cells hold at most, when nothing is wrong */
	bool filled;        /* more than half of the blocks exceed the cap of a signal that is ~0 in health */
	bool overdispersed; /* negative binomial instead of Poisson */
	uint64_t shape_q32; /* its r */
	/* terms of the logarithms, q56 */
	int64_t ln_rate, ln_rate_share, ln_shape_share, ln_burst_stop, ln_burst_go;
	__int128 ln_gamma_shape;
	struct mask masks[BACKGROUND_MASKS];
};

/* `cap_ppm`: the background is at most this, events per second in millionths; 0: no cap. */
void background_fit(struct background *b, const struct cells *cells, int64_t cap_ppm);
/* Share of a periodic peak at this cell with 32 fraction bits, at least 1/600 (a lone peak each ten minutes). */
uint64_t background_peak_q32(const struct background *b, uint32_t index);
/* True when the cell lies in a periodic peak. */
bool background_periodic(const struct background *b, uint32_t index);
/* What a count x says for a burst, micro-nats. */
int64_t background_gain(const struct background *b, uint32_t x, uint64_t peak_q32);
/* Cells in [begin, end] that are in no gap. */
uint64_t background_covered(const struct cells *cells);
/* Is there a gap between the cells of these indices, both included? `gap`: where to begin to look; moves on, for indices that ascend. */
bool background_gap_between(const struct cells *c, uint64_t first, uint64_t last, size_t *gap);
void background_release(struct background *b);

#endif
