#include "incident/deviance.h"

#include <stdlib.h>

#include "unit.h"

/* By Python: copysign(sqrt(2 * (c * log(c / e) - (c - e))), c - e) * 1000. */
static const struct {
	const char *name;
	uint64_t count, expected_milli;
	int64_t milli;
} cases[] = {
	{"ten where one was to be expected", 10, 1000, 5296},
	{"twelve where six were", 12, 6304, 2014},
	{"none where eight were", 0, 8000, -4000},
	{"as many as expected", 5, 5000, 0},
	{"one where a half was", 1, 500, 622},
	{"a hundred thousand where nearly none was", 100000, 1, 1866584},
	{"fewer is negative", 3, 7000, -1708},
	{"the most that is counted", UINT64_C(1) << 40, 1000, 7666214680},
	{"nearly as expected", 25, 24000, 203},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t got = deviance_milli(cases[i].count, cases[i].expected_milli);
		if (!FACT(llabs(got - cases[i].milli) <= 1, cases[i].name))
			printf("got %lld\n", (long long)got);
	}
	FACT(deviance_milli(UINT64_MAX, UINT64_MAX) == 0, "numbers beyond the most are taken as the most");
	FACT(deviance_milli(3, 0) == deviance_milli(3, 1), "nothing is never expected: a thousandth is");
	FACT(deviance_expected(0, 600, 600) == 500, "none in as long a time: half an event");
	FACT(deviance_expected(9, 200, 100) == 19000, "nine and a half, at twice the input");
	FACT(deviance_expected(3, 7, 0) == 24500, "no input before is taken as one");
	FACT(deviance_expected(UINT64_MAX, UINT64_MAX, 1) == UINT64_MAX, "what is too large stops there");
	return unit_done();
}
