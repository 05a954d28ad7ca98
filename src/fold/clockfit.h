/* clockfit: how far a clock is off another one, over time: stretches between steps, or a drift.
 *
 * Takes  samples: at this time of the other clock, the offset lies in this interval; some of them may be wrong.
 * Gives  stretches, each with its offset and bound (vote.h); a drift where one line explains many more samples than one level.
 * Holds  owned stretches; at most CLOCKFIT_STRETCHES.
 * Never  believes a stretch of fewer than CLOCKFIT_LEAST samples, or one whose bound less than CLOCKFIT_SUPPORT_PPM of them hold.
 *
 * A step (a clock that was set, a machine that was resumed, summer time) parts the samples where the two sides together explain many more
 * than one level does, and their bounds do not meet. Between the last sample before a step and the first one after it either offset may
 * hold: there the bound is that of both.
 */
#ifndef ONSET_CLOCKFIT_H
#define ONSET_CLOCKFIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CLOCKFIT_LEAST = 5,
	CLOCKFIT_SUPPORT_PPM = 600000,
	CLOCKFIT_STRETCHES = 16,
	CLOCKFIT_DRIFT_PPB = 500000, /* no clock that is worth a thought runs off faster */
};

struct clock_sample {
	int64_t at_us;             /* by the other clock */
	int64_t own_us;            /* by this one */
	int64_t low_us, high_us;   /* this one less the other one */
};

struct clock_stretch {
	int64_t from_us, to_us;    /* by this clock: its first and its last sample */
	int64_t offset_us, uncertainty_us;
	size_t n, count;           /* samples; how many of them hold the best point */
};

struct clockfit {
	struct clock_stretch *items; /* by time; 0: nothing is known */
	size_t n;
	int64_t drift_ppb, drift_spread_ppb; /* of the only stretch: offset_us holds at drift_at_us; else 0 */
	int64_t drift_at_us;                 /* by this clock */
	size_t samples_n, count;
};

/* `samples` by at_us. False: too few of them, or they do not agree; then the fit is empty. */
bool clockfit_make(struct clockfit *fit, const struct clock_sample *samples, size_t n);
void clockfit_release(struct clockfit *fit);
/* At a time of this clock. The fit is not empty. */
void clockfit_at(const struct clockfit *fit, int64_t own_us, int64_t *offset_us, int64_t *uncertainty_us);
/* Share of the samples that the fit explains, millionths. */
int64_t clockfit_support_ppm(const struct clockfit *fit);
/* The largest bound of its stretches, drift over [from_us, to_us] of this clock included. */
int64_t clockfit_uncertainty(const struct clockfit *fit, int64_t from_us, int64_t to_us);

#endif
