/* statistic: what weighs a cause beside incident/deviance, in integers, so that every machine agrees.
 *
 * Takes  numbers, series of counts.
 * Gives  the normal distribution; a rank correlation; a root.
 * Holds  nothing.
 * Never  uses floating point (tests/unit/cause_oracle.py says all of it again with Python's).
 */
#ifndef ONSET_STATISTIC_H
#define ONSET_STATISTIC_H

#include <stddef.h>
#include <stdint.h>

/* The normal distribution function of x (thousandths of a standard deviation), in millionths; off by at most 0.0004 (linear between
 * tenths of a standard deviation), 1 and 0 beyond 4.5. */
int64_t statistic_normal(int64_t x_milli);

/* sqrt(a^2 + b^2), cut. */
uint64_t statistic_hypotenuse(uint64_t a, uint64_t b);

/* Spearman's rank correlation of two series of n values (ties get their mean rank), in thousandths, cut towards zero; 0 when n < 3 or
 * one of them is constant. At most 16,384 values. */
int64_t statistic_spearman(const uint64_t *x, const uint64_t *y, size_t n);

#endif
