#include "line/yearof.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 2105 };

int64_t yearof_move(int64_t time_us, int years)
{
	struct civil c;
	if (!years || time_us == INSTANT_NONE)
		return time_us;
	instant_to_civil(time_us, &c);
	c.year += years;
	return instant_of(&c);
}

bool yearof_fits(int year, bool leap_day)
{
	struct civil c = {.year = year, .month = 2, .day = 29};
	return !leap_day || civil_valid(&c);
}

/* How far [a, b] lies from [from, until). */
static int64_t distance(int64_t a, int64_t b, int64_t from, int64_t until)
{
	return b < from ? from - b : a >= until ? a - until + 1 : 0;
}

int yearof_name(int64_t first_us, int64_t last_us, bool leap_day, int64_t from_us, int64_t until_us)
{
	struct civil c;
	int best = 0;
	int64_t least_us = INT64_MAX;
	instant_to_civil(from_us, &c);
	for (int year = c.year - 1; year <= c.year + 1; year++) {
		int by = year - YEAROF_YEARLESS;
		int64_t away_us = distance(yearof_move(first_us, by), yearof_move(last_us, by), from_us, until_us);
		if (!yearof_fits(year, leap_day) || away_us >= least_us)
			continue;
		best = year;
		least_us = away_us;
	}
	return best;
}

int yearof_container(int64_t last_us, bool leap_day, int64_t mtime_us)
{
	struct civil c;
	instant_to_civil(mtime_us, &c);
	/* Eight years back there is a leap year, 1900 and 2100 or not. */
	for (int year = c.year + 1; year >= c.year - 8 && year >= FIRST_YEAR; year--)
		if (yearof_fits(year, leap_day) && yearof_move(last_us, year - YEAROF_YEARLESS) <= mtime_us + DAY_US)
			return year;
	return 0;
}

static int number(const char *at, size_t n)
{
	int value = 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(at[i]))
			return -1;
		value = value * 10 + (at[i] - '0');
	}
	return value;
}

/* YYYYMMDD, YYYY-MM-DD or YYYY-MM (with "-", "_" or "."), not inside a longer number. */
static bool date_at(struct span name, size_t at, int64_t *from_us, int64_t *until_us)
{
	struct span s = span_from(name, at);
	if ((at && is_digit(name.at[at - 1])) || s.len < 7)
		return false;
	char separator = s.at[4];
	bool parted = separator == '-' || separator == '_' || separator == '.';
	struct civil c = {.year = number(s.at, 4), .month = number(s.at + 4 + parted, 2), .day = 1}, next;
	size_t end = 6 + parted;
	bool has_day = end + parted + 2 <= s.len && (!parted || s.at[end] == separator) && number(s.at + end + parted, 2) > 0;
	if (has_day) {
		c.day = number(s.at + end + parted, 2);
		end += 2 + (size_t)parted;
	}
	/* 202611 may be any number. */
	if (c.year < FIRST_YEAR || c.year > LAST_YEAR || !civil_valid(&c) || (!has_day && !parted) || (end < s.len && is_digit(s.at[end])))
		return false;
	*from_us = instant_of(&c);
	next = c;
	next.month = c.month % 12 + 1;
	next.year += c.month == 12;
	*until_us = has_day ? *from_us + DAY_US : instant_of(&next);
	return true;
}

bool yearof_path(const char *path, int64_t *from_us, int64_t *until_us)
{
	struct span name = span_of(path);
	for (size_t i = name.len; i > 0; i--)
		if (name.at[i - 1] == '/') {
			name = span_from(name, i);
			break;
		}
	/* The last one: "2025-archive-20261122.gz" was rotated in 2026. */
	for (size_t at = name.len; at > 0; at--)
		if (date_at(name, at - 1, from_us, until_us))
			return true;
	return false;
}
