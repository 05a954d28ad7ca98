/* passes: which of the two an hour is that comes twice. In Berlin 02:00 to 03:00 comes twice on 2026-10-25: until 01:00 UTC it is summer time. */
#include "fold/passes.h"

#include "handmade.h"
#include "unit.h"

enum { ERRORS, ACCESS, DB, SOURCES };
static const char *const keys[SOURCES] = {"error.log", "access.log", "postgresql.log"};
static const enum tier tiers[SOURCES] = {TIER_WEB, TIER_WEB, TIER_DB};
#define REFUSED "db.connections.exhausted"
#define FAILED "http.server_error"

/* RFC 8536: of both blocks one type, UTC; what counts is the footer. */
static struct zone *berlin(void)
{
	static const char footer[] = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
	struct text t = {0};
	struct diag d = {0};
	for (int block = 0; block < 2; block++) {
		char header[44 + 6 + 4] = "TZif2";
		header[39] = 1; /* typecnt */
		header[43] = 4; /* charcnt */
		memcpy(header + 50, "UTC", 4);
		text_append(&t, (struct span){header, sizeof header});
	}
	text_append_string(&t, footer);
	struct zone *z = zone_from_tzif(SPAN("Europe/Berlin"), text_span(&t), &d);
	text_release(&t);
	return z;
}

static int64_t us_of(const char *text)
{
	int64_t us = INSTANT_NONE;
	instant_parse(span_of(text), &us);
	return us;
}

/* The logs of a night; nginx's error log is the one without an offset, and nothing else is. */
struct night {
	struct tally tally;
	struct fold_source of[SOURCES];
	uint32_t entries[SOURCES];
	struct part *parts[SOURCES];
	struct zone *zone;
};

/* A log with something each 10 s from `first` to `last`, as printed: the error log's civil time, the others' UTC. */
static void log_of(struct night *n, int i, const char *first, const char *last)
{
	struct part *p = handmade_part("x", tiers[i], 100 + (uint64_t)i, us_of(first) / SECOND_US, us_of(last) / SECOND_US);
	p->zone = i == ERRORS ? STAMP_NONE : STAMP_EXPLICIT;
	handmade_records(p, 1);
	n->parts[i] = p;
	handmade_add(&n->tally, p, keys[i], keys[i]);
}

/* `count` events, one in `step_s` seconds. */
static void events(struct night *n, int i, const char *signal, const char *first, int count, int step_s)
{
	struct series *s = handmade_series(n->parts[i], signal, "", FACET_NONE, "", 1);
	for (int k = 0; k < count; k++)
		handmade_bin(s, us_of(first) / SECOND_US + k * step_s, 1, 0, 0);
}

/* UTC that the error log's stamp means then, "HH:MM:SS"; "?" when it means two; and whether the source still has times that mean two. */
static bool means(struct night *n, const char *printed, const char *utc, bool twice)
{
	size_t sources = 0;
	if (!n->zone)
		n->zone = berlin();
	for (int i = 0; i < SOURCES; i++) {
		if (!n->parts[i])
			continue;
		for (size_t k = 0; k < n->tally.n; k++)
			n->entries[sources] = n->tally.entries[k].part == n->parts[i] ? (uint32_t)k : n->entries[sources];
		n->of[sources] = (struct fold_source){.key = keys[i], .tier = tiers[i], .entries = memory_new(1, sizeof(uint32_t)), .entries_n = 1,
						      .twin_of = -1, .zone_printed = i != ERRORS, .zone = i == ERRORS ? n->zone : NULL,
						      .year_how = "printed"};
		n->of[sources].entries[0] = n->entries[sources];
		source_merge(&n->of[sources], &n->tally, &(struct source_patches){0});
		sources++;
	}
	passes_assign(n->of, sources, &n->tally);
	int64_t at = us_of(printed), first = fold_utc(&n->of[ERRORS], at), later = fold_utc_later(&n->of[ERRORS], at);
	bool fine = n->of[ERRORS].twice == twice && (first != later ? !strcmp(utc, "?") : strcmp(utc, "?") && first == us_of(utc));
	for (size_t i = 0; i < sources; i++)
		source_release(&n->of[i]);
	zone_free(n->zone);
	handmade_release(&n->tally);
	*n = (struct night){0};
	return fine;
}

static void by_events(void)
{
	struct night n = {0};
	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "?", true), "alone it means two instants");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "2026-10-25T01:25:00Z", false), "the database refused in the second pass: it is that");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T00:20:01Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "2026-10-25T00:25:00Z", false), "in the first one: it is that");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T00:00:00Z", 3600, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "?", true), "in both: it may be either");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, "db.lock_wait", "2026-10-25T01:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "?", true), "that something else happened then says nothing");
}

static void by_neighbours(void)
{
	struct night n = {0};
	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, "backend.down", "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, ACCESS, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, ACCESS, FAILED, "2026-10-25T01:20:01Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:20:00Z", "2026-10-25T01:20:00Z", false), "the access log of its tier failed requests in the second pass");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, ACCESS, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, ACCESS, FAILED, "2026-10-25T00:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "?", true), "two that say the opposite say nothing");
}

static void by_one_hour(void)
{
	struct night n = {0};
	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-25T01:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "2026-10-25T01:25:00Z", false), "a log that begins between the passes, and agrees second by second");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-25T01:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 180, 2);
	FACT(means(&n, "2026-10-25T02:25:00Z", "?", true), "one that agrees in half of the seconds, and was not kept in the other pass, does not do");

	log_of(&n, ERRORS, "2026-10-25T02:20:00Z", "2026-10-25T02:20:04Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 2, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 2, 2);
	FACT(means(&n, "2026-10-25T02:20:00Z", "?", true), "two events may be chance");

	log_of(&n, ERRORS, "2026-10-25T01:50:00Z", "2026-10-25T02:29:59Z");
	events(&n, ERRORS, REFUSED, "2026-10-25T02:20:00Z", 300, 2);
	log_of(&n, DB, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z");
	events(&n, DB, REFUSED, "2026-10-25T01:20:00Z", 300, 2);
	FACT(means(&n, "2026-10-25T02:10:00Z", "?", true), "what lies beside those events may still be either");
}

/* UTC that a stamp of a log without a zone means, an hour ahead of UTC behind the seam; its file goes from `last` back to `first`. */
static bool bare(const char *from, const char *last, const char *first, const char *to, const char *printed, const char *utc, const char *begins)
{
	struct tally tally = {0};
	struct part *p = handmade_part("x", TIER_APP, 100, us_of(first) / SECOND_US, us_of(last) / SECOND_US);
	p->zone = STAMP_NONE;
	memory_free(p->segments);
	p->segments = memory_new(2, sizeof *p->segments);
	p->segments_n = 2;
	p->segments[0] = (struct segment){.first_us = us_of(from), .last_us = us_of(last)};
	p->segments[1] = (struct segment){.first_us = us_of(first), .last_us = us_of(to)};
	handmade_records(p, 1);
	handmade_add(&tally, p, "app.log", "app.log");
	struct fold_source s = {.key = "app.log", .tier = TIER_APP, .entries = memory_new(1, sizeof(uint32_t)), .entries_n = 1, .twin_of = -1,
				.year_how = "printed", .assumed_us = HOUR_US};
	source_merge(&s, &tally, &(struct source_patches){0});
	passes_assign(&s, 1, &tally);
	int64_t at = us_of(printed), one = fold_utc(&s, at), other = fold_utc_later(&s, at);
	bool fine = (one != other ? !strcmp(utc, "?") : one == us_of(utc)) && s.first_us == us_of(begins);
	source_release(&s);
	handmade_release(&tally);
	return fine;
}

/* Sunday 2026-10-25 at 01:00 UTC; the offset is two hours before, one hour behind. */
static void by_itself(void)
{
	static const struct {
		const char *fact, *from, *last, *first, *to, *printed, *utc, *begins;
	} cases[] = {
		{"before the seam it is an hour more", "2026-10-25T02:45:00Z", "2026-10-25T02:59:58Z", "2026-10-25T02:00:01Z", "2026-10-25T02:20:00Z",
		 "2026-10-25T02:50:00Z", "2026-10-25T00:50:00Z", "2026-10-25T02:45:00Z"},
		{"behind it is not", "2026-10-25T02:45:00Z", "2026-10-25T02:59:58Z", "2026-10-25T02:00:01Z", "2026-10-25T02:20:00Z",
		 "2026-10-25T02:10:00Z", "2026-10-25T01:10:00Z", "2026-10-25T02:45:00Z"},
		{"outside of the hour, before", "2026-10-25T01:30:00Z", "2026-10-25T02:59:58Z", "2026-10-25T02:00:01Z", "2026-10-25T03:30:00Z",
		 "2026-10-25T01:40:00Z", "2026-10-24T23:40:00Z", "2026-10-25T01:30:00Z"},
		{"outside of the hour, behind", "2026-10-25T01:30:00Z", "2026-10-25T02:59:58Z", "2026-10-25T02:00:01Z", "2026-10-25T03:30:00Z",
		 "2026-10-25T03:10:00Z", "2026-10-25T02:10:00Z", "2026-10-25T01:30:00Z"},
		{"what both passes hold means two instants", "2026-10-25T01:30:00Z", "2026-10-25T02:59:58Z", "2026-10-25T02:00:01Z",
		 "2026-10-25T03:30:00Z", "2026-10-25T02:30:00Z", "?", "2026-10-25T01:30:00Z"},
		{"on a Monday a clock was set, and nothing is said of zones", "2026-10-26T02:45:00Z", "2026-10-26T02:59:58Z", "2026-10-26T02:00:01Z",
		 "2026-10-26T02:20:00Z", "2026-10-26T02:50:00Z", "2026-10-26T01:50:00Z", "2026-10-26T02:00:01Z"},
		{"nor by day", "2026-10-25T12:45:00Z", "2026-10-25T12:59:58Z", "2026-10-25T12:00:01Z", "2026-10-25T12:20:00Z", "2026-10-25T12:50:00Z",
		 "2026-10-25T11:50:00Z", "2026-10-25T12:00:01Z"},
		{"nor when it goes back in mid-hour", "2026-10-25T02:30:00Z", "2026-10-25T02:44:58Z", "2026-10-25T02:00:01Z", "2026-10-25T02:20:00Z",
		 "2026-10-25T02:40:00Z", "2026-10-25T01:40:00Z", "2026-10-25T02:00:01Z"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		FACT(bare(cases[i].from, cases[i].last, cases[i].first, cases[i].to, cases[i].printed, cases[i].utc, cases[i].begins), cases[i].fact);
}

int main(void)
{
	by_itself();
	by_events();
	by_neighbours();
	by_one_hour();
	return unit_done();
}
