#include "incident/scoping.h"

#include "incident/finding.h"
#include "incident/impact.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "incident/symptom.h"
#include "made.h"

struct world {
	struct made m;
	struct part *web, *db;
	struct front front;
	struct draft *d;
};

/* A web server with ten requests a second, and a database that refuses `class` from 3600 to 3660, twice a second. */
static void world_init(struct world *w, const char *class, uint32_t failed)
{
	*w = (struct world){0};
	made_init(&w->m);
	w->web = made_log(&w->m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 7200);
	made_run(w->web, "http.requests", "", 0, 7200, 10, 0, 900000);
	made_run(w->web, "records", "", 0, 7200, 10, 0, 900000);
	if (failed) {
		made_run(w->web, "http.failed", "", 3600, 3660, failed, 0, 900000);
		made_run(w->web, "http.server_error", "http.500", 3600, 3660, failed, 0, 900000);
	}
	w->db = made_log(&w->m, "pg.log", TIER_DB, "postgresql", 1000, 0, 7200);
	made_run(w->db, "records", "", 0, 7200, 2, 0, 900000);
	made_run(w->db, "db.connections.exhausted", class, 3600, 3660, 2, 0, 900000);
}

static void refused(struct world *w, const char *class, enum facet facet, const char *name, uint32_t n)
{
	for (int64_t s = 3600; s < 3660; s++)
		made_second(w->db, "db.connections.exhausted", class, facet, name, s, n, 0, 900000);
}

static void tell(struct world *w)
{
	struct note_list notes = {0};
	struct fold *f = made_fold(&w->m);
	front_init(&w->front, f);
	w->d = memory_new(1, sizeof *w->d);
	w->d->numbers.link_us = 120 * SECOND_US;
	symptom_find(f, w->d);
	incident_find(f, &w->front, w->d);
	refusal_count(f, w->d);
	impact_measure(f, &w->front, w->d);
	scoping_find(f, &w->front, w->d);
	finding_settle(w->d, &notes);
	note_release(&notes);
}

static void world_release(struct world *w)
{
	draft_free(w->d);
	front_release(&w->front);
	made_release(&w->m);
}

static const struct finding *find(const struct world *w, const char *kind)
{
	for (size_t i = 0; w->d->incidents_n == 1 && i < w->d->incidents[0].findings.n; i++)
		if (!strcmp(w->d->incidents[0].findings.items[i].kind, kind))
			return &w->d->incidents[0].findings.items[i];
	return NULL;
}

int main(void)
{
	struct world w;
	world_init(&w, "db.role_limit", 0);
	refused(&w, "db.role_limit", FACET_USER, "batch", 2);
	for (int64_t s = 3600; s < 3640; s++) {
		made_session(w.db, HOLDER_USER, "app", s, s % 2 ? -1 : 1);
		made_session(w.db, HOLDER_USER, "batch", s, s % 2 ? -1 : 1);
	}
	tell(&w);
	const struct finding *f = find(&w, "refusals_batch_only");
	/* From 3,600.0 to 3,659.9 s, five seconds more on both sides: the seconds 3,595 to 3,664; before them 3,595 others. */
	TEXT_IS(f ? f->text : "", "Only \"batch\" was refused, 120 times; no user request failed meanwhile (700 requests at the web server).", "nobody else met it");
	FACT(f && f->count.value == 0 && f->evidence.n == 2 && !strcmp(f->evidence.items[0].path, "pg.log"), "evidence: the first refusal and the last one");
	f = find(&w, "limit_scoped");
	TEXT_IS(f ? f->text : "",
		"A limit of one role only, \"batch\": 120 refusals (db.role_limit) in 1 min 0 s. No other limit refused meanwhile; at least 20 sessions of other roles opened.",
		"a role's limit holds for it only");
	FACT(f && f->count.value == 120 && !f->before.known && f->before.reason, "refusals before are not counted, and it says so");
	FACT(!find(&w, "refusals_user_visible"), "users did not meet it");
	world_release(&w);

	world_init(&w, "db.max_connections", 4);
	refused(&w, "db.max_connections", FACET_USER, "shop", 1);
	refused(&w, "db.max_connections", FACET_USER, "\x1b[7mreport", 1);
	tell(&w);
	f = find(&w, "refusals_user_visible");
	TEXT_IS(f ? f->text : "",
		/* The incident's own 60 seconds of 10 requests, as its impact says. */
		"Users met it: 240 of 600 requests failed in the incident (before: 0 of 35,950 requests), in which 120 connections of \"\\x1B[7mreport\" (60) and \"shop\" (60) were refused.",
		"users met it: with whom was refused, and what failed before");
	FACT(f && f->count.value == 240 && f->before.value == 0, "failed requests during and before");
	FACT(!find(&w, "limit_scoped") && !find(&w, "refusals_batch_only"), "the server's limit is nobody's own");
	world_release(&w);

	/* One request in ten fails at any time. */
	world_init(&w, "db.max_connections", 0);
	made_run(w.web, "http.failed", "", 0, 7200, 1, 0, 900000);
	tell(&w);
	FACT(!find(&w, "refusals_batch_only") && !find(&w, "refusals_user_visible"), "where one in ten fails at any time nothing is said");
	world_release(&w);

	world_init(&w, "db.max_connections", 0);
	w.web->zone = STAMP_NONE;
	tell(&w);
	FACT(!find(&w, "refusals_batch_only"), "a clock that is not known proves nothing");
	world_release(&w);

	world_init(&w, "db.database_limit", 0);
	refused(&w, "db.database_limit", FACET_DATABASE, "small", 1);
	tell(&w);
	f = find(&w, "limit_scoped");
	TEXT_IS(f ? f->text : "", "A limit of single databases: 120 refusals (db.database_limit) in 1 min 0 s. No other limit refused meanwhile.",
		"where half of them do not say which database, none is named");
	world_release(&w);
	return unit_done();
}
