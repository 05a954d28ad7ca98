#include "story/story.h"

#include "base/hash.h"
#include "made.h"

/* One outage in three logs, every number of it chosen here. Times are seconds after MADE_T0.
 *   web:  10 requests/s for 600 s, then 100/s, of which 40 fail, until 690; 10/s again until 900.
 *   app:  the same refusals as the database, from 600.514.
 *   db:   50 refusals/s from 600.510 to 689.900, all of one user; restart at 690.1, ready at 690.4.
 *   deploy of the app: both instances, 630 to 633. */
static void make_outage(struct made *m)
{
	struct part *db = made_log(m, "logs/postgresql.log", TIER_DB, "postgresql", 1000, 0, 900);
	struct part *web = made_log(m, "logs/access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 900);
	struct part *app1 = made_log(m, "logs/app-1.log", TIER_APP, "app_json", 1000, 0, 900);
	struct part *app2 = made_log(m, "logs/app-2.log", TIER_APP, "app_json", 1000, 0, 900);
	struct part *parts[] = {db, web, app1, app2};
	for (size_t i = 0; i < 4; i++)
		for (int64_t s = 0; s < 900; s += 10) {
			made_second(parts[i], "records", "", FACET_NONE, "", s, 10, 0, 9999999);
			made_series(parts[i], "records", "", FACET_NONE, "")->width_s = 10;
		}
	made_second(db, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 600, 25, 510000, 990000);
	made_run(db, "db.connections.exhausted", "db.max_connections", 601, 690, 50, 1000, 900000);
	made_second(db, "db.connections.exhausted", "db.max_connections", FACET_USER, "shop", 600, 25, 510000, 990000);
	for (int64_t s = 601; s < 690; s++)
		made_second(db, "db.connections.exhausted", "db.max_connections", FACET_USER, "shop", s, 50, 1000, 900000);
	made_second(app1, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 600, 25, 514000, 994000);
	made_run(app1, "db.connections.exhausted", "db.max_connections", 601, 690, 50, 2000, 904000);
	made_run(web, "http.requests", "", 0, 600, 10, 0, 0);
	made_run(web, "http.requests", "", 600, 691, 100, 0, 0);
	made_run(web, "http.requests", "", 691, 900, 10, 0, 0);
	made_run(web, "http.failed", "", 600, 691, 40, 0, 0);
	made_run(web, "http.server_error", "http.500", 600, 691, 40, 0, 0);
	made_event(db, "db.restart", "db.starting", 500000, "", "");
	made_event(db, "db.ready", "db.ready", 600000, "", "");
	made_event(db, "db.restart", "db.shutdown_requested", 690 * SECOND_US + 100000, "", "");
	made_event(db, "db.ready", "db.ready", 690 * SECOND_US + 400000, "", "");
	made_event(app1, "process.start", "process.start", SECOND_US, "shop", "1.0");
	made_event(app2, "process.start", "process.start", SECOND_US + 1000, "shop", "1.0");
	made_event(app1, "process.stop", "process.stop", 630 * SECOND_US, "shop", "1.0");
	made_event(app1, "process.start", "process.start", 631 * SECOND_US, "shop", "1.1");
	made_event(app2, "process.stop", "process.stop", 632 * SECOND_US, "shop", "1.0");
	made_event(app2, "process.start", "process.start", 633 * SECOND_US, "shop", "1.1");
	made_session(db, HOLDER_USER, "shop", 1, 5);
	made_session(db, HOLDER_USER, "shop", 600, 40);
	made_session(db, HOLDER_USER, "admin", 2, 2);
	made_session(db, HOLDER_HOST, "10.0.0.1", 1, 47);
}

static struct draft *tell(struct made *m)
{
	for (size_t i = 0; i < m->tally.n; i++)
		if (m->tally.entries[i].part->series_n)
			qsort(m->tally.entries[i].part->series, m->tally.entries[i].part->series_n, sizeof(struct series),
			      made_series_order);
	return story_tell(&m->tally, m->signals, &m->options, &m->trouble);
}

static const struct source *source_of(const struct draft *d, const char *key)
{
	for (size_t i = 0; i < d->sources_n; i++)
		if (!strcmp(d->sources[i].key, key))
			return &d->sources[i];
	return NULL;
}

static const struct change *change_of(const struct incident *in, const char *kind)
{
	for (size_t i = 0; i < in->changes_n; i++)
		if (!strcmp(in->changes[i].kind, kind))
			return &in->changes[i];
	return NULL;
}

static void check_incident(const struct draft *d, const struct incident *in)
{
	const struct source *db = source_of(d, "logs/postgresql.log");
	FACT(in->onset.at_us == made_us(600, 510000), "the onset is the first refusal, to the microsecond");
	FACT(in->onset.lower_us <= made_us(600, 510000) && in->onset.upper_us == made_us(600, 511000),
	     "the onset's interval ends with the smallest upper bound");
	FACT(in->end.at_us == made_us(690, 0), "the end is the last failed request");
	FACT(!in->ongoing, "it ended");
	FACT(in->refused.known && in->refused.value == 25 + 89 * 50, "refusals are counted once");
	FACT(in->refusals_n == 2 && !in->refusals[0].echo && in->refusals[0].tier == TIER_DB, "the database counts");
	FACT(in->refusals[1].echo && in->refusals[1].tier == TIER_APP, "the application's messages are echoes");
	FACT(in->refusals[0].user && !strcmp(in->refusals[0].user, "shop") && !in->refusals[0].database,
	     "the scope is the one user; a database that is not printed is none");
	FACT(in->propagation_n == 3 && in->propagation[0].tier == TIER_DB && strcmp(in->propagation[0].order, "first") != 0,
	     "the database comes first, although the web server's stamp is earlier");
	FACT(in->propagation[1].tier == TIER_APP && in->propagation[1].provable && in->propagation[1].reason,
	     "the application repeats what the database said before");
	FACT(!in->propagation[2].provable && !in->propagation[2].reason && !strcmp(in->propagation[2].order, "order not provable"),
	     "the order of what is half a second apart is not claimed");
	FACT(d->reference_clock && !strcmp(d->reference_clock, db->id), "the refusing database is the reference clock");
	FACT(in->causes_n && !strcmp(in->causes[0].cause, "traffic_surge"), "ten times the requests are the cause, no refusal and no deploy is");
}

static void check_impact(const struct incident *in)
{
	const struct impact *i = &in->impact;
	FACT(i->requests.known && i->requests.value == 91 * 100, "requests of all seconds that the incident touches");
	FACT(i->failed.known && i->failed.value == 91 * 40, "failed ones too");
	FACT(i->failed_ppm.known && i->failed_ppm.value == 400000, "the share is exact");
	FACT(i->baseline_failed_ppm.known && i->baseline_failed_ppm.value == 0, "nothing failed before");
	FACT(!i->during.p95_us.known && i->during.p95_us.reason, "latency that no line prints is unknown, with a reason");
	FACT(!i->inflight_peak_milli.known && !i->clients.known, "so are requests in flight and clients");
	FACT(i->evidence.n == 2 && i->evidence.items[0].line == 600 * 1000 + 1, "the first failed request is evidence");
}

static void check_holders(const struct incident *in)
{
	const struct holders *h = &in->holders;
	FACT(h->open.known && h->open.value == 47, "47 connections were open at the onset");
	FACT(h->n == 3 && !strcmp(h->items[0].dimension, "role") && !strcmp(h->items[0].name, "shop") && h->items[0].count == 45,
	     "most of them by one role");
	FACT(!strcmp(h->items[1].name, "admin") && h->items[1].count == 2 && !strcmp(h->items[2].dimension, "host"),
	     "then the others, role by role and dimension by dimension");
	FACT(h->limit.known && h->limit.value == 47, "the limit is what was open at the first refusal");
}

static void check_changes(const struct incident *in)
{
	const struct change *deploy = change_of(in, "deploy"), *restart = change_of(in, "restart"),
			    *surge = change_of(in, "traffic_surge");
	FACT(deploy && !strcmp(deploy->version, "1.1") && !strcmp(deploy->from_version, "1.0"), "a new version is a deploy");
	FACT(deploy && deploy->at.at_us == made_us(630, 0) && deploy->end_us == made_us(633, 0),
	     "two instances are one deploy, from first stop to last start");
	FACT(deploy && deploy->after_onset_us == 29490000 && !strcmp(deploy->verdict, "refuted") && deploy->tests_n == 8,
	     "it began 29.49 s after the onset: it is not what began it");
	FACT(restart && restart->tier == TIER_DB && restart->at.at_us == made_us(690, 100000) &&
		     restart->end_us == made_us(690, 400000),
	     "the database was restarted");
	FACT(surge && surge->at.at_us == made_us(600, 0), "the traffic rose");
	size_t starts = 0;
	for (size_t i = 0; i < in->changes_n; i++)
		starts += !strcmp(in->changes[i].kind, "start");
	FACT(!starts, "what started where its log begins is no change");
}

static void check_timeline(const struct draft *d, const struct incident *in)
{
	size_t onsets = 0, ends = 0;
	bool ascending = true, linked = true, proved = true;
	for (size_t i = 0; i < d->timeline_n; i++) {
		const struct entry *e = &d->timeline[i];
		onsets += !strcmp(e->kind, "onset");
		ends += !strcmp(e->kind, "end");
		ascending &= !i || d->timeline[i - 1].at_us <= e->at_us;
		linked &= e->links_n > 0;
		proved &= e->evidence.n > 0;
	}
	FACT(onsets == 1 && ends == 1, "one onset and one end");
	FACT(d->timeline_n >= 10 && d->timeline_n <= 40, "told in 10 to 40 entries");
	FACT(ascending, "in the order of time");
	FACT(linked, "every entry belongs to something");
	FACT(proved, "every entry has evidence");
	FACT(d->summary.incident && !strcmp(d->summary.incident, in->id), "the summary is of the incident");
	FACT(d->summary.duration_us.known && d->summary.duration_us.value == 89490000, "it lasted 89.49 s");
	FACT(d->summary.began && strstr(d->summary.began, "11:10:00") && strstr(d->summary.began, "database"),
	     "the summary says when and where it began");
	FACT(d->summary.impact && strstr(d->summary.impact, "3,640 of 9,100 requests failed (40.0 %") &&
		     strstr(d->summary.impact, "4,475 connections were refused"),
	     "the summary tells the impact in exact numbers");
	FACT(d->summary.cause && strstr(d->summary.cause, "deploy of shop, 1.0 to 1.1"), "the nearest changes stand beside the cause");
}

static void check_plots(const struct draft *d)
{
	bool bounded = true, ordered = true;
	int64_t refusals = 0, failed = 0, open = 0;
	for (size_t i = 0; i < d->series_n; i++) {
		const struct plot *p = &d->series[i];
		bounded &= p->n <= 600;
		for (size_t k = 0; k < p->n; k++) {
			ordered &= !k || p->points[k - 1].at_us < p->points[k].at_us;
			refusals += !strcmp(p->name, "db.connections.exhausted") && !strcmp(p->source, source_of(d, "logs/postgresql.log")->id)
					    ? p->points[k].value
					    : 0;
			failed += !strcmp(p->name, "http.failed") ? p->points[k].value : 0;
			if (!strcmp(p->name, "open_connections") && p->points[k].value > open)
				open = p->points[k].value;
		}
	}
	FACT(bounded && ordered, "plots have at most 600 points, in the order of time");
	FACT(refusals == 25 + 89 * 50 && failed == 91 * 40, "no event is lost or doubled in a plot");
	FACT(open == 47, "the curve of open connections reaches its peak");
}

static bool asks(const struct draft *d, const char *what, const char *setting)
{
	for (size_t i = 0; i < d->unknowns_n; i++)
		if (strstr(d->unknowns[i].what, what))
			return setting ? d->unknowns[i].setting && strstr(d->unknowns[i].setting, setting) : !d->unknowns[i].setting;
	return false;
}

static void outage(void)
{
	struct made m;
	made_init(&m);
	make_outage(&m);
	struct draft *d = tell(&m);
	FACT(d->incidents_n == 1, "one incident");
	if (d->incidents_n == 1) {
		check_incident(d, &d->incidents[0]);
		check_impact(&d->incidents[0]);
		check_holders(&d->incidents[0]);
		check_changes(&d->incidents[0]);
		check_timeline(d, &d->incidents[0]);
		check_plots(d);
	}
	FACT(d->window_start_us == made_us(0, 0) && d->window_end_us == made_us(900, 0), "the window is what the logs cover");
	FACT(asks(d, "latency and requests in flight", "$request_time"), "the missing duration names the setting");
	FACT(asks(d, "which request is which", "$request_id"), "so does the missing request id");
	FACT(!asks(d, "why it happened", NULL), "why it happened is no unknown");
	draft_free(d);
	made_release(&m);
}

static void nothing(void)
{
	struct made m;
	made_init(&m);
	struct draft *d = tell(&m);
	FACT(!d->incidents_n && !d->summary.incident && d->summary.reason && d->window_start_us == INSTANT_NONE,
	     "no logs: no incident, with a reason");
	draft_free(d);
	made_log(&m, "unknown.bin", TIER_UNKNOWN, "", 1, 0, 0);
	m.tally.entries[0].part->first_us = m.tally.entries[0].part->last_us = INSTANT_NONE;
	m.tally.entries[0].part->counts.lines = 7;
	d = tell(&m);
	FACT(!d->incidents_n && d->sources_n == 1 && !d->sources[0].format, "a file of no known format is a source without format");
	FACT(asks(d, "everything in unknown.bin", "--format"), "and the draft says how to state it");
	draft_free(d);
	made_release(&m);
}

static void quiet(void)
{
	struct made m;
	made_init(&m);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 7200);
	made_run(web, "http.requests", "", 0, 7200, 20, 0, 0);
	for (int64_t s = 30; s < 7200; s += 600) {
		made_second(web, "http.failed", "", FACET_NONE, "", s, 1, 0, 0);
		made_second(web, "http.server_error", "http.502", FACET_NONE, "", s, 1, 0, 0);
	}
	struct draft *d = tell(&m);
	FACT(!d->incidents_n && !d->bursts_n && d->summary.reason, "a trickle of errors is no incident");
	FACT(asks(d, "what the database refused", "log_connections"), "a missing database log is told");
	draft_free(d);
	made_release(&m);
}

/* The same draft, whatever the order in which files were read: the tally is sorted, so all that is left is the story's own
 * loops. Told twice it must be the same. */
static void twice(void)
{
	uint64_t hashes[2];
	for (int i = 0; i < 2; i++) {
		struct made m;
		made_init(&m);
		make_outage(&m);
		struct draft *d = tell(&m);
		hashes[i] = d->timeline_n;
		for (size_t k = 0; k < d->timeline_n; k++)
			hashes[i] = hash_pair(hashes[i], hash_bytes(span_of(d->timeline[k].summary)));
		draft_free(d);
		made_release(&m);
	}
	FACT(hashes[0] == hashes[1], "told twice, it is the same story");
}

/* Parts that only a hostile tally has: extreme stamps, counts and sessions. Nothing to expect but that it ends, and bounds. */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void hostile_part(struct part *p, uint64_t *state)
{
	static const char *const signals[] = {"db.connections.exhausted", "http.requests", "http.failed", "http.server_error",
					      "records", "db.lock_wait", "no.such.signal", "http.server.slow"};
	static const char *const events[] = {"db.ready", "db.crashed", "db.restart", "process.start", "process.stop", "deploy", "config.reload", "migration", "db.failover"};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct series *s = made_series(p, signals[i], i == 7 ? "slow.1s" : "", FACET_NONE, "");
		s->width_s = i == 4 ? 10 : 1;
		s->bins = memory_new(40, sizeof *s->bins);
		uint32_t at = random_next(state) % 3 ? (uint32_t)random_next(state) / s->width_s / 2 * s->width_s : 0;
		for (; s->n < 40; s->n++) {
			s->bins[s->n] = (struct bin){at, random_next(state) % 4 ? 1000 : UINT32_MAX, 0, 999999, 1, UINT32_MAX, 1, UINT32_MAX, 0,
						     UINT64_MAX / 4};
			at += s->width_s * (random_next(state) % 5 ? 1 : 1 + (uint32_t)(random_next(state) % 1000000));
		}
	}
	for (size_t i = 0; i < 20; i++) {
		made_event(p, events[random_next(state) % (sizeof events / sizeof *events)], "x", (int64_t)(random_next(state) % 4000000000) * SECOND_US, i % 2 ? "s" : "", "1.0");
		p->events[i].at_us -= MADE_T0 * SECOND_US;
		made_session(p, HOLDER_USER, i % 2 ? "" : "u", (int64_t)i * 3, i % 3 ? INT32_MIN : INT32_MAX);
	}
	p->busy_known = true;
	p->busy = memory_new(2, sizeof *p->busy);
	p->busy_n = 2;
	p->busy[0] = (struct busy_bin){0, INT64_MAX};
	p->busy[1] = (struct busy_bin){UINT32_MAX, INT64_MAX};
	p->resolution_us = DAY_US;
	p->first_us = 0;
	p->last_us = UINT32_MAX * SECOND_US;
	p->zone = random_next(state) % 2 ? STAMP_EXPLICIT : STAMP_NONE;
}

static void hostile(void)
{
	uint64_t state = 88172645463325252u;
	bool bounded = true;
	for (int round = 0; round < 30; round++) {
		struct made m;
		made_init(&m);
		for (int i = 0; i < 3; i++) {
			struct part *p = made_log(&m, i ? "a.log" : "b.log", (enum tier)(random_next(&state) % TIER_COUNT), "f", 1, 0, 0);
			hostile_part(p, &state);
		}
		struct draft *d = tell(&m);
		for (size_t i = 0; i < d->series_n; i++)
			bounded &= d->series[i].n <= 600;
		for (size_t i = 0; i < d->incidents_n; i++)
			bounded &= !d->incidents[i].impact.failed_ppm.known || d->incidents[i].impact.failed_ppm.value <= 1000000;
		draft_free(d);
		made_release(&m);
	}
	FACT(bounded, "hostile parts end in a draft within bounds");
}

int main(void)
{
	hostile();
	outage();
	nothing();
	quiet();
	twice();
	return unit_done();
}
