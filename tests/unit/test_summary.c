#include "story/story.h"

#include "made.h"
#include "story/summary.h"

/* Seconds after MADE_T0. web: 10 requests/s; from 600 to 690 100/s of which 30 fail with 500 and 10 with 502. db: 20 refusals/s from
 * 600.51 to 690, 3 at 400 and 2 at 800. app: 20 refusals/s from 600.6 on. */
enum world {
	PLAIN = 0,
	APP_LATE = 1,   /* the application's first refusal is at 603 */
	DB_SPARSE = 2,  /* the database logs nothing but the refusals of the outage */
	ALL_SHORT = 4,  /* no log begins before 600 or ends after 680 */
	DAMAGED = 8,    /* lines of web and db from 640 to 650 are lost */
	QUIET = 16,     /* the database has the five lone refusals only */
	SKEWED = 64,    /* the database's clock is 3 s ahead */
	APP_ERRORS = 128, /* the application says 500 and not why */
	SILENT = 256,   /* the database has no line between 510 and 600 */
	POOLER = 32,    /* a pooler that refuses three clients at 640 */
};

static bool has(const char *text, const char *what)
{
	return text && strstr(text, what);
}

static const char signal_name[] = "db.connections.exhausted", class_name[] = "db.max_connections";

/* Each log has a line a second; its bytes around second 645 cannot be read. */
static void damage(struct made *m, const char *key)
{
	for (size_t i = 0; i < m->tally.n; i++)
		if (!strcmp(m->tally.entries[i].locations[0].key, key))
			m->tally.entries[i].locations[0].damage =
				(struct damage_report){.kind = DAMAGE_CORRUPT, .compressed_offset = 9, .uncompressed_offset = 64500000};
}

static struct draft *tell(struct made *m, unsigned world)
{
	bool brief = world & ALL_SHORT, quiet = world & QUIET;
	int64_t from = brief ? 600 : 0, to = brief ? 680 : 1200;
	made_init(m);
	struct part *db = made_log(m, "logs/pg.log", TIER_DB, "postgresql", 1000, world & DB_SPARSE ? 600 : from,
				   world & DB_SPARSE ? 690 : to);
	struct part *app = made_log(m, "logs/app.log", TIER_APP, "app_json", 1000, from, to);
	struct part *web = made_log(m, "logs/access.log", TIER_WEB, "nginx_access", SECOND_US, from, to);
	int64_t end = brief ? 680 : 690;
	if (!brief && !(world & DB_SPARSE))
		made_second(db, signal_name, class_name, FACET_NONE, "", 400, 3, 0, 900000);
	if (!quiet) {
		int64_t ahead = world & SKEWED ? 3 : 0;
		made_second(db, signal_name, class_name, FACET_NONE, "", 600 + ahead, 10, 510000, 990000);
		made_run(db, signal_name, class_name, 601 + ahead, end + ahead, 20, 1000, 900000);
		if (!(world & APP_LATE))
			made_second(app, signal_name, class_name, FACET_NONE, "", 600, 8, 600000, 990000);
		made_run(app, world & APP_ERRORS ? "http.server_error" : signal_name, world & APP_ERRORS ? "http.500" : class_name,
			 world & APP_LATE ? 603 : 601, end, 20, 2000, 904000);
	}
	if (!brief && !(world & DB_SPARSE))
		made_second(db, signal_name, class_name, FACET_NONE, "", 800, 2, 0, 900000);
	made_run(web, "http.requests", "", from, 600, 10, 0, 0);
	made_run(web, "http.requests", "", 600, end, 100, 0, 0);
	made_run(web, "http.requests", "", end, to, 10, 0, 0);
	if (!quiet) {
		made_run(web, "http.failed", "", 600, end, 40, 0, 0);
		made_run(web, "http.server_error", "http.500", 600, end, 30, 0, 0);
		made_run(web, "http.server_error", "http.502", 600, end, 10, 0, 0);
	}
	if (world & POOLER) {
		struct part *pool = made_log(m, "logs/pgbouncer.log", TIER_POOL, "pgbouncer", 1000, from, to);
		made_second(pool, "pool.connections.exhausted", "pooler.client_limit", FACET_NONE, "", 640, 3, 100000, 300000);
	}
	for (int64_t second = from; second < to; second++) {
		made_second(web, "records", "", FACET_NONE, "", second, 1, 0, 0);
		made_second(app, "records", "", FACET_NONE, "", second, 1, 0, 0);
		if (!(world & DB_SPARSE) && !(world & SILENT && second > 510 && second < 600))
			made_second(db, "records", "", FACET_NONE, "", second, 1, 0, 0);
	}
	if (world & DAMAGED) {
		damage(m, "logs/access.log");
		damage(m, "logs/pg.log");
	}
	for (size_t i = 0; i < m->tally.n; i++)
		qsort(m->tally.entries[i].part->series, m->tally.entries[i].part->series_n, sizeof(struct series), made_series_order);
	return story_tell(&m->tally, m->signals, &m->options, &m->trouble);
}

static void plain(void)
{
	struct made m;
	struct draft *d = tell(&m, PLAIN);
	FACT(has(d->summary.began, "First provable symptom at 11:10:00 UTC in the database."), "the onset is the first provable symptom");
	FACT(has(d->summary.spread, "Database and web server at 11:10:00: the clocks do not prove which was first; then the application (it repeats the database's refusals, 1,788 of 1,790)."),
	     "no tier is called the first when nothing proves it; who repeats another one comes after it");
	FACT(has(d->summary.impact, "3,600 of 9,000 requests failed") && !has(d->summary.impact, "Too low"), "whole logs are counted in full");
	FACT(has(d->summary.impact, "3 more refusals in pg.log before the onset, the first at 11:06:40"), "lone refusals before it are told");
	FACT(has(d->summary.impact, "2 more refusals in pg.log after the end, the last at 11:13:20"), "and those after it");
	bool mixed = false;
	size_t strays = 0;
	for (size_t i = 0; i < d->timeline_n; i++) {
		mixed |= has(d->timeline[i].summary, "(2,700 http.500, 900 http.502)");
		strays += has(d->timeline[i].summary, "too few or too short for a burst") && d->timeline[i].evidence.n == 1;
	}
	FACT(mixed, "of a mixed burst each class is counted");
	FACT(strays == 2, "the lone refusals stand in the timeline, with evidence");
	draft_free(d);
	made_release(&m);
	d = tell(&m, APP_LATE);
	FACT(has(d->summary.spread, "Database and web server at 11:10:00: the clocks do not prove which was first; then the application at 11:10:03 (it repeats the database's refusals, 1,740 of 1,790)."),
	     "in another second that is told, too");
	draft_free(d);
	made_release(&m);
	d = tell(&m, APP_LATE | APP_ERRORS);
	FACT(has(d->summary.spread, "Database and web server at 11:10:00: the clocks do not prove which was first; then the application at 11:10:03, if the clocks agree within 500 ms."),
	     "what only clocks prove to come later stands apart");
	draft_free(d);
	made_release(&m);
}

static void other_limits(void)
{
	struct made m;
	struct draft *d = tell(&m, POOLER);
	size_t told = 0;
	for (size_t i = 0; i < d->timeline_n; i++)
		told += has(d->timeline[i].summary, "\"pooler refuses clients\": 3 times in pgbouncer.log within 200 ms (pooler.client_limit)") &&
			d->timeline[i].evidence.n == 2;
	FACT(told == 1, "a limit that was hit a few times stands in the timeline");
	FACT(has(d->summary.impact, "counted in the database"), "the impact says where refusals are counted");
	draft_free(d);
	made_release(&m);
}

static void skewed(void)
{
	struct made m;
	struct draft *d = tell(&m, SKEWED);
	/* The web server shares nothing with them: its order with the database holds if their clocks agree. */
	FACT(has(d->summary.spread, "if the clocks agree within 500 ms"), "what rests on clocks that were not compared says so");
	size_t told = 0;
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source_clock *c = &d->sources[i].clock;
		told += !strcmp(d->sources[i].key, "logs/app.log") && c->offset_us.known && c->applied &&
			llabs(c->offset_us.value + 3 * SECOND_US) <= c->uncertainty_us.value && c->uncertainty_us.value <= SECOND_US;
	}
	FACT(told == 1, "its clock is found to be 3 s behind");
	draft_free(d);
	made_release(&m);
}

static void edges(void)
{
	struct made m;
	struct draft *d = tell(&m, DB_SPARSE);
	FACT(d->incidents_n == 1 && d->bursts[0].censored_start + d->bursts[1].censored_start + d->bursts[2].censored_start == 1,
	     "a log that only speaks in trouble begins inside its burst");
	FACT(!d->incidents[0].censored_start && has(d->summary.began, "First provable symptom"),
	     "but the other logs show that it was not on before");
	draft_free(d);
	made_release(&m);
	d = tell(&m, ALL_SHORT);
	FACT(d->incidents_n == 1 && d->incidents[0].censored_start && has(d->summary.began, "It was already on"),
	     "when all logs begin inside of it, nobody knows when it began");
	FACT(has(d->summary.title, "to at least"), "nor when it ended");
	draft_free(d);
	made_release(&m);
}

static void losses(void)
{
	struct made m;
	struct draft *d = tell(&m, DAMAGED);
	FACT(has(d->summary.impact, "Too low are the counts from access.log: lines from this time are lost."),
	     "a count from a damaged log is called too low");
	FACT(d->incidents[0].refusals[0].tier == TIER_APP && !d->incidents[0].refusals[0].echo,
	     "refusals are counted where no line of them is lost");
	FACT(!has(d->summary.impact, "silent"), "a damaged log is not a silent one");
	FACT(d->unknowns_n && has(d->unknowns[0].what, "damaged part") + has(d->unknowns[0].what, "after") == 1,
	     "what is lost is the first unknown");
	draft_free(d);
	made_release(&m);
}

static void silence(void)
{
	struct made m;
	struct draft *d = tell(&m, SILENT);
	FACT(has(d->summary.impact, " The counts from pg.log may be too low: it is silent from 11:08:30 to 11:10:00."),
	     "of a log with a gap right before its first refusal nobody knows how many there were");
	size_t told = 0;
	for (size_t i = 0; i < d->timeline_n; i++)
		told += has(d->timeline[i].summary, " Its log has a gap before it, from 11:08:30 on: it may have begun in that.");
	FACT(told == 1, "and the timeline says so where the burst begins");
	draft_free(d);
	made_release(&m);
	d = tell(&m, PLAIN);
	FACT(!has(d->summary.impact, "silent"), "of one that nobody knows to be silent that is not said");
	draft_free(d);
	made_release(&m);
}

/* A database that turns clients away for a minute; `cause` is what its log states about it. */
static char *title(const char *signal, const char *cause, const char *word, bool requests, int64_t failed)
{
	struct made m;
	made_init(&m);
	made_log(&m, "logs/pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	d->bursts = memory_new(1, sizeof *d->bursts);
	d->bursts_n = 1;
	d->bursts[0] = (struct burst){.id = made_string("b"), .signal = made_string(signal), .class = made_string(signal),
				      .tier = TIER_DB, .source = made_string("s"), .incident = made_string("i"), .count = 60};
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	struct incident *in = &d->incidents[0];
	in->id = made_string("i");
	in->onset.at_us = made_us(600, 0);
	in->end.at_us = made_us(660, 0);
	in->causes = memory_new(1, sizeof *in->causes);
	in->causes_n = 1;
	in->causes[0].cause = made_string(cause);
	in->causes[0].word = made_string(word);
	in->impact.requests = (struct known){requests, 100, NULL};
	in->impact.failed = (struct known){requests, failed, NULL};
	summary_titles(f, d);
	char *copy = made_string(in->title);
	draft_free(d);
	made_release(&m);
	return copy;
}

static void titles(void)
{
	static const struct {
		const char *signal, *cause, *word;
		bool requests;
		int64_t failed;
		const char *starts, *fact;
	} table[] = {
		{"db.starting_up", "database_crash", "probable", true, 9, "Database crashed, 2026", "what the log states names it"},
		{"db.starting_up", "database_restart", "probable", true, 9, "Database restarted, 2026", "a restart is no crash"},
		{"db.starting_up", "database_crash", "possible", true, 9, "Database not ready yet, 2026", "what is only possible names nothing"},
		{"db.starting_up", "none", "undetermined", true, 9, "Database not ready yet, 2026", "nor does what is not known"},
		{"db.starting_up", "database_crash", "probable", true, 0, "Database crashed, no request failed, 2026",
		 "that no user saw it is told"},
		{"db.starting_up", "database_crash", "probable", false, 0, "Database crashed, 2026",
		 "without access records nobody knows that"},
		{"db.connections.exhausted", "database_crash", "probable", true, 9, "Database refuses connections, 2026", "a limit is a limit"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *is = title(table[i].signal, table[i].cause, table[i].word, table[i].requests, table[i].failed);
		if (!FACT(!strncmp(is, table[i].starts, strlen(table[i].starts)), table[i].fact))
			printf("  %s\n", is);
		memory_free(is);
	}
}

/* A role's limit for ten seconds, then the server's; ten requests a second, of which some fail for four seconds. */
static void two_limits(void)
{
	struct made m;
	made_init(&m);
	struct part *db = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	made_run(db, signal_name, "db.role_limit", 603, 607, 12, 0, 900000);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 1200);
	made_run(web, "http.requests", "", 0, 1200, 10, 0, 900000);
	made_run(web, "http.failed", "", 603, 607, 8, 0, 900000);
	web->latency = memory_new(120, sizeof *web->latency);
	for (int64_t s = 0; s < 1200; s += 10)
		web->latency[web->latency_n++] = (struct latency_cell){(uint32_t)(MADE_T0 + s), 100, 100};
	struct draft *d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(!has(d->summary.impact, "answered within"), "answers that are no slower, errors among them, are no impact");
	draft_free(d);
	for (size_t i = 60; i < web->latency_n; i++)
		web->latency[i].bucket = 200;
	d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(has(d->summary.title, "(db.role_limit), "), "one limit is named alone");
	FACT(has(d->summary.impact, "In the whole intervals that hold it, 95 % of 100 requests, failed ones included"),
	     "that a number is of more requests than the incident's is told");
	draft_free(d);
	made_run(db, signal_name, class_name, 640, 650, 20, 0, 900000);
	made_run(web, "http.failed", "", 640, 650, 8, 0, 900000);
	d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(d->incidents_n == 1 && has(d->summary.title, "(db.max_connections and others), "), "two limits are not told as one");
	FACT(has(d->summary.impact, ". 95 % of the requests, failed ones included"), "a longer one fills its intervals");
	draft_free(d);
	made_release(&m);
}

static void trickle(void)
{
	struct made m;
	struct draft *d = tell(&m, QUIET);
	FACT(!d->incidents_n && has(d->summary.reason, "5 connections were refused now and then"), "refusals too lone for a burst are told");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	plain();
	other_limits();
	skewed();
	edges();
	losses();
	silence();
	trickle();
	titles();
	two_limits();
	return unit_done();
}
