/* stamp: tables of shapes, and the C library's calendar (gmtime_r, strftime) as the other implementation. */
#include "line/stamp.h"

#include <stdlib.h>
#include <time.h>

#include "unit.h"

/* What is read from `text`, as "2026-11-22T11:15:10.000000Z", resolution and zone, or "none". */
static const char *told(struct span text, bool whole, struct stamp_cache *cache, char out[120])
{
	struct stamp stamp;
	char at[32];
	size_t len = stamp_scan(text, cache, &stamp);
	if (whole ? !stamp_parse(text, cache, &stamp) : !len)
		return "none";
	snprintf(out, 120, "%s r%lld %s%s[%.*s]", instant_format(stamp.time_us, at), (long long)stamp.resolution_us,
		 stamp.zone == STAMP_EXPLICIT ? "utc" : "civil", stamp.yearless ? " yearless " : " ", (int)stamp.zone_text.len,
		 stamp.zone_text.at ? stamp.zone_text.at : "");
	return out;
}

struct whole_case {
	const char *name, *text, *expected;
};

static const struct whole_case wholes[] = {
	{"nginx $time_local", "22/Nov/2026:11:15:10 +0000", "2026-11-22T11:15:10.000000Z r1000000 utc [+0000]"},
	{"nginx $time_local east of Greenwich", "22/Nov/2026:01:15:10 +0530", "2026-11-21T19:45:10.000000Z r1000000 utc [+0530]"},
	{"HAProxy's bracket", "22/Nov/2026:11:52:43.803", "2026-11-22T11:52:43.803000Z r1000 civil []"},
	{"PHP's error log", "22-Nov-2026 11:15:10 UTC", "2026-11-22T11:15:10.000000Z r1000000 utc [UTC]"},
	{"Tomcat", "22-Nov-2026 11:15:10.123", "2026-11-22T11:15:10.123000Z r1000 civil []"},
	{"log4j's DATE", "22 Nov 2026 11:15:10,123", "2026-11-22T11:15:10.123000Z r1000 civil []"},
	{"Django's development server", "22/Nov/2026 11:15:10", "2026-11-22T11:15:10.000000Z r1000000 civil []"},
	{"java.util.logging", "Nov 22, 2026 4:15:11 PM", "2026-11-22T16:15:11.000000Z r1000000 civil []"},
	{"java.util.logging on a small day", "Nov 2, 2026 12:15:11 AM", "2026-11-02T00:15:11.000000Z r1000000 civil []"},
	{"java.util.logging at noon, two digits", "Nov 12, 2026 12:00:00 PM", "2026-11-12T12:00:00.000000Z r1000000 civil []"},
	{"java.util.logging of Java 20", "Nov 22, 2026 10:15:11\xE2\x80\xAF" "AM", "2026-11-22T10:15:11.000000Z r1000000 civil []"},
	{"Gin", "2026/11/22 - 11:15:55", "2026-11-22T11:15:55.000000Z r1000000 civil []"},
	{"nginx $time_iso8601", "2026-11-22T11:15:10+02:00", "2026-11-22T09:15:10.000000Z r1000000 utc [+02:00]"},
	{"RFC 3339 with Z", "2026-11-22T11:31:54.406Z", "2026-11-22T11:31:54.406000Z r1000 utc [Z]"},
	{"RFC 3339 in lower case", "2026-11-22t11:31:54.4z", "2026-11-22T11:31:54.400000Z r100000 utc [z]"},
	{"Python's asctime", "2026-11-22 11:31:54,611", "2026-11-22T11:31:54.611000Z r1000 civil []"},
	{"nginx error.log", "2026/11/22 11:15:55", "2026-11-22T11:15:55.000000Z r1000000 civil []"},
	{"Go's log with microseconds", "2026/11/22 11:15:55.123456", "2026-11-22T11:15:55.123456Z r1 civil []"},
	{"PostgreSQL %m", "2026-11-22 11:52:38.985 UTC", "2026-11-22T11:52:38.985000Z r1000 utc [UTC]"},
	{"a fixed abbreviation", "2026-11-22 11:52:38.985 CET", "2026-11-22T10:52:38.985000Z r1000 utc [CET]"},
	{"a fixed abbreviation west of Greenwich", "2026-11-22 11:52:38 EST", "2026-11-22T16:52:38.000000Z r1000000 utc [EST]"},
	{"an ambiguous abbreviation says nothing", "2026-11-22 11:52:38 IST", "2026-11-22T11:52:38.000000Z r1000000 civil [IST]"},
	{"another ambiguous abbreviation", "2026-11-22 11:52:38.1 CST", "2026-11-22T11:52:38.100000Z r100000 civil [CST]"},
	{"PostgreSQL's numeric abbreviation", "2026-11-22 11:52:38.985 -03", "2026-11-22T14:52:38.985000Z r1000 utc [-03]"},
	{"Ruby's blank before the offset", "2026-11-22 11:52:38 +0100", "2026-11-22T10:52:38.000000Z r1000000 utc [+0100]"},
	{"an offset of whole hours", "2026-11-22T11:52:38-08", "2026-11-22T19:52:38.000000Z r1000000 utc [-08]"},
	{"nine decimals are cut to microseconds", "2026-11-22T11:31:54.123456789Z", "2026-11-22T11:31:54.123456Z r1 utc [Z]"},
	{"two decimals are hundredths", "2026-11-22T11:31:54.07Z", "2026-11-22T11:31:54.070000Z r10000 utc [Z]"},
	{"syslog", "Nov 22 11:30:28", "2000-11-22T11:30:28.000000Z r1000000 civil yearless []"},
	{"syslog's blank before a small day", "Nov  2 11:30:28", "2000-11-02T11:30:28.000000Z r1000000 civil yearless []"},
	{"syslog on a leap day", "Feb 29 00:00:00", "2000-02-29T00:00:00.000000Z r1000000 civil yearless []"},
	{"a leap day", "2024-02-29 00:00:00", "2024-02-29T00:00:00.000000Z r1000000 civil []"},
	{"a leap second", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z r1000000 utc [Z]"},
	{"a leap second with decimals", "2016-12-31T23:59:60.500Z", "2016-12-31T23:59:59.999999Z r1000 utc [Z]"},
	{"epoch seconds", "1795348363", "2026-11-22T11:52:43.000000Z r1000000 utc []"},
	{"epoch seconds with decimals ($msec, %n)", "1795348363.816", "2026-11-22T11:52:43.816000Z r1000 utc []"},
	{"epoch seconds as zap prints them", "1795348363.8160002", "2026-11-22T11:52:43.816000Z r1 utc []"},
	{"epoch milliseconds", "1795348363816", "2026-11-22T11:52:43.816000Z r1000 utc []"},
	{"epoch milliseconds with decimals", "1795348363816.25", "2026-11-22T11:52:43.816250Z r10 utc []"},
	{"epoch microseconds", "1795348363816123", "2026-11-22T11:52:43.816123Z r1 utc []"},
	{"epoch nanoseconds", "1795348363816123999", "2026-11-22T11:52:43.816123Z r1 utc []"},
	{"the largest number of seconds", "99999999999", "5138-11-16T09:46:39.000000Z r1000000 utc []"},
	{"the smallest number of milliseconds", "100000000000", "1973-03-03T09:46:40.000000Z r1000 utc []"},
	{"the smallest number of microseconds", "100000000000000", "1973-03-03T09:46:40.000000Z r1 utc []"},
	{"the smallest number of nanoseconds", "100000000000000000", "1973-03-03T09:46:40.000000Z r1 utc []"},

	{"29 February of a common year is none", "2026-02-29 00:00:00", "none"},
	{"31 April is none", "31/Apr/2026:00:00:00 +0000", "none"},
	{"day 0 is none", "2026-11-00 00:00:00", "none"},
	{"month 13 is none", "2026-13-01 00:00:00", "none"},
	{"month \"Foo\" is none", "22/Foo/2026:11:15:10 +0000", "none"},
	{"hour 24 is none", "2026-11-22 24:00:00", "none"},
	{"minute 60 is none", "2026-11-22 23:60:00", "none"},
	{"second 61 is none", "2026-11-22 23:00:61", "none"},
	{"year 0 is none", "0000-11-22 23:00:01", "none"},
	{"a time without a date is none", "11:15:10", "none"},
	{"a date without a time is none", "2026-11-22", "none"},
	{"ten decimals are none", "2026-11-22 11:15:10.1234567890", "none"},
	{"a third digit of the second is none", "2026-11-22 11:15:101", "none"},
	{"mixed separators are none", "2026-11/22 11:15:10", "none"},
	{"an offset of 24 hours is none", "2026-11-22T11:15:10+24:00", "none"},
	{"text after a stamp is none", "2026-11-22 11:15:10 INFO", "none"},
	{"a bare point after a stamp is none", "2026-11-22 11:15:10.", "none"},
	{"an empty text is none", "", "none"},
	{"a negative epoch is none", "-1795348363", "none"},
	{"an epoch with an exponent is none", "1.795e9", "none"},
	{"an epoch with a bare point is none", "1795348363.", "none"},
	{"an epoch with two points is none", "1.2.3", "none"},
	{"a number over 63 bits is none", "9223372036854775808", "none"},
	{"twenty digits are none", "17953483638161239999", "none"},
	{"letters are none", "yesterday", "none"},

	/* datetext.h; what they mean by `date -d` and Python's fromisocalendar() */
	{"ctime", "Sun Nov 22 11:15:12 2026", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"date(1)", "Sun Nov 22 11:15:12 CET 2026", "2026-11-22T10:15:12.000000Z r1000000 utc [CET]"},
	{"date(1) in a zone of several offsets", "Sun Nov 22 11:15:12 IST 2026", "2026-11-22T11:15:12.000000Z r1000000 civil [IST]"},
	{"a zone that is not known says nothing", "Sun Nov 22 11:15:12 XYZ 2026", "2026-11-22T11:15:12.000000Z r1000000 civil [XYZ]"},
	{"ctime's tail", "Nov 22 11:15:12 2026", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"Apache's error log", "Sun Nov 22 11:15:12.836123 2026", "2026-11-22T11:15:12.836123Z r1 civil []"},
	{"RFC 5322", "Sun, 22 Nov 2026 11:15:12 +0100", "2026-11-22T10:15:12.000000Z r1000000 utc [+0100]"},
	{"RFC 850", "Sunday, 22-Nov-26 11:15:12 GMT", "2026-11-22T11:15:12.000000Z r1000000 utc [GMT]"},
	{"two digits of the last century", "06-Nov-94 08:49:37", "1994-11-06T08:49:37.000000Z r1000000 civil []"},
	{"ISO 8601 basic", "20261122T111512Z", "2026-11-22T11:15:12.000000Z r1000000 utc [Z]"},
	{"digits alone", "20261122111512", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"FIX", "20261122-11:15:12.123", "2026-11-22T11:15:12.123000Z r1000 civil []"},
	{"DB2", "2026-11-22-11.15.12.123456", "2026-11-22T11:15:12.123456Z r1 civil []"},
	{"MySQL 5.5", "261122 11:15:12", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"HDFS", "261122 111512", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"a week of ISO 8601", "2026-W47-7T11:15:12Z", "2026-11-22T11:15:12.000000Z r1000000 utc [Z]"},
	{"a week of the year before", "2020W535T000000Z", "2021-01-01T00:00:00.000000Z r1000000 utc [Z]"},
	{"a day of the year", "2026-326T11:15:12Z", "2026-11-22T11:15:12.000000Z r1000000 utc [Z]"},
	{"dots: the day first", "22.11.2026 11:15:12", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"ClickHouse", "2026.11.22 11:15:12.836", "2026-11-22T11:15:12.836000Z r1000 civil []"},
	{"the month's whole name", "November 22, 2026 11:15:12", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"WebLogic", "Nov 22, 2026, 1:15:12,836 PM EST", "2026-11-22T18:15:12.836000Z r1000 utc [EST]"},
	{"Erlang", "22-Nov-2026::11:15:12", "2026-11-22T11:15:12.000000Z r1000000 civil []"},
	{"without a year, the day first", "22 Nov 11:15:12.836", "2000-11-22T11:15:12.836000Z r1000 civil yearless []"},
	{"without a year, with a dash", "Nov-22 11:15:12", "2000-11-22T11:15:12.000000Z r1000000 civil yearless []"},
	{"a minute", "2026-11-22 11:15", "2026-11-22T11:15:00.000000Z r60000000 civil []"},
	{"GMT and an offset: east is plus", "2026-11-22 11:15:12 GMT+02:00", "2026-11-22T09:15:12.000000Z r1000000 utc [GMT+02:00]"},
	{"UTC and an hour", "2026-11-22 11:15:12 UTC-1", "2026-11-22T12:15:12.000000Z r1000000 utc [UTC-1]"},
	{"a minus of its own", "2026-11-22T11:15:12\xE2\x88\x92" "08:00", "2026-11-22T19:15:12.000000Z r1000000 utc [\xE2\x88\x92" "08:00]"},
	{"Hawaii-Aleutian daylight time", "2026-11-22 11:15:12 HDT", "2026-11-22T20:15:12.000000Z r1000000 utc [HDT]"},

	{"which one is the month is not known", "03/04/2026 11:15:12", "none"},
	{"nor here", "03-04-2026 11:15:12", "none"},
	{"not even when one of them can be no month: the format is to say", "22/11/2026 11:15:12", "none"},
	{"week 54 is none", "2026-W54-1T11:15:12Z", "none"},
	{"day 366 of a common year is none", "2026-366T11:15:12Z", "none"},
	{"13 PM is right, 13 AM is none", "Nov 22, 2026 13:15:12 AM", "none"},
	{"a month and a day with a minute is none", "Nov 22 11:15", "none"},
	{"six digits that are no date", "123456 11:15:12", "none"},
};

static void test_wholes(void)
{
	char out[120];
	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
		const struct whole_case *c = &wholes[i];
		/* In memory of its own size, so that a sanitizer sees a byte read too many. */
		size_t len = strlen(c->text);
		char *copy = malloc(len ? len : 1);
		memcpy(copy, c->text, len);
		const char *got = told((struct span){copy, len}, true, NULL, out);
		if (!FACT(!strcmp(got, c->expected), c->name))
			printf("\t%s\n\t%s\n", got, c->expected);
		for (size_t cut = 0; cut < len; cut++) { /* read, not judged */
			struct stamp stamp;
			char *part = malloc(cut ? cut : 1);
			memcpy(part, c->text, cut);
			stamp_parse((struct span){part, cut}, NULL, &stamp);
			free(part);
		}
		free(copy);
	}
}

struct scan_case {
	const char *name, *text;
	size_t len;
};

static const struct scan_case scans[] = {
	{"a stamp ends before a bracket", "22/Nov/2026:11:52:43.803] frontend", 24},
	{"an offset belongs to the stamp", "22/Nov/2026:11:15:10 +0000] \"GET", 26},
	{"a level is no zone", "2026-11-22 11:31:54,611 INFO [main] x", 23},
	{"a zone is followed by the rest", "2026-11-22 11:52:38.985 UTC [15969] LOG", 27},
	{"a dash after a stamp is no offset", "2026-11-22 11:31:54,611 - root - INFO", 23},
	{"a comma after a stamp is no fraction", "2026-11-22 11:31:54, then", 19},
	{"a message after nginx's stamp", "2026/11/22 11:15:55 [error] 1#1: x", 19},
	{"a host after syslog's stamp is no zone", "Nov 22 11:30:28 EST sshd[1]: x", 15},
	{"a word that runs on is no zone", "2026-11-22 11:15:55 UTCX", 19},
	{"a number after a stamp is no offset", "2026-11-22 11:15:55 -1 rows", 19},
	{"a word right behind a stamp makes it none", "2026-11-22 11:15:55abc", 0},
	{"epoch numbers are not scanned for", "1795348363.816 x", 0},
	{"a number in a message is no stamp", "took 2026 ms", 0},
	{"an address is no stamp", "192.168.100.200 - - [x]", 0},
};

static void test_scans(void)
{
	struct stamp stamp;
	for (size_t i = 0; i < sizeof(scans) / sizeof(scans[0]); i++) {
		size_t len = stamp_scan(span_of(scans[i].text), NULL, &stamp);
		if (!FACT(len == scans[i].len, scans[i].name))
			printf("\t%zu\n", len);
	}
}

static uint64_t random_state = 7;
static uint64_t random_next(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return random_state >> 20;
}

/* Seconds of the years 1970 to 2200, half of them next to each other, as logs have them: with and without a cache. */
static void test_calendar(void)
{
	static const char *const shapes[] = {"%d/%b/%Y:%H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC",
					     "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"};
	struct stamp_cache cache = {.len = 0};
	bool right = true, cached = true;
	time_t t = 0;
	for (int i = 0; i < 200000; i++) {
		struct tm tm;
		char text[64];
		struct stamp a, b;
		if (random_next() % 4 == 0)
			t = (time_t)(random_next() % UINT64_C(7258118400));
		else
			t += (time_t)(random_next() % 2);
		gmtime_r(&t, &tm);
		struct span s = {text, strftime(text, sizeof(text), shapes[random_next() % 5], &tm)};
		right = right && stamp_parse(s, NULL, &a) && a.time_us == (int64_t)t * SECOND_US;
		cached = cached && stamp_parse(s, &cache, &b) && b.time_us == a.time_us && b.zone == a.zone &&
			 b.resolution_us == a.resolution_us && span_equal(a.zone_text, b.zone_text);
	}
	FACT(right, "stamps agree with the C library's calendar");
	FACT(cached, "a cache changes nothing");
}

static void test_cache(void)
{
	static const char *const lines[] = {
		"2026-11-22 11:15:55", "2026/11/22 11:15:55", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z",
		"2026-02-30 11:15:55", "22/Nov/2026:11:15:10 +0100", "22/Nov/2026:11:15:10 -0100", "22/Nov/2026:11:15:10.5",
		"Nov 22 11:30:28", "2016-12-31T23:59:60Z", "Nov 22 11:30:28.25", "2026-02-30 11:15:55", "1795348363",
		"2026-11-22 11:15:55 CET", "2026-11-22 11:15:55 EST", "2026-11-22 11:15:55 IST", "2026-11-22 11:15:55 UTC",
		"2026-11-22 24:15:55", "2026-11-22 11:61:55", "22/Nov/2026:11:15:60 +0100", "1969-12-31 23:00:00",
		"1969-12-31 23:59:60", "1969-12-31 00:00:01", "22/Nov/2026:23:59:59", "22/Nov/2026:00:00:00",
	};
	struct stamp_cache cache = {.len = 0};
	char with[120], without[120];
	bool same = true;
	for (size_t i = 0; i < 5000; i++) {
		struct span s = span_of(lines[random_next() % (sizeof(lines) / sizeof(lines[0]))]);
		same = same && !strcmp(told(s, true, &cache, with), told(s, true, NULL, without));
	}
	FACT(same, "a cache of one shape, offset or leap second is not taken for another");

	struct stamp stamp;
	struct record r;
	record_clear(&r);
	FACT(stamp_parse(SPAN("2026-11-22 11:52:38.5 IST"), &cache, &stamp), "a stamp is read");
	stamp_apply(&stamp, &r);
	FACT(r.time_us == stamp.time_us && r.resolution_us == 100000 && r.zone == STAMP_NONE && !r.yearless &&
		     span_equal(r.zone_text, SPAN("IST")),
	     "a record gets the stamp's time, resolution and zone");
}

/* Any bytes in the shape's places: never a crash, and what is taken is inside the text. */
static void test_rubbish(void)
{
	static const char alphabet[] = "0123456789:/-+.,TZ NovABC\n\xff";
	bool inside = true;
	for (int i = 0; i < 200000; i++) {
		char text[32] = "2026-11-22 11:15:10.123 +01";
		size_t len = random_next() % sizeof(text);
		for (int change = 0; change < 4; change++)
			text[random_next() % sizeof(text)] = alphabet[random_next() % (sizeof(alphabet) - 1)];
		struct stamp stamp;
		size_t taken = stamp_scan((struct span){text, len}, NULL, &stamp);
		inside = inside && taken <= len && (!taken || (stamp.resolution_us >= 1 && stamp.resolution_us <= MINUTE_US));
	}
	FACT(inside, "rubbish is no stamp, or one inside the text");
}

int main(void)
{
	test_wholes();
	test_scans();
	test_calendar();
	test_cache();
	test_rubbish();
	return unit_done();
}
