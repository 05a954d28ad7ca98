#include "incident/deviance.h"

#include "base/root.h"
#include "incident/logarithm.h"

__extension__ typedef unsigned __int128 wide;

int64_t deviance_milli(uint64_t count, uint64_t expected_milli)
{
	uint64_t c = count < DEVIANCE_COUNT_MAX ? count : DEVIANCE_COUNT_MAX;
	uint64_t e = expected_milli < DEVIANCE_COUNT_MAX * 1000 ? expected_milli : DEVIANCE_COUNT_MAX * 1000;
	e = e ? e : 1;
	/* q56 of a difference of logarithms is less than 2^63, times 2^40: well inside. */
	__int128 deviance = ((__int128)(int64_t)e << 56) / 1000 - ((__int128)(int64_t)c << 56);
	if (c)
		deviance += (__int128)(int64_t)c * (logarithm_of(c, 0) + logarithm_of(1000, 0) - logarithm_of(e, 0));
	if (deviance <= 0) /* equal, but for the last digits */
		return 0;
	/* Half the deviance is less than 2^46: the square of thousandths of its root has less than 46 + 56 + 21 bits. */
	uint64_t z = root_of((wide)deviance * 2000000 >> 56);
	return c * 1000 >= e ? (int64_t)z : -(int64_t)z;
}

uint64_t deviance_expected(uint64_t before, uint64_t input, uint64_t input_before)
{
	wide expected = ((wide)before * 1000 + 500) * input / (input_before ? input_before : 1);
	return expected > UINT64_MAX ? UINT64_MAX : (uint64_t)expected;
}
