#include "incident/statements.h"

#include "made.h"

/* An outage from 600 to 660.5 s. Statements are counted by the minute: from 540 (a minute before the onset) to 720 (the end's minute whole),
 * and 360 to 540 is as long a time before. */

struct minute {
	int64_t at_s;
	uint32_t n;
	uint64_t sum_us, max_us;
};

static void add(struct part *p, const char *sql, const struct minute *minutes, size_t n)
{
	size_t cap = p->statements_n;
	p->statements_width_s = 60;
	p->statements = memory_grow(p->statements, &cap, p->statements_n + 1, sizeof *p->statements);
	struct statement *s = &p->statements[p->statements_n++];
	*s = (struct statement){made_string(sql), memory_new(n, sizeof *s->cells), n};
	for (size_t i = 0; i < n; i++)
		s->cells[i] = (struct number_cell){.start_s = (uint32_t)(MADE_T0 + minutes[i].at_s), .n = minutes[i].n, .sum = minutes[i].sum_us,
						   .max = minutes[i].max_us, .max_at_us = made_us(minutes[i].at_s, 5), .max_line = (uint32_t)minutes[i].at_s,
						   .max_offset = (uint64_t)minutes[i].at_s * 100, .max_length = 90};
}

static struct draft *outage(struct made *m)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].id = made_string("i");
	d->incidents[0].onset.at_us = made_us(600, 0);
	d->incidents[0].end.at_us = made_us(660, 500000);
	statements_find(made_fold(m), d);
	return d;
}

static void which(void)
{
	static const struct minute often[] = {{300, 1, 1, 1}, {360, 2, 2000000, 1500000}, {480, 1, 700000, 700000}, {540, 3, 3000000, 1200000},
					      {660, 4, 9000000, 4000000}, {720, 50, 90000000, 80000000}};
	static const struct minute once[] = {{600, 1, 30000000, 30000000}}, before[] = {{420, 9, 9000000, 2000000}};
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	add(p, "SELECT before", before, 1);
	add(p, "SELECT often", often, 6);
	add(p, "SELECT once", once, 1);
	struct draft *d = outage(&m);
	const struct incident *in = &d->incidents[0];
	FACT(in->statements_n == 2 && !in->statements_reason, "what was not logged in the time of the incident is not listed");
	if (in->statements_n == 2) {
		const struct slow_statement *a = &in->statements[0], *b = &in->statements[1];
		FACT(!strcmp(a->sql, "SELECT once") && a->total_us == 30000000 && a->count == 1 && !a->before, "30 s at once come before 12 s in seven");
		FACT(!strcmp(b->sql, "SELECT often") && b->count == 3 + 4 && b->total_us == 12000000, "from a minute before the onset to the end of its last minute");
		FACT(b->before == 2 + 1, "and as long a time before that: what is earlier is not counted");
		FACT(b->max_us == 4000000 && b->evidence.n == 1 && b->evidence.items[0].line == 660 && b->evidence.items[0].offset == 66000,
		     "the longest of them is the evidence");
	}
	draft_free(d);
	made_release(&m);
}

static void two_files(void)
{
	static const struct minute one[] = {{600, 2, 2000000, 1100000}}, two[] = {{660, 5, 6000000, 1600000}};
	struct made m;
	made_init(&m);
	add(made_log(&m, "a.log", TIER_DB, "postgresql", 1000, 0, 1200), "SELECT 1", one, 1);
	add(made_log(&m, "b.log", TIER_DB, "postgresql", 1000, 0, 1200), "SELECT 1", two, 1);
	add(made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 1200), "SELECT 1", two, 1);
	struct draft *d = outage(&m);
	const struct incident *in = &d->incidents[0];
	FACT(in->statements_n == 1 && in->statements[0].count == 7 && in->statements[0].total_us == 8000000 && in->statements[0].max_us == 1600000,
	     "one statement in the logs of two databases is one; an application's is not counted again");
	draft_free(d);
	made_release(&m);
}

static void the_most(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	for (uint64_t i = 0; i < STATEMENTS_MOST + 3; i++) {
		const struct minute one = {600, 1, 1000 * (i + 1), 1000 * (i + 1)};
		char sql[] = "SELECT a";
		sql[7] = (char)('a' + (int)i);
		add(p, sql, &one, 1);
	}
	struct draft *d = outage(&m);
	FACT(d->incidents[0].statements_n == STATEMENTS_MOST && d->incidents[0].statements[0].total_us == 13000 &&
		     d->incidents[0].statements[STATEMENTS_MOST - 1].total_us == 4000,
	     "the ten with most time are listed");
	draft_free(d);
	made_release(&m);
}

static void sums(void)
{
	const struct minute huge[] = {{600, 1, INT64_MAX, INT64_MAX}, {660, 1, INT64_MAX, INT64_MAX}};
	struct made m;
	made_init(&m);
	add(made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200), "SELECT 1", huge, 2);
	struct draft *d = outage(&m);
	FACT(d->incidents[0].statements_n == 1 && d->incidents[0].statements[0].total_us == INT64_MAX, "a sum stops at what an integer holds");
	draft_free(d);
	made_release(&m);
}

static void none(void)
{
	static const struct minute early[] = {{60, 1, 5, 5}};
	struct made m;
	made_init(&m);
	made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 1200);
	struct draft *d = outage(&m);
	FACT(!d->incidents[0].statements_n && !strcmp(d->incidents[0].statements_reason, "no database log was given"), "without a database nobody knows");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	d = outage(&m);
	FACT(strstr(d->incidents[0].statements_reason, "log_min_duration_statement is off"), "a log without durations names the setting");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	add(made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200), "SELECT 1", early, 1);
	d = outage(&m);
	FACT(!strcmp(d->incidents[0].statements_reason, "no statement with its duration was logged during the incident"),
	     "one that has some at other times has the setting");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	which();
	two_files();
	the_most();
	sums();
	none();
	return unit_done();
}
