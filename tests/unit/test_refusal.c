#include "incident/refusal.h"

#include "made.h"

#define SIGNAL "db.connections.exhausted"

/* An incident from 100 to 160 s; its bursts do not matter for sources that print their zone. */
static struct draft *incident(void)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].id = made_string("000000000001");
	d->incidents[0].onset = (struct moment){made_us(100, 0), made_us(99, 0), made_us(100, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(160, 0), made_us(160, 0), made_us(160, 1000), NULL};
	return d;
}

struct case_log {
	const char *key;
	enum tier tier;
	const char *signal, *class;
	int64_t from_s, to_s; /* what the log covers */
	uint32_t per_second;  /* refusals from 100 to 160 */
};

static const struct incident *counted(struct made *m, struct draft **d, const struct case_log *logs, size_t n)
{
	made_init(m);
	for (size_t i = 0; i < n; i++) {
		struct part *p = made_log(m, logs[i].key, logs[i].tier, "x", 1000, logs[i].from_s, logs[i].to_s);
		for (int64_t s = 100; s < 160 && logs[i].per_second; s++)
			if (s >= logs[i].from_s && s <= logs[i].to_s)
				made_second(p, logs[i].signal, logs[i].class, FACET_NONE, "", s, logs[i].per_second, 0, 500000);
	}
	*d = incident();
	refusal_count(made_fold(m), *d);
	return &(*d)->incidents[0];
}

static void done(struct made *m, struct draft *d)
{
	draft_free(d);
	made_release(m);
}

static void once(void)
{
	static const struct case_log all[] = {
		{"pg.log", TIER_DB, SIGNAL, "db.max_connections", 0, 300, 10},
		{"bouncer.log", TIER_POOL, "pool.connections.exhausted", "pool.wait_timeout", 0, 300, 4},
		{"app.log", TIER_APP, SIGNAL, "db.max_connections", 0, 300, 10},
	};
	struct made m;
	struct draft *d;
	const struct incident *in = counted(&m, &d, all, 3);
	FACT(in->refused.known && in->refused.value == 600 && refusal_tier(in) == TIER_DB, "the database counts, nobody is added");
	FACT(in->refusals_n == 3 && in->refusals[1].tier == TIER_POOL && in->refusals[1].echo && in->refusals[2].echo,
	     "the others are echoes, deepest first");
	done(&m, d);
	in = counted(&m, &d, all + 1, 2);
	FACT(in->refused.value == 240 && refusal_tier(in) == TIER_POOL, "without a database log the pooler counts");
	done(&m, d);
	in = counted(&m, &d, all + 2, 1);
	FACT(in->refused.value == 600 && refusal_tier(in) == TIER_APP, "without both the application does");
	done(&m, d);
}

static void coverage(void)
{
	static const struct case_log cut[] = {
		{"pg.log", TIER_DB, SIGNAL, "db.max_connections", 0, 109, 10},
		{"app.log", TIER_APP, SIGNAL, "db.max_connections", 0, 300, 10},
	};
	static const struct case_log late[] = {
		{"pg.log", TIER_DB, SIGNAL, "db.max_connections", 0, 93, 10},
		{"app.log", TIER_APP, SIGNAL, "db.max_connections", 0, 300, 10},
	};
	struct made m;
	struct draft *d;
	const struct incident *in = counted(&m, &d, cut, 2);
	FACT(refusal_tier(in) == TIER_DB && in->refused.value == 100, "a log that ends within a minute of the last refusal covers it");
	done(&m, d);
	in = counted(&m, &d, late, 2);
	FACT(refusal_tier(in) == TIER_APP && in->refused.value == 600, "one that was over before the incident counts nothing");
	done(&m, d);
	in = counted(&m, &d, (const struct case_log[]){{"access.log", TIER_WEB, "", "", 0, 300, 0}}, 1);
	FACT(!in->refused.known && in->refused.reason && !in->refusals_n, "a web server's log does not say how many were refused");
	done(&m, d);
	in = counted(&m, &d, (const struct case_log[]){{"pg.log", TIER_DB, "", "", 0, 300, 0}}, 1);
	FACT(in->refused.known && in->refused.value == 0, "a database that refused nobody says so");
	done(&m, d);
}

static void scope(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 300);
	made_run(p, SIGNAL, "db.role_limit", 100, 110, 3, 0, 0);
	made_run(p, SIGNAL, "db.max_connections", 100, 110, 5, 0, 0);
	for (int64_t s = 100; s < 110; s++) {
		made_second(p, SIGNAL, "db.role_limit", FACET_USER, "etl", s, 3, 0, 0);
		made_second(p, SIGNAL, "db.max_connections", FACET_USER, "shop", s, 3, 0, 0);
	}
	for (int64_t s = 100; s < 110; s++)
		made_second(p, SIGNAL, "db.max_connections", FACET_USER, "cron", s, 2, 0, 0);
	made_run(p, SIGNAL, "db.database_limit", 200, 210, 9, 0, 0);
	struct draft *d = incident();
	refusal_count(made_fold(&m), d);
	const struct incident *in = &d->incidents[0];
	FACT(in->refusals_n == 2 && in->refused.value == 80, "what is refused after the end does not count");
	FACT(in->refusals_n == 2 && !in->refusals[0].user && in->refusals[0].count == 50, "two users are no scope");
	FACT(in->refusals_n == 2 && in->refusals[1].user && !strcmp(in->refusals[1].user, "etl") &&
		     !strcmp(in->refusals[1].class, "db.role_limit"),
	     "one is, per class");
	FACT(in->refusals_n == 2 && in->refusals[0].onset.at_us == made_us(100, 0) && in->refusals[0].end.at_us == made_us(109, 0),
	     "from the first to the last");
	done(&m, d);
}

/* A log that prints no zone and has too few refusals for a burst of its own. */
static void no_zone(void)
{
	struct made m;
	made_init(&m);
	struct part *pg = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 300);
	struct part *app = made_log(&m, "app.log", TIER_APP, "python_logging", 1000, 0, 9000);
	made_run(pg, SIGNAL, "db.max_connections", 100, 160, 10, 0, 0);
	app->zone = STAMP_NONE;
	made_run(app, SIGNAL, "db.max_connections", 120, 134, 1, 0, 0);
	made_run(app, SIGNAL, "db.max_connections", 5000, 5001, 1, 0, 0);
	struct draft *d = incident();
	refusal_count(made_fold(&m), d);
	const struct incident *in = &d->incidents[0];
	FACT(in->refusals_n == 2 && in->refusals[1].tier == TIER_APP && in->refusals[1].count == 14 && in->refusals[1].echo,
	     "what falls within the incident as its stamps are taken is an echo, nothing else");
	FACT(in->refused.value == 600, "and is not added");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	app = made_log(&m, "app.log", TIER_APP, "python_logging", 1000, 0, 9000);
	app->zone = STAMP_NONE;
	made_run(app, SIGNAL, "db.max_connections", 120, 134, 1, 0, 0);
	d = incident();
	refusal_count(made_fold(&m), d);
	FACT(!d->incidents[0].refusals_n, "alone it counts nothing: its clock is only assumed");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	no_zone();
	once();
	coverage();
	scope();
	return unit_done();
}
