/* deviance: how far a count is from what was to be expected.
 *
 * Takes  a count and its expectation.
 * Gives  the signed square root of the Poisson deviance, 2 (c ln(c/e) - (c - e)), in thousandths: about how many standard
 *        deviations the count lies above the expectation (facts/algorithms.md 3.3, Z).
 * Holds  nothing.
 * Never  uses floating point.
 */
#ifndef ONSET_DEVIANCE_H
#define ONSET_DEVIANCE_H

#include <stdint.h>

/* Counts and expectations above this are taken as this. */
#define DEVIANCE_COUNT_MAX (UINT64_C(1) << 40)

/* `expected_milli`: the expectation in thousandths; 0 is taken as one thousandth. Negative: fewer than expected. */
int64_t deviance_milli(uint64_t count, uint64_t expected_milli);
/* What `before` events in `input_before` let expect in `input`, in thousandths; half an event is added, because none in a short
 * time does not mean never. `input_before` 0 is taken as 1. */
uint64_t deviance_expected(uint64_t before, uint64_t input, uint64_t input_before);

#endif
