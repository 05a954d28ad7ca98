/* ratio: how rates compare, and how sure that is, in integers.
 *
 * Takes  counts of events, and of what they are counted out of.
 * Gives  ratios with their 95 % interval, as natural logarithms in micro-nats; how much blocks of one rate scatter.
 * Holds  nothing.
 * Never  divides by a zero count: half an event is added to each (facts: Haldane, Anscombe), as algorithms.md 3.4 has it.
 *
 * The logarithm of a ratio of counts is about normal with the variance 1/(a+.5) + 1/(b+.5) + ..., times phi where events come in
 * clusters: 1.96 standard errors on both sides are the interval. tests/unit/verdict_oracle.py says it again in floating point.
 */
#ifndef ONSET_RATIO_H
#define ONSET_RATIO_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Events, and the requests (or seconds) they came out of. */
struct rate {
	uint64_t events, out_of;
};
struct ratio {
	int64_t ln, lower, upper; /* micro-nats */
};

#define RATIO_PHI_ONE INT64_C(1000000) /* no clusters */

/* Rate `a` to rate `b`. phi_ppm: over-dispersion in millionths, at least 1,000,000. Both `out_of` are above zero. */
struct ratio ratio_of(struct rate a, struct rate b, int64_t phi_ppm);
/* (a / b) / (c / d): a difference in differences. */
struct ratio ratio_of_ratios(struct rate a, struct rate b, struct rate c, struct rate d, int64_t phi_ppm);
/* ln(numerator / denominator), both above zero. */
int64_t ratio_ln(uint64_t numerator, uint64_t denominator);
/* How much more blocks of one rate scatter than chance alone: Pearson's chi square over its degrees of freedom, in millionths; at
 * least 1,000,000. Adds to *chi_ppm and *freedom, so that several groups can be taken together: ratio_phi() makes the number. */
void ratio_scatter(const struct rate *blocks, size_t n, uint64_t *chi_ppm, uint64_t *freedom);
int64_t ratio_phi(uint64_t chi_ppm, uint64_t freedom);
/* The same of what two groups have of the events of each block, when one fails at the same multiple of the other's rate all the time: how
 * much their ratio scatters, whatever the rate of both does from block to block. n blocks of each. */
void ratio_scatter_of_two(const struct rate *a, const struct rate *c, size_t n, uint64_t *chi_ppm, uint64_t *freedom);
/* 1 - e^-x in millionths, x = `micro` millionths, not negative. */
int64_t ratio_chance_ppm(uint64_t micro);
/* e^ln in thousandths; at most 10^12. */
uint64_t ratio_milli(int64_t ln);
/* Thousandths: "2.40", "1,800". */
void ratio_number(struct text *t, uint64_t milli);
/* "2.40 (95 %: 1.90 to 3.10)". */
void ratio_sentence(struct text *t, const struct ratio *r);

#endif
