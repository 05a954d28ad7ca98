/* halt: which crashes and restarts explain an incident from 1000 to 1013 seconds, by clocks that were compared and by others. */
#include "cause/halt.h"

#include "cause/fault.h"
#include "stage.h"

/* A database away from `at_s` to `ready_s`; an application that failed meanwhile. `tied`: both clocks were compared. */
static void world(struct stage *x, int64_t at_s, int64_t ready_s, int64_t end_s, bool tied)
{
	*x = (struct stage){0};
	made_init(&x->m);
	struct part *db = made_log(&x->m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	made_run(db, "db.starting_up", "db.starting_up", at_s, ready_s, 3, 0, 500000);
	made_log(&x->m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
	stage_set(x, 1000, end_s);
	stage_burst(x, "app.log", "http.server_error", "http.500", 1000, end_s, 90);
	stage_change(x, "pg.log", "restart", at_s, ready_s);
	if (tied) {
		struct clock_estimate *c = &x->m.fold->sources[stage_source(x, "app.log")].clock;
		c->method = "request ids";
		c->root = (ptrdiff_t)stage_source(x, "pg.log");
	}
	x->in->impact.failed = (struct known){true, 90, NULL};
	halt_find(&x->s, &x->found);
	fault_find(&x->s, &x->found);
}

int main(void)
{
	static const struct {
		const char *fact;
		int64_t at_s, ready_s, end_s;
		bool tied, listed, alone;
	} rows[] = {
		{"right before the onset, by one clock", 999, 1012, 1013, true, true, true},
		{"over for twenty seconds, by one clock: explains nothing", 967, 980, 1013, true, false, false},
		{"half a minute behind the onset, by one clock: explains nothing", 1030, 1043, 1013, true, false, false},
		{"over for twenty seconds, by clocks that nothing ties, as long as the incident", 967, 980, 1013, false, true, true},
		{"half a minute behind, by clocks that nothing ties, as long as the incident", 1030, 1043, 1013, false, true, true},
		{"five minutes behind likewise: it is listed, and the application's failure too", 1300, 1313, 1013, false, true, false},
		{"a second long, of thirteen: another matter", 1030, 1031, 1013, false, false, false},
		{"eleven minutes away is too far", 1660, 1673, 1013, false, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage x;
		world(&x, rows[i].at_s, rows[i].ready_s, rows[i].end_s, rows[i].tied);
		FACT(stage_stands(&x, "database_restart") == rows[i].listed, rows[i].fact);
		FACT(stage_stands(&x, "application_error") == !rows[i].alone, "what it explains is no failure of the application's own");
		stage_release(&x);
	}
	struct stage x;
	world(&x, 1030, 1043, 1013, false);
	const struct hypothesis *h = stage_found(&x, "database_restart");
	FACT(stage_says(h, false, "30 s after the onset by a clock that nothing ties to the others"), "how far it is, and that this proves nothing");
	FACT(stage_says(h, false, "away for 13 s, the incident lasted 13 s"), "what was compared");
	FACT(h->excess.count == 39, "three each second for thirteen seconds");
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "database_restart")->in_order, "no order is claimed");
	stage_release(&x);

	/* Callers alone: a crash looks like a restart to them. */
	x = (struct stage){0};
	made_init(&x.m);
	struct part *app = made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
	made_run(app, "db.starting_up", "db.starting_up", 1000, 1010, 3, 0, 500000);
	stage_set(&x, 1000, 1013);
	stage_burst(&x, "app.log", "db.starting_up", "db.starting_up", 1000, 1009, 30);
	x.in->impact.failed = (struct known){true, 30, NULL};
	halt_find(&x.s, &x.found);
	FACT(stage_stands(&x, "database_restart") && stage_stands(&x, "database_crash"), "what callers say may be either");
	score_all(&x.s, &x.found);
	TEXT_IS(x.found.items[0].cause, "database_restart", "the usual one first");
	stage_release(&x);

	x = (struct stage){0};
	made_init(&x.m);
	app = made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
	made_run(app, "db.starting_up", "db.starting_up", 1000, 1002, 1, 0, 500000);
	stage_set(&x, 1000, 1013);
	x.in->impact.failed = (struct known){true, 30, NULL};
	halt_find(&x.s, &x.found);
	FACT(!x.found.n, "two messages are none");
	stage_release(&x);
	return unit_done();
}
