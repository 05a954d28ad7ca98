/* yearof: years by what stands beside stamps that print none. */
#include "line/yearof.h"

#include "unit.h"

static int64_t at(const char *text)
{
	int64_t us = INSTANT_NONE;
	instant_parse(span_of(text), &us);
	return us;
}

struct path_case {
	const char *path, *from, *until; /* NULL: no date */
};

static const struct path_case paths[] = {
	{"/var/log/syslog-20261122.gz", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
	{"app-2026-11.log", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
	{"messages_2026_12_31_235959", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
	{"app.log.2026-12.1.gz", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
	{"2025-01-01/syslog-20261122", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
	{"old-20250101-new-20261122.log", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
	{"postgresql-2026-11-22_111409.log", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
	{"2026-11-22/syslog", NULL, NULL},
	{"syslog", NULL, NULL},
	{"app-202611.log", NULL, NULL},
	{"app-20261322.log", NULL, NULL},
	{"app-20260229.log", NULL, NULL},
	{"app-120261122.log", NULL, NULL},
	{"app-1795346112.log", NULL, NULL},
	{"app-18991122.log", NULL, NULL},
	{"", NULL, NULL},
};

static void test_paths(void)
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int64_t from_us = 0, until_us = 0;
		bool found = yearof_path(paths[i].path, &from_us, &until_us);
		FACT(found == (paths[i].from != NULL) &&
			     (!found || (from_us == at(paths[i].from) && until_us == at(paths[i].until))),
		     paths[i].path);
	}
}

struct file_case {
	const char *fact, *first, *last; /* as printed: year 2000, and New Years passed */
	bool leap_day;
	const char *path;  /* for yearof_name() */
	const char *mtime; /* for yearof_container() */
	int year;
};

static const struct file_case files[] = {
	{"rotated at the end of its week", "2000-11-15T06:25:00Z", "2000-11-22T06:25:00Z", false, "syslog-20261122", NULL, 2026},
	{"begun on the day", "2000-11-22T11:14:09Z", "2000-11-22T23:00:00Z", false, "p-2026-11-22.log", NULL, 2026},
	{"rotated in January, of December", "2000-12-27T00:00:00Z", "2001-01-03T00:00:00Z", false, "syslog-20270103", NULL, 2026},
	{"rotated on New Year's Day, all of the old year", "2000-12-25T00:00:00Z", "2000-12-31T23:59:59Z", false, "m-20270101.gz", NULL,
	 2026},
	{"begun in December, most of the new year", "2000-12-31T23:00:00Z", "2001-01-20T00:00:00Z", false, "m-2026-12.log", NULL, 2026},
	{"with a leap day", "2000-02-20T00:00:00Z", "2000-03-01T00:00:00Z", true, "m-20240301", NULL, 2024},
	{"with a leap day and a name of a year that has none", "2000-02-20T00:00:00Z", "2000-03-01T00:00:00Z", true, "m-20260301", NULL, 0},
	{"compressed when it was full", "2000-11-15T06:25:00Z", "2000-11-22T06:25:00Z", false, NULL, "2026-11-22T06:25:01Z", 2026},
	{"a stamp of a zone in the east is after it", "2000-11-22T00:00:00Z", "2000-11-22T20:00:00Z", false, NULL, "2026-11-22T11:00:00Z",
	 2026},
	{"compressed in January, of December", "2000-12-01T00:00:00Z", "2000-12-31T23:59:00Z", false, NULL, "2027-01-01T00:10:00Z", 2026},
	{"over New Year", "2000-12-27T00:00:00Z", "2001-01-02T00:00:00Z", false, NULL, "2027-01-02T00:00:00Z", 2026},
	{"the last stamp must not lie after it", "2000-12-01T00:00:00Z", "2000-12-24T00:00:00Z", false, NULL, "2026-11-22T00:00:00Z", 2025},
	{"a leap day goes back to a leap year", "2000-02-28T00:00:00Z", "2000-02-29T12:00:00Z", true, NULL, "2027-02-01T00:00:00Z", 2024},
};

static void test_files(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct file_case *f = &files[i];
		int64_t from_us = 0, until_us = 0;
		int year = f->mtime ? yearof_container(at(f->last), f->leap_day, at(f->mtime)) :
			   yearof_path(f->path, &from_us, &until_us) ?
				      yearof_name(at(f->first), at(f->last), f->leap_day, from_us, until_us) :
				      -1;
		if (!FACT(year == f->year, f->fact))
			printf("got %d, not %d\n", year, f->year);
	}
	FACT(yearof_move(at("2000-02-29T12:00:00Z"), 27) == at("2027-03-01T12:00:00Z"), "the count of days goes on");
	FACT(yearof_move(INSTANT_NONE, 3) == INSTANT_NONE, "no time stays none");
}

int main(void)
{
	test_paths();
	test_files();
	return unit_done();
}
