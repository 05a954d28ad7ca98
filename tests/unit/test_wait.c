/* wait: locks and slow statements beside an incident from 1000 to 1060 seconds. Strengths are sums of the table's. */
#include "cause/wait.h"

#include "stage.h"

static const struct {
	const char *fact;
	uint64_t waits, queue;
	int64_t began_s, longest_s;
	uint64_t for_one; /* of them for one object */
	int64_t strength; /* -1: ruled out */
} locks[] = {
	/* before 450, one object 100, queue 150 */
	{"twelve in one queue from before the onset", 12, 12, 990, 70, 12, 700},
	{"from behind the onset it is about it", 12, 12, 1000, 60, 12, 550}, /* around 300 */
	{"three are enough", 3, 3, 990, 70, 3, 550},			     /* no long queue */
	{"two are not", 2, 2, 990, 70, 2, -1},
	{"half a second is too short", 12, 12, 990, 0, 12, -1},
	{"for many objects", 12, 6, 990, 70, 6, 600}, /* not one object: half of them is not most */
};

static const struct {
	const char *fact;
	uint32_t usual, here; /* slow statements a minute before, and a second from 990 to 1059 */
	int64_t strength;
} slows[] = {
	{"one each second, from ten seconds before the onset", 0, 1, 450},
	{"one each second, where six a minute are usual", 6, 1, 450},
	{"as many as ever", 60, 1, -1},
};

int main(void)
{
	for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
		struct stage x = {0};
		made_init(&x.m);
		made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		stage_set(&x, 1000, 1060);
		struct locks *l = &x.in->locks;
		l->known = true;
		l->waits = locks[i].waits;
		l->queue_peak = (struct known){true, (int64_t)locks[i].queue, NULL};
		l->longest_us = locks[i].longest_s ? locks[i].longest_s * SECOND_US : SECOND_US / 2;
		l->onset = (struct moment){made_us(locks[i].began_s, 0), made_us(locks[i].began_s, 0), made_us(locks[i].began_s, 1000), NULL};
		l->objects = memory_new(1, sizeof *l->objects);
		l->objects_n = 1;
		l->objects[0].object = made_string("relation 16397");
		l->objects[0].waits = locks[i].for_one;
		wait_find(&x.s, &x.found);
		const struct hypothesis *h = stage_found(&x, "lock_contention");
		FACT((h->ruled_out ? -1 : h->strength) == locks[i].strength, locks[i].fact);
		stage_release(&x);
	}

	for (size_t i = 0; i < sizeof slows / sizeof *slows; i++) {
		struct stage x = {0};
		made_init(&x.m);
		struct part *db = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		for (int64_t s = 0; s < 1060; s++) {
			bool usual = slows[i].usual && s % (60 / slows[i].usual) == 0;
			uint32_t n = s >= 990 ? slows[i].here : usual;
			if (n)
				made_second(db, "db.slow_statement", "slow.1s", FACET_NONE, "", s, n, 0, 0);
		}
		stage_set(&x, 1000, 1060);
		wait_find(&x.s, &x.found);
		const struct hypothesis *h = stage_found(&x, "slow_queries");
		FACT((h->ruled_out ? -1 : h->strength) == slows[i].strength, slows[i].fact);
		FACT(stage_found(&x, "lock_contention")->ruled_out, "no lock wait is logged, and no queue let go");
		stage_release(&x);
	}

	/* Slow answers, and a database whose log prints durations or does not. */
	for (int prints = 0; prints < 2; prints++) {
		struct stage x = {0};
		made_init(&x.m);
		struct part *db = made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		made_log(&x.m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
		if (prints) {
			size_t cap = 0;
			db->statements_width_s = 60;
			db->statements = memory_grow(NULL, &cap, 1, sizeof *db->statements);
			db->statements[0] = (struct statement){.sql = made_string("SELECT 1")};
			db->statements_n = 1;
			cap = 0;
			db->statements[0].cells = memory_grow(NULL, &cap, 1, sizeof *db->statements[0].cells);
			db->statements[0].n = 1;
			db->statements[0].cells[0] = (struct number_cell){(uint32_t)(MADE_T0 / 60 * 60), 40, 12000000, 400000, made_us(5, 0), 0, 1, 80};
		}
		stage_set(&x, 1000, 1060);
		stage_burst(&x, "app.log", "http.server.slow", "slow.1s", 1000, 1060, 90);
		wait_find(&x.s, &x.found);
		const struct hypothesis *h = stage_found(&x, "slow_queries");
		FACT(!h->ruled_out && h->strength == (prints ? 0 : 300), "a log that prints durations and none of a second clears its statements");
		FACT(stage_says(h, true, "40 statements") == !!prints, "and says how many it printed");
		stage_release(&x);
	}
	return unit_done();
}
