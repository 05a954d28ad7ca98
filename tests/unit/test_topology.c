#include "cause/topology.h"

#include "called.h"

static const struct {
	const char *words;
	bool valid;
	enum tier caller, called;
	bool calls;
} stated[] = {
	{"lb > web > app > pool > db", true, TIER_LB, TIER_DB, true},
	{"lb > web > app > pool > db", true, TIER_DB, TIER_APP, false},
	{"web>app", true, TIER_WEB, TIER_APP, true},
	{"web > app > db", true, TIER_APP, TIER_POOL, false},
	{"web > app > db, app > pool > db", true, TIER_WEB, TIER_POOL, true},
	{"web > lb > app", true, TIER_WEB, TIER_LB, true},
	{"", false, TIER_LB, TIER_LB, false},
	{"db", false, TIER_LB, TIER_LB, false},
	{"app > ", false, TIER_LB, TIER_LB, false},
	{"app > database", false, TIER_LB, TIER_LB, false},
	{"app > db, db > app", false, TIER_LB, TIER_LB, false},
	{"app > app", false, TIER_LB, TIER_LB, false},
	{"human > db", false, TIER_LB, TIER_LB, false},
	{"app > db,", false, TIER_LB, TIER_LB, false},
};

/* ---- what addresses tell ---- */

/* `calls`: "A > B" for calls, over whomever, "A ! B" for none, "A = WORDS" for the route from A to the database pg.log. */
static const struct {
	const char *fact, *stated;
	struct called_log logs[CALLED_LOGS];
	const char *how, *calls;
} worlds[] = {
	{"a pooler that serves another application is not on the way", NULL,
	 {{"billing.log", TIER_APP, ""}, {"pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"pgb.log", TIER_POOL, "listens 0.0.0.0:6432 calls 10.0.0.5:5432 7"},
	  {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}, {"web.log", TIER_WEB, ""}},
	 "addresses",
	 "shop.log > pg.log, shop.log ! pgb.log, billing.log > pgb.log, billing.log > pg.log, pgb.log > pg.log, web.log > shop.log, web.log > pgb.log, "
	 "pg.log ! shop.log, shop.log = app > db, billing.log = app > pool > db, web.log = web > app > pool > db"},
	{"what is stated overrules it", "web > app > pool > db",
	 {{"pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"pgb.log", TIER_POOL, "calls 10.0.0.5:5432 7"}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "stated", "shop.log > pgb.log, shop.log > pg.log, shop.log = app > pool > db"},
	{"two applications, two databases", NULL,
	 {{"app1.log", TIER_APP, "calls 10.0.0.5:5432 40"}, {"app2.log", TIER_APP, "calls 10.0.0.6:5432 9"}, {"10.0.0.5/pg.log", TIER_DB, ""},
	  {"10.0.0.6/pg.log", TIER_DB, ""}, {"web.log", TIER_WEB, ""}},
	 "addresses",
	 "app1.log > 10.0.0.5/pg.log, app1.log ! 10.0.0.6/pg.log, app2.log > 10.0.0.6/pg.log, app2.log ! 10.0.0.5/pg.log, web.log > 10.0.0.5/pg.log, "
	 "web.log > 10.0.0.6/pg.log"},
	{"two applications whose addresses two databases name as clients", NULL,
	 {{"a.log", TIER_DB, "client 10.0.1.1 30"}, {"b.log", TIER_DB, "client 10.0.1.2 20"}, {"billing.log", TIER_APP, "listens :8081"},
	  {"shop.log", TIER_APP, "listens :8080"}, {"web.log", TIER_WEB, "calls 10.0.1.1:8080 9 calls 10.0.1.2:8081 8"}},
	 "addresses", "shop.log > a.log, shop.log ! b.log, billing.log > b.log, billing.log ! a.log, web.log > a.log, web.log > b.log"},
	{"an instance that names nobody is as the others", NULL,
	 {{"billing.log", TIER_APP, ""}, {"pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"pgb.log", TIER_POOL, ""}, {"shop-1.log", TIER_APP, ""},
	  {"shop-12.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "addresses", "shop-1.log > pg.log, shop-1.log ! pgb.log, shop-12.log ! pgb.log, billing.log > pgb.log"},
	{"an address that may be anybody's leaves all open", NULL,
	 {{"pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"pgb.log", TIER_POOL, ""}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40 calls 10.0.0.9:9999 2"}},
	 "addresses", "shop.log > pg.log, shop.log > pgb.log"},
	{"a pooler without a log stands between", NULL,
	 {{"pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.9:6432 40"}},
	 "addresses", "shop.log > pg.log, pg.log ! shop.log, shop.log = app > pool > db"},
	{"of two databases it is not known which", NULL,
	 {{"a/pg.log", TIER_DB, ""}, {"b/pg.log", TIER_DB, ""}, {"pgb.log", TIER_POOL, "calls 10.0.0.5:5432 3"}, {"shop.log", TIER_APP, ""}},
	 "addresses", "pgb.log > a/pg.log, pgb.log > b/pg.log, shop.log > a/pg.log, shop.log > pgb.log"},
	{"a database that nobody names is called by whoever may", NULL,
	 {{"pg.log", TIER_DB, "listens 127.0.0.1:5432"}, {"reports.log", TIER_DB, "listens 127.0.0.1:5433"}, {"shop.log", TIER_APP, "calls 127.0.0.1:5432 3"}},
	 "addresses", "shop.log > pg.log, shop.log > reports.log"},
	{"applications call each other", NULL,
	 {{"billing.log", TIER_APP, "listens 127.0.0.1:9000 calls 127.0.0.1:5432 2"}, {"orders.log", TIER_APP, "listens 127.0.0.1:9001 calls 127.0.0.1:9000 2"},
	  {"pg.log", TIER_DB, "listens 127.0.0.1:5432"}, {"reports.log", TIER_DB, "listens 127.0.0.1:5433"},
	  {"shop.log", TIER_APP, "calls 127.0.0.1:9001 3 calls 127.0.0.1:5433 3"}},
	 "addresses", "shop.log > billing.log, shop.log > pg.log, shop.log > reports.log, billing.log ! reports.log, billing.log ! shop.log"},
	{"even in a circle", NULL,
	 {{"a.log", TIER_APP, "listens 127.0.0.1:9000 calls 127.0.0.1:9001 2"}, {"b.log", TIER_APP, "listens 127.0.0.1:9001 calls 127.0.0.1:9000 2"},
	  {"pg.log", TIER_DB, ""}},
	 "usual", "a.log > pg.log, pg.log ! a.log"},
	{"without addresses all is as usual", NULL,
	 {{"pg.log", TIER_DB, "listens 127.0.0.1:5432"}, {"pgb.log", TIER_POOL, ""}, {"shop.log", TIER_APP, ""}, {"web.log", TIER_WEB, "calls shop 3"}},
	 "usual", "web.log > pg.log, shop.log > pgb.log, pgb.log ! shop.log, web.log = web > app > pool > db"},
};

static void ask(const struct topology *t, const struct fold *f, const char *fact, char *question)
{
	char *rest = question, all[300];
	snprintf(all, sizeof all, "%s: %s", fact, question);
	char *from = strtok_r(rest, " ", &rest), *verb = strtok_r(rest, " ", &rest);
	bool route = *verb == '=';
	size_t a = called_source(f, from), b = called_source(f, route ? "pg.log" : rest);
	struct text path = {0};
	if (a >= f->n || b >= f->n) {
		FACT(false, all);
		return;
	}
	struct topology_end caller = {f->sources[a].tier, a}, called = {f->sources[b].tier, b};
	FACT(topology_calls(t, caller, called) == (*verb != '!'), all);
	bool reaches = topology_route(t, caller, called, &path);
	if (route)
		TEXT_IS(path.at, rest, all);
	FACT(topology_route(t, called, caller, &path) == reaches, "a route is one from either end");
	text_release(&path);
}

static void infer(size_t world)
{
	struct made m;
	struct topology t;
	char questions[600], *rest = questions;
	made_init(&m);
	for (size_t k = 0; k < CALLED_LOGS && worlds[world].logs[k].key; k++)
		called_add(&m, &worlds[world].logs[k]);
	const struct fold *f = made_fold(&m);
	topology_init(&t, f, worlds[world].stated);
	TEXT_IS(t.how, worlds[world].how, worlds[world].fact);
	snprintf(questions, sizeof questions, "%s", worlds[world].calls);
	for (char *question; (question = strtok_r(rest, ",", &rest)) != NULL;)
		ask(&t, f, worlds[world].fact, question + (*question == ' '));
	topology_release(&t);
	made_release(&m);
}

/* More sources than are told apart: tiers alone. */
static void many(void)
{
	struct made m;
	struct topology t;
	char key[40];
	made_init(&m);
	static const struct called_log shop = {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"};
	called_add(&m, &shop);
	for (int i = 0; i < TOPOLOGY_SOURCES; i++) {
		snprintf(key, sizeof key, "pg%05d.log", i);
		made_log(&m, key, TIER_DB, "any", 1000, 0, 100);
	}
	topology_init(&t, made_fold(&m), NULL);
	FACT(!t.reach && !strcmp(t.how, "usual") && t.calls[TIER_APP][TIER_DB] && t.links.n == 1, "with very many logs only tiers are told apart");
	topology_release(&t);
	made_release(&m);
}

int main(void)
{
	struct topology t;
	topology_usual(&t);
	FACT(t.calls[TIER_LB][TIER_DB] && t.calls[TIER_APP][TIER_POOL] && !t.calls[TIER_POOL][TIER_APP] && !t.calls[TIER_DB][TIER_DB],
	     "usually each tier calls those behind it");
	FACT(!t.calls[TIER_UNKNOWN][TIER_DB] && !t.calls[TIER_LB][TIER_UNKNOWN], "nobody knows whom an unknown tier calls");
	for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
		struct diag d = {0};
		bool valid = topology_read(&t, span_of(stated[i].words), &d);
		FACT(valid == stated[i].valid, stated[i].words);
		FACT(!valid || t.calls[stated[i].caller][stated[i].called] == stated[i].calls, stated[i].words);
		FACT(valid || d.what[0], "what is wrong is said");
	}
	static const struct {
		const char *words;
		enum tier from, to;
		const char *path; /* NULL: none */
	} paths[] = {
		{NULL, TIER_APP, TIER_DB, "app > pool > db"},
		{NULL, TIER_DB, TIER_WEB, "web > app > pool > db"},
		{NULL, TIER_DB, TIER_DB, "db"},
		{"web > lb > app > db", TIER_WEB, TIER_DB, "web > lb > app > db"},
		{"web > app, pool > db", TIER_APP, TIER_DB, NULL},
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct text path = {0};
		struct diag d = {0};
		topology_usual(&t);
		FACT(!paths[i].words || topology_read(&t, span_of(paths[i].words), &d), "the words are read");
		bool is = topology_path(&t, paths[i].from, paths[i].to, &path);
		FACT(is == !!paths[i].path && (!is || !strcmp(path.at, paths[i].path)), paths[i].path ? paths[i].path : "no path");
		text_release(&path);
	}
	FACT(topology_has(&t, TIER_POOL) && !topology_has(&t, TIER_LB), "a topology has the tiers that it names");
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
		infer(i);
	many();
	return unit_done();
}
