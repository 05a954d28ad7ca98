#include "line/datetext.h"

/* What is left to read, and what was read. */
struct reading {
	struct span s;
	size_t at;
	struct civil c;
	int64_t resolution_us;
	bool yearless;
	bool loose;   /* minutes and seconds may be of one digit: so may month and day be in such dates */
	bool packed;  /* the date is digits alone: so may the time be */
	bool joined;  /* and stands right behind it */
	bool dotted;  /* the time's separators may be dots */
};

/* The byte `ahead` of what is read, or NUL. */
static inline char peek(const struct reading *r, size_t ahead)
{
	return r->at + ahead < r->s.len ? r->s.at[r->at + ahead] : '\0';
}

static bool take(struct reading *r, char c)
{
	if (peek(r, 0) != c || !c)
		return false;
	r->at++;
	return true;
}

static size_t digits_at(const struct reading *r)
{
	size_t n = 0;
	while (n < 20 && is_digit(peek(r, n)))
		n++;
	return n;
}

/* A number of exactly `n` digits, which is not the start of a longer one when `alone`. */
static bool take_number(struct reading *r, size_t n, bool alone, int *value)
{
	size_t there = digits_at(r);
	if (there < n || (alone && there > n))
		return false;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value = *value * 10 + (peek(r, i) - '0');
	r->at += n;
	return true;
}

/* One digit or two. */
static bool take_small(struct reading *r, int *value)
{
	size_t n = digits_at(r);
	return n && n <= 2 && take_number(r, n, true, value);
}

/* Index of the name of which the letters here are the first three or all; -1. */
static int take_name(struct reading *r, const char *const *names, int n)
{
	size_t len = 0;
	while (len < 10 && is_letter(peek(r, len)))
		len++;
	struct span word = {r->s.at + r->at, len};
	for (int i = 0; i < n && len >= 3; i++) {
		if ((word.at[0] | 0x20) != names[i][0])
			continue;
		struct span name = span_of(names[i]);
		if (!span_equal_nocase(word, name) && !(len == 3 && span_equal_nocase(word, span_head(name, 3))) &&
		    !(len == 4 && span_equal_nocase(word, SPAN("sept")) && i == 8))
			continue;
		r->at += len;
		return i;
	}
	return -1;
}

static bool take_month(struct reading *r)
{
	static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
					     "july",    "august",   "september", "october", "november", "december"};
	r->c.month = take_name(r, months, 12) + 1;
	return r->c.month > 0;
}

static void skip_weekday(struct reading *r)
{
	static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
	size_t before = r->at;
	if (!is_letter(peek(r, 0)) || take_name(r, days, 7) < 0)
		return;
	bool parted = take(r, ',') || take(r, '.');
	while (take(r, ' '))
		parted = true;
	if (!parted)
		r->at = before;
}

/* Four digits, or two: POSIX (strptime, %y) has 69 to 99 in the last century. */
static bool take_year(struct reading *r)
{
	size_t n = digits_at(r);
	if ((n != 4 && n != 2) || (n == 2 && peek(r, 2) == ':' && peek(r, 5) == ':')) /* an hour: "22 Nov 11:15:12" */
		return false;
	if (!take_number(r, n, true, &r->c.year))
		return false;
	if (n == 2)
		r->c.year += r->c.year < 69 ? 2000 : 1900;
	return true;
}

/* ---- dates ---- */

/* The n-th day of the year, from 1. */
static bool day_of_year(struct reading *r, int n)
{
	struct civil c;
	if (n < 1 || n > 366 || r->c.year < 1)
		return false;
	instant_to_civil((instant_days(r->c.year, 1, 1) + n - 1) * DAY_US, &c);
	r->c.month = c.month;
	r->c.day = c.day;
	return c.year == r->c.year;
}

/* ISO 8601: week 1 is the one with 4 January; days count from Monday, 1. */
static bool day_of_week(struct reading *r, int week, int day)
{
	struct civil c;
	if (week < 1 || week > 53 || day < 1 || day > 7 || r->c.year < 1)
		return false;
	int64_t fourth = instant_days(r->c.year, 1, 4);
	int64_t monday = fourth - ((fourth + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
	instant_to_civil((monday + (week - 1) * 7 + day - 1) * DAY_US, &c);
	r->c.year = c.year;
	r->c.month = c.month;
	r->c.day = c.day;
	return true;
}

static bool take_week(struct reading *r)
{
	bool parted = take(r, '-');
	int week, day;
	return take(r, 'W') && take_number(r, 2, false, &week) && (!parted || take(r, '-')) && take_number(r, 1, true, &day) &&
	       day_of_week(r, week, day);
}

/* Behind four digits. */
static bool date_of_year(struct reading *r)
{
	char separator = peek(r, 0);
	int ordinal;
	if (separator == 'W' || (separator == '-' && peek(r, 1) == 'W'))
		return take_week(r);
	if (separator != '-' && separator != '/' && separator != '.' && separator != '\\')
		return false;
	r->at++;
	if (separator == '-' && digits_at(r) == 3)
		return take_number(r, 3, true, &ordinal) && day_of_year(r, ordinal);
	r->loose = digits_at(r) == 1;
	if (!take_small(r, &r->c.month) || !take(r, separator))
		return false;
	r->loose |= digits_at(r) == 1;
	r->dotted = separator == '-';
	return take_small(r, &r->c.day);
}

/* Behind one or two digits, which are `first`. */
static bool date_of_day(struct reading *r, int first, enum date_order order)
{
	char separator = peek(r, 0);
	int second;
	if (separator != '-' && separator != '/' && separator != '.' && separator != ' ')
		return false;
	r->at++;
	if (is_letter(peek(r, 0))) {
		r->c.day = first;
		if (separator == '.' || !take_month(r))
			return false;
		size_t behind = r->at;
		if (take(r, separator) && take_year(r))
			return true;
		r->at = behind;
		r->yearless = true;
		r->c.year = 2000;
		return peek(r, 0) == ' ';
	}
	if (separator == '.')
		order = DATE_DAY_FIRST;
	if (order == DATE_ORDER_UNKNOWN || separator == ' ')
		return false;
	r->loose = true;
	if (!take_small(r, &second) || !take(r, separator))
		return false;
	if (order == DATE_YEAR_FIRST) {
		r->c.year = first + (first < 69 ? 2000 : 1900);
		r->c.month = second;
		return take_small(r, &r->c.day);
	}
	r->c.month = order == DATE_MONTH_FIRST ? first : second;
	r->c.day = order == DATE_MONTH_FIRST ? second : first;
	return take_year(r);
}

/* "Nov 22", "Nov 22, 2026", "Nov-22": the year may also stand behind the time, or nowhere. */
static bool date_of_month(struct reading *r)
{
	take(r, '.');
	bool dash = take(r, '-');
	while (!dash && take(r, ' '))
		;
	if (!take_small(r, &r->c.day))
		return false;
	size_t behind = r->at;
	bool parted = take(r, ',');
	while (take(r, ' '))
		parted = true;
	if (parted && digits_at(r) == 4 && peek(r, 4) != ':')
		return take_number(r, 4, true, &r->c.year);
	r->at = behind;
	r->yearless = true;
	r->c.year = 2000;
	return true;
}

static bool take_date(struct reading *r, enum date_order order)
{
	int first;
	if (is_letter(peek(r, 0)))
		return take_month(r) && date_of_month(r);
	switch (digits_at(r)) {
	case 4:
		return take_number(r, 4, true, &r->c.year) && date_of_year(r);
	case 8:
	case 14: /* the time right behind it */
		r->packed = true;
		r->joined = digits_at(r) == 14;
		return take_number(r, 4, false, &r->c.year) && r->c.year >= 1970 && r->c.year < 2100 &&
		       take_number(r, 2, false, &r->c.month) && take_number(r, 2, false, &r->c.day);
	case 6:
		r->packed = true;
		return take_number(r, 2, false, &r->c.year) && take_number(r, 2, false, &r->c.month) &&
		       take_number(r, 2, false, &r->c.day) && (r->c.year += r->c.year < 69 ? 2000 : 1900);
	case 1:
	case 2:
		return take_small(r, &first) && date_of_day(r, first, order);
	default:
		return false;
	}
}

/* ---- times ---- */

/* What stands between a date and its time. */
static bool take_gap(struct reading *r, bool *blank)
{
	*blank = false;
	if (is_digit(peek(r, 0))) /* 20261122111512 */
		return r->joined;
	if (take(r, 'T') || take(r, 't') || take(r, '_'))
		return true;
	if (take(r, ':'))
		return take(r, ':') || true;
	if (take(r, '-'))
		return true;
	r->dotted = false;
	bool comma = take(r, ',');
	for (unsigned n = 0; n < 3 && take(r, ' '); n++)
		*blank = true;
	if (*blank && peek(r, 0) == '-' && peek(r, 1) == ' ')
		r->at += 2;
	return *blank || comma;
}

/* Up to nine decimals; more are no fraction of a second that any logger prints. */
static bool take_decimals(struct reading *r)
{
	static const int units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	char mark = peek(r, 0);
	bool point = mark == '.' || mark == ',', colon = mark == ':';
	if ((!point && !colon) || !is_digit(peek(r, 1)))
		return true;
	r->at++;
	size_t n = digits_at(r);
	if (n > 9 || (colon && n != 3))
		return false;
	int value = 0;
	size_t kept = n < 6 ? n : 6;
	for (size_t i = 0; i < kept; i++)
		value = value * 10 + (peek(r, i) - '0');
	r->at += n;
	r->c.us = value * units[kept];
	r->resolution_us = units[kept];
	return true;
}

/* " AM", "PM": after a blank, a no-break space (U+00A0), a narrow one (U+202F, Java 20), or nothing. */
static bool take_half(struct reading *r)
{
	struct span rest = span_from(r->s, r->at);
	size_t gap = span_starts(rest, SPAN("\xE2\x80\xAF")) ? 3 : span_starts(rest, SPAN("\xC2\xA0")) ? 2 : span_starts(rest, SPAN(" "));
	char half = peek(r, gap) | 0x20;
	if ((half != 'a' && half != 'p') || (peek(r, gap + 1) | 0x20) != 'm' || is_letter(peek(r, gap + 2)) || is_digit(peek(r, gap + 2)))
		return true;
	r->at += gap + 2;
	if (r->c.hour > 12) /* printed with 24 hours and with the half, too: they must agree */
		return half == 'p';
	if (r->c.hour < 1)
		return half == 'a';
	r->c.hour = r->c.hour % 12 + (half == 'p' ? 12 : 0);
	return true;
}

/* HHMMSS or HHMM. */
static bool take_packed_time(struct reading *r)
{
	size_t n = digits_at(r);
	if ((n != 6 && n != 4) || !take_number(r, 2, false, &r->c.hour) || !take_number(r, 2, false, &r->c.minute))
		return false;
	r->resolution_us = MINUTE_US;
	if (n == 4)
		return true;
	r->resolution_us = SECOND_US;
	return take_number(r, 2, true, &r->c.second) && take_decimals(r);
}

static bool take_time(struct reading *r, bool blank)
{
	if (digits_at(r) > 2)
		return (!blank || (r->packed && digits_at(r) == 6)) && take_packed_time(r);
	if (!take_small(r, &r->c.hour))
		return false;
	char separator = peek(r, 0);
	if (separator != ':' && !(separator == '.' && r->dotted))
		return false;
	r->at++;
	if (!(r->loose ? take_small(r, &r->c.minute) : take_number(r, 2, true, &r->c.minute)))
		return false;
	r->resolution_us = MINUTE_US;
	if (peek(r, 0) == separator && is_digit(peek(r, 1))) {
		r->at++;
		r->resolution_us = SECOND_US;
		if (!(r->loose ? take_small(r, &r->c.second) : take_number(r, 2, true, &r->c.second)) || !take_decimals(r))
			return false;
	}
	return take_half(r);
}

size_t datetext_scan(struct span s, enum date_order order, struct datetext *out)
{
	struct reading r = {.s = s};
	bool blank;
	skip_weekday(&r);
	if (!take_date(&r, order) || !take_gap(&r, &blank) || !take_time(&r, blank))
		return 0;
	if ((r.yearless && r.resolution_us > SECOND_US) || !civil_valid(&r.c))
		return 0;
	*out = (struct datetext){r.c, r.resolution_us, r.yearless};
	return r.at;
}
