#include "story/unknown.h"

#include "incident/inventory.h"
#include "made.h"

struct world {
	struct made m;
	struct draft *d;
	size_t twin; /* 1 + index of a source that is another's twin */
};

static void tell(struct world *w)
{
	struct fold *f = made_fold(&w->m);
	if (w->twin)
		f->sources[w->twin - 1].twin_of = 0;
	struct front front;
	front_init(&front, f);
	inventory_fill(f, w->d);
	unknown_list(f, &front, w->d);
	front_release(&front);
}

static void begin(struct world *w)
{
	*w = (struct world){0};
	made_init(&w->m);
	w->d = memory_new(1, sizeof *w->d);
}

static void end(struct world *w)
{
	draft_free(w->d);
	made_release(&w->m);
}

/* The unknown whose `what` begins so; NULL. */
static const struct unknown *of(const struct world *w, const char *what)
{
	for (size_t i = 0; i < w->d->unknowns_n; i++)
		if (!strncmp(w->d->unknowns[i].what, what, strlen(what)))
			return &w->d->unknowns[i];
	return NULL;
}

/* True when it is told, with these words in the setting (NULL: no setting). */
static bool asks(const struct world *w, const char *what, const char *setting)
{
	const struct unknown *u = of(w, what);
	return u && *u->why && (setting ? u->setting && strstr(u->setting, setting) : !u->setting);
}

/* A log of requests in which everything is printed that can be. */
static struct part *full_access_log(struct made *m, const char *key, const char *format)
{
	struct part *p = made_log(m, key, TIER_WEB, format, 1000, 0, 900);
	made_run(p, "http.requests", "", 0, 900, 1, 0, 0);
	p->busy_known = p->ids_are_requests = true;
	p->ids = memory_new(1, sizeof *p->ids);
	p->ids[p->ids_n++] = (struct sampled_id){.hash = 1, .duration_us = -1};
	p->distincts = memory_new(1, sizeof *p->distincts);
	p->distincts[p->distincts_n++] = (struct distinct){0};
	return p;
}

static struct part *full_database_log(struct made *m)
{
	struct part *p = made_log(m, "pg.log", TIER_DB, "postgresql", 1000, 0, 900);
	made_session(p, HOLDER_USER, "shop", 1, 1);
	return p;
}

static void missing_logs(void)
{
	struct world w;
	begin(&w);
	tell(&w);
	FACT(w.d->unknowns_n == 3 && asks(&w, "what users met", "log_format") &&
		     asks(&w, "what the database refused", "logging_collector") &&
		     asks(&w, "what the application met", NULL),
	     "of nothing: requests, database and application are asked for");
	FACT(!strncmp(w.d->unknowns[0].what, "what users", 10) && !strncmp(w.d->unknowns[2].what, "what the app", 12),
	     "in this order");
	end(&w);

	begin(&w);
	full_access_log(&w.m, "access.log", "nginx_access");
	full_database_log(&w.m);
	made_log(&w.m, "app.log", TIER_APP, "app_json", 1000, 0, 900);
	tell(&w);
	FACT(!w.d->unknowns_n, "when all is there that can be, nothing is asked for");
	end(&w);

	begin(&w);
	struct part *p = full_database_log(&w.m);
	p->first_us = p->last_us = INSTANT_NONE;
	tell(&w);
	FACT(of(&w, "what the database refused"), "a database log without one record is none");
	end(&w);
}

static void access_fields(void)
{
	struct world w;
	begin(&w);
	struct part *p = made_log(&w.m, "logs/access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 900);
	made_run(p, "http.requests", "", 0, 900, 1, 0, 0);
	tell(&w);
	FACT(asks(&w, "latency and requests in flight in access.log", "$request_time"),
	     "nginx without durations: $request_time");
	FACT(asks(&w, "which request is which in other logs in access.log", "$request_id"),
	     "without request ids: $request_id");
	FACT(asks(&w, "how many clients were hit in access.log", "$remote_addr"), "without clients: $remote_addr");
	FACT(!of(&w, "order of events"), "whole seconds do not matter where nothing happened");
	end(&w);

	begin(&w);
	p = made_log(&w.m, "requests.json", TIER_APP, "app_json", 1000, 0, 900);
	made_run(p, "http.requests", "", 0, 900, 1, 0, 0);
	p->ids = memory_new(1, sizeof *p->ids);
	p->ids[p->ids_n++] = (struct sampled_id){.hash = 1};
	tell(&w);
	FACT(asks(&w, "latency", "log how long") && asks(&w, "which request", "request id") &&
		     asks(&w, "how many clients", NULL),
	     "another format gets no nginx variable; pids are no request ids");
	end(&w);

	begin(&w);
	full_access_log(&w.m, "access.log", "nginx_access");
	p = made_log(&w.m, "access.log", TIER_WEB, "nginx_access", 1000, 900, 950);
	made_run(p, "http.requests", "", 900, 950, 1, 0, 0);
	tell(&w);
	FACT(!of(&w, "latency") && !of(&w, "which request") && !of(&w, "how many clients"),
	     "what one file of a source prints is there");
	end(&w);
}

static void zones_and_resolutions(void)
{
	struct world w;
	begin(&w);
	static const char *const formats[] = {"nginx_error", "nginx_access", "postgresql", "app_json", "haproxy"};
	static const char *const keys[] = {"error.log", "access.log", "pg.log", "app.log", "proxy.log"};
	static const enum tier tiers[] = {TIER_WEB, TIER_WEB, TIER_DB, TIER_APP, TIER_LB};
	w.d->bursts = memory_new(5, sizeof *w.d->bursts);
	for (size_t i = 0; i < 5; i++) {
		struct part *p = made_log(&w.m, keys[i], tiers[i], formats[i], SECOND_US, 0, 900);
		p->zone = STAMP_NONE;
		/* Sources stand in the order of their keys: access, app, deploys, error, pg, proxy. */
		static const size_t index[] = {3, 0, 4, 1, 5};
		w.d->bursts[w.d->bursts_n++] =
			(struct burst){.source_index = index[i], .incident = i == 3 ? NULL : made_string("i")};
	}
	made_log(&w.m, "deploys.log", TIER_CHANGE, "app_json", SECOND_US, 0, 900);
	tell(&w);
	FACT(asks(&w, "UTC of the times in error.log", "--zone") &&
		     !strstr(of(&w, "UTC of the times in error.log")->setting, "log_format"),
	     "nginx's error log cannot print a zone: only stating it helps");
	FACT(asks(&w, "UTC of the times in access.log", "$time_iso8601"), "its access log can");
	FACT(asks(&w, "UTC of the times in pg.log", "--zone") &&
		     strstr(of(&w, "UTC of the times in pg.log")->why, "15 min"),
	     "it says how unsure the clock is");
	FACT(!of(&w, "UTC of the times in deploys.log"), "where a zone is printed none is asked for");
	FACT(asks(&w, "order of events within one second in access.log", "$msec"),
	     "whole seconds in an incident: nginx $msec");
	FACT(asks(&w, "order of events within one second in pg.log", "%m"), "PostgreSQL %m");
	FACT(asks(&w, "order of events within one second in error.log", NULL), "the error log has no setting for it");
	FACT(asks(&w, "order of events within one second in proxy.log", "%t") &&
		     !strncmp(of(&w, "order of events within one second in proxy.log")->why, "some of its lines", 17),
	     "HAProxy stamps requests to the millisecond: only some of its lines are coarse");
	FACT(!of(&w, "order of events within one second in app.log"), "a burst of no incident does not ask");
	end(&w);

	begin(&w);
	struct part *p = made_log(&w.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 900);
	p->zone = STAMP_NONE;
	p->first_us = p->last_us = INSTANT_NONE;
	w.d->bursts = memory_new(1, sizeof *w.d->bursts);
	w.d->bursts[w.d->bursts_n++] = (struct burst){.source_index = 0, .incident = made_string("i")};
	tell(&w);
	FACT(!of(&w, "UTC of the times"), "a log without times has no zone to ask for");
	FACT(!of(&w, "order of events"), "milliseconds are fine enough");
	end(&w);
}

static void sessions(void)
{
	struct world w;
	begin(&w);
	made_log(&w.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 900);
	made_log(&w.m, "my.log", TIER_DB, "mysql_error", 1000, 0, 900);
	made_log(&w.m, "pg.csv", TIER_DB, "postgresql_csv", 1000, 0, 900);
	made_log(&w.m, "proxy.log", TIER_POOL, "postgresql", 1000, 0, 900);
	w.twin = 2;
	tell(&w);
	FACT(asks(&w, "who held the connections in pg.log", "log_disconnections"),
	     "PostgreSQL without sessions: log_connections and log_disconnections");
	FACT(!of(&w, "who held the connections in my.log"), "only PostgreSQL has these settings");
	FACT(!of(&w, "who held the connections in pg.csv"), "a twin needs them not again");
	FACT(!of(&w, "who held the connections in proxy.log"), "nor what is no database");
	end(&w);

	begin(&w);
	full_database_log(&w.m);
	w.d->incidents = memory_new(4, sizeof *w.d->incidents);
	w.d->incidents_n = 4;
	for (size_t i = 0; i < 4; i++) {
		struct incident *in = &w.d->incidents[i];
		in->refusals = memory_new(1, sizeof *in->refusals);
		in->refusals[0].class = made_string(i == 2 ? "db.role_limit" : "db.max_connections");
		in->refusals_n = i != 1;
		if (!in->refusals_n) {
			memory_free(in->refusals[0].class);
			memory_free(in->refusals);
			in->refusals = NULL;
		}
		in->holders.items = memory_new(1, sizeof *in->holders.items);
		in->holders.n = 1;
		in->holders.limit = (struct known){
			i == 3, 97,
			i == 3 ? NULL : made_string(i ? "nothing was refused" : "its start is not in the log")};
		in->causes_reason = made_string(i == 2 ? "second reason" : "first reason");
		in->told = true;
		in->detection[STEP_ALERT] = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, made_string("no log of alerts")};
	}
	tell(&w);
	FACT(asks(&w, "the limit that the connections ran into", "max_connections") &&
		     !strcmp(of(&w, "the limit")->why, "its start is not in the log"),
	     "a limit that is not known is asked for, with the reason");
	size_t limits = 0, whys = 0;
	for (size_t i = 0; i < w.d->unknowns_n; i++) {
		limits += !strncmp(w.d->unknowns[i].what, "the limit", 9);
		whys += !strcmp(w.d->unknowns[i].what, "why it happened");
	}
	FACT(limits == 1, "where nothing was refused, another limit was met, or it is known, it is not");
	FACT(asks(&w, "the connection limit of the role", "pg_roles"), "a role's limit is the role's");
	FACT(whys == 2, "the same thing twice is told once");
	FACT(asks(&w, "when people noticed", "--events") && !strcmp(of(&w, "when people noticed")->why, "no log of alerts"),
	     "an incident without a log of people asks when they noticed");
	FACT(!of(&w, "how far these clocks are off"), "one clock alone has no offset to others");
	end(&w);

	begin(&w);
	full_database_log(&w.m);
	full_access_log(&w.m, "access.log", "nginx_access");
	made_log(&w.m, "pages.log", TIER_HUMAN, "app_json", SECOND_US, 0, 900);
	w.d->incidents = memory_new(1, sizeof *w.d->incidents);
	w.d->incidents_n = 1;
	w.d->incidents[0].causes_reason = made_string("each is stated; they are not ranked");
	w.d->incidents[0].causes = memory_new(1, sizeof *w.d->incidents[0].causes);
	w.d->incidents[0].causes_n = 1;
	w.d->incidents[0].told = true;
	w.d->incidents[0].detection[STEP_ALERT] = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, made_string("no log of alerts")};
	tell(&w);
	FACT(!of(&w, "when people noticed"), "with one it does not");
	FACT(asks(&w, "how far these clocks are off that of", NULL) && strstr(of(&w, "how far these clocks")->why, "500 ms"),
	     "that a clock could not be compared is said");
	FACT(strstr(of(&w, "how far these clocks")->what, "access.log"), "and whose");
	FACT(!of(&w, "why it happened"), "a stated cause is no unknown");
	end(&w);
}

static void lost(void)
{
	struct world w;
	begin(&w);
	static const struct {
		enum damage kind;
		int64_t at;
	} damages[] = {{DAMAGE_TRUNCATED, 1234}, {DAMAGE_CORRUPT, 5}, {DAMAGE_READ, 6}, {DAMAGE_TRAILING, 7}};
	static const char *const keys[] = {"a.log", "b.log", "c.log", "d.log"};
	for (size_t i = 0; i < 4; i++) {
		struct part *p = made_log(&w.m, keys[i], TIER_APP, "app_json", 1000, 0, 900);
		w.m.tally.entries[i].locations[0].damage =
			(struct damage_report){.kind = damages[i].kind,
					       .compressed_offset = damages[i].at,
					       .uncompressed_offset = i ? 0 : 100001};
		if (!i) /* made_second() puts second 600 at offset 60,000,000, second 1 at 100 */
			made_second(p, "records", "", FACET_NONE, "", 1, 1, 500000, 500000);
		p->events_more = i == 3 ? 2 : 0;
		p->implausible = i == 3 ? 1 : 0;
	}
	tell(&w);
	const struct unknown *u = of(&w, "what \"a.log\" said");
	FACT(u && !strcmp(u->what, "what \"a.log\" said after 11:00:01") &&
		     !strcmp(u->why, "the file is cut off at byte 1,234"),
	     "a file that is cut off: after when, and where");
	u = of(&w, "what \"b.log\" said");
	FACT(u && !strcmp(u->what, "what \"b.log\" said in its damaged part") &&
		     !strcmp(u->why, "the file is damaged at byte 5"),
	     "damage before any record has no time");
	u = of(&w, "what \"c.log\" said");
	FACT(u && !strcmp(u->why, "the file is unreadable at byte 6"), "a read error is told as one");
	FACT(!of(&w, "what \"d.log\" said"), "rubbish behind the end has lost nothing");
	u = of(&w, "some starts, stops and deploys in d.log");
	FACT(u && strstr(u->why, "2 events more"), "events that were not kept are counted");
	u = of(&w, "when some records happened in d.log");
	FACT(u && !strcmp(u->why, "1 record has a time more than 400 days from the rest"),
	     "so are times that cannot be");
	end(&w);

	begin(&w);
	struct part *p = made_log(&w.m, "mystery.log", TIER_UNKNOWN, "", 1000, 0, 0);
	p->first_us = p->last_us = INSTANT_NONE;
	p->counts.lines = 5;
	p = made_log(&w.m, "empty.log", TIER_UNKNOWN, "", 1000, 0, 0);
	p->first_us = p->last_us = INSTANT_NONE;
	tell(&w);
	FACT(asks(&w, "everything in mystery.log", "--format"), "a file of no known format: state it");
	FACT(!of(&w, "everything in empty.log"), "an empty one needs none");
	end(&w);
}

int main(void)
{
	missing_logs();
	access_fields();
	zones_and_resolutions();
	sessions();
	lost();
	return unit_done();
}
