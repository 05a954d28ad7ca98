#include "incident/symptom.h"

#include "made.h"

#define REFUSED "db.connections.exhausted"

static void exemplar(struct part *p, const char *class, int64_t second, uint64_t offset)
{
	size_t cap = p->exemplars_n;
	p->exemplars = memory_grow(p->exemplars, &cap, p->exemplars_n + 1, sizeof *p->exemplars);
	p->exemplars[p->exemplars_n++] = (struct exemplar){made_string(REFUSED), made_string(class), (uint32_t)(MADE_T0 + second),
							   made_us(second, 5000), (uint32_t)second, 80, offset, made_string("kept text")};
}

static void one_burst(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3600);
	made_second(p, REFUSED, "db.max_connections", FACET_NONE, "", 5, 1, 0, 0); /* a trickle, long before */
	made_run(p, REFUSED, "db.max_connections", 1000, 1060, 20, 1000, 900000);
	made_run(p, REFUSED, "db.role_limit", 1000, 1010, 3, 2000, 500000);
	for (int64_t s = 1000; s < 1060; s++)
		made_second(p, REFUSED, "db.max_connections", FACET_USER, "shop", s, 20, 1000, 900000);
	for (int64_t s = 1000; s < 1010; s++)
		made_second(p, REFUSED, "db.role_limit", FACET_USER, "etl", s, 3, 2000, 500000);
	exemplar(p, "db.max_connections", 1000, 1000 * 1000 * 100); /* the first event */
	exemplar(p, "db.max_connections", 1020, 77);
	exemplar(p, "db.max_connections", 1030, 78);
	exemplar(p, "db.max_connections", 2000, 79); /* outside */
	struct draft *d = memory_new(1, sizeof *d);
	symptom_find(made_fold(&m), d);
	FACT(d->bursts_n == 1, "one burst; the trickle before is none");
	if (d->bursts_n == 1) {
		const struct burst *b = &d->bursts[0];
		FACT(b->count == 60 * 20 + 10 * 3 && b->onset.at_us == made_us(1000, 1000) && b->end.at_us == made_us(1059, 900000),
		     "all classes of the signal together, from the first event to the last");
		FACT(b->classes.n == 2 && b->classes.items[0].count == 1200 && b->classes.items[1].count == 30 &&
			     !strcmp(b->class, "db.max_connections"),
		     "counted by class, the most frequent first");
		FACT(b->users.n == 2 && !strcmp(b->users.items[0].name, "shop") && b->users.items[0].count == 1200, "and by user");
		FACT(b->peak == 23 && b->peak_at_us == made_us(1000, 0), "the peak is the fullest second");
		FACT(b->evidence.n == 4 && b->evidence.items[0].offset == 1000 * 1000 * 100 && b->evidence.items[0].excerpt &&
			     b->evidence.items[2].offset == 77 && b->evidence.items[3].offset == 78,
		     "evidence: the first event, the last one, then kept texts from inside, none twice");
		FACT(b->evidence.items[1].reason && !b->evidence.items[1].excerpt, "evidence without a kept text says so");
		FACT(strstr(b->why, "1,230 events in 1 min 0 s, 20.5/s"), "why: how much in how long");
		FACT(symptom_refuses(b->signal) && symptom_visible(m.fold, b), "it refuses, and users see it");
	}
	draft_free(d);
	made_release(&m);
}

/* Refusals from 1000 s to 1059.9 s, in a log to which `change` happens. */
static struct draft *changed(struct made *m, void (*change)(struct fold_source *s))
{
	made_init(m);
	struct part *p = made_log(m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3600);
	made_run(p, REFUSED, "db.max_connections", 1000, 1060, 20, 1000, 900000);
	struct draft *d = memory_new(1, sizeof *d);
	struct fold *f = made_fold(m);
	change(&f->sources[0]);
	symptom_find(f, d);
	return d;
}

static void set_back(struct fold_source *s)
{
	s->shift.n = 2;
	s->shift.items = memory_new(2, sizeof *s->shift.items);
	s->shift.items[0] = (struct clock_stretch){made_us(0, 0), made_us(1030, 0), 0, 1000, 50, 50};
	s->shift.items[1] = (struct clock_stretch){made_us(1031, 0), made_us(3600, 0), 100 * SECOND_US, 1000, 50, 50};
}

static void gaps_around(struct fold_source *s)
{
	s->gaps_n = 2;
	s->gaps = memory_new(2, sizeof *s->gaps);
	s->gaps[0] = (struct fold_gap){made_us(700, 0), made_us(990, 0)};
	s->gaps[1] = (struct fold_gap){made_us(1070, 0), made_us(1200, 0)};
}

static void steps_and_gaps(void)
{
	struct made m;
	struct draft *d = changed(&m, set_back);
	FACT(d->bursts_n == 1 && d->bursts[0].onset.at_us == made_us(1000, 1000) && d->bursts[0].end.at_us == made_us(1059, 900000) &&
		     d->bursts[0].end.lower_us == d->bursts[0].onset.at_us && d->bursts[0].end.upper_us >= made_us(1059, 901000),
	     "a clock that is set within a burst does not end it before its onset");
	FACT(d->bursts_n == 1 && strstr(d->bursts[0].end.reason, "its clock was set within the burst"), "and the end says so");
	draft_free(d);
	made_release(&m);
	d = changed(&m, gaps_around);
	FACT(d->bursts_n == 1 && d->bursts[0].onset.at_us == made_us(1000, 1000) && d->bursts[0].onset.lower_us == made_us(700, 0) &&
		     d->bursts[0].onset.upper_us == made_us(1000, 2000),
	     "the onset lies between the last record before a gap and the first event");
	FACT(d->bursts_n == 1 && d->bursts[0].end.at_us == made_us(1059, 900000) && d->bursts[0].end.lower_us == made_us(1059, 900000) &&
		     d->bursts[0].end.upper_us == made_us(1200, 1000),
	     "the end between the last event and the first record behind one");
	FACT(d->bursts_n == 1 && strstr(d->bursts[0].onset.reason, "the log has a gap before it") && strstr(d->bursts[0].end.reason, "the log has a gap behind it"),
	     "both say so");
	draft_free(d);
	made_release(&m);
}

/* Two instances of one application and the access log before them. The second instance refuses 20 times within one second, at 1030 s. */
static struct draft *instances(struct made *m, uint32_t first_refuses, uint32_t users_fail, int64_t ahead_s, int64_t unsure_s)
{
	made_init(m);
	struct part *web = made_log(m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600);
	made_run(web, "http.requests", "", 0, 3600, 10, 0, 0);
	if (users_fail)
		made_run(web, "http.server_error", "http.500", 1000, 1060, users_fail, 0, 0);
	struct part *one = made_log(m, "app1.log", TIER_APP, "app_json", 1000, 0, 3600);
	if (first_refuses)
		made_run(one, "app.pool.exhausted", "pool.wait_timeout", 1000, 1060, first_refuses, 1000, 900000);
	struct part *two = made_log(m, "app2.log", TIER_APP, "app_json", 1000, 0, 3600);
	made_second(two, "app.pool.exhausted", "pool.wait_timeout", FACET_NONE, "", 1030 + ahead_s, 20, 1000, 900000);
	struct fold *f = made_fold(m);
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->sources[i].key, "app2.log")) {
			f->sources[i].clock = (struct clock_estimate){.method = "request ids", .root = (ptrdiff_t)(i ? 0 : 1), .total_us = ahead_s * SECOND_US,
								      .total_uncertainty_us = unsure_s * SECOND_US};
			f->sources[i].uncertainty_us = SECOND_US / 2;
		}
	struct draft *d = memory_new(1, sizeof *d);
	symptom_find(f, d);
	return d;
}

static const struct burst *burst_of(const struct made *m, const struct draft *d, const char *key)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (!strcmp(m->fold->sources[d->bursts[i].source_index].key, key))
			return &d->bursts[i];
	return NULL;
}

static void met(void)
{
	struct made m;
	struct draft *d = instances(&m, 0, 0, 0, 0);
	FACT(!d->bursts_n, "a second of refusals in one instance is a lone peak");
	draft_free(d);
	made_release(&m);
	d = instances(&m, 5, 0, 0, 0);
	const struct burst *b = burst_of(&m, d, "app2.log");
	FACT(d->bursts_n == 2 && b && b->count == 20 && b->onset.at_us == made_us(1030, 1000), "a burst while another instance refuses");
	FACT(b && strstr(b->why, "alone it would be no more than a peak, but other logs fail at the same time"), "and says so");
	b = burst_of(&m, d, "app1.log");
	FACT(b && b->count == 300 && !strstr(b->why, "alone"), "the other one needs nobody");
	draft_free(d);
	made_release(&m);
	d = instances(&m, 0, 5, 0, 0);
	FACT(burst_of(&m, d, "app2.log"), "or while users fail");
	draft_free(d);
	made_release(&m);
	/* Its clock shows 1430 s when it is 1030 s by that of the access log. */
	d = instances(&m, 0, 5, 400, 2);
	FACT(burst_of(&m, d, "app2.log"), "by the clock that both were compared with");
	draft_free(d);
	made_release(&m);
	d = instances(&m, 0, 5, 400, 60);
	FACT(!burst_of(&m, d, "app2.log"), "that is not known to a minute: nobody knows what failed then");
	draft_free(d);
	made_release(&m);
}

static void nested_steps(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600);
	made_run(p, "http.requests", "", 0, 3600, 10, 0, 0);
	made_run(p, "http.server_error", "http.500", 2000, 2060, 5, 0, 0); /* what happens now is no baseline for slowness */
	made_run(p, "http.server.slow", "slow.1s", 2000, 2060, 9, 0, 0);
	made_run(p, "http.server.slow", "slow.2_5s", 2000, 2060, 8, 0, 0);
	made_run(p, "http.server.slow", "slow.5s", 2000, 2060, 7, 0, 0);
	struct fold *f = made_fold(&m);
	struct fold_series s = symptom_series(f, 0, "http.server.slow");
	FACT(s.total == 540 && s.n == 60, "of nested steps one is taken, never their sum");
	memory_free(s.bins);
	struct draft *d = memory_new(1, sizeof *d);
	symptom_find(f, d);
	const struct burst *slow = NULL;
	for (size_t i = 0; i < d->bursts_n; i++)
		slow = strcmp(d->bursts[i].signal, "http.server.slow") ? slow : &d->bursts[i];
	FACT(d->bursts_n == 2 && slow && slow->count == 540 && !strcmp(slow->class, "slow.1s") && slow->classes.n == 1,
	     "a burst of slow requests has the step's class alone");
	draft_free(d);
	made_release(&m);
}

static void twins_and_changes(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.csv", TIER_DB, "postgresql_csv", 1000, 0, 3600);
	made_run(p, REFUSED, "db.max_connections", 1000, 1060, 20, 1000, 900000);
	made_run(p, "process.start", "process.start", 1000, 1060, 20, 1000, 900000);
	struct fold *f = made_fold(&m);
	f->sources[0].twin_of = 0;
	struct draft *d = memory_new(1, sizeof *d);
	symptom_find(f, d);
	FACT(!d->bursts_n, "a twin has no bursts of its own");
	f->sources[0].twin_of = -1;
	symptom_find(f, d);
	FACT(d->bursts_n == 1, "and a change is no symptom, however often it comes");
	draft_free(d);
	made_release(&m);
}

static void counting(void)
{
	struct fold_bin bins[] = {{.bin = {.start_s = 10, .n = 5, .first_us = 100, .last_us = 900}},
				  {.bin = {.start_s = 12, .n = 7, .first_us = 0, .last_us = 0}},
				  {.bin = {.start_s = 20, .n = 11, .first_us = 5, .last_us = 999999}}};
	struct fold_series s = {.bins = bins, .n = 3, .width_s = 1};
	const struct fold_bin *first, *last;
	FACT(symptom_count(&s, 10 * SECOND_US + 900, 12 * SECOND_US) == 12, "both ends are included");
	FACT(symptom_count(&s, 10 * SECOND_US + 901, 12 * SECOND_US - 1) == 0, "what lies outside is not");
	FACT(symptom_span(&s, 0, INT64_MAX, &first, &last) && first == bins && last == bins + 2, "the span of all");
	FACT(!symptom_span(&s, 13 * SECOND_US, 19 * SECOND_US, &first, &last) && !first, "no span of nothing");
}

int main(void)
{
	one_burst();
	steps_and_gaps();
	met();
	nested_steps();
	twins_and_changes();
	counting();
	return unit_done();
}
