/* convoy: a queue for a lock by the durations of those who waited. Each case is a list of statements as a database would log them. */
#include "cause/convoy.h"

#include "stage.h"

/* A statement: it ended at that second, after so many. */
struct logged {
	const char *sql;
	int64_t end_s, took_s;
};

static const char select_orders[] = "SELECT * FROM orders WHERE id = $1", insert_orders[] = "INSERT INTO orders (user_id) VALUES ($1)",
		  alter_orders[] = "ALTER TABLE orders ADD COLUMN note text", select_users[] = "SELECT name FROM users";

static const struct {
	const char *fact;
	struct logged statements[12];
	bool is_queue;
} cases[] = {
	/* 1000 to 1060 is the incident; the holder lets go at 1060. */
	{"six that had waited up to a minute end together",
	 {{alter_orders, 1060, 62}, {select_orders, 1060, 60}, {select_orders, 1061, 58}, {insert_orders, 1061, 59}, {insert_orders, 1062, 55},
	  {select_orders, 1062, 57}},
	 true},
	{"so do six of one kind",
	 {{select_orders, 1060, 60}, {select_orders, 1060, 59}, {select_orders, 1060, 58}, {select_orders, 1061, 57}, {select_orders, 1061, 56},
	  {select_orders, 1061, 55}},
	 true},
	{"four are no queue", {{alter_orders, 1060, 62}, {select_orders, 1060, 60}, {select_orders, 1061, 58}, {insert_orders, 1061, 59}}, false},
	{"statements that are slow each by itself end one after the other",
	 {{select_orders, 1005, 20}, {select_orders, 1012, 21}, {select_orders, 1019, 19}, {select_orders, 1027, 22}, {select_orders, 1034, 20},
	  {select_orders, 1041, 20}, {select_orders, 1048, 21}, {select_orders, 1052, 20}, {select_orders, 1055, 21}},
	 false},
	{"four seconds are too short for a queue",
	 {{alter_orders, 1060, 4}, {select_orders, 1060, 4}, {select_orders, 1061, 4}, {insert_orders, 1061, 3}, {insert_orders, 1062, 4},
	  {select_orders, 1062, 4}},
	 false},
	{"long before the incident is of another time",
	 {{alter_orders, 900, 62}, {select_orders, 900, 60}, {select_orders, 901, 58}, {insert_orders, 901, 59}, {insert_orders, 902, 55},
	  {select_orders, 902, 57}},
	 false},
	{"many that came late have waited less, together less than five of the longest",
	 {{alter_orders, 1060, 62}, {select_orders, 1060, 6}, {select_orders, 1061, 6}, {insert_orders, 1061, 7}, {insert_orders, 1062, 6},
	  {select_orders, 1062, 6}},
	 false},
	{"other tables go on meanwhile, now and then slowly",
	 {{select_users, 1020, 2}, {alter_orders, 1060, 62}, {select_orders, 1060, 60}, {select_orders, 1061, 58}, {insert_orders, 1061, 59},
	  {insert_orders, 1062, 55}, {select_orders, 1062, 57}},
	 true},
};

static struct statement *statement_of(struct part *p, const char *sql)
{
	for (size_t i = 0; i < p->statements_n; i++)
		if (!strcmp(p->statements[i].sql, sql))
			return &p->statements[i];
	size_t cap = p->statements_n;
	p->statements = memory_grow(p->statements, &cap, p->statements_n + 1, sizeof *p->statements);
	p->statements[p->statements_n] = (struct statement){.sql = made_string(sql)};
	return &p->statements[p->statements_n++];
}

/* As the tally does: per statement and minute how many, their sum, the longest and its end; and a count per second. */
static void log_statement(struct part *p, const struct logged *l)
{
	struct statement *s = statement_of(p, l->sql);
	uint32_t minute = (uint32_t)((MADE_T0 + l->end_s) / 60 * 60);
	uint64_t took_us = (uint64_t)l->took_s * (uint64_t)SECOND_US;
	if (!s->n || s->cells[s->n - 1].start_s != minute) {
		size_t cap = s->n;
		s->cells = memory_grow(s->cells, &cap, s->n + 1, sizeof *s->cells);
		s->cells[s->n++] = (struct number_cell){.start_s = minute, .max_line = 1, .max_length = 80};
	}
	struct number_cell *c = &s->cells[s->n - 1];
	c->n++;
	c->sum += took_us;
	if (took_us > c->max) {
		c->max = took_us;
		c->max_at_us = made_us(l->end_s, 0);
	}
	struct series *series = made_series(p, "db.slow_statement", "slow.1s", FACET_NONE, "");
	if (series->n && series->bins[series->n - 1].start_s == (uint32_t)(MADE_T0 + l->end_s))
		series->bins[series->n - 1].n++;
	else
		made_second(p, "db.slow_statement", "slow.1s", FACET_NONE, "", l->end_s, 1, 0, 0);
}

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage x = {0};
		made_init(&x.m);
		struct part *p = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		p->statements_width_s = 60;
		for (size_t k = 0; k < 12 && cases[i].statements[k].sql; k++)
			log_statement(p, &cases[i].statements[k]);
		stage_set(&x, 1000, 1060);
		FACT(convoy_find(&x.s, &x.found) == cases[i].is_queue && stage_stands(&x, "lock_contention") == cases[i].is_queue, cases[i].fact);
		if (i == 0) {
			const struct hypothesis *h = stage_found(&x, "lock_contention");
			/* 62 + 60 + 58 + 59 + 55 + 57 = 351 s together, 5.66 times the longest. */
			FACT(stage_says(h, false, "at least 5 statements that had taken up to 1 min 2 s"), "how many waited at least, and how long");
			FACT(stage_says(h, false, "one of them was \"ALTER TABLE orders ADD COLUMN note text\""), "a statement that changes a definition is named");
			FACT(stage_says(h, false, "3 kinds of statements"), "how many kinds");
			FACT(stage_says(h, false, "all of them name one relation, orders"), "and what they have in common");
			FACT(h->at.at_us == made_us(998, 0), "it began when the first of them did");
			FACT(h->until_us == made_us(1060, 0), "and ended with the longest");
			FACT(h->evidence.n == 1, "which is the evidence");
		}
		if (i == 7)
			FACT(!stage_says(stage_found(&x, "lock_contention"), false, "users"), "who did not wait is not told among them");
		stage_release(&x);
	}
	return unit_done();
}
