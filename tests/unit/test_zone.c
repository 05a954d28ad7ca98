#include "base/zone.h"

#include <string.h>

#include "base/instant.h"
#include "base/memory.h"
#include "unit.h"

/* A civil time, and what it is in UTC. */
struct expected {
	const char *zone; /* a footer, or a name below /usr/share/zoneinfo */
	const char *civil;
	enum civil_kind kind;
	const char *utc, *later;
};

/* From Python's zoneinfo; the lines with a day number and with daylight saving all year from glibc and RFC 9636, because Python
 * counts day numbers from 1 and finds a second 23:59 on New Year's Eve. */
static const struct expected of_footers[] = {
	{"CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T02:30:00Z", CIVIL_NEVER, "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"},
	{"CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T02:30:00Z", CIVIL_TWICE, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
	{"CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", CIVIL_ONCE, "2026-06-30T22:00:00Z", "2026-06-30T22:00:00Z"},
	{"CET-1CEST,M3.5.0,M10.5.0/3", "1990-01-01T00:00:00Z", CIVIL_ONCE, "1989-12-31T23:00:00Z", "1989-12-31T23:00:00Z"},
	{"EST5EDT,J60,J300/1:30", "2024-03-01T02:30:00Z", CIVIL_NEVER, "2024-03-01T07:30:00Z", "2024-03-01T07:30:00Z"},
	{"EST5EDT,J60,J300/1:30", "2023-03-01T02:30:00Z", CIVIL_NEVER, "2023-03-01T07:30:00Z", "2023-03-01T07:30:00Z"},
	{"EST5EDT,J60,J300/1:30", "2024-02-29T02:30:00Z", CIVIL_ONCE, "2024-02-29T07:30:00Z", "2024-02-29T07:30:00Z"},
	{"EST5EDT,J60,J300/1:30", "2024-10-27T01:00:00Z", CIVIL_TWICE, "2024-10-27T05:00:00Z", "2024-10-27T06:00:00Z"},
	{"EST5EDT,59,300", "2024-02-29T02:30:00Z", CIVIL_NEVER, "2024-02-29T07:30:00Z", "2024-02-29T07:30:00Z"},
	{"EST5EDT,59,300", "2023-03-01T02:30:00Z", CIVIL_NEVER, "2023-03-01T07:30:00Z", "2023-03-01T07:30:00Z"},
	{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-05T01:45:00Z", CIVIL_TWICE, "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
	{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-10-04T02:15:00Z", CIVIL_NEVER, "2026-10-03T15:45:00Z", "2026-10-03T15:45:00Z"},
	{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-28T23:30:00Z", CIVIL_NEVER, "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"},
	{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-10-24T23:30:00Z", CIVIL_TWICE, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
	{"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-28T22:59:00Z", CIVIL_ONCE, "2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z"},
	{"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", CIVIL_ONCE, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
	{"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-10-25T01:30:00Z", CIVIL_TWICE, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
	{"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-03-29T01:30:00Z", CIVIL_NEVER, "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z"},
	{"XXX3EDT4,0/0,J365/23", "2026-01-01T00:00:00Z", CIVIL_ONCE, "2026-01-01T04:00:00Z", "2026-01-01T04:00:00Z"},
	{"XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", CIVIL_ONCE, "2026-07-01T04:00:00Z", "2026-07-01T04:00:00Z"},
	{"XXX3EDT4,0/0,J365/23", "2026-12-31T23:59:00Z", CIVIL_ONCE, "2027-01-01T03:59:00Z", "2027-01-01T03:59:00Z"},
	{"AAA-14:59:59", "2026-07-01T00:00:00Z", CIVIL_ONCE, "2026-06-30T09:00:01Z", "2026-06-30T09:00:01Z"},
	{"<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", "2026-03-29T02:30:00Z", CIVIL_NEVER, "2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z"},
	{"<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", "2026-10-25T01:30:00Z", CIVIL_TWICE, "2026-10-24T23:30:00Z", "2026-10-25T01:30:00Z"},
	{"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T02:30:00Z", CIVIL_NEVER, "2026-03-28T00:30:00Z", "2026-03-28T00:30:00Z"},
	{"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-10-24T01:30:00Z", CIVIL_TWICE, "2026-10-23T22:30:00Z", "2026-10-23T23:30:00Z"},
};

/* From Python's zoneinfo. */
static const struct expected of_system[] = {
	{"Europe/Berlin", "1900-01-01T00:00:00Z", CIVIL_ONCE, "1899-12-31T23:00:00Z", "1899-12-31T23:00:00Z"},
	{"Europe/Berlin", "2024-03-31T01:59:00Z", CIVIL_ONCE, "2024-03-31T00:59:00Z", "2024-03-31T00:59:00Z"},
	{"Europe/Berlin", "2024-03-31T02:00:00Z", CIVIL_NEVER, "2024-03-31T01:00:00Z", "2024-03-31T01:00:00Z"},
	{"Europe/Berlin", "2024-03-31T02:30:00Z", CIVIL_NEVER, "2024-03-31T01:30:00Z", "2024-03-31T01:30:00Z"},
	{"Europe/Berlin", "2024-03-31T03:00:00Z", CIVIL_ONCE, "2024-03-31T01:00:00Z", "2024-03-31T01:00:00Z"},
	{"Europe/Berlin", "2024-10-27T01:59:00Z", CIVIL_ONCE, "2024-10-26T23:59:00Z", "2024-10-26T23:59:00Z"},
	{"Europe/Berlin", "2024-10-27T02:00:00Z", CIVIL_TWICE, "2024-10-27T00:00:00Z", "2024-10-27T01:00:00Z"},
	{"Europe/Berlin", "2024-10-27T02:30:00Z", CIVIL_TWICE, "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"},
	{"Europe/Berlin", "2024-10-27T03:00:00Z", CIVIL_ONCE, "2024-10-27T02:00:00Z", "2024-10-27T02:00:00Z"},
	{"Europe/Berlin", "2050-07-01T12:00:00Z", CIVIL_ONCE, "2050-07-01T10:00:00Z", "2050-07-01T10:00:00Z"},
	{"Europe/Berlin", "2050-10-30T02:30:00Z", CIVIL_TWICE, "2050-10-30T00:30:00Z", "2050-10-30T01:30:00Z"},
	{"America/New_York", "2024-11-03T01:30:00Z", CIVIL_TWICE, "2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z"},
	{"America/New_York", "2024-03-10T02:30:00Z", CIVIL_NEVER, "2024-03-10T07:30:00Z", "2024-03-10T07:30:00Z"},
	{"America/New_York", "2023-11-22T11:15:00Z", CIVIL_ONCE, "2023-11-22T16:15:00Z", "2023-11-22T16:15:00Z"},
	{"Australia/Lord_Howe", "2024-04-07T01:45:00Z", CIVIL_TWICE, "2024-04-06T14:45:00Z", "2024-04-06T15:15:00Z"},
	{"Australia/Lord_Howe", "2024-10-06T02:15:00Z", CIVIL_NEVER, "2024-10-05T15:45:00Z", "2024-10-05T15:45:00Z"},
	{"Asia/Kolkata", "2024-11-22T11:15:00Z", CIVIL_ONCE, "2024-11-22T05:45:00Z", "2024-11-22T05:45:00Z"},
	{"Asia/Kathmandu", "1985-12-31T23:59:00Z", CIVIL_ONCE, "1985-12-31T18:29:00Z", "1985-12-31T18:29:00Z"},
	{"Asia/Kathmandu", "1986-01-01T00:05:00Z", CIVIL_NEVER, "1985-12-31T18:35:00Z", "1985-12-31T18:35:00Z"},
	{"Asia/Kathmandu", "2024-01-01T00:00:00Z", CIVIL_ONCE, "2023-12-31T18:15:00Z", "2023-12-31T18:15:00Z"},
	{"Pacific/Apia", "2011-12-29T12:00:00Z", CIVIL_ONCE, "2011-12-29T22:00:00Z", "2011-12-29T22:00:00Z"},
	{"Pacific/Apia", "2011-12-30T12:00:00Z", CIVIL_NEVER, "2011-12-30T22:00:00Z", "2011-12-30T22:00:00Z"},
	{"Pacific/Apia", "2011-12-31T12:00:00Z", CIVIL_ONCE, "2011-12-30T22:00:00Z", "2011-12-30T22:00:00Z"},
	{"Europe/Dublin", "2024-01-15T12:00:00Z", CIVIL_ONCE, "2024-01-15T12:00:00Z", "2024-01-15T12:00:00Z"},
	{"Europe/Dublin", "2024-07-15T12:00:00Z", CIVIL_ONCE, "2024-07-15T11:00:00Z", "2024-07-15T11:00:00Z"},
	{"Europe/Dublin", "2024-10-27T01:30:00Z", CIVIL_TWICE, "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"},
	{"Europe/Dublin", "2024-03-31T01:30:00Z", CIVIL_NEVER, "2024-03-31T01:30:00Z", "2024-03-31T01:30:00Z"},
	{"America/Sao_Paulo", "2018-11-04T00:30:00Z", CIVIL_NEVER, "2018-11-04T03:30:00Z", "2018-11-04T03:30:00Z"},
	{"America/Sao_Paulo", "2019-02-16T23:30:00Z", CIVIL_TWICE, "2019-02-17T01:30:00Z", "2019-02-17T02:30:00Z"},
	{"America/Sao_Paulo", "2024-01-01T00:00:00Z", CIVIL_ONCE, "2024-01-01T03:00:00Z", "2024-01-01T03:00:00Z"},
	{"UTC", "2024-06-01T00:00:00Z", CIVIL_ONCE, "2024-06-01T00:00:00Z", "2024-06-01T00:00:00Z"},
};

static int64_t instant(const char *s)
{
	int64_t us = INSTANT_NONE;
	FACT(instant_parse(span_of(s), &us), s);
	return us;
}

static bool as_expected(const struct zone *z, const struct expected *e)
{
	int64_t utc_us, later_us;
	enum civil_kind kind = zone_to_utc(z, instant(e->civil), &utc_us, &later_us);
	return kind == e->kind && utc_us == instant(e->utc) && later_us == instant(e->later);
}

static void append_number(struct text *t, int64_t value, size_t bytes)
{
	while (bytes--)
		text_append_byte(t, (char)((uint64_t)value >> (8 * bytes) & 0xFF));
}

static void append_header(struct text *t, char version, size_t transitions, size_t types)
{
	text_append(t, SPAN("TZif"));
	text_append_byte(t, version);
	for (int i = 0; i < 15; i++)
		text_append_byte(t, 0);
	for (int i = 0; i < 3; i++)
		append_number(t, 0, 4);
	append_number(t, (int64_t)transitions, 4);
	append_number(t, (int64_t)types, 4);
	append_number(t, 4, 4);
}

struct transition {
	int64_t at_s;
	char type;
};

static void append_block(struct text *t, size_t time_bytes, const struct transition *transitions, size_t n,
			 const int32_t *offsets, size_t types)
{
	for (size_t i = 0; i < n; i++)
		append_number(t, transitions[i].at_s, time_bytes);
	for (size_t i = 0; i < n; i++)
		text_append_byte(t, transitions[i].type);
	for (size_t i = 0; i < types; i++) {
		append_number(t, offsets[i], 4);
		append_number(t, 0, 2);
	}
	text_append(t, (struct span){"LMT", 4});
}

/* A TZif file of one version; version 2 and later have a second block and a footer. */
static struct text tzif(char version, const struct transition *transitions, size_t n, const int32_t *offsets, size_t types,
			const char *footer)
{
	static const int32_t nothing = 0;
	struct text t = {0};
	if (version) {
		append_header(&t, version, 0, 1);
		append_block(&t, 4, NULL, 0, &nothing, 1);
	}
	append_header(&t, version, n, types);
	append_block(&t, version ? 8 : 4, transitions, n, offsets, types);
	if (version) {
		text_append_byte(&t, '\n');
		text_append_string(&t, footer);
		text_append_byte(&t, '\n');
	}
	return t;
}

static struct zone *zone_with_footer(const char *footer)
{
	static const int32_t utc = 0;
	struct text t = tzif('2', NULL, 0, &utc, 1, footer);
	struct diag d = {0};
	struct zone *z = zone_from_tzif(SPAN("Test/Zone"), text_span(&t), &d);
	FACT(!z == d.set, "a zone is given, or a reason");
	text_release(&t);
	return z;
}

static void test_fixed(void)
{
	static const struct {
		const char *name;
		int64_t offset_min;
	} good[] = {{"UTC", 0},       {"utc", 0},      {"GMT", 0},      {"Z", 0},        {"+02:00", 120}, {"+0200", 120},
		    {"-0530", -330},  {"-5", -300},    {"+14", 840},    {"-12:00", -720}, {"+5:45", 345}, {"+00:00", 0},
		    {"-00:00", 0},    {"CET", 60},     {"CEST", 120},   {"PST", -480},   {"SST", -660},  {"AEST", 600}};
	static const char *const bad[] = {"",       "+",      "-",       "2",      "02:00",  "+2:0",  "+02:",  "+020",    "+02000",
					  "+24:00", "+02:60", "+02:000", "IST",    "CST",    "BST",   "cet",   "UTC+2",   "Europe/Berlin",
					  "+ 2",    "+2 ",    "--2",     "+02:0x", "Z ",     "+99",   "local"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t utc_us = 0, later_us = 0, civil_us = instant("2026-11-22T11:15:26.510000Z");
		struct zone *z = zone_fixed(span_of(good[i].name));
		if (!FACT(z, good[i].name))
			continue;
		FACT(zone_to_utc(z, civil_us, &utc_us, &later_us) == CIVIL_ONCE && utc_us == later_us &&
			     civil_us - utc_us == good[i].offset_min * MINUTE_US,
		     good[i].name);
		FACT(!strcmp(zone_name(z), good[i].name), "a zone keeps its name");
		zone_free(z);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		FACT(!zone_fixed(span_of(bad[i])), bad[i]);
	zone_free(NULL);
}

static void test_abbreviations(void)
{
	/* The offsets are facts/timestamps and the tz database's; the refused ones mean several offsets there or in practice. */
	static const struct {
		const char *name;
		int offset_min;
	} good[] = {{"UTC", 0},     {"GMT", 0},     {"Z", 0},       {"WET", 0},     {"WEST", 60},   {"CET", 60},    {"CEST", 120},
		    {"EET", 120},   {"EEST", 180},  {"MSK", 180},   {"JST", 540},   {"KST", 540},   {"EST", -300},  {"EDT", -240},
		    {"MST", -420},  {"MDT", -360},  {"PST", -480},  {"PDT", -420},  {"AEST", 600},  {"AEDT", 660},  {"ACST", 570},
		    {"ACDT", 630},  {"AWST", 480},  {"NZST", 720},  {"NZDT", 780},  {"SST", -660},  {"HST", -600},  {"AKST", -540},
		    {"AKDT", -480}, {"NST", -210},  {"WIB", 420},   {"SAST", 120}};
	static const char *const bad[] = {"IST", "CST", "CDT", "BST", "AST", "ADT", "GST", "", "XYZ", "utc", "CE", "CETX"};
	int32_t offset_s;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		FACT(zone_abbreviation(span_of(good[i].name), &offset_s) && offset_s == good[i].offset_min * 60, good[i].name);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		FACT(!zone_abbreviation(span_of(bad[i]), &offset_s), bad[i]);
}

static void test_footers(void)
{
	static const char *const bad[] = {"CET",      "CE-1",         "CET-1CEST",          "CET-1CEST,M3.5.0",
					  "CET-25",   "CET-1:60",     "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
					  "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5",     "CET-1CEST,J366,J5",
					  "CET-1CEST,366,5",          "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0 ",
					  "<CET-1",   "<C>-1",        "-1",                 "CET-1CEST,M3.5.0,M10.5.0/3:"};
	for (size_t i = 0; i < sizeof of_footers / sizeof *of_footers; i++) {
		struct zone *z = zone_with_footer(of_footers[i].zone);
		if (FACT(z, of_footers[i].zone))
			FACT(as_expected(z, &of_footers[i]), of_footers[i].zone);
		zone_free(z);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct zone *z = zone_with_footer(bad[i]);
		FACT(!z, bad[i]);
		zone_free(z);
	}
}

static void test_transitions(void)
{
	/* One hour ahead from 2001-09-09T01:46:40Z on, back again a million seconds later. */
	static const struct transition moves[] = {{1000000000, 1}, {1001000000, 0}};
	static const int32_t offsets[] = {3600, 7200};
	static const struct expected rows[] = {
		{"", "1970-01-01T00:00:00Z", CIVIL_ONCE, "1969-12-31T23:00:00Z", "1969-12-31T23:00:00Z"},
		{"", "2001-09-09T02:46:39Z", CIVIL_ONCE, "2001-09-09T01:46:39Z", "2001-09-09T01:46:39Z"},
		{"", "2001-09-09T02:46:40Z", CIVIL_NEVER, "2001-09-09T01:46:40Z", "2001-09-09T01:46:40Z"},
		{"", "2001-09-09T03:46:40Z", CIVIL_ONCE, "2001-09-09T01:46:40Z", "2001-09-09T01:46:40Z"},
		{"", "2001-09-20T16:33:20Z", CIVIL_TWICE, "2001-09-20T14:33:20Z", "2001-09-20T15:33:20Z"},
		{"", "2001-09-20T17:33:20Z", CIVIL_ONCE, "2001-09-20T16:33:20Z", "2001-09-20T16:33:20Z"},
		{"", "2040-01-01T00:00:00Z", CIVIL_ONCE, "2039-12-31T23:00:00Z", "2039-12-31T23:00:00Z"},
	};
	static const char versions[] = {0, '2', '3', '4'};
	for (size_t v = 0; v < sizeof versions; v++) {
		struct text t = tzif(versions[v], moves, 2, offsets, 2, v % 2 ? "XXX-1" : "");
		struct diag d = {0};
		struct zone *z = zone_from_tzif(SPAN("Test"), text_span(&t), &d);
		if (FACT(z, "every version of TZif is read"))
			for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
				FACT(as_expected(z, &rows[i]), rows[i].civil);
		zone_free(z);
		text_release(&t);
	}
}

static void test_edges(void)
{
	static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MIN + 4 * DAY_US, INT64_MAX - 4 * DAY_US, 0, -1};
	struct zone *z = zone_with_footer("CET-1CEST,M3.5.0,M10.5.0/3");
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		int64_t utc_us, later_us;
		zone_to_utc(z, edges[i], &utc_us, &later_us);
		FACT(later_us >= utc_us, "the edges of time are in order");
	}
	int64_t utc_us, later_us;
	zone_to_utc(z, INSTANT_NONE, &utc_us, &later_us);
	FACT(utc_us == INSTANT_NONE && later_us == INSTANT_NONE, "no instant stays no instant");
	FACT(zone_to_utc(z, instant("2026-07-01T00:00:00.000001Z"), &utc_us, &later_us) == CIVIL_ONCE &&
		     utc_us == instant("2026-06-30T22:00:00.000001Z"),
	     "microseconds survive");
	FACT(zone_to_utc(z, instant("1969-12-31T23:59:59.999999Z"), &utc_us, &later_us) == CIVIL_ONCE &&
		     utc_us == instant("1969-12-31T22:59:59.999999Z"),
	     "microseconds before 1970 survive");
	zone_free(z);
}

/* Every cut and every damaged byte of a valid file: refused or read, never more. Under a sanitizer this finds over-reads, because
 * the bytes end with their allocation. */
static void test_hostile(void)
{
	static const struct transition moves[] = {{1000000000, 1}, {1001000000, 0}};
	static const int32_t offsets[] = {3600, 7200};
	static const unsigned char values[] = {0, 1, 0x7F, 0x80, 0xFF};
	struct text t = tzif('2', moves, 2, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
	unsigned refused = 0, read = 0;
	for (size_t len = 0; len < t.len; len++) {
		char *cut = memory_new(len, 1);
		memcpy(cut, t.at, len);
		struct diag d = {0};
		struct zone *z = zone_from_tzif(SPAN("Cut"), (struct span){cut, len}, &d);
		refused += !z && d.set;
		zone_free(z);
		memory_free(cut);
	}
	FACT(refused == t.len, "a file cut anywhere is refused");
	for (size_t i = 0; i < t.len; i++)
		for (size_t v = 0; v < sizeof values; v++) {
			char kept = t.at[i];
			int64_t utc_us, later_us;
			struct diag d = {0};
			t.at[i] = (char)values[v];
			struct zone *z = zone_from_tzif(SPAN("Damaged"), text_span(&t), &d);
			for (int year = 1990; z && year < 2040; year += 7)
				zone_to_utc(z, instant_days(year, 3, 28) * DAY_US, &utc_us, &later_us);
			read += z != NULL;
			zone_free(z);
			t.at[i] = kept;
		}
	FACT(read > 0, "damage that does not matter is not refused");
	text_release(&t);
}

static void test_system(void)
{
	static char bytes[1 << 16];
	for (size_t i = 0; i < sizeof of_system / sizeof *of_system; i++) {
		char path[128];
		snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", of_system[i].zone);
		FILE *file = fopen(path, "rb");
		if (!file)
			continue; /* a machine without tzdata: the footers above test the same code */
		size_t n = fread(bytes, 1, sizeof bytes, file);
		fclose(file);
		struct diag d = {0};
		struct zone *z = zone_from_tzif(span_of(of_system[i].zone), (struct span){bytes, n}, &d);
		if (FACT(z, path) && !FACT(as_expected(z, &of_system[i]), path))
			printf("%s %s\n", of_system[i].zone, of_system[i].civil);
		zone_free(z);
	}
}

/* From Python's zoneinfo, 1950 to 2029. Older ones count too: Dublin had BST until 1922. */
static void test_uses(void)
{
	static const struct {
		const char *zone, *uses[3], *never[3];
	} cases[] = {
		{"Asia/Kolkata", {"IST"}, {"CST", "GMT", "IS"}},
		{"Europe/Dublin", {"IST", "GMT"}, {"CET", "ST", ""}},
		{"America/Chicago", {"CST", "CDT"}, {"IST", "CSTX"}},
	};
	static char bytes[1 << 16];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char path[128];
		snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", cases[i].zone);
		FILE *file = fopen(path, "rb");
		if (!file)
			continue;
		size_t n = fread(bytes, 1, sizeof bytes, file);
		fclose(file);
		struct diag d = {0};
		struct zone *z = zone_from_tzif(span_of(cases[i].zone), (struct span){bytes, n}, &d);
		for (size_t k = 0; z && k < 3; k++) {
			FACT(!cases[i].uses[k] || zone_uses(z, span_of(cases[i].uses[k])), cases[i].zone);
			FACT(!cases[i].never[k] || !zone_uses(z, span_of(cases[i].never[k])), cases[i].zone);
		}
		zone_free(z);
	}
	struct zone *fixed = zone_fixed(SPAN("CET"));
	FACT(!zone_uses(fixed, SPAN("CET")) && !zone_uses(fixed, SPAN("")), "a fixed offset says nothing about abbreviations");
	zone_free(fixed);
}

int main(void)
{
	test_fixed();
	test_abbreviations();
	test_footers();
	test_transitions();
	test_edges();
	test_hostile();
	test_system();
	test_uses();
	return unit_done();
}
