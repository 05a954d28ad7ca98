#include "incident/metrics.h"
#include "incident/statements.h"

#include "made.h"

static struct number_cell *number(struct number_cell **cells, size_t *n, int64_t second, uint32_t count, uint64_t sum, uint64_t max)
{
	size_t cap = *n;
	*cells = memory_grow(*cells, &cap, *n + 1, sizeof **cells);
	struct number_cell *c = &(*cells)[(*n)++];
	*c = (struct number_cell){(uint32_t)(MADE_T0 + second), count, sum, max, made_us(second, 500), (uint64_t)second * 100, (uint32_t)second + 1, 90};
	return c;
}

static struct gauge *gauge(struct part *p, const char *name, const char *key)
{
	for (size_t i = 0; i < p->gauges_n; i++)
		if (!strcmp(p->gauges[i].name, name) && !strcmp(p->gauges[i].key, key))
			return &p->gauges[i];
	size_t cap = p->gauges_n;
	p->gauges_width_s = 1;
	p->gauges = memory_grow(p->gauges, &cap, p->gauges_n + 1, sizeof *p->gauges);
	p->gauges[p->gauges_n] = (struct gauge){.name = made_string(name), .key = made_string(key)};
	return &p->gauges[p->gauges_n++];
}

static void value(struct part *p, const char *name, const char *key, int64_t second, uint64_t v)
{
	struct gauge *g = gauge(p, name, key);
	number(&g->cells, &g->n, second, 1, v, v);
}

static struct draft *incidents(size_t n)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(n, sizeof *d->incidents);
	d->incidents_n = n;
	for (size_t i = 0; i < n; i++) {
		int64_t at = 4000 + 1500 * (int64_t)i;
		d->incidents[i].onset = (struct moment){made_us(at, 0), made_us(at, 0), made_us(at, 1000), NULL};
		d->incidents[i].end = (struct moment){made_us(at + 100, 0), made_us(at + 100, 0), made_us(at + 100, 1000), NULL};
	}
	return d;
}

static const struct metric_change *find(const struct incident *in, const char *name, const char *key)
{
	for (size_t i = 0; i < in->metrics_n; i++)
		if (!strcmp(in->metrics[i].name, name) && !strcmp(in->metrics[i].key ? in->metrics[i].key : "", key))
			return &in->metrics[i];
	return NULL;
}

static void changes(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 0, 9000);
	for (int64_t s = 0; s < 9000; s += 10) {
		bool first = s >= 3990 && s <= 4100, second = s >= 5500 && s <= 5600;
		value(p, "haproxy.queue.backend", "be", s, first ? (uint64_t)(s - 3980) : second ? 60 : s % 20 ? 1 : 0);
		value(p, "haproxy.connections.process", "", s, first ? 210 : 110); /* less than twice */
		value(p, "haproxy.retries", "be", s, first ? 2 : 0);               /* less than three more */
		value(p, "haproxy.time.connect", "be", s, first ? 90000 : 0);      /* less than 100 ms more */
		value(p, "postgresql.max_connections", "", s, first ? 500 : 1);    /* a limit */
	}
	made_fold(&m);
	struct draft *d = incidents(2);
	struct note_list notes = {0};
	metrics_find(m.fold, d, &notes);
	const struct incident *in = &d->incidents[0];
	FACT(in->metrics_n == 1, "what rose to less than twice its largest before and a bit is not told, and no limit");
	const struct metric_change *q = find(in, "haproxy.queue.backend", "be");
	FACT(q && q->before == 1 && q->peak == 110 && q->at_us == made_us(4090, 500), "the largest before, the peak and its time");
	FACT(q && q->evidence.n == 2 && q->evidence.items[0].line == 4091 && q->evidence.items[1].line == 3991, "evidence: the peak, the first that was far above");
	FACT(q && q->rise == 10, "the first value that was far above");
	q = find(&d->incidents[1], "haproxy.queue.backend", "be");
	FACT(q && q->before == 1 && q->peak == 60, "the incident before is no time before");
	FACT(notes.n == 2 && strstr(notes.items[0].sentence, "for backend be: 10 wait (before: at most 1); up to 110 at "), "the first queue is noted");
	note_release(&notes);
	draft_free(d);
	made_release(&m);
}

static void reasons(void)
{
	struct made m;
	struct note_list notes = {0};
	made_init(&m);
	struct part *p = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 3990, 9000);
	value(p, "haproxy.queue.backend", "be", 4010, 50);
	made_fold(&m);
	struct draft *d = incidents(1);
	metrics_find(m.fold, d, &notes);
	FACT(!d->incidents[0].metrics_n && strstr(d->incidents[0].metrics_reason, "begin less than a minute before"), "where the time before is not logged no change is claimed");
	statements_find(m.fold, d);
	FACT(strstr(d->incidents[0].statements_reason, "no database log"), "no database, no statements");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	p = made_log(&m, "pgbouncer.log", TIER_POOL, "pgbouncer", 1000, 3925, 9000);
	value(p, "haproxy.queue.backend", "be", 3930, 7);
	value(p, "haproxy.queue.backend", "be", 3983, 9);
	value(p, "haproxy.queue.backend", "be", 3986, 40);
	value(p, "haproxy.queue.backend", "be", 4010, 50);
	made_fold(&m);
	d = incidents(1);
	metrics_find(m.fold, d, &notes);
	FACT(d->incidents[0].metrics_n == 1 && d->incidents[0].metrics[0].before == 9 && d->incidents[0].metrics[0].peak == 50,
	     "a log of 75 s before the onset: the first minute of it is the time before");
	FACT(d->incidents[0].metrics_n && !d->incidents[0].metrics_reason, "then no reason is needed");
	FACT(notes.n == 1 && notes.items[0].at.at_us == made_us(3986, 500), "and what rose after that minute, before the onset, is of the incident");
	note_release(&notes);
	draft_free(d);
	made_release(&m);
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 9000);
	made_fold(&m);
	d = incidents(1);
	metrics_find(m.fold, d, &notes);
	statements_find(m.fold, d);
	FACT(strstr(d->incidents[0].metrics_reason, "no log prints"), "no numbers at all");
	FACT(strstr(d->incidents[0].statements_reason, "log_min_duration_statement is off, or"), "no statements: which setting would have told");
	draft_free(d);
	made_release(&m);
}

/* A proxy that was silent for an hour and more, then is asked again; with another number in that hour, or without. */
static void silent_before(void)
{
	for (int spoke = 0; spoke < 2; spoke++) {
		struct made m;
		made_init(&m);
		struct note_list notes = {0};
		struct part *p = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 0, 9000);
		value(p, "haproxy.queue.backend", "be", 10, 0);
		value(p, "haproxy.queue.backend", "be", 4010, 50);
		value(p, "haproxy.time.response", "be", 4010, 9000000);
		if (spoke)
			value(p, "haproxy.connections.process", "", 3000, 1);
		made_fold(&m);
		struct draft *d = incidents(1);
		metrics_find(m.fold, d, &notes);
		if (spoke)
			FACT(d->incidents[0].metrics_n == 1 && d->incidents[0].metrics[0].before == 0, "what is not printed beside others was nought, but a duration is not");
		else
			FACT(!d->incidents[0].metrics_n && strstr(d->incidents[0].metrics_reason, "or print none in the hour before"),
			     "of a silence nobody knows what it was before");
		note_release(&notes);
		draft_free(d);
		made_release(&m);
	}
}

static void sql(struct part *p, const char *text, int64_t second, uint32_t n, uint64_t us, uint64_t max)
{
	struct statement *s = NULL;
	for (size_t i = 0; i < p->statements_n && !s; i++)
		if (!strcmp(p->statements[i].sql, text))
			s = &p->statements[i];
	if (!s) {
		size_t cap = p->statements_n;
		p->statements_width_s = 60;
		p->statements = memory_grow(p->statements, &cap, p->statements_n + 1, sizeof *p->statements);
		s = &p->statements[p->statements_n++];
		*s = (struct statement){.sql = made_string(text)};
	}
	number(&s->cells, &s->n, second, n, us, max);
}

/* Incident 4000 to 4100 s after 11:00: with the minute before, the minutes from 3900 to 4140; before them 3660 to 3900. */
static void slow_sql(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 9000);
	sql(p, "SELECT a", 3600, 9, 90, 10);
	sql(p, "SELECT a", 3660, 2, 20, 10);
	sql(p, "SELECT a", 3840, 1, 10, 10);
	sql(p, "SELECT a", 3900, 4, 4000, 2000);
	sql(p, "SELECT a", 4080, 1, 3000, 3000);
	sql(p, "SELECT a", 4140, 50, 5000, 100);
	sql(p, "SELECT b", 4020, 1, 8000, 8000);
	sql(p, "SELECT c", 3840, 1, 9000, 9000);
	for (int i = 0; i < 12; i++)
		sql(p, (const char[]){'x', (char)('a' + i), 0}, 4020, 1, (uint64_t)i + 1, (uint64_t)i + 1);
	made_fold(&m);
	struct draft *d = incidents(1);
	statements_find(m.fold, d);
	const struct incident *in = &d->incidents[0];
	FACT(in->statements_n == STATEMENTS_MOST, "the ten with most time");
	TEXT_IS(in->statements[0].sql, "SELECT b", "most time first");
	FACT(in->statements[1].count == 5 && in->statements[1].before == 3 && in->statements[1].total_us == 7000 && in->statements[1].max_us == 3000,
	     "how many then and before, how long together, the longest");
	FACT(in->statements[1].evidence.n == 1 && in->statements[1].evidence.items[0].line == 4081, "and where that is");
	TEXT_IS(in->statements[2].sql, "xl", "what ran only before is not told");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	changes();
	reasons();
	silent_before();
	slow_sql();
	return unit_done();
}
