#include "base/instant.h"

#include <stdio.h>

int64_t instant_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t instant_of(const struct civil *c)
{
	int64_t seconds = instant_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
	return seconds * SECOND_US + c->us;
}

void instant_to_civil(int64_t us, struct civil *c)
{
	int64_t days = us / DAY_US - (us % DAY_US < 0);
	int64_t rest = us % DAY_US + (us % DAY_US < 0 ? DAY_US : 0); /* days * DAY_US may lie below INT64_MIN */
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t m = (5 * of_year + 2) / 153;
	c->day = (int)(of_year - (153 * m + 2) / 5 + 1);
	c->month = (int)(m < 10 ? m + 3 : m - 9);
	c->year = (int)(year_of_era + era * 400 + (c->month <= 2));
	c->hour = (int)(rest / HOUR_US);
	c->minute = (int)(rest / MINUTE_US % 60);
	c->second = (int)(rest / SECOND_US % 60);
	c->us = (int)(rest % SECOND_US);
}

bool civil_valid(const struct civil *c)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;
	if (c->day > days[c->month - 1] + (c->month == 2 && leap))
		return false;
	return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 && c->second <= 60 &&
	       c->us >= 0 && c->us < SECOND_US;
}

char *instant_format(int64_t us, char out[32])
{
	struct civil c;
	instant_to_civil(us, &c);
	snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year % 10000, c.month, c.day, c.hour, c.minute, c.second,
		 c.us);
	return out;
}

/* `n` digits at *s, moved past. */
static bool take_digits(struct span *s, size_t n, int *value)
{
	int64_t v;
	if (s->len < n || s->at[0] == '-' || !span_to_int(span_head(*s, n), &v))
		return false;
	*value = (int)v;
	*s = span_from(*s, n);
	return true;
}

/* ".5", one to nine digits, cut to six: what they add to the second, and the width of the last digit. */
static bool take_decimals(struct span *s, int *us, int64_t *resolution_us)
{
	int scale = 100000, digits = 0;
	for (; s->len && s->at[0] >= '0' && s->at[0] <= '9' && digits < 9; digits++, *s = span_from(*s, 1)) {
		*us += (s->at[0] - '0') * scale;
		*resolution_us = scale ? scale : 1;
		scale /= 10;
	}
	return digits > 0;
}

/* "Z", "+02:00", "-0530". */
static bool take_offset(struct span *s, int64_t *us)
{
	bool west = s->len && s->at[0] == '-';
	int hours, minutes;
	*us = 0;
	if (span_take_byte(s, 'Z') || span_take_byte(s, 'z'))
		return true;
	if (!(span_take_byte(s, '+') || span_take_byte(s, '-')) || !take_digits(s, 2, &hours))
		return false;
	span_take_byte(s, ':');
	if (!take_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*us = (hours * 60 + minutes) * (west ? -MINUTE_US : MINUTE_US);
	return true;
}

static bool take_date(struct span *s, struct civil *c)
{
	return take_digits(s, 4, &c->year) && span_take_byte(s, '-') && take_digits(s, 2, &c->month) && span_take_byte(s, '-') &&
	       take_digits(s, 2, &c->day);
}

static bool take_minute(struct span *s, struct civil *c)
{
	return take_digits(s, 2, &c->hour) && span_take_byte(s, ':') && take_digits(s, 2, &c->minute);
}

static bool take_between(struct span *s)
{
	return span_take_byte(s, 'T') || span_take_byte(s, 't') || span_take_byte(s, ' ');
}

bool instant_parse(struct span s, int64_t *us)
{
	struct civil c = {0};
	int64_t offset_us, resolution_us;
	if (!take_date(&s, &c) || !take_between(&s) || !take_minute(&s, &c) || !span_take_byte(&s, ':') ||
	    !take_digits(&s, 2, &c.second) || (span_take_byte(&s, '.') && !take_decimals(&s, &c.us, &resolution_us)) ||
	    !take_offset(&s, &offset_us) || s.len || !civil_valid(&c))
		return false;
	*us = instant_of(&c) - offset_us;
	return true;
}

bool instant_parse_stated(struct span s, int64_t *us, int64_t *resolution_us, const char **hint)
{
	static const char shape[] = "Such as 2026-11-22T11:20:00Z, \"2026-11-22 11:20\" (UTC) or 2026-11-22T13:20+02:00.";
	struct civil c = {0};
	struct span whole = s;
	int64_t width_us = DAY_US, offset_us = 0;
	*hint = shape;
	if (!take_date(&s, &c)) {
		if (take_minute(&whole, &c))
			*hint = "A time of the day needs its date: \"2026-11-22 11:20\" (UTC).";
		return false;
	}
	if (s.len) {
		if (!take_between(&s) || !take_minute(&s, &c))
			return false;
		width_us = MINUTE_US;
		if (span_take_byte(&s, ':')) {
			width_us = SECOND_US;
			if (!take_digits(&s, 2, &c.second) || (span_take_byte(&s, '.') && !take_decimals(&s, &c.us, &width_us)))
				return false;
		}
		if (s.len && (!take_offset(&s, &offset_us) || s.len)) {
			*hint = "Behind the time stands nothing (UTC), Z or an offset such as +02:00.";
			return false;
		}
	}
	if (!civil_valid(&c)) {
		*hint = "There is no such day or time in the calendar.";
		return false;
	}
	*us = instant_of(&c) - offset_us;
	*resolution_us = width_us;
	return true;
}

bool instant_parse_length(struct span s, int64_t *us, const char **hint)
{
	static const struct {
		char letter;
		int64_t us;
	} units[] = {{'d', DAY_US}, {'h', HOUR_US}, {'m', MINUTE_US}, {'s', SECOND_US}};
	const int64_t most_us = 400 * DAY_US;
	int64_t sum_us = 0;
	size_t unit = 0, n = sizeof units / sizeof *units;
	*hint = "Such as 15m, 2h, 1h30m or 90s: a number with its unit (d, h, m, s).";
	if (!s.len)
		return false;
	while (s.len) {
		size_t digits = 0;
		int64_t value = 0;
		while (digits < s.len && digits < 7 && s.at[digits] >= '0' && s.at[digits] <= '9')
			value = value * 10 + (s.at[digits++] - '0');
		s = span_from(s, digits);
		while (unit < n && s.len && s.at[0] != units[unit].letter)
			unit++;
		if (!digits || !s.len || unit == n)
			return false;
		sum_us += value * units[unit++].us; /* of seven digits: under 10^18 us all together */
		s = span_from(s, 1);
	}
	if (sum_us < SECOND_US || sum_us > most_us) {
		*hint = "It lies between 1s and 400d.";
		return false;
	}
	*us = sum_us;
	return true;
}
