/* limit: whose own limit refused, and when it is only passed on. The incident lasts from 1000 to 1060 seconds. */
#include "cause/limit.h"

#include "stage.h"

struct refused {
	const char *key, *class;
	int64_t from_s;
	uint64_t n;
	bool echo;
};

static const struct {
	const char *fact;
	struct refused refusals[3];
	const char *cause; /* NULL: none */
	int64_t at_s;
} cases[] = {
	{"the pooler's own limit", {{"pgbouncer.log", "pooler.client_limit", 1000, 50, false}}, "pooler_limit", 1000},
	{"who waited too long in the pooler", {{"pgbouncer.log", "pool.wait_timeout", 1010, 50, false}}, "pooler_limit", 1010},
	{"the application's own pool", {{"app1.log", "pool.reject", 1005, 50, false}}, "app_pool_exhausted", 1005},
	{"the first of several instances tells when it began",
	 {{"app1.log", "pool.reject", 1020, 50, false}, {"app2.log", "pool.reject", 1005, 20, false}},
	 "app_pool_exhausted",
	 1005},
	{"what the database refused as well, the pool passes on",
	 {{"app1.log", "pool.wait_timeout", 1020, 50, false}, {"pg.log", "db.max_connections", 1000, 40, false}},
	 NULL,
	 0},
	{"also when the application counts, and names the database's limit itself",
	 {{"app1.log", "pool.wait_timeout", 1020, 50, false}, {"app1.log", "db.max_connections", 1020, 50, false}},
	 NULL,
	 0},
	{"a handful of the database's beside many of the pool's does not take it away",
	 {{"app1.log", "pool.wait_timeout", 1020, 50, false}, {"pg.log", "db.max_connections", 1000, 3, true}},
	 "app_pool_exhausted",
	 1020},
	{"an echo is nobody's limit", {{"app1.log", "pool.wait_timeout", 1020, 50, true}}, NULL, 0},
	{"the operating system's", {{"pg.log", "db.fork_failed", 1000, 50, false}}, "os_limit", 1000},
};

int main(void)
{
	static const char *const all[] = {"pooler_limit", "app_pool_exhausted", "os_limit"};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage x = {0};
		made_init(&x.m);
		made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		made_log(&x.m, "pgbouncer.log", TIER_POOL, "pgbouncer", 1000, 0, 2000);
		made_log(&x.m, "app1.log", TIER_APP, "app_json", 1000, 0, 2000);
		made_log(&x.m, "app2.log", TIER_APP, "app_json", 1000, 0, 2000);
		stage_set(&x, 1000, 1060);
		for (size_t k = 0; k < 3 && cases[i].refusals[k].key; k++) {
			const struct refused *r = &cases[i].refusals[k];
			stage_refusal(&x, r->key, r->class, r->from_s, 1060, r->n, r->echo);
		}
		limit_find(&x.s, &x.found);
		for (size_t k = 0; k < 3; k++)
			FACT(stage_stands(&x, all[k]) == (cases[i].cause && !strcmp(cases[i].cause, all[k])), cases[i].fact);
		const struct hypothesis *h = cases[i].cause ? stage_found(&x, cases[i].cause) : NULL;
		FACT(!h || h->at.at_us == made_us(cases[i].at_s, 0), "it began with its first refusal");
		FACT(!h || h->waits_first == (h->tier != TIER_DB), "who is refused by a pool has waited for it");
		stage_release(&x);
	}

	/* What waited a minute in vain may have begun to wait before; slow answers come first, failures do not. */
	static const struct {
		const char *fact, *signal;
		bool first;
	} before[] = {{"slow answers before the first refusal are its own", "http.server.slow", true},
		      {"failures before it are not", "http.server_error", false}};
	for (size_t i = 0; i < 2; i++) {
		struct stage x = {0};
		made_init(&x.m);
		made_log(&x.m, "app1.log", TIER_APP, "app_json", 1000, 0, 2000);
		stage_set(&x, 1000, 1060);
		stage_burst(&x, "app1.log", before[i].signal, "", 1000, 1060, 90);
		stage_burst(&x, "app1.log", "app.pool.exhausted", "pool.reject", 1010, 1060, 50);
		stage_refusal(&x, "app1.log", "pool.reject", 1010, 1060, 50, false);
		limit_find(&x.s, &x.found);
		FACT(stage_found(&x, "app_pool_exhausted")->is_symptom == before[i].first, before[i].fact);
		stage_release(&x);
	}
	return unit_done();
}
