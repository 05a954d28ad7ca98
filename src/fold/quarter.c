#include "fold/quarter.h"

#include <stddef.h>

/* In quarters of an hour east of Greenwich: all offsets that clocks on land had since 2019, by tzdata (tests/unit/test_quarter.c says how
 * to ask it). -12:00 is kept by ships alone. */
static const signed char in_use[] = {-44, -40, -38, -36, -32, -28, -24, -20, -16, -14, -12, -10, -8, -4, 0,  4,  8,  12, 14, 16,
				     18,  20,  22,  23,  24,  26,  28,  32,  35,  36,  38,  40,  42,  44, 48, 51, 52, 55, 56};

enum { IN_USE = sizeof in_use / sizeof *in_use };

bool quarter_in_use(int64_t zone_us)
{
	for (size_t i = 0; i < IN_USE; i++)
		if (zone_us == in_use[i] * QUARTER_US)
			return true;
	return false;
}

int64_t quarter_nearest(int64_t offset_us)
{
	int64_t half = offset_us < 0 ? -QUARTER_US / 2 : QUARTER_US / 2;
	return (offset_us + half) / QUARTER_US * QUARTER_US;
}

static int64_t apart(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? b_us - a_us : a_us - b_us;
}

bool quarter_split(int64_t stated_us, int64_t offset_us, int64_t uncertainty_us, int64_t *quarter_us)
{
	int64_t whole_us = stated_us + offset_us, zone_us = 0, rest_us = INT64_MAX, next_us = INT64_MAX;
	for (size_t i = 0; i < IN_USE; i++) {
		int64_t away_us = apart(in_use[i] * QUARTER_US, whole_us);
		if (away_us < rest_us) {
			next_us = rest_us;
			rest_us = away_us;
			zone_us = in_use[i] * QUARTER_US;
		} else if (away_us < next_us) {
			next_us = away_us;
		}
	}
	bool small = rest_us <= QUARTER_REST_US && uncertainty_us <= QUARTER_REST_US;
	bool alone = rest_us + uncertainty_us <= QUARTER_US / 2 && next_us / QUARTER_ALONE >= rest_us + uncertainty_us;
	if (!small && !alone)
		return false;
	*quarter_us = zone_us - stated_us;
	return true;
}

bool quarter_apart(int64_t offset_us, int64_t uncertainty_us, int64_t *quarter_us)
{
	int64_t quarter = quarter_nearest(offset_us), rest_us = apart(offset_us, quarter);
	*quarter_us = quarter;
	return rest_us <= QUARTER_REST_US && uncertainty_us <= QUARTER_REST_US;
}
