#include "incident/trickle.h"

#include "incident/finding.h"
#include "made.h"

static const struct finding *find(const struct draft *d, const char *kind, const char *text)
{
	for (size_t i = 0; i < d->findings.n; i++)
		if (!strcmp(d->findings.items[i].kind, kind) && strstr(d->findings.items[i].text, text))
			return &d->findings.items[i];
	return NULL;
}

static struct draft *draft_of(struct made *m, int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->window_start_us = made_us(0, 0);
	d->window_end_us = made_us(7200, 0);
	if (from_s < to_s) {
		d->incidents = memory_new(1, sizeof *d->incidents);
		d->incidents_n = 1;
		d->incidents[0].onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 1000), NULL};
		d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	}
	trickle_find(made_fold(m), d);
	return d;
}

static void refusals(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 7200);
	for (int64_t s = 600; s <= 6600; s += 600) {
		made_second(p, "db.connections.exhausted", "db.role_limit", FACET_NONE, "", s, s == 1200 ? 2 : 1, 5, 5);
		made_second(p, "db.connections.exhausted", "db.role_limit", FACET_USER, "etl", s, s == 1200 ? 2 : 1, 5, 5);
	}
	made_run(p, "http.server_error", "http.500", 10, 20, 1, 0, 5); /* no refusal */
	struct draft *d = draft_of(&m, 3500, 3700);
	const struct finding *f = find(d, "trickle", "");
	TEXT_IS(f ? f->text : "",
		"11 refusals below a burst, no incident: \"database refuses connections\" (db.role_limit) in pg.log, from 11:10:00 to 12:50:00 (1 h 40 min), at most 2 in a "
		"second, of user \"etl\".",
		"refusals outside of incidents are a trickle; the one near the incident is not counted");
	FACT(d->findings.n == 1 && f->evidence.n == 2 && f->count.value == 11 && f->end_us == made_us(6600, 5), "one finding, with its first and last record");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	p = made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 7200);
	p->zone = STAMP_NONE;
	made_second(p, "app.pool.exhausted", "pool.wait_timeout", FACET_NONE, "", 900, 1, 5, 5);
	d = draft_of(&m, 3500, 3700);
	FACT(!d->findings.n, "what a clock that is not known shows may have been in the incident");
	draft_free(d);
	d = memory_new(1, sizeof *d);
	trickle_find(m.fold, d);
	f = find(d, "trickle", "1 refusal below a burst");
	FACT(f && strstr(f->text, "prints no zone") && f->evidence.n == 1, "without any incident it is told, with its clock");
	draft_free(d);
	made_release(&m);
}

static void gauge(struct part *p, const char *name, const char *key, int64_t second, uint64_t value)
{
	struct gauge *g = NULL;
	for (size_t i = 0; i < p->gauges_n && !g; i++)
		if (!strcmp(p->gauges[i].name, name))
			g = &p->gauges[i];
	if (!g) {
		size_t cap = p->gauges_n;
		p->gauges_width_s = 1;
		p->gauges = memory_grow(p->gauges, &cap, p->gauges_n + 1, sizeof *p->gauges);
		g = &p->gauges[p->gauges_n++];
		*g = (struct gauge){.name = made_string(name), .key = made_string(key)};
	}
	size_t cap = g->n;
	g->cells = memory_grow(g->cells, &cap, g->n + 1, sizeof *g->cells);
	g->cells[g->n++] = (struct number_cell){(uint32_t)(MADE_T0 + second), 1, value, value, made_us(second, 0), (uint64_t)second * 50, (uint32_t)second + 1, 49};
}

static void near_misses(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 7200);
	gauge(p, "postgresql.max_connections", "", 0, 103); /* three are reserved */
	made_session(p, HOLDER_USER, "app", 10, 90);
	made_session(p, HOLDER_USER, "app", 1000, 5);
	made_session(p, HOLDER_USER, "app", 1010, 3);
	made_session(p, HOLDER_USER, "app", 1060, -50);
	made_session(p, HOLDER_USER, "app", 2000, 49); /* 97 */
	made_session(p, HOLDER_USER, "app", 2030, -30);
	made_second(p, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 2100, 1, 5, 5);
	struct draft *d = draft_of(&m, 0, 0);
	const struct finding *f = find(d, "near_miss", "");
	TEXT_IS(f ? f->text : "",
		"Near its limit, none refused: at least 98 of 100 connections were open at 11:16:50 (the log says max_connections = 103; less 3 that are reserved unless the "
		"configuration says otherwise); 95 % or more for 1 min 0 s.",
		"95 of 100 is near");
	FACT(f && f->count.value == 98 && d->findings.n == 2 && find(d, "trickle", "1 refusal"), "near, and refused a minute later, is a trickle only");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	p = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 0, 7200);
	for (int64_t s = 0; s < 1000; s += 10)
		gauge(p, "haproxy.queue.backend", "be", s, s == 500 ? 40 : 0);
	d = draft_of(&m, 0, 0);
	f = find(d, "near_miss", "");
	TEXT_IS(f ? f->text : "", "A queue that drained, nobody refused: 40 requests waited in the load balancer's queue for \"be\" at 11:08:20 (haproxy.log).", "a queue that drained");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	p = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 0, 7200);
	for (int64_t s = 0; s < 1000; s += 10)
		gauge(p, "haproxy.queue.backend", "be", s, s == 500 ? 40 : 10);
	d = draft_of(&m, 0, 0);
	FACT(!d->findings.n, "a queue as there always is one is not told");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	refusals();
	near_misses();
	return unit_done();
}
