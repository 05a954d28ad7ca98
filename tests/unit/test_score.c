/* score: six terms. The points were computed by hand from the weights (30, 20, 20, 15, 10, -25) and the formulas of the header. */
#include "stage.h"

static struct moment at_second(int64_t second, int64_t wide_us)
{
	return (struct moment){made_us(second, 0), made_us(second, -wide_us), made_us(second, wide_us), NULL};
}

/* A hypothesis without a source, with tests of its own. */
static struct hypothesis *add(struct stage *x, const char *cause, enum tier tier, int64_t second, int64_t wide_us, enum cause_test test)
{
	struct moment at = at_second(second, wide_us);
	struct hypothesis *h = hypothesis_add(&x->found, cause, tier, SIZE_MAX, &at);
	hypothesis_test(h, test, sentence_copy("a test"));
	return h;
}

static void stage_new(struct stage *x)
{
	*x = (struct stage){0};
	made_init(&x->m);
	made_log(&x->m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3000);
	stage_set(x, 1000, 1100);
}

static void mechanism(void)
{
	/* 30 * strength / 1000, halves up: 450 is 13.5. */
	static const struct {
		enum cause_test tests[3];
		int64_t points;
	} rows[] = {{{TEST_STATED, TEST_COUNT}, 30},
		    {{TEST_LOAD_BEFORE, TEST_COUNT}, 15},
		    {{TEST_LOCKS_BEFORE, TEST_COUNT}, 14},
		    {{TEST_STATED, TEST_CALLERS_SAY, TEST_COUNT}, 30},
		    {{TEST_LOAD_BEFORE, TEST_LOAD_SLOWNESS, TEST_COUNT}, 11},
		    {{TEST_SERVES_NOBODY, TEST_LOAD_LATE, TEST_COUNT}, 0}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage x;
		stage_new(&x);
		struct hypothesis *h = add(&x, "batch_job", TIER_DB, 900, 1, rows[i].tests[0]);
		for (size_t k = 1; k < 3 && rows[i].tests[k] != TEST_COUNT && rows[i].tests[k - 1] != TEST_COUNT; k++)
			hypothesis_test(h, rows[i].tests[k], sentence_copy("another"));
		score_all(&x.s, &x.found);
		FACT(h->parts[PART_MECHANISM].points == rows[i].points, "30 points for a thousand, none below nothing");
		stage_release(&x);
	}
}

static void severity(void)
{
	/* Square root of 2 (c ln(c/e) - (c - e)), e = (before + 1/2) * during / before_s: of 10 over 0.5 it is 6.40 (12.8 points), of 12 over
	 * 0.55 7.15 (14.3). */
	static const struct {
		uint64_t count, before;
		int64_t during_s, before_s, points;
	} rows[] = {{10, 0, 100, 100, 13}, {100, 0, 100, 100, 20}, {0, 0, 100, 100, 0}, {10, 95, 100, 1000, 0}, {12, 5, 60, 600, 14}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage x;
		stage_new(&x);
		struct hypothesis *h = add(&x, "batch_job", TIER_DB, 900, 1, TEST_STATED);
		h->excess = (struct excess){.what = "events",
					    .count = rows[i].count,
					    .before = rows[i].before,
					    .during_us = rows[i].during_s * SECOND_US,
					    .before_us = rows[i].before_s * SECOND_US};
		score_all(&x.s, &x.found);
		FACT(h->parts[PART_SEVERITY].points == rows[i].points, "two points for each standard deviation, twenty at most");
		FACT(strstr(h->parts[PART_SEVERITY].text, "by time alone"), "and it says what was expected by what");
		stage_release(&x);
	}
}

static void order(void)
{
	/* 20 (2 P - 1), P of a normal with the variance of a uniform interval: a width of 2 s has a deviation of 0.577 s, 1 s is 1.73 of them,
	 * P = 0.9584, 18.3 points; of 4 s it is 1.155 s, -1 s is -0.87, P = 0.193, -12.3. The onset's own interval is 1 ms. */
	static const struct {
		int64_t second, half_us, points;
		bool proved, ruled_out;
	} rows[] = {{990, 1, 20, true, false}, {1000, 1000000, 0, false, false}, {999, 1000001, 18, false, false}, {1001, 2000000, -12, false, false},
		    {1010, 1, 0, false, true}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage x;
		stage_new(&x);
		struct hypothesis *h = add(&x, "batch_job", TIER_DB, rows[i].second, rows[i].half_us, TEST_STATED);
		score_all(&x.s, &x.found);
		FACT(!h->ruled_out == !rows[i].ruled_out, "what is proved to come later is ruled out");
		FACT(h->ruled_out || (h->parts[PART_ORDER].points == rows[i].points && h->in_order == rows[i].proved), "order by what is not known of it");
		stage_release(&x);
	}
}

static void coverage_and_dose(void)
{
	struct stage x;
	stage_new(&x);
	/* 60 failures in the first forty seconds, 40 behind them. */
	track_add(&x.impact, made_us(1000, 0), 10 * SECOND_US, 30);
	track_add(&x.impact, made_us(1030, 0), 10 * SECOND_US, 30);
	track_add(&x.impact, made_us(1040, 0), 10 * SECOND_US, 40);
	x.s.impact_what = "failed requests";
	struct hypothesis *h = add(&x, "batch_job", TIER_DB, 990, 1, TEST_STATED);
	h->until_us = made_us(1039, 0);
	track_init(&h->rate, x.impact.from_us, x.impact.from_us + (int64_t)x.impact.n * x.impact.step_us, x.impact.step_us);
	memcpy(h->rate.counts, x.impact.counts, x.impact.n * sizeof *x.impact.counts);
	score_all(&x.s, &x.found);
	FACT(h->parts[PART_COVERAGE].points == 9, "60 of 100 failures in its time: 9 of 15");
	TEXT_IS(h->parts[PART_COVERAGE].text, "60 of 100 failed requests fall in its time", "with the numbers");
	FACT(h->parts[PART_DOSE].points == 10, "as many as there are failures, step by step: all of dose");
	stage_release(&x);
}

static void explained(void)
{
	struct stage x;
	stage_new(&x);
	add(&x, "lock_contention", TIER_DB, 980, 1, TEST_STATED);
	add(&x, "slow_queries", TIER_DB, 990, 1, TEST_SLOW_STATEMENTS);
	score_all(&x.s, &x.found);
	FACT(stage_found(&x, "slow_queries")->parts[PART_EXPLAINED].points == -25, "statements that wait for a lock are slow");
	FACT(!stage_found(&x, "lock_contention")->parts[PART_EXPLAINED].points, "not the other way round");
	stage_release(&x);

	stage_new(&x);
	add(&x, "lock_contention", TIER_DB, 980, 1, TEST_LOCKS_AROUND)->before_explaining = 0;
	add(&x, "slow_queries", TIER_DB, 990, 1, TEST_CRON_PHASE);
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "slow_queries")->parts[PART_EXPLAINED].points, "what is undetermined explains nothing");
	stage_release(&x);

	stage_new(&x);
	add(&x, "lock_contention", TIER_DB, 995, 1, TEST_STATED);
	add(&x, "slow_queries", TIER_DB, 990, 1, TEST_SLOW_STATEMENTS);
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "slow_queries")->parts[PART_EXPLAINED].points, "nor does what came later");
	stage_release(&x);

	stage_new(&x);
	add(&x, "database_restart", TIER_DB, 990, 1, TEST_STATED)->far = true;
	add(&x, "application_error", TIER_APP, 995, 1, TEST_ERRORS_ONLY);
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "application_error")->parts[PART_EXPLAINED].points, "nor does what is far by an untied clock");
	stage_release(&x);

	stage_new(&x);
	add(&x, "traffic_surge", TIER_WEB, 980, 1, TEST_LOAD_BEFORE);
	add(&x, "database_restart", TIER_DB, 990, 1, TEST_CALLERS_SAY);
	add(&x, "connection_leak", TIER_DB, 990, 1, TEST_GREW_STEADILY);
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "database_restart")->parts[PART_EXPLAINED].points, "no load stops a database");
	FACT(stage_found(&x, "connection_leak")->parts[PART_EXPLAINED].points == -25, "but it takes connections");
	stage_release(&x);
}

static void words(void)
{
	struct stage x;
	stage_new(&x);
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	TEXT_IS(score_word(&x.found, 0), "probable", "stated, alone, and proved to come before");
	stage_release(&x);

	stage_new(&x);
	add(&x, "batch_job", TIER_DB, 999, 2000000, TEST_STATED);
	score_all(&x.s, &x.found);
	TEXT_IS(score_word(&x.found, 0), "possible", "the order is not proved");
	stage_release(&x);

	stage_new(&x);
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_LOAD_AROUND);
	score_all(&x.s, &x.found);
	TEXT_IS(score_word(&x.found, 0), "undetermined", "only circumstances speak for it: 350 of 1000");
	stage_release(&x);

	stage_new(&x);
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_STATED);
	add(&x, "pooler_limit", TIER_DB, 990, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	TEXT_IS(score_word(&x.found, 0), "possible", "another is as good");
	FACT(score_told(&x.found) == 2, "and both are told");
	hypothesis_rule_out(&x.found, "os_limit", sentence_copy("no"));
	stage_release(&x);

	stage_new(&x);
	hypothesis_rule_out(&x.found, "os_limit", sentence_copy("no"));
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	FACT(score_told(&x.found) == 1 && x.found.items[1].ruled_out, "what was ruled out comes last, and is not told");
	stage_release(&x);
}

static void waited_before(void)
{
	struct stage x;
	stage_new(&x);
	stage_burst(&x, "pg.log", "http.server.slow", "slow.1s", 1000, 1100, 50);
	stage_burst(&x, "pg.log", "app.pool.exhausted", "pool.reject", 1030, 1100, 50);
	add(&x, "app_pool_exhausted", TIER_APP, 1030, 1, TEST_OWN_POOL)->waits_first = true;
	add(&x, "batch_job", TIER_DB, 1030, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	FACT(stage_stands(&x, "app_pool_exhausted"), "slow answers before a refusal are of those who waited for it");
	FACT(!stage_stands(&x, "batch_job"), "of others they are symptoms");
	stage_release(&x);
}

/* Failures from 1000 to 1010 and from 1060 to 1100 seconds. */
static void stage_two(struct stage *x)
{
	stage_new(x);
	stage_burst(x, "pg.log", "db.connections.exhausted", "db.role_limit", 1000, 1010, 50);
	stage_burst(x, "pg.log", "db.connections.exhausted", "db.max_connections", 1060, 1100, 50);
	track_add(&x->impact, made_us(1060, 0), 10 * SECOND_US, 40);
	x->s.impact_what = "failed requests";
}

/* Each phase wants its own cause, and the first of them is the incident's. */
static void phases(void)
{
	struct stage x;
	stage_two(&x);
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_REFUSED_ONE);
	add(&x, "lock_contention", TIER_DB, 1050, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	FACT(score_told(&x.found) == 2 && !strcmp(x.found.items[0].cause, "batch_job") && !x.found.items[0].later, "the first phase's cause is told first");
	FACT(x.found.items[1].later == 1 && x.found.items[1].score > x.found.items[0].score, "though more speaks for the later one's");
	TEXT_IS(score_word(&x.found, 0), "probable", "of its phase it is the only one: 450 of 1000, and proved to come before");
	TEXT_IS(score_word(&x.found, 1), "probable", "so is the other one of its own");
	FACT(x.found.items[1].parts[PART_COVERAGE].points == 15, "all failures of its phase are in its time");
	TEXT_IS(x.found.items[0].parts[PART_COVERAGE].text, "no failure of a request is known in its phase", "the first one's job failed nobody");
	FACT(x.found.items[1].phase.at_us == made_us(1060, 0), "and its phase is told");
	stage_release(&x);

	stage_two(&x);
	add(&x, "lock_contention", TIER_DB, 1050, 1, TEST_STATED);
	hypothesis_rule_out(&x.found, "batch_job", sentence_copy("no"));
	score_all(&x.s, &x.found);
	FACT(score_told(&x.found) == 2 && !strcmp(x.found.items[0].cause, "none"), "where the first phase has no cause, that is told first");
	TEXT_IS(score_word(&x.found, 0), "undetermined", "as what it is");
	TEXT_IS(score_word(&x.found, 1), "possible", "and a later one's is not probable then");
	stage_release(&x);

	stage_two(&x);
	add(&x, "batch_job", TIER_DB, 990, 1, TEST_CRON_PHASE);
	add(&x, "lock_contention", TIER_DB, 1050, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	FACT(!strcmp(x.found.items[0].cause, "batch_job"), "circumstances are told first, too");
	TEXT_IS(score_word(&x.found, 0), "undetermined", "as circumstances");
	TEXT_IS(score_word(&x.found, 1), "possible", "and make no later cause probable");
	stage_release(&x);

	stage_two(&x);
	add(&x, "lock_contention", TIER_DB, 990, 1, TEST_STATED);
	score_all(&x.s, &x.found);
	TEXT_IS(x.found.items[0].parts[PART_COVERAGE].text, "40 of 40 failed requests fall in its time", "one cause may have made both");
	TEXT_IS(score_word(&x.found, 0), "probable", "and is the incident's");
	stage_release(&x);

	stage_two(&x);
	add(&x, "lock_contention", TIER_DB, 990, 1, TEST_STATED);
	add(&x, "slow_queries", TIER_DB, 1050, 1, TEST_SLOW_STATEMENTS);
	score_all(&x.s, &x.found);
	FACT(!stage_found(&x, "slow_queries")->parts[PART_EXPLAINED].points, "the cause of one phase explains nothing of another one");
	stage_release(&x);
}

int main(void)
{
	phases();
	mechanism();
	severity();
	order();
	coverage_and_dose();
	explained();
	words();
	waited_before();
	return unit_done();
}
