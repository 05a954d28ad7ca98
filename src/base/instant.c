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

bool instant_parse(struct span s, int64_t *us)
{
	struct civil c = {0};
	if (!take_digits(&s, 4, &c.year) || !span_take_byte(&s, '-') || !take_digits(&s, 2, &c.month) || !span_take_byte(&s, '-') ||
	    !take_digits(&s, 2, &c.day) || !(span_take_byte(&s, 'T') || span_take_byte(&s, 't') || span_take_byte(&s, ' ')) ||
	    !take_digits(&s, 2, &c.hour) || !span_take_byte(&s, ':') || !take_digits(&s, 2, &c.minute) || !span_take_byte(&s, ':') ||
	    !take_digits(&s, 2, &c.second))
		return false;
	if (span_take_byte(&s, '.')) {
		int scale = 100000, digits = 0;
		for (; s.len && s.at[0] >= '0' && s.at[0] <= '9' && digits < 9; digits++, s = span_from(s, 1)) {
			c.us += (s.at[0] - '0') * scale;
			scale /= 10;
		}
		if (!digits)
			return false;
	}
	int64_t offset = 0;
	if (!span_take_byte(&s, 'Z') && !span_take_byte(&s, 'z')) {
		bool west = s.len && s.at[0] == '-';
		int hours, minutes;
		if (!(span_take_byte(&s, '+') || span_take_byte(&s, '-')) || !take_digits(&s, 2, &hours))
			return false;
		span_take_byte(&s, ':');
		if (!take_digits(&s, 2, &minutes) || hours > 23 || minutes > 59)
			return false;
		offset = (hours * 60 + minutes) * (west ? -MINUTE_US : MINUTE_US);
	}
	if (s.len || !civil_valid(&c))
		return false;
	*us = instant_of(&c) - offset;
	return true;
}
