/* taken: who took the connections, or was refused them, in an incident from 1000 to 1060 seconds. */
#include "cause/taken.h"

#include "stage.h"

struct role {
	const char *name;
	int32_t usual, more; /* connections: from second 10 on, and in the ten seconds before the onset */
	uint32_t refused;    /* each second of the incident's first half minute */
	uint64_t lines;
};

static const struct {
	const char *fact;
	struct role roles[2];
	const char *class;
	int64_t onset_s;
	bool met; /* an application tells of as many refusals by a clock that nothing ties */
	bool stands;
	int64_t strength;
} cases[] = {
	/* one took most 400, had next to none 200, at a full minute 150 */
	{"a role that had none took twenty at a full minute", {{"app", 5, 0, 3, 900}, {"etl", 0, 20, 0, 50}}, "db.max_connections", 1040, false, true, 750},
	{"the usual role took them: no job", {{"app", 5, 20, 3, 900}, {"etl", 1, 0, 0, 50}}, "db.max_connections", 1020, false, false, 0},
	/* refused one 450, its own limit 450, at a full minute 150 */
	{"only a role that others outnumber was refused, at its own limit", {{"app", 5, 0, 0, 900}, {"etl", 2, 0, 3, 190}}, "db.role_limit", 1020, false, true, 1050},
	{"the role that the log mostly tells of", {{"app", 5, 0, 3, 900}, {"etl", 2, 0, 0, 50}}, "db.max_connections", 1020, false, false, 0},
	/* unmet 200, serves nobody 100, full minute 150 */
	{"the same, and no user met a refusal", {{"app", 5, 0, 3, 900}, {"etl", 2, 0, 0, 50}}, "db.max_connections", 1020, false, true, 450},
	{"but an application met as many by a clock that nothing ties", {{"app", 5, 0, 3, 900}, {"etl", 2, 0, 0, 50}}, "db.max_connections", 1020, true, false, 0},
};

/* A job is refused at its own limit from 1000 to 1029, everybody at the server's from 1070 to 1099: 90 refusals of the one, 300 of the other.
 * Refused one 450, its own limit 450, nobody's request failed meanwhile 100; at 1000 s no full minute. */
static void by_phase(void)
{
	struct stage x = {0};
	made_init(&x.m);
	struct part *db = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	struct part *web = made_log(&x.m, "web.log", TIER_WEB, "nginx", 1000, 0, 2000);
	size_t cap = 0;
	static const struct {
		const char *role, *class;
		int64_t from_s, to_s;
		uint32_t n;
		uint64_t lines;
	} each[] = {{"etl", "db.role_limit", 1000, 1030, 3, 190}, {"app", "db.max_connections", 1070, 1100, 10, 1900}};
	for (size_t i = 0; i < 2; i++) {
		for (int64_t s = each[i].from_s; s < each[i].to_s; s++) {
			made_second(db, "db.connections.exhausted", each[i].class, FACET_NONE, "", s, each[i].n, 0, 0);
			made_second(db, "db.connections.exhausted", each[i].class, FACET_USER, each[i].role, s, each[i].n, 0, 0);
		}
		db->users = memory_grow(db->users, &cap, i + 1, sizeof *db->users);
		db->users[db->users_n++] = (struct top){made_string(each[i].role), each[i].lines, each[i].n * 30};
	}
	made_run(web, "http.requests", "", 0, 2000, 5, 0, 0);
	made_run(web, "http.failed", "", 1070, 1100, 5, 0, 0);
	stage_set(&x, 1000, 1100);
	struct fold_source *front = &x.m.fold->sources[stage_source(&x, "web.log")];
	front->clock.method = "request ids";
	front->clock.root = (int)stage_source(&x, "pg.log");
	stage_burst(&x, "pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1029, 90);
	stage_burst(&x, "pg.log", "db.connections.exhausted", "db.max_connections", 1070, 1099, 300);
	stage_refusal(&x, "pg.log", "db.role_limit", 1000, 1029, 90, false);
	stage_refusal(&x, "pg.log", "db.max_connections", 1070, 1099, 300, false);
	x.in->refused = (struct known){true, 390, NULL};
	x.in->impact.requests = (struct known){true, 500, NULL};
	x.in->impact.failed = (struct known){true, 150, NULL};
	taken_find(&x.s, &x.found);
	const struct hypothesis *h = stage_found(&x, "batch_job");
	FACT(stage_stands(&x, "batch_job") && h->strength == 1000, "who was refused first is asked of the first phase, not of 390 refusals");
	FACT(h && stage_says(h, false, "90 of 90 refusals are of role etl"), "and with its numbers");
	FACT(h && stage_says(h, false, "none of 150 requests of users failed meanwhile"), "as are the users' requests of that time");
	FACT(h && h->excess.count == 90, "its events are the phase's");
	stage_release(&x);
}

/* 100 refusals of the server's limit from 1000 to 1019; of a role etl, which no line but its refusals tells of, 100 - `others`; of app the
 * others; users met `failed` of them. `named`: the log tells roles. Others 10 and failed 10: it is etl's alone, 450. */
static void who_met_them(uint32_t others, int64_t failed, bool named, int64_t strength, const char *fact)
{
	struct stage x = {0};
	made_init(&x.m);
	struct part *db = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	made_log(&x.m, "web.log", TIER_WEB, "nginx", 1000, 0, 2000);
	for (int64_t s = 1005; s < 1025; s++) {
		made_second(db, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", s, 5, 0, 0);
		uint32_t app = others / 20 + (s - 1005 < others % 20);
		if (named && app)
			made_second(db, "db.connections.exhausted", "db.max_connections", FACET_USER, "app", s, app, 0, 0);
		if (named && app < 5)
			made_second(db, "db.connections.exhausted", "db.max_connections", FACET_USER, "etl", s, 5 - app, 0, 0);
	}
	stage_set(&x, 1005, 1060);
	stage_flat(&x, 5);
	stage_burst(&x, "pg.log", "db.connections.exhausted", "db.max_connections", 1005, 1024, 100);
	stage_refusal(&x, "pg.log", "db.max_connections", 1005, 1024, 100, false);
	x.in->refused = (struct known){true, 100, NULL};
	x.in->impact.requests = (struct known){true, 500, NULL};
	x.in->impact.failed = (struct known){true, failed, NULL};
	taken_find(&x.s, &x.found);
	const struct hypothesis *h = stage_found(&x, "batch_job");
	FACT(stage_stands(&x, "batch_job") == (strength > 0) && (!strength || h->strength == strength), fact);
	FACT(strength != 450 || stage_says(h, false, "they met 10, and the other roles were refused 10 times"), "with both numbers");
	FACT(strength != 250 || stage_says(h, false, "users met 20 of 100 refusals"), "with both numbers");
	stage_release(&x);
}

int main(void)
{
	by_phase();
	who_met_them(10, 10, true, 450, "what users met are the refusals of the other roles: the one that most were of serves none");
	who_met_them(10, 40, true, 0, "but users met more than the others': some were of that one");
	who_met_them(2, 2, true, 0, "of two of others nothing can be told");
	who_met_them(0, 20, false, 250, "without roles: users met one refusal in five");
	who_met_them(0, 21, false, 0, "or more");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t onset = cases[i].onset_s;
		bool unmet = i >= 4;
		struct stage x = {0};
		made_init(&x.m);
		struct part *db = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000), *app = NULL;
		if (cases[i].met) {
			app = made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
			made_run(app, "db.connections.exhausted", "db.max_connections", 1500, 1590, 1, 0, 0); /* no repetition: another shape */
		}
		size_t cap = 0;
		for (size_t k = 0; k < 2; k++) {
			const struct role *r = &cases[i].roles[k];
			if (r->usual)
				made_session(db, HOLDER_USER, r->name, 10, r->usual);
			for (int32_t n = 0; n < r->more; n++)
				made_session(db, HOLDER_USER, r->name, onset - 20 + n / 2, 1);
			for (int64_t s = onset; r->refused && s < onset + 30; s++) {
				made_second(db, "db.connections.exhausted", cases[i].class, FACET_NONE, "", s, r->refused, 0, 0);
				made_second(db, "db.connections.exhausted", cases[i].class, FACET_USER, r->name, s, r->refused, 0, 0);
			}
			db->users = memory_grow(db->users, &cap, k + 1, sizeof *db->users);
			db->users[db->users_n++] = (struct top){made_string(r->name), r->lines, 0};
		}
		stage_set(&x, onset, onset + 60);
		stage_burst(&x, "pg.log", "db.connections.exhausted", cases[i].class, onset, onset + 29, 90);
		stage_refusal(&x, "pg.log", cases[i].class, onset, onset + 29, 90, false);
		x.in->refused = (struct known){true, 90, NULL};
		if (unmet) {
			x.in->impact.requests = (struct known){true, 500, NULL};
			x.in->impact.failed = (struct known){true, 0, NULL};
		}
		taken_find(&x.s, &x.found);
		FACT(stage_stands(&x, "batch_job") == cases[i].stands, cases[i].fact);
		FACT(!stage_stands(&x, "batch_job") || stage_found(&x, "batch_job")->strength == cases[i].strength, cases[i].fact);
		stage_release(&x);
	}
	return unit_done();
}
