/* phase: stretches of failures in an incident from 1000 to 1100 seconds. */
#include "cause/phase.h"

#include "stage.h"

struct log_burst {
	const char *key, *signal, *class;
	int64_t from_s, to_s;
};

enum { BURSTS = 3 };

static const struct {
	const char *fact;
	struct log_burst bursts[BURSTS];
	bool compared;          /* the application's clock, with the database's */
	size_t n;
} parted[] = {
	{"twenty seconds without a failure part nothing", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1030, 1100}}, false, 1},
	{"more do", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1031, 1100}}, false, 2},
	{"slow answers between them fail nobody", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010}, {"app.log", "http.server.slow", "slow.1s", 1012, 1030}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1031, 1100}}, true, 2},
	{"failures between them make it one", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010}, {"app.log", "http.server_error", "http.500", 1012, 1030}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1031, 1100}}, true, 1},
	{"not by a clock that was compared with nothing", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010}, {"app.log", "http.server_error", "http.500", 1012, 1030}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1031, 1100}}, false, 2},
	{"a longer one before counts to its end", {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1050}, {"pg.log", "db.starting_up", "", 1005, 1010}, {"pg.log", "db.connections.exhausted", "db.max_connections", 1060, 1100}}, false, 1},
};

static void build(struct stage *x, const struct log_burst *bursts, bool compared)
{
	*x = (struct stage){0};
	made_init(&x->m);
	made_log(&x->m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3000);
	made_log(&x->m, "app.log", TIER_APP, "app_json", 1000, 0, 3000);
	stage_set(x, 1000, 1100);
	if (compared) {
		struct fold_source *app = &x->m.fold->sources[stage_source(x, "app.log")];
		app->clock.method = "request ids";
		app->clock.root = (int)stage_source(x, "pg.log");
	}
	for (size_t i = 0; i < BURSTS && bursts[i].key; i++)
		stage_burst(x, bursts[i].key, bursts[i].signal, bursts[i].class, bursts[i].from_s, bursts[i].to_s, 50);
}

static size_t phase_of_second(const struct stage *x, int64_t second, int64_t wide_us, const char *key)
{
	struct phases p = phase_find(&x->s);
	struct moment at = {made_us(second, 0), made_us(second, -wide_us), made_us(second, wide_us), NULL};
	return phase_of(&x->s, &p, &at, stage_source(x, key));
}

static void causes(void)
{
	static const struct log_burst two[BURSTS] = {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010},
						     {"pg.log", "db.connections.exhausted", "db.max_connections", 1060, 1100}};
	struct stage x;
	build(&x, two, true);
	FACT(phase_of_second(&x, 990, 1000, "pg.log") == 0, "what began before the first phase may be its cause");
	FACT(phase_of_second(&x, 1005, 1000, "pg.log") == 0, "and what began in it is looked at with it");
	FACT(phase_of_second(&x, 1012, 1000, "pg.log") == 1, "what began when it was over is the next one's");
	FACT(phase_of_second(&x, 1012, 3000000, "pg.log") == 0, "unless that is not certain");
	FACT(phase_of_second(&x, 1200, 1000, "pg.log") == 2, "what began when all was over is no one's");
	stage_release(&x);
}

static void ties(void)
{
	/* The application's clock is 100 s ahead, and nothing but the refusals that it repeats tells so. */
	static const struct log_burst tied[BURSTS] = {{"pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010},
						      {"pg.log", "db.connections.exhausted", "db.max_connections", 1060, 1100},
						      {"app.log", "db.connections.exhausted", "db.max_connections", 1160, 1200}};
	static const struct log_burst both[BURSTS] = {{"pg.log", "db.connections.exhausted", "db.max_connections", 1000, 1010},
						      {"pg.log", "db.connections.exhausted", "db.max_connections", 1060, 1100},
						      {"app.log", "db.connections.exhausted", "db.max_connections", 1160, 1200}};
	struct stage x;
	int64_t ahead_us, slack_us;
	build(&x, tied, false);
	struct phases p = phase_find(&x.s);
	FACT(p.n == 2 && phase_ahead(&x.s, &p, stage_source(&x, "app.log"), &ahead_us, &slack_us) && ahead_us == 100 * SECOND_US,
	     "what the database refused in one phase only ties who repeats it");
	FACT(phase_of_second(&x, 1157, 1000, "app.log") == 1, "what began by that clock when the first was over is the next one's");
	FACT(phase_of_second(&x, 1105, 1000, "app.log") == 0, "and what began by that clock before, the first's");
	FACT(phase_of_second(&x, 1112, 1000, "app.log") == 0, "to within five seconds");
	stage_release(&x);

	build(&x, both, false);
	p = phase_find(&x.s);
	FACT(p.n == 2 && !phase_ahead(&x.s, &p, stage_source(&x, "app.log"), &ahead_us, &slack_us), "what was refused in both phases ties nothing");
	FACT(phase_of_second(&x, 1157, 1000, "app.log") == 0, "and nothing is the later one's then");
	stage_release(&x);
}

static void deploys(void)
{
	static const struct {
		const char *fact;
		const char *kind, *signal;
		int64_t ended_s;
		size_t first;
	} rows[] = {
		{"what a deploy breaks while instances are away is told with it", "deploy", "lb.no_backend", 1002, 1},
		{"and of a rollback", "rollback", "lb.no_backend", 1002, 1},
		{"not of a crash, which has a cause", "crash", "lb.no_backend", 1002, 0},
		{"nor what fails long after the last start", "deploy", "lb.no_backend", 991, 0},
		{"nor refusals", "deploy", "db.connections.exhausted", 1002, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct log_burst bursts[BURSTS] = {{"app.log", rows[i].signal, "", 1000, 1006},
						   {"pg.log", "db.connections.exhausted", "db.max_connections", 1040, 1100}};
		struct stage x;
		build(&x, bursts, true);
		stage_change(&x, "app.log", rows[i].kind, 989, rows[i].ended_s);
		struct phases p = phase_find(&x.s);
		FACT(p.n == 2 && p.first == rows[i].first, rows[i].fact);
		stage_release(&x);
	}
	struct log_burst alone[BURSTS] = {{"app.log", "lb.no_backend", "", 1000, 1006}};
	struct stage x;
	build(&x, alone, true);
	stage_change(&x, "app.log", "deploy", 989, 1002);
	struct phases p = phase_find(&x.s);
	FACT(p.n == 1 && !p.first, "an incident that is nothing else wants its cause");
	stage_release(&x);
}

int main(void)
{
	for (size_t i = 0; i < sizeof parted / sizeof *parted; i++) {
		struct stage x;
		build(&x, parted[i].bursts, parted[i].compared);
		struct phases p = phase_find(&x.s);
		FACT(p.n == parted[i].n, parted[i].fact);
		FACT(p.items[0].first.at_us == made_us(1000, 0) && p.items[p.n - 1].last.at_us == made_us(1100, 0), parted[i].fact);
		stage_release(&x);
	}
	struct stage x;
	const struct log_burst none[BURSTS] = {{NULL}};
	build(&x, none, false);
	struct phases p = phase_find(&x.s);
	FACT(p.n == 1 && p.items[0].first.at_us == made_us(1000, 0), "without a failure that is known the incident is its only phase");
	stage_release(&x);
	causes();
	ties();
	deploys();
	return unit_done();
}
