#include "incident/meanwhile.h"

#include "incident/finding.h"
#include "incident/holders.h"
#include "incident/statements.h"
#include "made.h"

static void work(struct part *p, const char *name, int64_t end_s, int64_t took_us)
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
		*g = (struct gauge){.name = made_string(name), .key = made_string("")};
	}
	size_t cap = g->n;
	g->cells = memory_grow(g->cells, &cap, g->n + 1, sizeof *g->cells);
	g->cells[g->n++] = (struct number_cell){(uint32_t)(MADE_T0 + end_s), 1, (uint64_t)took_us, (uint64_t)took_us, made_us(end_s, 0), 70, (uint32_t)end_s, 69};
}

static void statement(struct part *p, const char *sql, int64_t minute, uint32_t n, uint64_t each_us)
{
	size_t cap = p->statements_n;
	p->statements_width_s = 60;
	p->statements = memory_grow(p->statements, &cap, p->statements_n + 1, sizeof *p->statements);
	struct statement *s = &p->statements[p->statements_n++];
	*s = (struct statement){.sql = made_string(sql), .cells = memory_new(1, sizeof *s->cells), .n = 1};
	s->cells[0] = (struct number_cell){(uint32_t)(MADE_T0 + minute * 60), n, n * each_us, each_us, made_us(minute * 60, 0), 90, (uint32_t)minute, 80};
}

static const struct finding *find(const struct draft *d, const char *kind, const char *text)
{
	for (size_t i = 0; i < d->incidents[0].findings.n; i++)
		if (!strcmp(d->incidents[0].findings.items[i].kind, kind) && strstr(d->incidents[0].findings.items[i].text, text))
			return &d->incidents[0].findings.items[i];
	return NULL;
}

int main(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 7200);
	/* The incident: 3,600 to 3,900 s. */
	work(p, "postgresql.autovacuum.time", 3500, 30 * SECOND_US);  /* over 100 s before it */
	work(p, "postgresql.autovacuum.time", 3550, 20 * SECOND_US);  /* in the minute before it */
	work(p, "postgresql.autovacuum.time", 4000, 200 * SECOND_US); /* begins in it, ends behind it */
	work(p, "postgresql.autovacuum.time", 4100, 50 * SECOND_US);  /* behind it */
	work(p, "postgresql.checkpoint.time", 3700, 500000);          /* too short to tell */
	statement(p, "ALTER TABLE a ADD b int", 61, 1, 30000000);
	statement(p, "SELECT pg_sleep(***)", 56, 10, 3000000);
	statement(p, "SELECT pg_sleep(***)", 61, 15, 3000000);
	statement(p, "SELECT 1", 61, 10, 100000);
	made_session(p, HOLDER_USER, "report", 1800, 1);
	made_session(p, HOLDER_APPLICATION, "psql", 1800, 1);
	made_session(p, HOLDER_USER, "late", 3400, 1);
	made_session(p, HOLDER_USER, "pool", 100, 20);
	made_session(p, HOLDER_USER, "monitor", 7000, -1); /* open since before the log */
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(3600, 0), made_us(3600, 0), made_us(3600, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(3900, 0), made_us(3900, 0), made_us(3900, 1000), NULL};
	made_fold(&m);
	holders_count(m.fold, d);
	statements_find(m.fold, d);
	meanwhile_find(m.fold, d);
	const struct finding *f = find(d, "vacuum_overlap", "");
	TEXT_IS(f ? f->text : "", "2 autovacuums overlap the incident or the minute before it, the longest from 12:03:20 to 12:06:40 (3 min 20 s); 1 in as long a time before.", "logged at its end, with its time");
	FACT(f && f->count.value == 2 && f->before.value == 1 && f->at.at_us == made_us(3800, 0) && f->evidence.n == 1 && f->evidence.items[0].line == 4000, "counted, with evidence");
	FACT(!find(d, "checkpoint_overlap", ""), "half a second of a checkpoint is not told");
	f = find(d, "slow_statement", "ALTER TABLE");
	TEXT_IS(f ? f->text : "", "Slow: \"ALTER TABLE a ADD b int\", logged 1 time with 30 s, from a minute before the onset to the end (none in as long a time before).", "a slow statement");
	FACT(!find(d, "slow_statement", "pg_sleep") && !find(d, "slow_statement", "SELECT 1"), "what was as slow before, or took little, is not told");
	f = find(d, "sessions_older", "\"report\"");
	TEXT_IS(f ? f->text : "", "1 session of role \"report\" was open at the onset since 11:30:01 or longer (29 min 59 s): none of it opened or closed in between.", "who was there since long before");
	f = find(d, "sessions_older", "\"monitor\"");
	FACT(f && f->at.at_us == made_us(0, 0), "open since before the log begins: since then at least");
	FACT(!find(d, "sessions_older", "psql"), "a role and an application of one session are told once");
	FACT(!find(d, "sessions_older", "pool") && !find(d, "sessions_older", "late"), "pools are not told, nor what opened shortly before");
	draft_free(d);
	made_release(&m);
	return unit_done();
}
