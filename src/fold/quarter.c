#include "fold/quarter.h"

#include <stddef.h>

/* In quarters of an hour east of Greenwich: all offsets that clocks on land had since 2019, by tzdata (tests/unit/test_quarter.c says how
 * to ask it). -12:00 is kept by ships alone. */
static const signed char in_use[] = {-44, -40, -38, -36, -32, -28, -24, -20, -16, -14, -12, -10, -8, -4, 0,  4,  8,  12, 14, 16,
				     18,  20,  22,  23,  24,  26,  28,  32,  35,  36,  38,  40,  42,  44, 48, 51, 52, 55, 56};

bool quarter_in_use(int64_t zone_us)
{
	for (size_t i = 0; i < sizeof in_use / sizeof *in_use; i++)
		if (zone_us == in_use[i] * QUARTER_US)
			return true;
	return false;
}

int64_t quarter_nearest(int64_t offset_us)
{
	int64_t half = offset_us < 0 ? -QUARTER_US / 2 : QUARTER_US / 2;
	return (offset_us + half) / QUARTER_US * QUARTER_US;
}

bool quarter_split(int64_t stated_us, int64_t offset_us, int64_t uncertainty_us, int64_t *quarter_us)
{
	int64_t quarter = quarter_nearest(offset_us), rest_us = offset_us - quarter;
	int64_t most_us = 3 * uncertainty_us > QUARTER_REST_US ? 3 * uncertainty_us : QUARTER_REST_US;
	if (uncertainty_us > QUARTER_UNCERTAIN_US || rest_us > most_us || rest_us < -most_us || !quarter_in_use(stated_us + quarter))
		return false;
	*quarter_us = quarter;
	return true;
}
