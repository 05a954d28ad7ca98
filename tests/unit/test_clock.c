#include "fold/clock.h"

#include "handmade.h"
#include "unit.h"

static int64_t utc(const char *text)
{
	int64_t us = INSTANT_NONE;
	instant_parse(span_of(text), &us);
	return us;
}

/* A source of one or two files that print their zone (explicit) or not. */
struct world {
	struct tally tally;
	struct fold_source sources[4];
	uint32_t entries[4][2];
	size_t n;
	struct diag_list trouble;
};

static struct fold_source *source(struct world *w, const char *key, enum tier tier)
{
	struct fold_source *s = &w->sources[w->n];
	*s = (struct fold_source){.key = key,
				  .tier = tier,
				  .entries = w->entries[w->n],
				  .twin_of = -1,
				  .first_us = INSTANT_NONE,
				  .last_us = INSTANT_NONE};
	w->n++;
	return s;
}

static struct part *file(struct world *w, struct fold_source *s, const char *path, enum stamp_zone zone, bool yearless,
			 const char *last)
{
	struct part *p = handmade_part("x", s->tier, 100 + w->tally.n, INSTANT_NONE, INSTANT_NONE);
	p->zone = zone;
	p->yearless = yearless;
	p->first_us = p->last_us = last ? utc(last) : INSTANT_NONE;
	if (last && (s->last_us == INSTANT_NONE || p->last_us > s->last_us))
		s->last_us = p->last_us;
	s->entries[s->entries_n++] = (uint32_t)w->tally.n;
	handmade_add(&w->tally, p, s->key, path);
	return p;
}

static void release(struct world *w)
{
	handmade_release(&w->tally);
	diag_release(&w->trouble);
	*w = (struct world){0};
}

static void zones(void)
{
	struct world w = {0};
	struct zone *berlin = zone_fixed(SPAN("+02:00")), *tokyo = zone_fixed(SPAN("+09:00"));
	struct story_zone stated[] = {{"logs/**", berlin}, {"app*", tokyo}, {"nobody*", berlin}};
	struct story_options options = {.zones = stated, .zones_n = 3};
	struct fold_source *printed = source(&w, "access.log", TIER_WEB), *assumed = source(&w, "error.log", TIER_WEB),
			   *one = source(&w, "pg.log", TIER_DB), *two = source(&w, "logs/app.log", TIER_APP);
	file(&w, printed, "logs/access.log", STAMP_EXPLICIT, false, "2026-11-22T11:00:00Z");
	file(&w, assumed, "error.log", STAMP_NONE, false, "2026-11-22T11:00:00Z");
	file(&w, one, "logs/pg.log", STAMP_NONE, false, "2026-11-22T11:00:00Z");
	file(&w, two, "logs/app.log", STAMP_NONE, false, "2026-11-22T11:00:00Z");
	handmade_add(&w.tally, w.tally.entries[1].part, "other.log", "logs/other.log");
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(printed->zone_printed && !printed->zone && !strcmp(printed->zone_how, "printed") &&
		     printed->uncertainty_us == 500000,
	     "stamps that print their zone are right within half a second");
	FACT(w.trouble.n == 1 && w.trouble.items[0].level == DIAG_NOTE && strstr(w.trouble.items[0].what, "access.log"),
	     "a zone stated for them is not used, and that is said");
	FACT(!assumed->zone_printed && !assumed->zone && !strcmp(assumed->zone_how, "assumed") &&
		     assumed->uncertainty_us == 900 * SECOND_US,
	     "without a zone UTC is assumed, within a quarter of an hour; the other name of a file is another "
	     "source's");
	FACT(one->zone == berlin && !strcmp(one->zone_how, "option") && one->uncertainty_us == 500000,
	     "a stated zone is as good as a printed one");
	FACT(fold_utc(one, one->last_us) == utc("2026-11-22T09:00:00Z"), "11:00 in +02:00 is 09:00");
	FACT(two->zone == tokyo && fold_utc(two, two->last_us) == utc("2026-11-22T02:00:00Z"),
	     "of two that match the later one wins");
	release(&w);

	/* Nothing stated: the neighbours' offset. */
	struct fold_source *access = source(&w, "access.log", TIER_WEB), *error = source(&w, "error.log", TIER_WEB),
			   *json = source(&w, "app.json", TIER_APP), *python = source(&w, "app.log", TIER_APP);
	options.zones_n = 0;
	handmade_zone(file(&w, access, "access.log", STAMP_EXPLICIT, false, "2026-11-22T11:00:00Z"), "+0100");
	file(&w, error, "error.log", STAMP_NONE, false, "2026-11-22T12:00:00Z");
	struct part *json_part = file(&w, json, "app.json", STAMP_EXPLICIT, false, "2026-11-22T11:00:00Z");
	handmade_zone(json_part, "Z");
	file(&w, python, "app.log", STAMP_NONE, false, "2026-11-22T12:00:00Z");
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(fold_utc(error, error->last_us) == utc("2026-11-22T11:00:00Z") && !strcmp(error->zone_how, "assumed") &&
		     error->uncertainty_us == CLOCK_UNZONED_US,
	     "nginx's error log, which prints no zone, keeps the time of its access log; that stays an assumption");
	FACT(fold_utc(access, access->last_us) == access->last_us, "what is printed with its zone is not moved");
	FACT(fold_utc(python, python->last_us) == utc("2026-11-22T11:00:00Z"),
	     "a Z says nothing about where the server keeps its time: the only offset that is not UTC does");
	handmade_zone(json_part, "-0500");
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(fold_utc(python, python->last_us) == utc("2026-11-22T17:00:00Z") &&
		     fold_utc(error, error->last_us) == utc("2026-11-22T11:00:00Z"),
	     "of two offsets the one of the own tier is taken");
	handmade_zone(json_part, "");
	handmade_zone(w.tally.entries[0].part, "+0000");
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(fold_utc(error, error->last_us) == error->last_us && fold_utc(python, python->last_us) == python->last_us,
	     "else UTC");
	release(&w);

	/* A source with files of both kinds; one whose only zone-less file has no record. */
	struct fold_source *mixed = source(&w, "mixed.log", TIER_APP), *empty = source(&w, "rotated.log", TIER_APP),
			   *none = source(&w, "empty.log", TIER_APP);
	file(&w, mixed, "mixed.log", STAMP_EXPLICIT, false, "2026-11-22T11:00:00Z");
	file(&w, mixed, "mixed.log.1", STAMP_NONE, false, "2026-11-22T10:00:00Z");
	file(&w, empty, "rotated.log", STAMP_NONE, false, NULL);
	file(&w, empty, "rotated.log.1", STAMP_EXPLICIT, false, "2026-11-22T10:00:00Z");
	file(&w, none, "empty.log", STAMP_NONE, false, NULL);
	options.zones_n = 0;
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(!mixed->zone_printed && mixed->uncertainty_us == CLOCK_UNZONED_US,
	     "one file without a zone makes the source's clock a guess");
	FACT(w.trouble.n == 1 && w.trouble.items[0].level == DIAG_WARNING && w.trouble.items[0].hint,
	     "with a warning that says what to do");
	FACT(empty->zone_printed, "a file without a record says nothing about the zone");
	FACT(!none->zone_printed && none->uncertainty_us == CLOCK_UNZONED_US, "nor does a source of such files");
	release(&w);
	zone_free(berlin);
	zone_free(tokyo);
}

/* A syslog's last stamp, in year 2000; the last stamp of a log with years; what the former means. */
struct year {
	const char *fact, *yearless, *dated, *meant;
};

static const struct year years[] = {
	{"the same day", "2000-11-22T11:00:00Z", "2026-11-22T11:00:05Z", "2026-11-22T11:00:00Z"},
	{"a log that ended in December, beside one of January", "2000-12-31T23:59:00Z", "2027-01-01T00:10:00Z",
	 "2026-12-31T23:59:00Z"},
	{"a log that goes on in January, beside one of December", "2000-01-01T00:10:00Z", "2026-12-31T23:59:00Z",
	 "2027-01-01T00:10:00Z"},
	{"a New Year that the log itself passed", "2001-01-01T00:05:00Z", "2027-01-01T00:10:00Z",
	 "2027-01-01T00:05:00Z"},
	{"three New Years that the log passed", "2003-11-22T11:00:00Z", "2026-11-22T11:00:00Z", "2026-11-22T11:00:00Z"},
	{"half way between two years: the earlier one", "2000-07-02T12:00:00Z", "2026-01-01T00:00:00Z",
	 "2025-07-02T12:00:00Z"},
	{"half a year off: the year in which both have lines", "2000-06-30T00:00:00Z", "2026-01-01T00:00:00Z",
	 "2025-06-30T00:00:00Z"},
	{"a leap day beside a leap day", "2000-02-29T12:00:00Z", "2028-02-29T12:00:00Z", "2028-02-29T12:00:00Z"},
	{"a leap day beside a year without one is counted on", "2000-02-29T12:00:00Z", "2027-03-01T12:00:00Z",
	 "2027-03-01T12:00:00Z"},
	{"before 1970", "2000-07-20T20:17:40Z", "1969-07-20T20:17:40Z", "1969-07-20T20:17:40Z"},
	{"at the end of the calendar", "2000-01-01T00:00:00Z", "9999-12-31T23:00:00Z", "9999-01-01T00:00:00Z"},
};

static void missing_years(void)
{
	static const struct story_options nothing;
	for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
		struct world w = {0};
		struct fold_source *syslog = source(&w, "haproxy.log", TIER_LB),
				   *dated = source(&w, "access.log", TIER_WEB),
				   *earlier = source(&w, "old.log", TIER_APP);
		file(&w, syslog, "haproxy.log", STAMP_NONE, true, years[i].yearless);
		file(&w, dated, "access.log", STAMP_EXPLICIT, false, years[i].dated);
		file(&w, earlier, "old.log", STAMP_EXPLICIT, false, "0001-01-01T00:00:00Z");
		clock_assign(w.sources, w.n, &w.tally, &nothing, &w.trouble);
		char got[32];
		if (!FACT(fold_utc(syslog, syslog->last_us) == utc(years[i].meant), years[i].fact))
			printf("got %s, not %s\n", instant_format(fold_utc(syslog, syslog->last_us), got),
			       years[i].meant);
		FACT(!dated->year_shift && !w.trouble.n, "the log with years is left alone, and nothing is to warn of");
		release(&w);
	}
	/* The year depends on the stated zone: 00:30 on New Year's Day in Tokyo is still the old year in UTC. */
	struct world w = {0};
	struct zone *tokyo = zone_fixed(SPAN("+09:00"));
	struct story_zone stated = {"haproxy.log", tokyo};
	struct story_options options = {.zones = &stated, .zones_n = 1};
	struct fold_source *syslog = source(&w, "haproxy.log", TIER_LB), *dated = source(&w, "access.log", TIER_WEB);
	file(&w, syslog, "haproxy.log", STAMP_NONE, true, "2000-01-01T00:30:00Z");
	file(&w, dated, "access.log", STAMP_EXPLICIT, false, "2026-12-31T15:30:00Z");
	clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
	FACT(fold_utc(syslog, syslog->last_us) == dated->last_us, "New Year comes where the source is, not in UTC");
	release(&w);
	zone_free(tokyo);

	syslog = source(&w, "haproxy.log", TIER_LB), dated = source(&w, "access.log", TIER_WEB);
	file(&w, syslog, "haproxy.log", STAMP_NONE, true, "2000-06-30T11:00:00Z");
	file(&w, dated, "access.log", STAMP_EXPLICIT, false, "2026-12-31T15:30:00Z");
	clock_assign(w.sources, w.n, &w.tally, &nothing, &w.trouble);
	FACT(!syslog->year_shift && !strcmp(syslog->year_how, "unknown") && w.trouble.n == 1,
	     "half a year from all others it may be of two years: not known");
	FACT(!strcmp(dated->year_how, "printed"), "the others print it");
	release(&w);

	/* Only 2028 has the day, although 2027 is as near. */
	syslog = source(&w, "haproxy.log", TIER_LB), dated = source(&w, "access.log", TIER_WEB);
	file(&w, syslog, "haproxy.log", STAMP_NONE, true, "2000-02-29T11:00:00Z");
	file(&w, dated, "access.log", STAMP_EXPLICIT, false, "2027-12-31T15:30:00Z");
	syslog->leap_day = true;
	clock_assign(w.sources, w.n, &w.tally, &nothing, &w.trouble);
	FACT(fold_utc(syslog, syslog->last_us) == utc("2028-02-29T11:00:00Z") && !strcmp(syslog->year_how, "neighbours"),
	     "a leap day is of a leap year");
	release(&w);

	syslog = source(&w, "haproxy.log", TIER_LB);
	file(&w, syslog, "haproxy.log", STAMP_NONE, true, "2000-11-22T11:00:00Z");
	clock_assign(w.sources, w.n, &w.tally, &nothing, &w.trouble);
	FACT(!syslog->year_shift && w.trouble.n == 1 && w.trouble.items[0].level == DIAG_WARNING,
	     "no other log, no year: a warning");
	release(&w);
}

/* Who keeps the clock that all others are compared with. */
struct clock {
	enum tier tier;
	bool printed, stated;
	ptrdiff_t twin_of;
	uint64_t refused;
};
struct reference {
	const char *fact;
	struct clock clocks[4];
	size_t n;
	ptrdiff_t reference;
	const char *how; /* a word of it */
};

static const struct reference references[] = {
	{"nobody", {{0}}, 0, -1, "UTC as printed"},
	{"the database that refuses", {{TIER_WEB, true, false, -1, 0}, {TIER_DB, true, false, -1, 9}}, 2, 1, "refused"},
	{"the one that refuses most", {{TIER_DB, true, false, -1, 8}, {TIER_DB, true, false, -1, 9}}, 2, 1, "refused"},
	{"of equals the first", {{TIER_DB, true, false, -1, 9}, {TIER_DB, true, false, -1, 9}}, 2, 0, "refused"},
	{"a stated zone is known as well",
	 {{TIER_WEB, true, false, -1, 0}, {TIER_DB, false, true, -1, 9}},
	 2,
	 1,
	 "refused"},
	{"not a database whose zone is a guess",
	 {{TIER_WEB, true, false, -1, 0}, {TIER_DB, false, false, -1, 9}},
	 2,
	 0,
	 "deepest"},
	{"not a twin", {{TIER_DB, true, false, 1, 9}, {TIER_DB, true, false, -1, 8}}, 2, 1, "refused"},
	{"an application that quotes refusals is no database",
	 {{TIER_APP, true, false, -1, 99}, {TIER_DB, true, false, -1, 0}},
	 2,
	 1,
	 "deepest"},
	{"the deepest tier that prints its zone",
	 {{TIER_LB, true, false, -1, 0}, {TIER_APP, true, false, -1, 0}, {TIER_POOL, false, false, -1, 0}},
	 3,
	 1,
	 "deepest"},
	{"a twin is not looked at", {{TIER_WEB, true, false, -1, 0}, {TIER_DB, true, false, 0, 0}}, 2, 0, "deepest"},
	{"alerts are no tier of requests",
	 {{TIER_HUMAN, true, false, -1, 0}, {TIER_CHANGE, true, false, -1, 0}},
	 2,
	 -1,
	 "UTC as printed"},
	{"nor is a log of unknown tier",
	 {{TIER_UNKNOWN, true, false, -1, 0}, {TIER_LB, true, false, -1, 0}},
	 2,
	 1,
	 "deepest"},
	{"not even when it is alone", {{TIER_UNKNOWN, true, false, -1, 0}}, 1, -1, "UTC as printed"},
};

static void who_keeps_time(void)
{
	for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
		const struct reference *r = &references[i];
		struct zone *zone = zone_fixed(SPAN("+02:00"));
		struct fold_source sources[4] = {0};
		struct fold_series series[4][2];
		for (size_t k = 0; k < r->n; k++) {
			const struct clock *c = &r->clocks[k];
			/* A facet of the same refusals must not count them again. */
			series[k][0] = (struct fold_series){"db.connections.exhausted",
							    "db.max_connections",
							    "",
							    FACET_NONE,
							    1,
							    NULL,
							    0,
							    c->refused};
			series[k][1] = (struct fold_series){
				"db.connections.exhausted", "db.max_connections", "u", FACET_USER, 1, NULL, 0, 100 - k};
			sources[k] = (struct fold_source){.tier = c->tier,
							  .zone_printed = c->printed,
							  .zone = c->stated ? zone : NULL,
							  .twin_of = c->twin_of,
							  .series = series[k],
							  .series_n = 2,
							  .uncertainty_us = CLOCK_ASSUMED_SKEW_US};
		}
		const char *how = NULL;
		ptrdiff_t reference = clock_reference(sources, r->n, &how);
		FACT(reference == r->reference && how && strstr(how, r->how), r->fact);
		bool fine = true;
		for (size_t k = 0; k < r->n; k++) {
			bool same = (ptrdiff_t)k == reference || (reference >= 0 && sources[k].twin_of == reference);
			fine &= sources[k].uncertainty_us == (same ? 0 : CLOCK_ASSUMED_SKEW_US);
		}
		FACT(fine, "the reference and its twins are certain, nobody else");
		zone_free(zone);
	}
}

/* log_timezone: +05:30, "IST" (RFC 9636, version 1: no transition, one type, four characters). */
static void configured(void)
{
	static const char tzif[] = "TZif\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				   "\0\0\x4D\x58\0\0IST\0";
	static const struct {
		const char *format, *text, *name;
		enum stamp_zone zone;
		bool option, used, warned;
	} cases[] = {
		{"postgresql", "IST", "an ambiguous abbreviation that the configured zone uses", STAMP_NONE, false, true, false},
		{"postgresql_csv", "IST", "in csvlog too", STAMP_NONE, false, true, false},
		{"postgresql", "CST", "an abbreviation that it never uses: another configuration", STAMP_NONE, false, false, true},
		{"postgresql", "", "no abbreviation: nothing bears it out", STAMP_NONE, false, false, false},
		{"python_logging", "IST", "another program's log", STAMP_NONE, false, false, false},
		{"postgresql", "IST", "what the user states goes before it", STAMP_NONE, true, false, false},
		{"postgresql", "+0530", "a zone that is printed goes before it", STAMP_EXPLICIT, false, false, false},
	};
	struct diag d = {0};
	struct zone *zone = zone_from_tzif(SPAN("Asia/Kolkata"), (struct span){tzif, sizeof tzif - 1}, &d), *berlin = zone_fixed(SPAN("+02:00"));
	if (!FACT(zone, "the zone is fine"))
		return;
	struct story_postgresql conf[] = {
		{(char *)(uintptr_t) "pg*", (char *)(uintptr_t) "postgresql.conf", -1, -1, -1, zone},
		{(char *)(uintptr_t) "other*", (char *)(uintptr_t) "other.conf", -1, -1, -1, berlin},
	};
	struct story_zone stated = {(char *)(uintptr_t) "*", berlin};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = {0};
		struct story_options options = {.postgresql = conf, .postgresql_n = 2, .zones = &stated, .zones_n = cases[i].option};
		struct fold_source *s = source(&w, "pg.log", TIER_DB);
		struct part *p = file(&w, s, "pg.log", cases[i].zone, false, "2026-11-22T16:45:00Z");
		memory_free(p->format);
		p->format = span_copy(span_of(cases[i].format));
		handmade_zone(p, cases[i].text);
		clock_assign(w.sources, w.n, &w.tally, &options, &w.trouble);
		FACT((s->zone == zone) == cases[i].used && (w.trouble.n > 0) == cases[i].warned &&
			     (!cases[i].used || (!strcmp(s->zone_how, "configuration") && s->uncertainty_us == CLOCK_ASSUMED_SKEW_US &&
						 fold_utc(s, s->last_us) == utc("2026-11-22T11:15:00Z"))),
		     cases[i].name);
		FACT(clock_postgresql(s, &w.tally, &options) == &conf[0], "the configuration whose glob matches");
		release(&w);
	}
	zone_free(zone);
	zone_free(berlin);
}

int main(void)
{
	configured();
	zones();
	missing_years();
	who_keeps_time();
	return unit_done();
}
