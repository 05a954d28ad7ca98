#include "base/root.h"

#include "unit.h"

int main(void)
{
	FACT(root_of(0) == 0 && root_of(15) == 3 && root_of(16) == 4 && root_of(~(unsigned __int128)0) == UINT64_MAX, "roots");
	/* Python: math.isqrt(2 * 10**36) */
	FACT(root_of((unsigned __int128)2000000000000000000u * 1000000000000000000u) == 1414213562373095048u, "of more than 64 bits");
	for (uint64_t n = 1; n < 5000; n++)
		FACT(root_of(n * n) == n && root_of(n * n - 1) == n - 1 && root_of(n * n + 2 * n) == n, "squares and what lies beside them");
	return unit_done();
}
