/* fault: failures that are the application's own, in an incident from 1000 to 1060 seconds. Strengths are sums of the table's. */
#include "cause/fault.h"

#include "stage.h"

/* A message of the application's log: so often in the incident's minutes, and before. */
static void say(struct part *p, const char *key, uint32_t here, uint32_t before)
{
	size_t cap = 0, cells = 0;
	p->messages_width_s = 60;
	p->messages = memory_grow(NULL, &cap, 1, sizeof *p->messages);
	p->messages_n = 1;
	p->messages[0] = (struct keyed){.key = made_string(key), .severity = SEVERITY_ERROR, .first_line = 1, .first_length = 80};
	p->messages[0].cells = memory_grow(NULL, &cells, 2, sizeof *p->messages[0].cells);
	p->messages[0].n = 2;
	p->messages[0].cells[0] = (struct keyed_cell){.start_s = (uint32_t)((MADE_T0 + 600) / 60 * 60), .n = before};
	p->messages[0].cells[1] = (struct keyed_cell){.start_s = (uint32_t)((MADE_T0 + 1020) / 60 * 60), .n = here};
}

static const struct {
	const char *fact, *message;
	uint32_t here, before;
	int64_t failed;
	bool database;      /* its log covers the incident */
	int64_t own, waited; /* strengths of application_error, app_pool_exhausted; -1: none */
} cases[] = {
	/* errors only 350, its own words 200, the database well 150 */
	{"an exception of its own", "KeyError: <*>", 90, 0, 90, true, 700, -1},
	{"without a database's log", "KeyError: <*>", 90, 0, 90, false, 550, -1},
	{"what it said as often before is not new", "KeyError: <*>", 90, 90, 90, true, 700, -1}, /* the burst of errors speaks instead */
	{"it gave up waiting: for a statement, or for its own pool", "request failed: context deadline exceeded", 90, 0, 90, true, 700, 250},
	{"few of the failures gave up waiting", "upstream timed out", 20, 0, 90, true, 700, -1},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage x = {0};
		made_init(&x.m);
		if (cases[i].database)
			made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		say(made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000), cases[i].message, cases[i].here, cases[i].before);
		stage_set(&x, 1000, 1060);
		x.in->impact.failed = (struct known){true, cases[i].failed, NULL};
		stage_burst(&x, "app.log", "http.server_error", "http.500", 1000, 1060, 90);
		fault_find(&x.s, &x.found);
		const struct hypothesis *own = stage_found(&x, "application_error"), *waited = stage_found(&x, "app_pool_exhausted");
		FACT(own && !own->ruled_out && own->strength == cases[i].own, cases[i].fact);
		FACT((waited ? waited->strength : -1) == cases[i].waited, "and whether it waited");
		stage_release(&x);
	}

	struct stage x = {0};
	made_init(&x.m);
	made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	stage_set(&x, 1000, 1060);
	stage_refusal(&x, "pg.log", "db.max_connections", 1000, 1060, 90, false);
	x.in->impact.failed = (struct known){true, 90, NULL};
	fault_find(&x.s, &x.found);
	FACT(!stage_stands(&x, "application_error"), "where connections were refused its errors follow from that");
	stage_release(&x);

	x = (struct stage){0};
	made_init(&x.m);
	made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
	stage_set(&x, 1000, 1060);
	fault_find(&x.s, &x.found);
	FACT(!stage_stands(&x, "application_error"), "nothing failed, nothing is blamed");
	stage_release(&x);
	return unit_done();
}
