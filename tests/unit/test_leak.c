/* leak, held: connections that grow, by what the database's log shows of sessions. The incident lasts from 1000 to `end_s`. */
#include "cause/leak.h"

#include "stage.h"

struct world {
	const char *fact;
	int64_t grow_from_s, grow_to_s; /* one more connection every so often, 20 in all; 0: no sessions are logged */
	int64_t silent_from_s, silent_to_s;
	int64_t end_s;
	int64_t risen; /* requests a second, of 5 before; 0: they did not rise */
	bool waits;    /* sessions waited for a lock */
	bool stands;
	int64_t strength;
};

/* Strengths are sums of the table's: grew steadily 450, without load 150, requests rose -400, statements wait -250, lasts 150. */
static const struct world worlds[] = {
	{"twenty more in five minutes, and not one more request", 700, 1000, 0, 0, 1060, 0, false, true, 600},
	{"for four minutes refused, too", 700, 1000, 0, 0, 1240, 0, false, true, 750},
	{"twenty more in twenty seconds are a rush", 979, 999, 0, 0, 1060, 0, false, false, 0},
	{"with three times the requests, they took them", 700, 1000, 0, 0, 1060, 15, false, true, 50},
	{"a third more requests explain nothing, and are not as many as usual", 700, 1000, 0, 0, 1060, 6, false, true, 450},
	{"sessions that wait for a lock keep theirs too", 700, 1000, 0, 0, 1060, 0, true, true, 350},
	{"no sessions logged: only that nothing else took them", 0, 0, 0, 0, 1060, 0, false, true, 150},
	{"for four minutes", 0, 0, 0, 0, 1240, 0, false, true, 300},
	{"and with three times the requests nothing is known", 0, 0, 0, 0, 1060, 15, false, false, 0},
	{"growth in a silence as nowhere else: not seen, and not excluded", 940, 960, 880, 990, 1240, 0, false, true, 250},
};

static void build(struct stage *x, const struct world *w)
{
	*x = (struct stage){0};
	made_init(&x->m);
	struct part *db = made_log(&x->m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	if (w->grow_to_s) {
		made_session(db, HOLDER_USER, "app", 10, 5);
		for (int64_t i = 0; i < 20; i++) {
			int64_t at = w->grow_from_s + i * (w->grow_to_s - w->grow_from_s) / 20;
			if (at < w->silent_from_s || at > w->silent_to_s)
				made_session(db, HOLDER_USER, "app", at, 1);
		}
	}
	for (int64_t s = 0; s < 2000; s += 10)
		if (s <= w->silent_from_s || s >= w->silent_to_s)
			made_second(db, "records", "", FACET_NONE, "", s, 1, 0, 0);
	db->series[db->series_n - 1].width_s = 10;
	stage_set(x, 1000, w->end_s);
	stage_burst(x, "pg.log", "db.connections.exhausted", "db.max_connections", 1000, w->end_s, 90);
	stage_refusal(x, "pg.log", "db.max_connections", 1000, w->end_s, 90, false);
	stage_flat(x, 5);
	if (w->risen) {
		x->load.rose = true;
		x->load.rise = (struct moment){made_us(990, 0), made_us(989, 0), made_us(991, 0), NULL};
		x->load.risen_ppm = w->risen * 1000000;
	}
	if (w->waits) {
		struct moment at = {made_us(980, 0), made_us(980, 0), made_us(980, 1000), NULL};
		hypothesis_test(hypothesis_add(&x->found, "lock_contention", TIER_DB, 0, &at), TEST_LOCKS_BEFORE, sentence_copy("waits"));
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		struct stage x;
		struct held held;
		build(&x, &worlds[i]);
		held_fill(&x.s, &held);
		leak_find(&x.s, &held, &x.found);
		FACT(stage_stands(&x, "connection_leak") == worlds[i].stands, worlds[i].fact);
		FACT(!worlds[i].stands || stage_found(&x, "connection_leak")->strength == worlds[i].strength, worlds[i].fact);
		held_release(&held);
		stage_release(&x);
	}

	/* The front's clock is three minutes off, which makes one incident of four minutes of one minute's refusals: nothing lasted. */
	struct stage off;
	struct held seen;
	build(&off, &worlds[1]);
	off.in->refusals[0].end = (struct moment){made_us(1060, 0), made_us(1060, 0), made_us(1060, 1000), NULL};
	held_fill(&off.s, &seen);
	leak_find(&off.s, &seen, &off.found);
	FACT(stage_found(&off, "connection_leak")->strength == 600, "how long connections were refused is told by the clock of who refused them");
	held_release(&seen);
	stage_release(&off);

	/* A start right before the growth dates it, unless its tests refuted it. */
	static const struct {
		const char *verdict;
		int64_t strength;
	} starts[] = {{"undetermined", 700}, {"refuted", 600}, {"supported", 850}};
	for (size_t i = 0; i < 3; i++) {
		struct stage x;
		struct held held;
		build(&x, &worlds[0]);
		struct change *c = stage_change(&x, "pg.log", "deploy", 695, 0);
		c->tier = TIER_APP;
		c->verdict = made_string(starts[i].verdict);
		held_fill(&x.s, &held);
		leak_find(&x.s, &held, &x.found);
		FACT(stage_found(&x, "connection_leak")->strength == starts[i].strength, "a refuted deploy dates no leak, a supported one speaks for it");
		held_release(&held);
		stage_release(&x);
	}

	/* Growth of less than half a minute is told by a start, when it is one after the other. */
	static const struct {
		const char *fact, *kind;
		int64_t from_s, to_s, start_s;
		bool stands;
	} since[] = {
		{"one a second for twenty seconds since a deploy", "deploy", 979, 999, 975, true},
		{"all at once since a deploy", "deploy", 996, 999, 975, false},
		{"a deploy that was minutes ago", "deploy", 979, 999, 700, false},
		{"one a second since the logs began with a start", "start", 20, 40, 10, false},
	};
	for (size_t i = 0; i < sizeof since / sizeof *since; i++) {
		struct world w = worlds[2];
		struct stage x;
		struct held held;
		w.grow_from_s = since[i].from_s;
		w.grow_to_s = since[i].to_s;
		build(&x, &w);
		stage_change(&x, "pg.log", since[i].kind, since[i].start_s, since[i].start_s + 2)->tier = TIER_APP;
		held_fill(&x.s, &held);
		leak_find(&x.s, &held, &x.found);
		FACT(stage_stands(&x, "connection_leak") == since[i].stands, since[i].fact);
		held_release(&held);
		stage_release(&x);
	}

	struct stage x;
	struct held held;
	build(&x, &worlds[0]);
	x.in->refusals[0].class[3] = 'r'; /* "db.rax_connections": one's own limit */
	held_fill(&x.s, &held);
	leak_find(&x.s, &held, &x.found);
	FACT(!stage_stands(&x, "connection_leak"), "where the server was not full, nothing leaked to fill it");
	held_release(&held);
	stage_release(&x);
	return unit_done();
}
