/* dating: files of a few stamps, and what they are in UTC by Python's zoneinfo (PEP 495: fold 0 and 1). */
#include "line/dating.h"

#include "unit.h"

/* The smallest TZif file of version 2 whose only rule is the footer. */
static struct zone *zone_of(const char *footer)
{
	static const char head[44] = {'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 1}, type[7];
	struct text bytes = {0};
	struct diag d = {0};
	for (int i = 0; i < 2; i++) {
		text_append(&bytes, (struct span){head, 44});
		text_append(&bytes, (struct span){type, 7});
	}
	text_format(&bytes, "\n%s\n", footer);
	struct zone *zone = zone_from_tzif(SPAN("test"), text_span(&bytes), &d);
	text_release(&bytes);
	return zone;
}

struct line {
	const char *stamp, *expected;
};
struct file {
	const char *name, *footer;
	int year;
	struct line lines[8];
};

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"

static const struct file files[] = {
	{"without a zone nothing is moved", NULL, 0, {{"2026-11-22 11:15:10", "2026-11-22T11:15:10.000000Z civil"}}},
	{"nor without a year", NULL, 0, {{"Nov 22 11:15:10", "2000-11-22T11:15:10.000000Z civil yearless"}}},
	{"stamps with a year tell that of those without", NULL, 0,
	 {{"2026-12-31 23:59:59", "2026-12-31T23:59:59.000000Z civil"},
	  {"Jan  1 00:00:00", "2027-01-01T00:00:00.000000Z civil"},
	  {"Dec 31 23:59:58", "2026-12-31T23:59:58.000000Z civil"}}},
	{"a printed zone is not moved", BERLIN, 2020,
	 {{"2026-11-22T11:15:10+05:00", "2026-11-22T06:15:10.000000Z utc"}, {"1795348363", "2026-11-22T11:52:43.000000Z utc"}}},
	{"a zone alone does not help a stamp without a year", BERLIN, 0, {{"Nov 22 11:15:10", "2000-11-22T11:15:10.000000Z civil yearless"}}},
	{"but one offset for ever does", "<+08>-8", 0, {{"Nov 22 01:15:10", "2000-11-21T17:15:10.000000Z utc yearless"}}},
	{"a year alone gives civil time", NULL, 2026, {{"Nov 22 11:15:10", "2026-11-22T11:15:10.000000Z civil"}}},
	{"Berlin's hour that comes twice", BERLIN, 0,
	 {{"2026-10-25 01:59:59", "2026-10-24T23:59:59.000000Z utc"},
	  {"2026-10-25 02:00:00", "2026-10-25T00:00:00.000000Z utc"},
	  {"2026-10-25 02:59:00", "2026-10-25T00:59:00.000000Z utc"},
	  {"2026-10-25 02:00:00", "2026-10-25T01:00:00.000000Z utc"},
	  {"2026-10-25 02:55:00", "2026-10-25T01:55:00.000000Z utc"},
	  {"2026-10-25 03:00:00", "2026-10-25T02:00:00.000000Z utc"}}},
	{"New York's, of a few seconds' disorder", NEW_YORK, 2026,
	 {{"Nov  1 01:59:00", "2026-11-01T05:59:00.000000Z utc"},
	  {"Nov  1 01:58:58", "2026-11-01T05:58:58.000000Z utc"},
	  {"Nov  1 01:00:10", "2026-11-01T06:00:10.000000Z utc"},
	  {"Nov  1 01:00:05", "2026-11-01T06:00:05.000000Z utc"},
	  {"Nov  1 02:00:10", "2026-11-01T07:00:10.000000Z utc"}}},
	{"New Year", NEW_YORK, 2026,
	 {{"Dec 31 23:59:58", "2027-01-01T04:59:58.000000Z utc"},
	  {"Jan  1 00:00:01", "2027-01-01T05:00:01.000000Z utc"},
	  {"Dec 31 23:59:59", "2027-01-01T04:59:59.000000Z utc"},
	  {"Jan  1 00:00:02", "2027-01-01T05:00:02.000000Z utc"},
	  {"Jun 22 00:00:00", "2027-06-22T04:00:00.000000Z utc"},
	  {"Nov 22 00:00:00", "2027-11-22T05:00:00.000000Z utc"},
	  {"Jan  2 00:00:02", "2028-01-02T05:00:02.000000Z utc"}}},
	{"New Year without a year", NULL, 0,
	 {{"Dec 31 23:59:58", "2000-12-31T23:59:58.000000Z civil yearless"}, {"Jan  1 00:00:01", "2001-01-01T00:00:01.000000Z civil yearless"}}},
	{"a leap day in its year", NULL, 2024, {{"Feb 29 12:00:00", "2024-02-29T12:00:00.000000Z civil"}, {"Mar  1 12:00:00", "2024-03-01T12:00:00.000000Z civil"}}},
};

static void test_files(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct file *f = &files[i];
		struct zone *zone = f->footer ? zone_of(f->footer) : NULL;
		struct dating dating = {.zone = zone, .year = f->year};
		FACT(!f->footer || zone, f->name);
		for (size_t k = 0; k < 8 && f->lines[k].stamp; k++) {
			struct stamp stamp = {0};
			struct record r = {0};
			char at[32], got[64];
			FACT(stamp_parse(span_of(f->lines[k].stamp), NULL, &stamp), f->lines[k].stamp);
			stamp_apply(&stamp, &r);
			dating_apply(&dating, &r);
			snprintf(got, sizeof got, "%s %s%s", instant_format(r.time_us, at), r.zone == STAMP_EXPLICIT ? "utc" : "civil",
				 r.yearless ? " yearless" : "");
			TEXT_IS(got, f->lines[k].expected, f->name);
		}
		zone_free(zone);
	}
}

static void test_doubt(void)
{
	struct zone *zone = zone_of(BERLIN);
	struct dating dating = {.zone = zone};
	struct record r = {.time_us = INSTANT_NONE};
	struct dated dated = dating_of(&dating, &r);
	FACT(dated.time_us == INSTANT_NONE && dated.later_us == INSTANT_NONE, "no time stays none");
	instant_parse(SPAN("2026-10-25T02:30:00Z"), &r.time_us);
	dated = dating_of(&dating, &r);
	FACT(dated.later_us - dated.time_us == HOUR_US, "the first stamp in the hour may be of either pass, and says so");
	zone_free(zone);
}

int main(void)
{
	test_files();
	test_doubt();
	return unit_done();
}
