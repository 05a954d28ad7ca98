#include "incident/logarithm.h"

#include <stdlib.h>

#include "unit.h"

/* Python's mpmath with 200 bits: nint(log(mpf(v) / 2**fraction_bits) * 2**56). */
struct ln {
	uint64_t v;
	unsigned fraction_bits;
	int64_t q56;
};

static const struct ln lns[] = {
	{1, 0, 0},
	{2, 0, INT64_C(49946518145322874)},
	{3, 0, INT64_C(79163358301925545)},
	{10, 0, INT64_C(165918741868749488)},
	{UINT64_C(1) << 63, 0, INT64_C(3146630643155341041)},
	{UINT64_MAX, 0, INT64_C(3196577161300663915)},
	{UINT64_MAX, 63, INT64_C(49946518145322874)},
	{1, 63, INT64_C(-3146630643155341041)},
	{1, 32, INT64_C(-1598288580650331957)},
	{UINT64_C(0x100000001), 32, INT64_C(16777216)},
	{UINT64_C(0xffffffff), 32, INT64_C(-16777216)},
	{3, 1, INT64_C(29216840156602672)},
	{UINT64_C(0x4000000000000001), 62, 0},
	{UINT64_C(0x9e3779b97f4a7c15), 40, INT64_C(1164041469151353666)},
};

/* nint(loggamma(mpf(z) / 2**32) * 10**12). */
struct gamma {
	uint64_t z_q32;
	int64_t pico;
};

static const struct gamma gammas[] = {
	{UINT64_C(1) << 32, INT64_C(0)},
	{UINT64_C(2) << 32, INT64_C(0)},
	{UINT64_C(3) << 32, INT64_C(693147180560)},
	{UINT64_C(11) << 32, INT64_C(15104412573076)},
	{UINT64_C(101) << 32, INT64_C(363739375555563)},
	{UINT64_C(0x80000000), INT64_C(572364942925)}, /* ln pi / 2 */
	{UINT64_C(0x55555555), INT64_C(985420647171)},
	{UINT64_C(0x33333333), INT64_C(1524063822677)},
	{1, INT64_C(22180709777784)},
	{UINT64_C(0x1762d8574), INT64_C(-121486290536)},  /* near its minimum */
	{UINT64_C(0xf80003039), INT64_C(26536922275381)}, /* both sides of where the series begins */
	{UINT64_C(0xfffffffff), INT64_C(27899271383203)},
	{UINT64_C(0x1000000000), INT64_C(27899271383841)},
};

/* nint(log(e**(a / 4) + e**(b / 4)) * 10**12). */
struct sum {
	int a, b; /* quarters of a nat */
	int64_t pico;
};

static const struct sum sums[] = {
	{0, 0, INT64_C(693147180560)},
	{4, 0, INT64_C(1313261687518)},
	{0, 4, INT64_C(1313261687518)},
	{-20, -28, INT64_C(-4873071988957)},
	{-4, -12, INT64_C(-873071988957)},
	{-160, -160, INT64_C(-39306852819440)},
	{8, -80, INT64_C(2000000000279)},
	{0, -88, INT64_C(279)},
	{0, -108, INT64_C(2)},
	{0, -172, INT64_C(0)},
	{4000, 0, INT64_C(1000000000000000)},
	{-4000, -4001, INT64_C(-999424060580121)},
};

static int64_t pico(__int128 q56)
{
	return (int64_t)((q56 * INT64_C(1000000000000) + ((__int128)1 << 55)) >> 56);
}

static int64_t away(__int128 a, __int128 b)
{
	__int128 d = a < b ? b - a : a - b;
	return d > INT64_MAX ? INT64_MAX : (int64_t)d;
}

int main(void)
{
	int64_t worst = 0;
	for (size_t i = 0; i < sizeof lns / sizeof *lns; i++) {
		int64_t off = away(logarithm_of(lns[i].v, lns[i].fraction_bits), lns[i].q56);
		worst = off > worst ? off : worst;
	}
	FACT(worst <= 64, "ln is exact to 2^-50, from 2^-63 to 2^64");
	FACT(logarithm_of(UINT64_C(1) << 20, 20) == 0, "ln 1 is 0, whatever the fraction bits");
	int64_t before = INT64_MIN;
	unsigned falls = 0;
	for (uint64_t v = (UINT64_C(1) << 32) - 2000; v < (UINT64_C(1) << 32) + 2000; v++) {
		int64_t ln = logarithm_of(v, 32);
		falls += ln <= before;
		before = ln;
	}
	FACT(!falls, "it rises with each step around 1");
	for (size_t i = 0; i < sizeof gammas / sizeof *gammas; i++)
		FACT(away(pico(logarithm_gamma(gammas[i].z_q32)), gammas[i].pico) <= 4, "ln gamma, to a few pico-nats");
	FACT(away(logarithm_micro(logarithm_gamma(UINT64_C(1048576) << 32)), INT64_C(13487767947523)) <= 1 &&
		     away(logarithm_micro(logarithm_gamma(UINT64_C(2147483647) << 32)), INT64_C(43996705633890962)) <=
			     16,
	     "of the largest arguments to 16 digits");
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		__int128 a = (__int128)sums[i].a * (INT64_C(1) << 54), b = (__int128)sums[i].b * (INT64_C(1) << 54);
		FACT(away(pico(logarithm_sum(a, b)), sums[i].pico) <= 1, "ln(e^a + e^b), to the pico-nat");
	}
	FACT(logarithm_sum(0, -((__int128)1 << 100)) == 0, "what is far less does not count, however far");
	const __int128 one = (__int128)1 << 56;
	FACT(logarithm_micro(one) == 1000000 && logarithm_micro(-one) == -1000000 && logarithm_micro(0) == 0,
	     "a nat is a million micro-nats");
	FACT(logarithm_micro(one / 1000000 * 4 / 10) == 0 && logarithm_micro(one / 1000000 * 6 / 10) == 1 &&
		     logarithm_micro(-(one / 1000000 * 4 / 10)) == 0 &&
		     logarithm_micro(-(one / 1000000 * 6 / 10)) == -1,
	     "rounded to the nearest, on both sides of 0");
	return unit_done();
}
