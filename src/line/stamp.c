#include "line/stamp.h"

#include "base/zone.h"
#include "line/datetext.h"

/* Lengths down to the second. */
enum {
	ISO_LEN = 19,    /* 2026-11-22 11:15:55, 2026/11/22 11:15:55 */
	LOCAL_LEN = 20,  /* 22/Nov/2026:11:15:10, 22-Nov-2026 11:15:10, 22 Nov 2026 11:15:10, 22/Nov/2026 11:15:10 */
	DASH_LEN = 21,   /* 2026/11/22 - 11:15:12: Gin */
	SYSLOG_LEN = 15, /* Nov 22 11:30:28 */
};

/* A stamp must not run on into a word or a number: "11:15:101" is no second. */
static inline bool ends_here(struct span s, size_t at)
{
	return at >= s.len || !(is_digit(s.at[at]) || is_letter(s.at[at]));
}

/* Two digits, or a value far out of any range. */
static inline int two(const char *at)
{
	return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : 10000;
}
static inline int four(const char *at)
{
	return two(at) * 100 + two(at + 2);
}

static inline uint32_t letters(const char *at)
{
	return (uint32_t)(unsigned char)at[0] << 16 | (uint32_t)(unsigned char)at[1] << 8 | (unsigned char)at[2];
}

/* "Jan" to 1; 0 for anything else. English, as C's asctime and nginx print it whatever the locale. */
static int month_of(const char *at)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	uint32_t name = letters(at);
	for (int i = 0; i < 12; i++) {
		if (name == letters(names + (size_t)i * 3))
			return i + 1;
	}
	return 0;
}

static inline bool clock_of(const char *at, struct civil *c)
{
	if (at[2] != ':' || at[5] != ':')
		return false;
	c->hour = two(at);
	c->minute = two(at + 3);
	c->second = two(at + 6);
	return true;
}

/* Which shape the bytes have by their separators: its length, or 0. */
static inline size_t shape_len(struct span s)
{
	if (s.len >= ISO_LEN && (s.at[4] == '-' || s.at[4] == '/') && s.at[7] == s.at[4]) {
		char between = s.at[10];
		if (between == ' ' && s.at[11] == '-')
			return s.len >= DASH_LEN && s.at[4] == '/' && s.at[12] == ' ' ? DASH_LEN : 0;
		return between == ' ' || (s.at[4] == '-' && (between == 'T' || between == 't')) ? ISO_LEN : 0;
	}
	if (s.len >= LOCAL_LEN && s.at[2] == s.at[6] && (s.at[2] == '/' || s.at[2] == '-' || s.at[2] == ' '))
		return s.at[11] == ' ' || (s.at[11] == ':' && s.at[2] == '/') ? LOCAL_LEN : 0;
	if (s.len >= SYSLOG_LEN && s.at[3] == ' ' && s.at[6] == ' ' && s.at[9] == ':')
		return SYSLOG_LEN;
	return 0;
}

/* The text down to the second to civil fields; false when the date does not exist. */
static bool civil_of(struct span text, struct civil *c)
{
	const char *at = text.at;
	bool read = false;
	c->us = 0;
	if (text.len == ISO_LEN || text.len == DASH_LEN) {
		c->year = four(at);
		c->month = two(at + 5);
		c->day = two(at + 8);
		read = clock_of(at + text.len - 8, c);
	} else if (text.len == LOCAL_LEN) {
		c->day = two(at);
		c->month = month_of(at + 3);
		c->year = four(at + 7);
		read = clock_of(at + 12, c);
	} else if (text.len == SYSLOG_LEN) {
		c->year = 2000; /* a leap year: 29 February is printed in one year of four */
		c->month = month_of(at);
		c->day = at[4] == ' ' && is_digit(at[5]) ? at[5] - '0' : two(at + 4);
		read = clock_of(at + 7, c);
	}
	return read && civil_valid(c);
}

/* The text of the cache begins with these bytes; the lengths that are asked for are constants, so that no call is made. */
static inline bool cache_starts(const struct stamp_cache *cache, const char *at, size_t len)
{
	switch (len) {
	case ISO_LEN:
		return !memcmp(cache->text, at, ISO_LEN);
	case LOCAL_LEN:
		return !memcmp(cache->text, at, LOCAL_LEN);
	case SYSLOG_LEN:
		return !memcmp(cache->text, at, SYSLOG_LEN);
	case DASH_LEN:
		return !memcmp(cache->text, at, DASH_LEN);
	default:
		return false;
	}
}

/* The clock begins eight bytes before the end of each shape; what stands before it is the day. */
static inline bool same_day(const struct stamp_cache *cache, struct span text)
{
	return cache->len == text.len && !memcmp(cache->text, text.at, text.len - 8);
}

/* The time of day of another second of the cached day; second 60 and nonsense go the long way. */
static inline bool clock_us(struct span text, int64_t *us)
{
	struct civil c;
	if (!clock_of(text.at + text.len - 8, &c) || c.hour > 23 || c.minute > 59 || c.second > 59)
		return false;
	*us = (c.hour * INT64_C(3600) + c.minute * 60 + c.second) * SECOND_US;
	return true;
}

/* Civil time of the second that `text` names. */
static inline bool second_of(struct span text, struct stamp_cache *cache, int64_t *civil_us, bool *leap_second)
{
	struct civil c;
	int64_t of_day;
	*leap_second = false;
	if (cache && cache->len == text.len && cache_starts(cache, text.at, text.len)) {
		*civil_us = cache->civil_us;
		return true;
	}
	if (cache && same_day(cache, text) && clock_us(text, &of_day)) {
		int64_t into_day = cache->civil_us % DAY_US;
		*civil_us = cache->civil_us - into_day - (into_day < 0 ? DAY_US : 0) + of_day;
	} else if (civil_of(text, &c)) {
		*leap_second = c.second == 60; /* instant.h: counts as 59.999999; too rare to cache */
		if (*leap_second) {
			c.second = 59;
			c.us = 999999;
		}
		*civil_us = instant_of(&c);
	} else {
		return false;
	}
	if (cache && !*leap_second) {
		memcpy(cache->text, text.at, text.len);
		cache->len = text.len;
		cache->civil_us = *civil_us;
	}
	return true;
}

/* The number that the first digits of `s` are, six at most; moves *at behind them. Eight bytes stand before `s`. */
static inline uint64_t leading_digits(struct span s, size_t *at)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const uint64_t each = UINT64_C(0x0101010101010101);
	unsigned room = s.len < 6 ? (unsigned)s.len : 6;
	uint64_t word, above;
	memcpy(&word, s.at + room - 8, 8);
	word = (word >> (64 - 8 * room)) ^ each * '0'; /* the first byte lowest; behind the last one '0', which is none */
	above = (((word & each * 0x7F) + each * (0x7F - 9)) | word) & each * 0x80;
	unsigned n = (unsigned)__builtin_ctzll(above) / 8;
	*at += n;
	word = n ? word << (64 - 8 * n) : 0; /* eight digits, the highest lowest */
	word = word * 10 + (word >> 8);
	return ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
		((word >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >> 32;
#else
	uint64_t value = 0;
	for (size_t i = 0; i < s.len && i < 6 && is_digit(s.at[i]); i++, ++*at)
		value = value * 10 + (uint64_t)(s.at[i] - '0');
	return value;
#endif
}

/* The decimals at s[*at] after '.' or ',': microseconds, and what one unit of the last digit is. Moves *at behind them. More
 * than nine digits are no fraction of a second that any logger prints: false. */
static inline bool fraction_of(struct span s, size_t *at, int64_t *us, int64_t *resolution_us)
{
	static const int units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	*us = 0;
	*resolution_us = SECOND_US;
	size_t i = *at;
	if (i + 1 >= s.len || (s.at[i] != '.' && s.at[i] != ',') || !is_digit(s.at[i + 1]))
		return true;
	size_t first = ++i;
	uint64_t digits = leading_digits(span_from(s, i), &i);
	*resolution_us = units[i - first];
	*us = (int64_t)digits * units[i - first];
	while (i < s.len && is_digit(s.at[i]))
		i++;
	*at = i;
	return i - first <= 9;
}

/* "+hh", "+hhmm" or "+hh:mm" at s[at]: how many bytes, 0 when none is there. */
static size_t offset_of(struct span s, size_t at, int64_t *offset_us)
{
	if (at + 3 > s.len || (s.at[at] != '+' && s.at[at] != '-'))
		return 0;
	size_t len = 3;
	int hours = two(s.at + at + 1), minutes = 0;
	if (at + 6 <= s.len && s.at[at + 3] == ':') {
		minutes = two(s.at + at + 4);
		len = 6;
	} else if (at + 5 <= s.len && is_digit(s.at[at + 3])) {
		minutes = two(s.at + at + 3);
		len = 5;
	}
	if (hours > 23 || minutes > 59 || !ends_here(s, at + len))
		return 0;
	int64_t offset = hours * HOUR_US + minutes * MINUTE_US;
	*offset_us = s.at[at] == '-' ? -offset : offset;
	return len;
}

/* The offset of a fixed abbreviation: UTC at once, the last other one from the cache. */
static inline bool fixed_offset(struct span word, struct stamp_cache *cache, int32_t *offset_s)
{
	if (word.len == 3 && letters(word.at) == letters("UTC")) {
		*offset_s = 0;
		return true;
	}
	if (cache && cache->zone_len == word.len && !memcmp(cache->zone, word.at, word.len)) {
		*offset_s = cache->zone_s;
		return true;
	}
	if (!zone_abbreviation(word, offset_s))
		return false;
	if (cache && word.len <= sizeof(cache->zone)) {
		memcpy(cache->zone, word.at, word.len);
		cache->zone_len = word.len;
		cache->zone_s = *offset_s;
	}
	return true;
}

/* The abbreviation at s[at]: 1 to 5 capitals that are known as one; else empty. */
static inline __attribute__((always_inline)) struct span abbreviation_at(struct span s, size_t at, struct stamp_cache *cache, int32_t *offset_s, bool *fixed)
{
	struct span word = {s.at + at, 0};
	*fixed = false;
	while (at + word.len < s.len && word.len < 6 && (unsigned char)(s.at[at + word.len] - 'A') < 26)
		word.len++;
	if (!word.len || word.len > 5 || !ends_here(s, at + word.len))
		return SPAN_NONE;
	*fixed = fixed_offset(word, cache, offset_s);
	return *fixed || zone_is_abbreviation(word) ? word : SPAN_NONE;
}

/* "+02:00", "+2" right behind "UTC" or "GMT": how many bytes. */
static __attribute__((noinline)) size_t offset_behind(struct span s, size_t at, int64_t *offset_us)
{
	size_t len = offset_of(s, at, offset_us);
	if (len || at + 2 > s.len || (s.at[at] != '+' && s.at[at] != '-') || !is_digit(s.at[at + 1]) || !ends_here(s, at + 2))
		return len;
	*offset_us = (s.at[at + 1] - '0') * (s.at[at] == '-' ? -HOUR_US : HOUR_US);
	return 2;
}

/* U+2212, the minus of ISO 8601:2004 section 3.4.2, and an offset behind it. */
static __attribute__((noinline)) size_t minus_at(struct span s, size_t at, struct stamp *out)
{
	char text[8] = "-";
	int64_t offset_us;
	struct span rest = span_from(s, at);
	if (!span_starts(rest, SPAN("\xE2\x88\x92")))
		return at;
	rest = span_head(span_from(rest, 3), sizeof text - 1);
	memcpy(text + 1, rest.at, rest.len);
	size_t len = offset_of((struct span){text, rest.len + 1}, 0, &offset_us);
	if (!len)
		return at;
	out->zone = STAMP_EXPLICIT;
	out->zone_text = (struct span){s.at + at, len + 2};
	out->time_us -= offset_us;
	return at + len + 2;
}

/* What is said about the zone at s[at]; returns where the stamp ends. */
/* Inlined where every line comes by; the rare shapes call zone_behind(). */
static inline __attribute__((always_inline)) size_t zone_at(struct span s, size_t at, struct stamp_cache *cache, struct stamp *out)
{
	out->zone = STAMP_NONE;
	out->zone_text = SPAN_NONE;
	if (at >= s.len)
		return at;
	int64_t offset_us = 0;
	char c = s.at[at];
	if ((c == 'Z' || c == 'z') && ends_here(s, at + 1)) {
		out->zone = STAMP_EXPLICIT;
		out->zone_text = (struct span){s.at + at, 1};
		return at + 1;
	}
	size_t from = c == ' ' ? at + 1 : at;
	if (from >= s.len)
		return at;
	size_t len = offset_of(s, from, &offset_us);
	if (len) {
		out->zone = STAMP_EXPLICIT;
		out->zone_text = (struct span){s.at + from, len};
		out->time_us -= offset_us;
		return from + len;
	}
	if (c != ' ' && !is_letter(c))
		return c == '\xE2' ? minus_at(s, at, out) : at;
	int32_t offset_s = 0;
	bool fixed;
	out->zone_text = abbreviation_at(s, from, cache, &offset_s, &fixed);
	if (!out->zone_text.len)
		return at;
	if (fixed) {
		out->zone = STAMP_EXPLICIT;
		out->time_us -= offset_s * SECOND_US;
	}
	size_t end = from + out->zone_text.len;
	if (fixed && !offset_s && end < s.len && (s.at[end] == '+' || s.at[end] == '-')) {
		end += offset_behind(s, end, &offset_us);
		out->zone_text.len = end - from;
		out->time_us -= offset_us;
	}
	return end;
}

static __attribute__((noinline)) size_t zone_behind(struct span s, size_t at, struct stamp_cache *cache, struct stamp *out)
{
	return zone_at(s, at, cache, out);
}

/* Behind a stamp without a year: " 2026" (asctime's tail), or, of date(1), " CET 2026". Moves *at behind it. */
static void year_behind(struct span s, size_t *at, struct stamp_cache *cache, struct civil *c, struct stamp *out)
{
	size_t i = *at;
	struct stamp zone = {.time_us = 0};
	if (i + 5 > s.len || s.at[i] != ' ')
		return;
	if (!is_digit(s.at[i + 1])) {
		i = zone_behind(s, i, cache, &zone);
		if (i == *at) { /* one that is not known says nothing, but stands there */
			for (i++; i < s.len && i < *at + 7 && (unsigned char)(s.at[i] - 'A') < 26; i++)
				;
			zone.zone_text = (struct span){s.at + *at + 1, i - *at - 1};
		}
		if (i < *at + 3 || i + 5 > s.len || s.at[i] != ' ')
			return;
	}
	int year = four(s.at + i + 1);
	if (year < 1970 || year > 2099 || !ends_here(s, i + 5) ||
	    (i + 6 < s.len && ((s.at[i + 5] == '.' && is_digit(s.at[i + 6])) || (s.at[i + 5] == ':' && s.at[i + 6] != ' '))))
		return;
	c->year = year;
	out->yearless = false;
	out->zone = zone.zone;
	out->zone_text = zone.zone_text;
	out->time_us = zone.time_us; /* less its offset */
	*at = i + 5;
}

/* Shapes that few programs print: cold. */
static __attribute__((noinline)) size_t odd_scan(struct span s, enum date_order order, struct stamp_cache *cache, struct stamp *out)
{
	struct datetext text;
	size_t at = datetext_scan(s, order, &text);
	if (!at)
		return 0;
	*out = (struct stamp){.resolution_us = text.resolution_us, .yearless = text.yearless};
	if (text.yearless)
		year_behind(s, &at, cache, &text.civil, out);
	if (!civil_valid(&text.civil))
		return 0;
	if (text.civil.second == 60) { /* instant.h: counts as 59.999999 */
		text.civil.second = 59;
		text.civil.us = 999999;
	}
	out->time_us += instant_of(&text.civil);
	if (!out->zone_text.len && !out->yearless)
		at = zone_behind(s, at, cache, out);
	return ends_here(s, at) ? at : 0;
}

size_t stamp_scan_ordered(struct span s, enum date_order order, struct stamp *out)
{
	size_t at = stamp_scan(s, NULL, out);
	return at ? at : odd_scan(s, order, NULL, out);
}

size_t stamp_scan(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t at = shape_len(s);
	bool leap_second;
	if (!at || !second_of(span_head(s, at), cache, &out->time_us, &leap_second))
		return odd_scan(s, DATE_ORDER_UNKNOWN, cache, out);
	out->yearless = at == SYSLOG_LEN;
	int64_t fraction_us;
	if (!fraction_of(s, &at, &fraction_us, &out->resolution_us))
		return 0;
	if (!leap_second)
		out->time_us += fraction_us;
	if (out->yearless) {
		/* What follows is the host's name, which may be spelled like a zone; or a year. */
		out->zone = STAMP_NONE;
		out->zone_text = SPAN_NONE;
		if (at + 5 <= s.len && s.at[at] == ' ' && (s.at[at + 1] == '2' || s.at[at + 1] == '1') && is_digit(s.at[at + 4])) {
			size_t odd = odd_scan(s, DATE_ORDER_UNKNOWN, cache, out);
			if (odd)
				return odd;
		}
	} else {
		at = zone_at(s, at, cache, out);
	}
	return ends_here(s, at) ? at : 0;
}

/* The whole of `s` as a count since 1970: its unit is told by its size, because 1e11 seconds are the year 5138 and 1e11
 * milliseconds are 1973. */
static bool epoch_parse(struct span s, struct stamp *out)
{
	int64_t whole = 0;
	size_t at = 0;
	for (; at < s.len && is_digit(s.at[at]); at++) {
		if (at == 19 || whole > (INT64_MAX - 9) / 10)
			return false;
		whole = whole * 10 + (s.at[at] - '0');
	}
	if (!at)
		return false;
	int64_t unit_us = 0, fraction_us = 0, scale = 1;
	if (whole < INT64_C(100000000000))
		unit_us = SECOND_US;
	else if (whole < INT64_C(100000000000000))
		unit_us = 1000;
	else if (whole < INT64_C(100000000000000000))
		unit_us = 1;
	if (at < s.len) {
		if (s.at[at] != '.' || ++at == s.len)
			return false;
		for (; at < s.len && is_digit(s.at[at]); at++) {
			if (scale < unit_us) {
				scale *= 10;
				fraction_us += (s.at[at] - '0') * (unit_us / scale);
			}
		}
		if (at < s.len)
			return false;
	}
	out->time_us = unit_us ? whole * unit_us + fraction_us : whole / 1000;
	out->resolution_us = unit_us > scale ? unit_us / scale : 1;
	out->zone = STAMP_EXPLICIT;
	out->yearless = false;
	out->zone_text = SPAN_NONE;
	return true;
}

bool stamp_parse(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	if (!s.len)
		return false;
	size_t len = stamp_scan(s, cache, out);
	return len ? len == s.len : epoch_parse(s, out);
}

int64_t stamp_offset_us(struct span zone_text)
{
	int64_t offset_us;
	int32_t offset_s;
	if (offset_of(zone_text, 0, &offset_us) == zone_text.len && zone_text.len)
		return offset_us;
	return zone_abbreviation(zone_text, &offset_s) ? offset_s * SECOND_US : 0;
}

void stamp_apply(const struct stamp *stamp, struct record *r)
{
	r->time_us = stamp->time_us;
	r->resolution_us = stamp->resolution_us;
	r->zone = stamp->zone;
	r->yearless = stamp->yearless;
	r->zone_text = stamp->zone_text;
}
