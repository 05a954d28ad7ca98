#include "base/instant.h"

#include <string.h>

#include "unit.h"

/* From Python's datetime. */
static const struct {
	const char *text;
	int64_t us;
} known[] = {
	{"0001-01-01T00:00:00.000000Z", INT64_C(-62135596800000000)},
	{"1582-10-15T12:00:00.000000Z", INT64_C(-12219249600000000)},
	{"1600-02-29T23:59:59.999999Z", INT64_C(-11670912000000001)},
	{"1899-12-31T23:59:59.000000Z", INT64_C(-2208988801000000)},
	{"1969-12-31T23:59:59.999999Z", INT64_C(-1)},
	{"1970-01-01T00:00:00.000000Z", INT64_C(0)},
	{"1972-02-29T00:00:00.000000Z", INT64_C(68169600000000)},
	{"1999-12-31T23:59:59.000000Z", INT64_C(946684799000000)},
	{"2000-02-29T06:07:08.000009Z", INT64_C(951804428000009)},
	{"2000-03-01T00:00:00.000000Z", INT64_C(951868800000000)},
	{"2024-02-29T12:34:56.789012Z", INT64_C(1709210096789012)},
	{"2026-11-22T11:15:26.510000Z", INT64_C(1795346126510000)},
	{"2038-01-19T03:14:08.000000Z", INT64_C(2147483648000000)},
	{"2100-02-28T23:59:59.000000Z", INT64_C(4107542399000000)},
	{"2100-03-01T00:00:00.000000Z", INT64_C(4107542400000000)},
	{"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
};

static void test_known(void)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		char out[32];
		int64_t us = 0;
		struct civil c;
		FACT(!strcmp(instant_format(known[i].us, out), known[i].text), known[i].text);
		FACT(instant_parse(span_of(known[i].text), &us) && us == known[i].us, known[i].text);
		instant_to_civil(known[i].us, &c);
		FACT(civil_valid(&c) && instant_of(&c) == known[i].us, known[i].text);
	}
}

/* Every day of the calendar follows the one before it, by the rule of months and leap years. */
static void test_every_day(void)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t day = instant_days(1, 1, 1);
	bool ok = day == -719162;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++) {
			int length = lengths[month - 1];
			if (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
				length = 29;
			struct civil last = {year, month, length, 23, 59, 60, 999999}, over = {year, month, length + 1, 0, 0, 0, 0};
			ok &= civil_valid(&last) && !civil_valid(&over);
			for (int d = 1; d <= length; d++, day++) {
				struct civil c;
				instant_to_civil(day * DAY_US + DAY_US - 1, &c);
				ok &= instant_days(year, month, d) == day && c.year == year && c.month == month && c.day == d &&
				      c.hour == 23 && c.minute == 59 && c.second == 59 && c.us == 999999;
			}
		}
	FACT(ok, "every day from year 1 to 9999 follows the day before");
}

static void test_parse(void)
{
	static const struct {
		const char *text, *utc;
	} good[] = {
		{"2026-11-22T11:15:26Z", "2026-11-22T11:15:26.000000Z"},
		{"2026-11-22t11:15:26z", "2026-11-22T11:15:26.000000Z"},
		{"2026-11-22 11:15:26Z", "2026-11-22T11:15:26.000000Z"},
		{"2026-11-22T11:15:26.5Z", "2026-11-22T11:15:26.500000Z"},
		{"2026-11-22T11:15:26.123456789Z", "2026-11-22T11:15:26.123456Z"},
		{"2026-11-22T11:15:26.1234567Z", "2026-11-22T11:15:26.123456Z"},
		{"2026-11-22T11:15:26+02:00", "2026-11-22T09:15:26.000000Z"},
		{"2026-11-22T11:15:26-0530", "2026-11-22T16:45:26.000000Z"},
		{"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000000Z"},
		{"2026-11-22T11:15:60Z", "2026-11-22T11:16:00.000000Z"},
	};
	static const char *const bad[] = {
		"",
		"2026-11-22",
		"2026-11-22T11:15:26",
		"2026-11-22T11:15:26.Z",
		"2026-11-22T11:15:26.1234567890Z",
		"2026-11-22T11:15:26+02",
		"2026-11-22T11:15:26+2:00",
		"2026-11-22T11:15:26+24:00",
		"2026-11-22T11:15:26+02:60",
		"2026-11-22T11:15:26Z ",
		" 2026-11-22T11:15:26Z",
		"2026-11-22T11:15:26ZZ",
		"2026-11-22T24:00:00Z",
		"2026-11-22T11:60:00Z",
		"2026-11-22T11:15:61Z",
		"2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-11-00T00:00:00Z",
		"0000-01-01T00:00:00Z",
		"-026-11-22T11:15:26Z",
		"2026--1-22T11:15:26Z",
		"2026-11-22T-1:15:26Z",
		"2026-11-22T11:15:26+-1:00",
		"2026-11-22T11:15:26+02:-1",
		"26-11-22T11:15:26Z",
		"2026/11/22T11:15:26Z",
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char out[32];
		int64_t us = 0;
		FACT(instant_parse(span_of(good[i].text), &us) && !strcmp(instant_format(us, out), good[i].utc), good[i].text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t us = 77;
		FACT(!instant_parse(span_of(bad[i]), &us) && us == 77, bad[i]);
	}
	for (size_t len = 0; len < 19; len++) {
		int64_t us;
		FACT(!instant_parse(span_head(SPAN("2026-11-22T11:15:26Z"), len), &us), "a cut stamp is no stamp");
	}
}

static void test_stated(void)
{
	/* utc: Python's datetime.fromisoformat(), where it takes the text */
	static const struct {
		const char *text, *utc;
		int64_t resolution_us;
	} good[] = {
		{"2026-11-22", "2026-11-22T00:00:00.000000Z", DAY_US},
		{"2026-11-22 11:20", "2026-11-22T11:20:00.000000Z", MINUTE_US},
		{"2026-11-22T11:20Z", "2026-11-22T11:20:00.000000Z", MINUTE_US},
		{"2026-11-22 11:20+05:30", "2026-11-22T05:50:00.000000Z", MINUTE_US},
		{"2026-11-22T11:20:05", "2026-11-22T11:20:05.000000Z", SECOND_US},
		{"2026-11-22t11:20:05-0330", "2026-11-22T14:50:05.000000Z", SECOND_US},
		{"2026-11-22 11:20:05.5", "2026-11-22T11:20:05.500000Z", SECOND_US / 10},
		{"2026-11-22 11:20:05.123456789Z", "2026-11-22T11:20:05.123456Z", 1},
	};
	static const struct {
		const char *text, *hint;
	} bad[] = {
		{"", "Such as"},
		{"11:20", "needs its date"},
		{"11:20:05Z", "needs its date"},
		{"2026-11", "Such as"},
		{"2026-11-22 11", "Such as"},
		{"2026-11-22 11:20:", "Such as"},
		{"2026-11-22 11:20:05.", "Such as"},
		{"2026-11-22 11:20 CET", "Behind the time"},
		{"2026-11-22 11:20+1", "Behind the time"},
		{"2026-11-22 11:20ZZ", "Behind the time"},
		{"2026-11-31", "no such day"},
		{"2026-11-22 24:00", "no such day"},
		{"22/Nov/2026", "Such as"},
		{"now", "Such as"},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char out[32];
		const char *hint;
		int64_t us = 0, resolution_us = 0;
		FACT(instant_parse_stated(span_of(good[i].text), &us, &resolution_us, &hint) &&
			     !strcmp(instant_format(us, out), good[i].utc) && resolution_us == good[i].resolution_us,
		     good[i].text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *hint = "";
		int64_t us = 77, resolution_us = 77;
		FACT(!instant_parse_stated(span_of(bad[i].text), &us, &resolution_us, &hint) && us == 77 && resolution_us == 77 &&
			     strstr(hint, bad[i].hint),
		     bad[i].text);
	}
}

static void test_length(void)
{
	static const struct {
		const char *text;
		int64_t us;
	} good[] = {{"15m", 15 * MINUTE_US}, {"2h", 2 * HOUR_US}, {"1h30m", 90 * MINUTE_US}, {"90s", 90 * SECOND_US},
		    {"1d2h3m4s", DAY_US + 2 * HOUR_US + 3 * MINUTE_US + 4 * SECOND_US}, {"400d", 400 * DAY_US}, {"1s", SECOND_US}};
	static const char *const bad[] = {"", "15", "m", "15 m", "1.5h", "-1h", "+1h", "1h1h", "1m1h", "15M", "15min", "0m", "401d", "9999999d",
					  "99999999999999999999d", "1h "};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t us = 0;
		const char *hint;
		FACT(instant_parse_length(span_of(good[i].text), &us, &hint) && us == good[i].us, good[i].text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t us = 77;
		const char *hint = NULL;
		FACT(!instant_parse_length(span_of(bad[i]), &us, &hint) && us == 77 && hint, bad[i]);
	}
}

static void test_edges(void)
{
	static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, -1, 0, 1};
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		char out[32];
		struct civil c;
		instant_to_civil(edges[i], &c);
		FACT(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31 && c.hour >= 0 && c.hour < 24 && c.us >= 0,
		     "any number has a civil time");
		FACT(strlen(instant_format(edges[i], out)) < sizeof out, "any number can be written");
	}
}

int main(void)
{
	test_known();
	test_every_day();
	test_parse();
	test_stated();
	test_length();
	test_edges();
	return unit_done();
}
