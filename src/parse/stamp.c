#include "parse/stamp.h"

#include "base/zone.h"

/* Lengths down to the second. */
enum {
	ISO_LEN = 19,    /* 2026-11-22 11:15:55, 2026/11/22 11:15:55 */
	LOCAL_LEN = 20,  /* 22/Nov/2026:11:15:10, 22-Nov-2026 11:15:10, 22 Nov 2026 11:15:10, 22/Nov/2026 11:15:10 */
	SYSLOG_LEN = 15, /* Nov 22 11:30:28 */
};

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}
static inline bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}
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
	if (text.len == ISO_LEN) {
		c->year = four(at);
		c->month = two(at + 5);
		c->day = two(at + 8);
		read = clock_of(at + 11, c);
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
	int value = 0;
	for (; i < s.len && i - first < 6 && is_digit(s.at[i]); i++)
		value = value * 10 + (s.at[i] - '0');
	*resolution_us = units[i - first];
	*us = (int64_t)value * units[i - first];
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

/* Abbreviations that mean several offsets, or one that changed: taken as part of the stamp, but they say nothing. In a
 * list, because "INFO" after a stamp is no zone. */
static bool is_ambiguous(struct span word)
{
	static const char *const words[] = {
		"IST", "CST", "CDT", "BST", "AST", "ADT", "SST",  "MSD",  "PKT",  "NPT",  "ICT",  "WIB",  "WITA", "WIT",
		"HKT", "SGT", "PHT", "CAT", "EAT", "WAT", "SAST", "WAST", "CAST", "IDT",  "IRST", "IRDT", "GST",  "AMT",
		"ART", "BRT", "CLT", "CLST", "COT", "PET", "PYT", "UYT",  "VET",  "NST",  "NDT",  "TRT",  "MET",  "MEST",
		"KGT", "UZT", "LMT", "ACT", "ECT", "BDT", "MMT",  "HDT",  "CHST", "LHST", "AMST", "BRST",
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_equal(word, span_of(words[i])))
			return true;
	}
	return false;
}

/* The offset of a fixed abbreviation: UTC at once, the last other one from the cache. */
static bool fixed_offset(struct span word, struct stamp_cache *cache, int32_t *offset_s)
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
static struct span abbreviation_at(struct span s, size_t at, struct stamp_cache *cache, int32_t *offset_s, bool *fixed)
{
	struct span word = {s.at + at, 0};
	*fixed = false;
	while (at + word.len < s.len && word.len < 6 && (unsigned char)(s.at[at + word.len] - 'A') < 26)
		word.len++;
	if (!word.len || word.len > 5 || !ends_here(s, at + word.len))
		return SPAN_NONE;
	*fixed = fixed_offset(word, cache, offset_s);
	return *fixed || is_ambiguous(word) ? word : SPAN_NONE;
}

/* What is said about the zone at s[at]; returns where the stamp ends. */
static size_t zone_at(struct span s, size_t at, struct stamp_cache *cache, struct stamp *out)
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
	if (c != ' ')
		return at;
	int32_t offset_s = 0;
	bool fixed;
	out->zone_text = abbreviation_at(s, from, cache, &offset_s, &fixed);
	if (!out->zone_text.len)
		return at;
	if (fixed) {
		out->zone = STAMP_EXPLICIT;
		out->time_us -= offset_s * SECOND_US;
	}
	return from + out->zone_text.len;
}

/* Shapes whose bytes stand at no fixed place, or that only one program prints: rare, and cold.
 *   java.util.logging   "Nov 22, 2026 4:15:11 PM", since Java 20 with a narrow no-break space before PM
 *   Gin                 "2026/11/22 - 11:15:55" */
static size_t odd_scan(struct span s, struct stamp *out)
{
	struct civil c = {.us = 0};
	size_t at = 21;
	if (s.len >= at && !memcmp(s.at + 10, " - ", 3) && s.at[4] == '/' && s.at[7] == '/') {
		c.year = four(s.at);
		c.month = two(s.at + 5);
		c.day = two(s.at + 8);
		if (!clock_of(s.at + 13, &c))
			return 0;
	} else if (s.len >= 22 && s.at[3] == ' ' && (s.at[5] == ',' || s.at[6] == ',')) {
		c.month = month_of(s.at);
		c.day = s.at[5] == ',' && is_digit(s.at[4]) ? s.at[4] - '0' : two(s.at + 4);
		at = s.at[5] == ',' ? 7 : 8;
		c.year = four(s.at + at);
		if (s.at[at - 1] != ' ' || s.at[at + 4] != ' ')
			return 0;
		at += 5;
		char hour[8] = {'0'};
		bool one = s.at[at + 1] == ':';
		if (s.len < at + 10 - one)
			return 0;
		memcpy(hour + one, s.at + at, 8 - (size_t)one);
		at += 8 - (size_t)one;
		if (!clock_of(hour, &c) || c.hour < 1 || c.hour > 12)
			return 0;
		struct span rest = span_from(s, at);
		size_t gap = span_starts(rest, SPAN("\xE2\x80\xAF")) ? 3 : span_starts(rest, SPAN(" ")) ? 1 : 0;
		rest = span_from(rest, gap);
		bool after_noon = span_starts(rest, SPAN("PM"));
		if (!gap || (!after_noon && !span_starts(rest, SPAN("AM"))))
			return 0;
		c.hour = c.hour % 12 + (after_noon ? 12 : 0);
		at += gap + 2;
	} else {
		return 0;
	}
	if (!civil_valid(&c) || c.second > 59 || !ends_here(s, at))
		return 0;
	*out = (struct stamp){.time_us = instant_of(&c), .resolution_us = SECOND_US};
	return at;
}

size_t stamp_scan(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t at = shape_len(s);
	bool leap_second;
	if (!at || !second_of(span_head(s, at), cache, &out->time_us, &leap_second))
		return odd_scan(s, out);
	out->yearless = at == SYSLOG_LEN;
	int64_t fraction_us;
	if (!fraction_of(s, &at, &fraction_us, &out->resolution_us))
		return 0;
	if (!leap_second)
		out->time_us += fraction_us;
	if (out->yearless) {
		/* What follows is the host's name, which may be spelled like a zone. */
		out->zone = STAMP_NONE;
		out->zone_text = SPAN_NONE;
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
