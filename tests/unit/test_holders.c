#include "incident/holders.h"

#include "made.h"

static struct draft *incident(const struct fold *f, int64_t at_s, bool full)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	struct incident *in = &d->incidents[0];
	in->onset = (struct moment){made_us(at_s, 500000), made_us(at_s, 500000), made_us(at_s, 501000), NULL};
	in->end = in->onset;
	if (full) {
		in->refusals = memory_new(1, sizeof *in->refusals);
		in->refusals_n = 1;
		in->refusals[0].tier = TIER_DB;
		in->refusals[0].source = made_string(f->sources[0].id);
		in->refusals[0].class = made_string("db.max_connections");
		in->refusals[0].onset = in->onset;
		in->refusals[0].end = in->onset;
	}
	return d;
}

static void open(struct part *p, const char *role, int64_t second, int32_t delta)
{
	made_session(p, HOLDER_USER, role, second, delta);
}

/* The curve of two roles over a start, a restart and the rotation of the log in between. */
static void over_a_restart(void)
{
	struct made m;
	made_init(&m);
	struct part *one = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 499);
	made_event(one, "db.restart", "db.starting", 5 * SECOND_US, "", "");
	made_event(one, "db.ready", "db.ready", 5 * SECOND_US + 10000, "", "");
	open(one, "shop", 5, -3); /* the old server's sessions end in the second of the start */
	open(one, "shop", 10, 7);
	open(one, "etl", 20, 2);
	open(one, "shop", 100, -1);
	open(one, "shop", 300, -4);
	open(one, "etl", 350, 1);
	open(one, "shop", 400, 3);
	open(one, "etl", 410, -1);
	open(one, "shop", 450, -5);
	made_event(one, "db.restart", "db.shutdown_requested", 449 * SECOND_US, "", "");
	made_event(one, "db.ready", "db.ready", 460 * SECOND_US, "", "");
	open(one, "shop", 470, 1);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 200, true);
	holders_count(f, d);
	const struct holders *h = &d->incidents[0].holders;
	FACT(h->open.known && h->open.value == 8 && h->n == 2 && h->items[0].count == 6 && h->items[1].count == 2,
	     "who was open at the onset: opened minus closed since the server's start");
	FACT(h->items[0].at_least == 0, "and nobody that was not seen to come");
	FACT(h->limit.known && h->limit.value == 9 && h->limit_how, "the limit is the most that was open up to the first refusal");
	draft_free(d);
	d = incident(f, 480, true);
	holders_count(f, d);
	FACT(d->incidents[0].holders.open.value == 1, "after a restart counting begins anew");
	draft_free(d);
	d = incident(f, 2000, true);
	holders_count(f, d);
	FACT(!d->incidents[0].holders.open.known && !d->incidents[0].holders.n && d->incidents[0].holders.reason,
	     "of an onset that the log does not cover nothing is known");
	draft_free(d);
	d = incident(f, 200, false);
	holders_count(f, d);
	FACT(!d->incidents[0].holders.limit.known && d->incidents[0].holders.limit.reason, "without a refusal no limit is claimed");
	draft_free(d);
	struct session_cell *levels;
	size_t n = holders_levels(f, 0, HOLDER_USER, NULL, &levels);
	int32_t at_200 = -1, at_460 = -1, last = -1;
	for (size_t i = 0; i < n; i++) {
		if (levels[i].start_s <= (uint32_t)(MADE_T0 + 200))
			at_200 = levels[i].delta;
		if (levels[i].start_s <= (uint32_t)(MADE_T0 + 460))
			at_460 = levels[i].delta;
		last = levels[i].delta;
	}
	struct session_cell *etl;
	size_t etl_n = holders_levels(f, 0, HOLDER_USER, "etl", &etl);
	int32_t etl_at_200 = -1;
	for (size_t i = 0; i < etl_n; i++)
		if (etl[i].start_s <= (uint32_t)(MADE_T0 + 200))
			etl_at_200 = etl[i].delta;
	FACT(etl_at_200 == 2, "and of one role alone");
	memory_free(etl);
	FACT(at_200 == 8 && at_460 == 0 && last == 1, "the curve falls to nought at the restart");
	memory_free(levels);
	made_release(&m);
}

/* The log begins while the server runs: who was open is known only when it leaves. */
static void without_a_start(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 499);
	open(p, "shop", 10, 2);
	open(p, "shop", 50, -5); /* three of them were open before the log began */
	open(p, "shop", 60, 4);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 20, true);
	holders_count(f, d);
	const struct holders *h = &d->incidents[0].holders;
	FACT(h->n == 1 && h->items[0].count == 5 && h->items[0].at_least == 3, "sessions that are only seen to leave were there");
	FACT(h->limit.known && h->limit.value == 5 && strstr(h->limit_how, "at least"), "the limit is at least what was open: others may never have left");
	draft_free(d);
	made_release(&m);
}

/* Rotation: a session that one file opens and the next one closes. */
static void over_rotation(void)
{
	struct made m;
	made_init(&m);
	struct part *one = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 99);
	struct part *two = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 100, 199);
	made_event(one, "db.ready", "db.ready", 0, "", "");
	open(one, "shop", 10, 6);
	open(two, "shop", 120, -2);
	two->sessions[0].before = 2;
	open(two, "shop", 130, 1);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 125, true);
	holders_count(f, d);
	FACT(d->incidents[0].holders.open.value == 4 && d->incidents[0].holders.items[0].at_least == 0,
	     "a session that is opened in one file and closed in the next is one session");
	FACT(d->incidents[0].holders.limit.known && d->incidents[0].holders.limit.value == 6, "and the curve is whole");
	draft_free(d);
	made_release(&m);
}

/* A pooler's session opens without a name, and closes in the next file under the name that it got. */
static void renamed_over_rotation(void)
{
	struct made m;
	made_init(&m);
	struct part *one = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 99);
	struct part *two = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 100, 199);
	made_event(one, "db.ready", "db.ready", 0, "", "");
	open(one, "shop", 10, 3);
	made_session(one, HOLDER_APPLICATION, "shop-api", 10, 3);
	open(one, "billing", 30, 2);
	made_session(one, HOLDER_APPLICATION, "", 30, 2);
	open(two, "billing", 150, -2);
	made_session(two, HOLDER_APPLICATION, "billing", 150, -2);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 20, false);
	holders_count(f, d);
	const struct holders *h = &d->incidents[0].holders;
	FACT(h->open.value == 3 && h->n == 2 && !strcmp(h->items[1].name, "shop-api") && h->items[1].count == 3,
	     "it was not open before it was opened: applications are no more than roles");
	draft_free(d);
	d = incident(f, 120, false);
	holders_count(f, d);
	h = &d->incidents[0].holders;
	int64_t applications = 0;
	for (size_t i = 0; i < h->n; i++)
		applications += !strcmp(h->items[i].dimension, "application") ? h->items[i].count : 0;
	FACT(h->open.value == 5 && applications == 5, "and is one session while it is");
	draft_free(d);
	made_release(&m);
	/* Twenty rotations: two sessions are closed and two are opened in each file. */
	made_init(&m);
	for (int64_t i = 0; i < 20; i++) {
		struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, i * 100, i * 100 + 99);
		if (!i)
			made_event(p, "db.ready", "db.ready", 0, "", "");
		if (i)
			open(p, "billing", i * 100 + 10, -2);
		if (i)
			made_session(p, HOLDER_APPLICATION, "billing", i * 100 + 10, -2);
		open(p, "billing", i * 100 + 20, 2);
		made_session(p, HOLDER_APPLICATION, "", i * 100 + 20, 2);
	}
	f = made_fold(&m);
	d = incident(f, 1050, false);
	holders_count(f, d);
	h = &d->incidents[0].holders;
	FACT(h->open.value == 2 && h->n == 2 && !*h->items[1].name && h->items[1].count == 2 && !h->items[1].at_least,
	     "however often the log is rotated");
	struct session_cell *levels;
	size_t n = holders_levels(f, 0, HOLDER_APPLICATION, "", &levels);
	FACT(n && levels[n - 1].delta == 2, "and the curve does not grow with it");
	memory_free(levels);
	draft_free(d);
	made_release(&m);
	/* The log begins with two sessions open; who opened nothing in it opened them. */
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 199);
	open(p, "shop", 60, -2);
	made_session(p, HOLDER_APPLICATION, "shop-api", 60, -2);
	f = made_fold(&m);
	d = incident(f, 20, false);
	holders_count(f, d);
	h = &d->incidents[0].holders;
	FACT(h->n == 2 && !strcmp(h->items[1].name, "shop-api") && h->items[1].count == 2 && h->items[1].at_least == 2,
	     "what was open when the log begins keeps its name");
	draft_free(d);
	made_release(&m);
}

static void gauge(struct part *p, const char *name, int64_t second, uint64_t value)
{
	size_t cap = p->gauges_n;
	p->gauges = memory_grow(p->gauges, &cap, p->gauges_n + 1, sizeof *p->gauges);
	p->gauges_width_s = 1;
	struct number_cell *cell = memory_new(1, sizeof *cell);
	*cell = (struct number_cell){(uint32_t)(MADE_T0 + second), 1, value, value, made_us(second, 0), 0, 1, 10};
	p->gauges[p->gauges_n++] = (struct gauge){made_string(name), made_string(""), cell, 1};
}

/* What states the limit, best first: the configuration, the log, the curve. */
static void limits(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 499);
	made_event(p, "db.ready", "db.ready", 0, "", "");
	open(p, "shop", 10, 6);
	gauge(p, "postgresql.max_connections", 5, 50);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 20, true);
	holders_count(f, d);
	FACT(d->incidents[0].holders.limit.value == 47 && strstr(d->incidents[0].holders.limit_how, "the log says max_connections = 50"),
	     "what the log said before the onset, less what is reserved");
	draft_free(d);
	d = incident(f, 2, true);
	holders_count(f, d);
	FACT(d->incidents[0].holders.limit.value != 47, "not what it said later");
	draft_free(d);
	struct story_postgresql conf = {(char *)(uintptr_t)"pg.log", (char *)(uintptr_t)"postgresql.conf", 80, 5, -1, NULL};
	m.options.postgresql = &conf;
	m.options.postgresql_n = 1;
	d = incident(f, 20, false);
	holders_count(f, d);
	FACT(d->incidents[0].holders.limit.value == 75, "the configuration, without a refusal too");
	TEXT_IS(d->incidents[0].holders.limit_how, "max_connections = 80 in postgresql.conf, less 5 that are reserved", "and how it is known");
	draft_free(d);
	made_release(&m);
}

static void none(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 499);
	struct fold *f = made_fold(&m);
	struct draft *d = incident(f, 20, true);
	struct session_cell *levels;
	holders_count(f, d);
	FACT(!d->incidents[0].holders.open.known && d->incidents[0].holders.reason, "without lines about sessions nothing is known, with a reason");
	FACT(holders_levels(f, 0, HOLDER_USER, NULL, &levels) == 0, "and there is no curve");
	memory_free(levels);
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	over_a_restart();
	without_a_start();
	over_rotation();
	renamed_over_rotation();
	limits();
	none();
	return unit_done();
}
