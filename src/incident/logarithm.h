/* logarithm: natural logarithms without floating point, so that every machine finds the same bursts.
 *
 * Takes  unsigned fixed-point numbers.
 * Gives  logarithms in nats as signed fixed point with 56 fraction bits ("q56"), exact to 2^-50 for ln; micro-nats on request.
 * Holds  nothing.
 * Never  calls libm, whose last digits differ between hosts.
 */
#ifndef ONSET_LOGARITHM_H
#define ONSET_LOGARITHM_H

#include <stdint.h>

/* ln(v / 2^fraction_bits), v > 0, fraction_bits <= 63. */
int64_t logarithm_of(uint64_t v, unsigned fraction_bits);
/* ln of Euler's gamma function of z_q32 / 2^32, 0 < z < 2^31. */
__int128 logarithm_gamma(uint64_t z_q32);
/* ln(e^a + e^b). */
__int128 logarithm_sum(__int128 a, __int128 b);
/* q56 to micro-nats, rounded to the nearest. */
int64_t logarithm_micro(__int128 q56);

#endif
