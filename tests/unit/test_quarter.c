#include "fold/quarter.h"

#include "unit.h"

/* tzdata's offsets since 2019, in quarters of an hour, by Python:
 *   sorted({int(datetime(y, m, 15, tzinfo=ZoneInfo(z)).utcoffset().total_seconds()) // 900 for z in available_timezones()
 *           if not z.startswith("Etc") for y in range(2019, 2027) for m in range(1, 13)}) */
static const int on_land[] = {-44, -40, -38, -36, -32, -28, -24, -20, -16, -14, -12, -10, -8, -4, 0,  4,  8,  12, 14, 16,
			      18,  20,  22,  23,  24,  26,  28,  32,  35,  36,  38,  40,  42,  44, 48, 51, 52, 55, 56};

#define INDIA_US (5 * HOUR_US + 30 * MINUTE_US)

struct split {
	const char *fact;
	int64_t stated_us, offset_us, uncertainty_us;
	bool zone;
	int64_t quarter_us;
};

static const struct split splits[] = {
	{"+05:30 and a clock 7 s ahead", 0, 5 * HOUR_US + 30 * MINUTE_US + 7 * SECOND_US, 100000, true, 5 * HOUR_US + 30 * MINUTE_US},
	{"-03:00 and a clock 1 s behind", 0, -3 * HOUR_US - SECOND_US, 100000, true, -3 * HOUR_US},
	{"Nepal", 0, 5 * HOUR_US + 45 * MINUTE_US, SECOND_US, true, 5 * HOUR_US + 45 * MINUTE_US},
	{"UTC is a zone too", 0, 3 * SECOND_US, SECOND_US, true, 0},
	{"nobody lives at +00:15", 0, 15 * MINUTE_US, SECOND_US, false, 0},
	{"nor at +15:00", 0, 15 * HOUR_US, SECOND_US, false, 0},
	{"a clock 4 min off at +01:00, where the next zone is an hour away", 0, HOUR_US + 4 * MINUTE_US, SECOND_US, true, HOUR_US},
	{"4 min off +05:30 it may be 11 min off +05:45", 0, INDIA_US + 4 * MINUTE_US, SECOND_US, false, 0},
	{"8 min off is no zone", 0, HOUR_US + 8 * MINUTE_US, SECOND_US, false, 0},
	{"a bound of five minutes tells whole hours", 0, HOUR_US, 5 * MINUTE_US, true, HOUR_US},
	{"but no quarters", 0, INDIA_US, 5 * MINUTE_US, false, 0},
	{"a bound of eight minutes tells nothing", 0, HOUR_US, 8 * MINUTE_US, false, 0},
	{"what was assumed counts: +01:00 and 15 min more is no zone", HOUR_US, 15 * MINUTE_US, SECOND_US, false, 0},
	{"+01:00 and -01:00 more is UTC", HOUR_US, -HOUR_US, SECOND_US, true, -HOUR_US},
};

int main(void)
{
	size_t wrong = 0;
	for (int quarter = -200; quarter <= 200; quarter++) {
		bool known = false;
		for (size_t i = 0; i < sizeof on_land / sizeof *on_land; i++)
			known |= on_land[i] == quarter;
		wrong += quarter_in_use(quarter * QUARTER_US) != known || quarter_in_use(quarter * QUARTER_US + 1);
	}
	FACT(!wrong, "the offsets in use are tzdata's since 2019");
	for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
		int64_t quarter_us = 0;
		bool zone = quarter_split(splits[i].stated_us, splits[i].offset_us, splits[i].uncertainty_us, &quarter_us);
		FACT(zone == splits[i].zone && quarter_us == splits[i].quarter_us, splits[i].fact);
	}
	int64_t quarter_us = 0;
	FACT(quarter_apart(-12 * HOUR_US - 30 * MINUTE_US + SECOND_US, SECOND_US, &quarter_us) && quarter_us == -12 * HOUR_US - 30 * MINUTE_US,
	     "between two zones there is any number of quarters");
	FACT(!quarter_apart(HOUR_US + 3 * MINUTE_US, SECOND_US, &quarter_us), "but no odd minutes");
	FACT(quarter_nearest(-449 * SECOND_US) == 0 && quarter_nearest(-451 * SECOND_US) == -QUARTER_US, "rounded to the nearest, before 0 too");
	return unit_done();
}
