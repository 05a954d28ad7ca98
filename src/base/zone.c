#include "base/zone.h"

#include <string.h>

#include "base/instant.h"
#include "base/memory.h"

/* The POSIX TZ string of a TZif footer (RFC 9636 section 3.3; POSIX.1-2017 section 8.3). */
struct change {
	enum { CHANGE_JULIAN, CHANGE_DAY, CHANGE_WEEKDAY } kind; /* Jn (no 29 February), n, Mm.w.d */
	int month, week, day;
	int32_t time_s; /* local time of the day; negative or above a day since TZif version 3 */
};
struct rule {
	bool set, has_dst;
	int32_t standard_s, dst_s; /* offsets, east of UTC */
	struct change start, end;
};

struct zone {
	char *name;
	int32_t first_s;   /* offset before the first transition */
	size_t n;          /* transitions, ascending */
	int64_t *at_s;
	int32_t *offset_s; /* from at_s[i] on */
	struct rule rule;  /* after the last transition */
	struct text names; /* abbreviations of its times, each with a NUL behind it */
};

/* RFC 9636 section 3.2: offsets lie between these; they are what 24:59:59 and -25:59:59 come to. */
static const int32_t OFFSET_MIN_S = -89999, OFFSET_MAX_S = 93599;
/* So a civil time and its UTC are never further apart than this. */
static const int64_t REACH_S = 26 * 3600;

/* Fixed: those that the IANA database (1995 to 2026, all zones) or, before its version 2017a took invented names out, that one gave
 * a single offset, and no other body of zones another; PST is California's although Manila prints it, too, and MSK is Moscow's since
 * 2014. The others mean several offsets, or are words: taken for what they are where a zone can stand, but they say nothing. */
enum { SEVERAL = INT16_MAX };
enum { ABBREVIATION_BYTES = 4 };
static const struct abbreviation {
	char name[ABBREVIATION_BYTES + 1];
	int16_t offset_min;
} abbreviations[] = {
	{"ACDT", 630}, {"ACST", 570}, {"AEDT", 660}, {"AEST", 600}, {"AKDT", -480}, {"AKST", -540}, {"AWDT", 540},
	{"AWST", 480}, {"BRST", -120}, {"BRT", -180}, {"CAT", 120}, {"CEST", 120}, {"CET", 60}, {"CHST", 600},
	{"ChST", 600}, {"EAT", 180}, {"EDT", -240}, {"EEST", 180}, {"EET", 120}, {"EST", -300}, {"FNT", -120},
	{"GMT", 0}, {"HDT", -540}, {"HKT", 480}, {"HST", -600}, {"ICT", 420}, {"IDT", 180}, {"IRDT", 270},
	{"IRST", 210}, {"JST", 540}, {"KST", 540}, {"LHDT", 660}, {"LHST", 630}, {"MDT", -360}, {"MEST", 120},
	{"MET", 60}, {"MSK", 180}, {"MST", -420}, {"MYT", 480}, {"NDT", -150}, {"NPT", 345}, {"NST", -210},
	{"NZDT", 780}, {"NZST", 720}, {"PDT", -420}, {"PHT", 480}, {"PKST", 360}, {"PKT", 300}, {"PST", -480},
	{"SAST", 120}, {"SGT", 480}, {"SST", -660}, {"TRT", 180}, {"UCT", 0}, {"UTC", 0}, {"UYST", -120},
	{"UYT", -180}, {"UZT", 300}, {"WAST", 120}, {"WAT", 60}, {"WEST", 60}, {"WET", 0}, {"WIB", 420}, {"WIT", 540},
	{"WITA", 480}, {"Z", 0}, {"ACT", SEVERAL}, {"ADT", SEVERAL}, {"AMST", SEVERAL}, {"AMT", SEVERAL},
	{"ART", SEVERAL}, {"AST", SEVERAL}, {"BDT", SEVERAL}, {"BST", SEVERAL}, {"CAST", SEVERAL}, {"CDT", SEVERAL},
	{"CLST", SEVERAL}, {"CLT", SEVERAL}, {"COT", SEVERAL}, {"CST", SEVERAL}, {"ECT", SEVERAL}, {"GST", SEVERAL},
	{"IST", SEVERAL}, {"KGT", SEVERAL}, {"LMT", SEVERAL}, {"MMT", SEVERAL}, {"MSD", SEVERAL}, {"PET", SEVERAL},
	{"PYT", SEVERAL}, {"VET", SEVERAL}, {"WST", SEVERAL},
};

/* NULL when there is none. */
static const struct abbreviation *find_abbreviation(struct span name)
{
	if (!name.len || name.len > ABBREVIATION_BYTES)
		return NULL;
	for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
		const struct abbreviation *a = &abbreviations[i];
		if (a->name[0] == name.at[0] && !a->name[name.len] && !memcmp(a->name, name.at, name.len))
			return a;
	}
	return NULL;
}

bool zone_is_abbreviation(struct span name)
{
	return find_abbreviation(name) != NULL;
}

bool zone_abbreviation(struct span name, int32_t *offset_s)
{
	const struct abbreviation *a = find_abbreviation(name);
	if (!a)
		return false;
	*offset_s = a->offset_min * 60;
	return a->offset_min != SEVERAL;
}

/* A decimal number of `least` to `most` digits at *s, moved past. */
static bool take_number(struct span *s, size_t least, size_t most, int *value)
{
	size_t n = 0;
	int v = 0;
	for (; n < s->len && n < most && s->at[n] >= '0' && s->at[n] <= '9'; n++)
		v = v * 10 + (s->at[n] - '0');
	if (n < least)
		return false;
	*s = span_from(*s, n);
	*value = v;
	return true;
}

/* "+2", "+02", "+0200", "+02:00", "-05:30". */
static bool read_offset(struct span s, int32_t *offset_s)
{
	bool west = s.len && s.at[0] == '-';
	int hours, minutes = 0;
	if (!span_take_byte(&s, '+') && !span_take_byte(&s, '-'))
		return false;
	if (!take_number(&s, 1, 2, &hours))
		return false;
	if (s.len && (span_take_byte(&s, ':') || s.len == 2) && (!take_number(&s, 2, 2, &minutes) || s.len))
		return false;
	if (s.len || hours > 23 || minutes > 59)
		return false;
	*offset_s = (hours * 60 + minutes) * (west ? -60 : 60);
	return true;
}

static struct zone *zone_new(struct span name)
{
	struct zone *z = memory_new(1, sizeof *z);
	z->name = span_copy(name);
	return z;
}

struct zone *zone_fixed(struct span name)
{
	int32_t offset_s = 0;
	bool utc = span_equal_nocase(name, SPAN("UTC")) || span_equal_nocase(name, SPAN("GMT")) ||
		   span_equal_nocase(name, SPAN("Z"));
	if (!utc && !read_offset(name, &offset_s) && !zone_abbreviation(name, &offset_s))
		return NULL;
	struct zone *z = zone_new(name);
	z->first_s = offset_s;
	return z;
}

void zone_free(struct zone *z)
{
	if (!z)
		return;
	memory_free(z->name);
	memory_free(z->at_s);
	memory_free(z->offset_s);
	text_release(&z->names);
	memory_free(z);
}

bool zone_uses(const struct zone *z, struct span abbreviation)
{
	struct span rest = text_span(&z->names);
	while (rest.len)
		if (span_equal(span_cut(&rest, '\0'), abbreviation))
			return abbreviation.len > 0;
	return false;
}

bool zone_is_fixed(const struct zone *z)
{
	return !z->n && !z->rule.has_dst;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* A zone name of a TZ string: three or more letters, or anything in <>. */
static bool skip_name(struct span *s)
{
	size_t n = 0;
	if (span_take_byte(s, '<')) {
		ptrdiff_t close = span_find_byte(*s, '>');
		if (close < 3)
			return false;
		*s = span_from(*s, (size_t)close + 1);
		return true;
	}
	while (n < s->len && ((s->at[n] >= 'A' && s->at[n] <= 'Z') || (s->at[n] >= 'a' && s->at[n] <= 'z')))
		n++;
	if (n < 3)
		return false;
	*s = span_from(*s, n);
	return true;
}

/* [+-]h[h[h]][:mm[:ss]], at most `most_hours` hours. */
static bool take_time(struct span *s, int most_hours, int32_t *time_s)
{
	bool negative = span_take_byte(s, '-');
	int hours, minutes = 0, seconds = 0;
	if (!negative)
		span_take_byte(s, '+');
	if (!take_number(s, 1, 3, &hours) || hours > most_hours)
		return false;
	if (span_take_byte(s, ':')) {
		if (!take_number(s, 2, 2, &minutes) || minutes > 59)
			return false;
		if (span_take_byte(s, ':') && (!take_number(s, 2, 2, &seconds) || seconds > 59))
			return false;
	}
	int32_t v = hours * 3600 + minutes * 60 + seconds;
	*time_s = negative ? -v : v;
	return true;
}

static bool take_change(struct span *s, struct change *c)
{
	*c = (struct change){.time_s = 2 * 3600};
	if (span_take_byte(s, 'M')) {
		c->kind = CHANGE_WEEKDAY;
		if (!take_number(s, 1, 2, &c->month) || !span_take_byte(s, '.') || !take_number(s, 1, 1, &c->week) ||
		    !span_take_byte(s, '.') || !take_number(s, 1, 1, &c->day))
			return false;
		if (c->month < 1 || c->month > 12 || c->week < 1 || c->week > 5 || c->day > 6)
			return false;
	} else {
		c->kind = span_take_byte(s, 'J') ? CHANGE_JULIAN : CHANGE_DAY;
		if (!take_number(s, 1, 3, &c->day) || c->day > 365 || (c->kind == CHANGE_JULIAN && c->day < 1))
			return false;
	}
	return !span_take_byte(s, '/') || take_time(s, 167, &c->time_s);
}

static bool read_rule(struct span s, struct rule *r)
{
	int32_t west_s;
	*r = (struct rule){0};
	if (!s.len)
		return true;
	if (!skip_name(&s) || !take_time(&s, 24, &west_s))
		return false;
	r->set = true;
	r->standard_s = -west_s;
	r->dst_s = r->standard_s + 3600;
	if (!s.len)
		return true;
	r->has_dst = true;
	if (!skip_name(&s))
		return false;
	if (s.len && s.at[0] != ',') {
		if (!take_time(&s, 24, &west_s))
			return false;
		r->dst_s = -west_s;
	}
	return span_take_byte(&s, ',') && take_change(&s, &r->start) && span_take_byte(&s, ',') && take_change(&s, &r->end) && !s.len;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Local seconds since 1970 at which the change happens in `year`. */
static int64_t change_s(const struct change *c, int year)
{
	int64_t day;
	if (c->kind == CHANGE_WEEKDAY) {
		int64_t first = instant_days(year, c->month, 1);
		int64_t next = c->month == 12 ? instant_days(year + 1, 1, 1) : instant_days(year, c->month + 1, 1);
		int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
		day = first + (c->day - weekday + 7) % 7 + 7 * (c->week - 1);
		if (day >= next)
			day -= 7; /* week 5 is the last one */
	} else if (c->kind == CHANGE_JULIAN) {
		day = instant_days(year, 1, 1) + c->day - 1 + (is_leap(year) && c->day >= 60);
	} else {
		day = instant_days(year, 1, 1) + c->day;
	}
	return day * 86400 + c->time_s;
}

/* The offset a rule gives at an instant: that of the latest change before it. A change may fall into the year before or after
 * its own (time_s, offset), so three years are looked at. Daylight saving all year is written as an end that coincides with the
 * next start (RFC 9636 section 3.3.1): then the start wins. */
static int32_t rule_offset(const struct rule *r, int64_t utc_s)
{
	if (!r->has_dst)
		return r->standard_s;
	struct civil c;
	instant_to_civil((utc_s + r->standard_s) * SECOND_US, &c);
	bool found = false, dst = false;
	int64_t latest = 0;
	for (int year = c.year - 1; year <= c.year + 1; year++) {
		int64_t end = change_s(&r->end, year) - r->dst_s;
		int64_t start = change_s(&r->start, year) - r->standard_s;
		if (end <= utc_s && (!found || end > latest || (end == latest && !dst)))
			found = true, latest = end, dst = false;
		if (start <= utc_s && (!found || start >= latest))
			found = true, latest = start, dst = true;
	}
	return dst ? r->dst_s : r->standard_s;
}

/* Transitions at or before an instant. */
static size_t transitions_until(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (z->at_s[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int32_t offset_at(const struct zone *z, int64_t utc_s)
{
	size_t i = transitions_until(z, utc_s);
	if (i == z->n && z->rule.set)
		return rule_offset(&z->rule, utc_s);
	return i ? z->offset_s[i - 1] : z->first_s;
}

int32_t zone_offset_s(const struct zone *z, int64_t utc_us)
{
	return offset_at(z, utc_us / SECOND_US - (utc_us % SECOND_US < 0));
}

/* What is known about a civil time while offsets are tried on it. */
struct search {
	const struct zone *zone;
	int64_t civil_s, earlier_s, later_s;
	int32_t largest_s; /* the largest offset tried */
	bool any;
};

static void try_offset(struct search *s, int32_t offset_s)
{
	int64_t utc_s = s->civil_s - offset_s;
	if (offset_s > s->largest_s)
		s->largest_s = offset_s;
	if (offset_at(s->zone, utc_s) != offset_s)
		return;
	if (!s->any || utc_s < s->earlier_s)
		s->earlier_s = utc_s;
	if (!s->any || utc_s > s->later_s)
		s->later_s = utc_s;
	s->any = true;
}

static void try_all_offsets(struct search *s)
{
	const struct zone *z = s->zone;
	size_t i = transitions_until(z, s->civil_s - REACH_S);
	int32_t last_s = i ? z->offset_s[i - 1] : z->first_s;
	if (i < z->n || !z->rule.set)
		try_offset(s, last_s);
	for (; i < z->n && z->at_s[i] <= s->civil_s + REACH_S; i++)
		if (z->offset_s[i] != last_s)
			try_offset(s, last_s = z->offset_s[i]);
	if (i == z->n && z->rule.set) {
		try_offset(s, z->rule.standard_s);
		if (z->rule.has_dst)
			try_offset(s, z->rule.dst_s);
	}
}

enum civil_kind zone_to_utc(const struct zone *z, int64_t civil_us, int64_t *utc_us, int64_t *later_us)
{
	*utc_us = *later_us = civil_us;
	if (civil_us < INT64_MIN + 4 * DAY_US || civil_us > INT64_MAX - 4 * DAY_US)
		return CIVIL_ONCE; /* INSTANT_NONE and the edges of the type have no zone */
	int64_t civil_s = civil_us / SECOND_US - (civil_us % SECOND_US < 0);
	int64_t rest_us = civil_us - civil_s * SECOND_US;
	struct search s = {.zone = z, .civil_s = civil_s, .largest_s = INT32_MIN};
	try_all_offsets(&s);
	if (!s.any) {
		/* The skipped hour: the largest offset tried leads to an instant before the gap. */
		s.earlier_s = s.later_s = civil_s - offset_at(z, civil_s - s.largest_s);
	}
	*utc_us = s.earlier_s * SECOND_US + rest_us;
	*later_us = s.later_s * SECOND_US + rest_us;
	return !s.any ? CIVIL_NEVER : s.earlier_s < s.later_s ? CIVIL_TWICE : CIVIL_ONCE;
}

/* A TZif data block (RFC 9636 section 3.1 and 3.2). */
struct block {
	uint64_t utc_n, standard_n, leap_n, transition_n, type_n, char_n;
	size_t time_bytes; /* 4 in version 1, else 8 */
};

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, NAME_BYTES = 16 };

static uint32_t big_endian4(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t big_endian_time(const char *at, size_t bytes)
{
	if (bytes == 4)
		return (int32_t)big_endian4(at);
	return (int64_t)((uint64_t)big_endian4(at) << 32 | big_endian4(at + 4));
}

static bool read_header(struct span bytes, size_t time_bytes, struct block *b)
{
	if (bytes.len < HEADER_BYTES || memcmp(bytes.at, "TZif", 4))
		return false;
	const char *counts = bytes.at + 20;
	*b = (struct block){big_endian4(counts),      big_endian4(counts + 4),  big_endian4(counts + 8),
			    big_endian4(counts + 12), big_endian4(counts + 16), big_endian4(counts + 20), time_bytes};
	return b->type_n >= 1 && b->type_n <= 256 && b->char_n >= 1 && (!b->utc_n || b->utc_n == b->type_n) &&
	       (!b->standard_n || b->standard_n == b->type_n);
}

/* Counts are below 2^32, so the sum cannot overflow. */
static uint64_t block_bytes(const struct block *b)
{
	return b->transition_n * (b->time_bytes + 1) + b->type_n * TYPE_BYTES + b->char_n + b->leap_n * (b->time_bytes + 4) +
	       b->standard_n + b->utc_n;
}

/* One local time type: offset (4), is daylight saving (1), index of its name (1). */
static bool read_type(const char *at, const struct block *b, int32_t *offset_s)
{
	*offset_s = (int32_t)big_endian4(at);
	return *offset_s >= OFFSET_MIN_S && *offset_s <= OFFSET_MAX_S && (unsigned char)at[4] <= 1 &&
	       (unsigned char)at[5] < b->char_n;
}

static bool read_block(struct span data, const struct block *b, struct zone *z)
{
	const char *indexes = data.at + b->transition_n * b->time_bytes, *types = indexes + b->transition_n;
	int32_t offsets[256];
	for (size_t i = 0; i < b->type_n; i++)
		if (!read_type(types + i * TYPE_BYTES, b, &offsets[i]))
			return false;
	/* The names stand behind the types: each type's begins at its index and ends in a NUL. */
	struct span names = {types + b->type_n * TYPE_BYTES, b->char_n};
	for (size_t i = 0; i < b->type_n; i++) {
		struct span rest = span_from(names, (unsigned char)types[i * TYPE_BYTES + 5]);
		text_append(&z->names, span_head(span_cut(&rest, '\0'), NAME_BYTES));
		text_append_byte(&z->names, '\0');
	}
	z->first_s = offsets[0];
	z->at_s = memory_new(b->transition_n, sizeof *z->at_s);
	z->offset_s = memory_new(b->transition_n, sizeof *z->offset_s);
	for (size_t i = 0; i < b->transition_n; i++) {
		unsigned type = (unsigned char)indexes[i];
		int64_t at_s = big_endian_time(data.at + i * b->time_bytes, b->time_bytes);
		if (type >= b->type_n || (i && at_s <= z->at_s[i - 1]))
			return false;
		z->at_s[i] = at_s;
		z->offset_s[i] = offsets[type];
		z->n = i + 1;
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *read_tzif(struct zone *z, struct span bytes)
{
	struct block b;
	if (!read_header(bytes, 4, &b))
		return "its header is not valid";
	char version = bytes.at[4];
	if (version && (version < '2' || version > '9'))
		return "its version is not known";
	bytes = span_from(bytes, HEADER_BYTES);
	if (block_bytes(&b) > bytes.len)
		return "it ends early";
	if (version) {
		bytes = span_from(bytes, (size_t)block_bytes(&b));
		if (!read_header(bytes, 8, &b))
			return "its second header is not valid";
		bytes = span_from(bytes, HEADER_BYTES);
		if (block_bytes(&b) > bytes.len)
			return "it ends early";
	}
	if (b.leap_n)
		return "it counts leap seconds, which logs do not";
	if (!read_block(bytes, &b, z))
		return "its transitions are not valid";
	if (!version)
		return NULL;
	struct span footer = span_from(bytes, (size_t)block_bytes(&b));
	if (!span_take_byte(&footer, '\n') || span_find_byte(footer, '\n') < 0)
		return "its footer is missing";
	return read_rule(span_cut(&footer, '\n'), &z->rule) ? NULL : "its footer is not a POSIX TZ string";
}

struct zone *zone_from_tzif(struct span name, struct span bytes, struct diag *d)
{
	struct zone *z = zone_new(name);
	const char *wrong = read_tzif(z, bytes);
	if (!wrong)
		return z;
	diag_set(d, "cannot use the data of time zone \"%.*s\": %s", (int)(name.len < 200 ? name.len : 200), name.at, wrong);
	diag_hint(d, "Install the package tzdata, or write a fixed offset such as +02:00.");
	zone_free(z);
	return NULL;
}
