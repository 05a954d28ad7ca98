#include "incident/logarithm.h"

enum { Q = 56, GAMMA_FROM = 16 };
#define LN2_Q64 0xB17217F7D1CF79ACu           /* ln 2 * 2^64 */
#define LN2_Q56 INT64_C(49946518145322874)    /* ln 2 * 2^56 */
#define HALF_LN_2PI_Q56 INT64_C(66216499771471269) /* ln(2 pi) / 2 * 2^56 */

/* Squaring a number in [1, 2) doubles its binary logarithm: whether the square reaches 2 is the next binary digit. Rounding errors
 * of 2^-63 in a step weigh half as much in each earlier digit, so that 56 digits stay exact to about 2^-60. */
int64_t logarithm_of(uint64_t v, unsigned fraction_bits)
{
	int shift = __builtin_clzll(v);
	int64_t digits = 63 - shift - (int64_t)fraction_bits;
	uint64_t mantissa = v << shift; /* [1, 2) with 63 fraction bits */
	for (int i = 0; i < Q; i++) {
		unsigned __int128 square = (unsigned __int128)mantissa * mantissa;
		int64_t digit = (int64_t)(square >> 127);
		digits = digits * 2 + digit;
		mantissa = (uint64_t)(square >> (63 + digit));
	}
	return (int64_t)(((__int128)digits * (__int128)LN2_Q64) >> 64);
}

/* Stirling's series, after moving small arguments up by gamma(z + 1) = z gamma(z). At 16 the first term left out, 1/(1680 z^7), is
 * 2e-12. */
__int128 logarithm_gamma(uint64_t z_q32)
{
	__int128 below = 0;
	for (; z_q32 >> 32 < GAMMA_FROM; z_q32 += UINT64_C(1) << 32)
		below += logarithm_of(z_q32, 32);
	__int128 ln = logarithm_of(z_q32, 32);
	__int128 result = (((__int128)z_q32 - (INT64_C(1) << 31)) * ln) >> 32;
	result -= (__int128)z_q32 << (Q - 32);
	result += HALF_LN_2PI_Q56;
	__int128 inverse = ((__int128)1 << (Q + 32)) / (__int128)z_q32;
	__int128 inverse3 = (((inverse * inverse) >> Q) * inverse) >> Q;
	__int128 inverse5 = (((inverse * inverse) >> Q) * inverse3) >> Q;
	return result + inverse / 12 - inverse3 / 360 + inverse5 / 1260 - below;
}

/* e^-d with 62 fraction bits, 0 <= d: a power of two times a Taylor series in [0, ln 2). */
static uint64_t exponential(__int128 d)
{
	__int128 halvings = d / LN2_Q56;
	if (halvings > 62)
		return 0;
	__int128 rest = d - halvings * LN2_Q56, term = (__int128)1 << 62, sum = 0;
	for (int k = 1; term; k++) {
		sum += k & 1 ? term : -term;
		term = ((term * rest) >> Q) / k;
	}
	return (uint64_t)(sum >> halvings);
}

__int128 logarithm_sum(__int128 a, __int128 b)
{
	__int128 more = a > b ? a : b, less = a > b ? b : a;
	return more + logarithm_of((UINT64_C(1) << 62) + exponential(more - less), 62);
}

int64_t logarithm_micro(__int128 q56)
{
	return (int64_t)((q56 * 1000000 + ((__int128)1 << (Q - 1))) >> Q);
}
