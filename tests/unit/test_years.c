/* years: files of one source, in which years they lie, and how that is known. */
#include "fold/years.h"

#include "handmade.h"
#include "unit.h"

static int64_t seconds(const char *text)
{
	int64_t us = INSTANT_NONE;
	instant_parse(span_of(text), &us);
	return us / SECOND_US;
}

struct one {
	const char *key, *path, *first, *last; /* first and last as printed: year 2000, and New Years passed */
	bool dated;
	int64_t mtime_s;
	int year;
	const char *how;
	int after;
};
struct case_ {
	const char *fact, *glob;
	int stated;
	struct one files[4];
};

static const struct case_ cases[] = {
	{"nothing tells the year of a log",
	 NULL,
	 0,
	 {{"syslog", "syslog", "2000-11-22T10:00:00Z", "2000-11-22T11:00:00Z", false, 0, 0, NULL, 0}}},
	{"a log that prints years is left alone",
	 "*",
	 2020,
	 {{"a.log", "a-20261122.log", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z", true, 0, 0, NULL, 0}}},
	{"what is stated goes before the name, the name before the gzip header",
	 "stated*",
	 2020,
	 {{"stated", "stated-20261122", "2000-11-22T10:00:00Z", "2000-11-22T11:00:00Z", false, 1640995200, 2020, "option", 0},
	  {"named", "named-20261122", "2000-11-22T10:00:00Z", "2000-11-22T11:00:00Z", false, 1640995200, 2026, "name", 0},
	  {"packed", "packed.1.gz", "2000-11-22T10:00:00Z", "2000-11-22T11:00:00Z", false, 1640995200, 2021, "container", 0}}},
	{"files on both sides of New Year: one is named, the other follows it",
	 NULL,
	 0,
	 {{"syslog", "syslog", "2000-01-02T00:00:00Z", "2000-01-08T00:00:00Z", false, 0, 2027, "source", 1},
	  {"syslog", "syslog-20270102", "2000-12-26T00:00:00Z", "2001-01-02T00:00:00Z", false, 0, 2026, "name", 0}}},
	{"nothing tells the year, but their order is plain",
	 NULL,
	 0,
	 {{"syslog", "syslog", "2000-01-02T00:00:00Z", "2000-01-08T00:00:00Z", false, 0, 0, NULL, 1},
	  {"syslog", "syslog.1", "2000-12-26T00:00:00Z", "2001-01-02T00:00:00Z", false, 0, 0, NULL, 0},
	  {"syslog", "syslog.2", "2000-12-18T00:00:00Z", "2000-12-26T00:00:00Z", false, 0, 0, NULL, 0}}},
	{"a gap of four months is a holiday, no New Year",
	 NULL,
	 0,
	 {{"syslog", "syslog", "2000-07-02T00:00:00Z", "2000-07-08T00:00:00Z", false, 0, 0, NULL, 0},
	  {"syslog", "syslog.1", "2000-02-26T00:00:00Z", "2000-03-02T00:00:00Z", false, 0, 0, NULL, 0}}},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct case_ *c = &cases[i];
		struct story_year stated = {(char *)c->glob, c->stated};
		struct story_options options = {.years = &stated, .years_n = c->glob ? 1 : 0};
		struct tally tally = {0};
		for (size_t k = 0; k < 4 && c->files[k].key; k++) {
			const struct one *f = &c->files[k];
			struct part *p = handmade_part("x", TIER_APP, 100 + k, seconds(f->first), seconds(f->last));
			p->yearless = !f->dated;
			p->busy_width_s = p->latency_width_s = p->endpoints_width_s = p->messages_width_s = p->exemplars_width_s = 60;
			p->gauges_width_s = p->statements_width_s = 60;
			handmade_records(p, 1);
			handmade_add(&tally, p, f->key, f->path);
			tally.entries[k].locations[0].mtime_s = f->mtime_s;
		}
		struct years years;
		years_init(&years, &tally, &options);
		for (size_t k = 0; k < 4 && c->files[k].key; k++) {
			const struct one *f = &c->files[k];
			const struct year_known *known = &years.of[k];
			const struct part *p = years.view.entries[k].part;
			FACT(known->year == f->year && !strcmp(known->how ? known->how : "", f->how ? f->how : "") &&
				     known->after == f->after,
			     c->fact);
			struct civil was, is;
			instant_to_civil(tally.entries[k].part->last_us, &was);
			instant_to_civil(p->last_us, &is);
			FACT(is.year - was.year == f->after && is.month == was.month && is.day == was.day && is.hour == was.hour,
			     "its times are those of its year");
			FACT(p->series[0].bins[0].start_s == p->first_us / SECOND_US && p->series[0].n == tally.entries[k].part->series[0].n,
			     "and so is what was counted");
		}
		years_release(&years);
		handmade_release(&tally);
	}
}

static void test_leap_day(void)
{
	struct part *p = handmade_part("x", TIER_APP, 1, seconds("2000-02-28T23:59:00Z"), seconds("2000-02-29T00:00:30Z"));
	handmade_records(p, 1);
	FACT(years_leap_day(p), "a record on 29 February is seen");
	part_free(p);
	p = handmade_part("x", TIER_APP, 1, seconds("2000-02-28T23:59:00Z"), seconds("2000-02-28T23:59:59Z"));
	handmade_records(p, 1);
	FACT(!years_leap_day(p), "one on the day before is none");
	part_free(p);
}

int main(void)
{
	test_cases();
	test_leap_day();
	return unit_done();
}
