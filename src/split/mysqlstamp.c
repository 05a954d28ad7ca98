#include "split/mysqlstamp.h"

enum {
	SHORT_LEN = 15, /* 161209 13:08:33 */
	LONG_LEN = 19,  /* 2016-12-09  3:08:33 */
};

/* Two digits, or with `padded` a blank and a digit; a value far out of any range for anything else. */
static int two(const char *at, bool padded)
{
	if (!is_digit(at[1]) || !(is_digit(at[0]) || (padded && at[0] == ' ')))
		return 10000;
	return (at[0] == ' ' ? 0 : (at[0] - '0') * 10) + (at[1] - '0');
}

static bool clock_of(const char *at, struct civil *c)
{
	c->hour = two(at, true);
	c->minute = two(at + 3, false);
	c->second = two(at + 6, false);
	return at[2] == ':' && at[5] == ':' && civil_valid(c);
}

/* Decimals at line[at]: microseconds and resolution; the bytes they take. */
static size_t decimals(struct span line, size_t at, struct stamp *out)
{
	size_t n = 1;
	int64_t unit = SECOND_US, us = 0;
	if (at + 1 >= line.len || line.at[at] != '.' || !is_digit(line.at[at + 1]))
		return 0;
	for (; at + n < line.len && n <= 6 && is_digit(line.at[at + n]); n++) {
		unit /= 10;
		us += (line.at[at + n] - '0') * unit;
	}
	out->time_us += us;
	out->resolution_us = unit;
	return n;
}

static size_t civil_stamp(struct span line, size_t len, struct civil *c, struct stamp *out)
{
	if (!clock_of(line.at + len - 8, c))
		return 0;
	if (c->second == 60)
		c->second = 59;
	*out = (struct stamp){.time_us = instant_of(c), .resolution_us = SECOND_US, .zone = STAMP_NONE};
	len += decimals(line, len, out);
	return len < line.len && is_digit(line.at[len]) ? 0 : len;
}

size_t mysqlstamp_scan(struct span line, struct stamp_cache *cache, struct stamp *out)
{
	struct civil c = {0};
	if (line.len < SHORT_LEN || !is_digit(line.at[0]))
		return 0;
	if (line.at[6] == ' ' && line.at[9] == ':') {
		int year = two(line.at, false);
		c.year = year + (year < 70 ? 2000 : 1900);
		c.month = two(line.at + 2, false);
		c.day = two(line.at + 4, false);
		return civil_stamp(line, SHORT_LEN, &c, out);
	}
	if (line.len >= LONG_LEN && line.at[4] == '-' && line.at[10] == ' ' && line.at[11] == ' ') {
		c.year = two(line.at, false) * 100 + two(line.at + 2, false);
		c.month = two(line.at + 5, false);
		c.day = two(line.at + 8, false);
		return line.at[7] == '-' ? civil_stamp(line, LONG_LEN, &c, out) : 0;
	}
	return line.at[4] == '-' ? stamp_scan(line, cache, out) : 0;
}
