#include "cause/change.h"
#include "cause/mitigation.h"
#include "cause/verdict.h"

#include "made.h"

/* One service on two instances, a database, two hours; the incident lasts from 4,000 to 4,060 s. */
enum { FROM = 0, TO = 7200, ONSET = 4000, END = 4060 };

struct world {
	struct made m;
	struct part *app[2], *db;
	struct front front;
	struct change_list changes;
	struct draft *d;
	bool refuses; /* that symptom is a refused connection */
	bool apart; /* nothing compares the clocks of the two instances */
	int64_t behind_s; /* so far the clock of app-2.log is found to be behind the others, which is told, not applied */
	int64_t symptom_s; /* the first symptom of the incident in app-1.log; 0: none */
};

static void world_init(struct world *w)
{
	*w = (struct world){0};
	made_init(&w->m);
	w->app[0] = made_log(&w->m, "app-1.log", TIER_APP, "app_json", 1000, FROM, TO);
	w->app[1] = made_log(&w->m, "app-2.log", TIER_APP, "app_json", 1000, FROM, TO);
	w->db = made_log(&w->m, "pg.log", TIER_DB, "postgresql", 1000, FROM, TO);
	for (size_t i = 0; i < 2; i++) {
		w->app[i]->messages_width_s = 60;
		made_event(w->app[i], "process.start", "process.start", 1 * SECOND_US, "shop", "1.0");
	}
}

/* A roll of one instance: a second down. */
static void roll(struct world *w, size_t app, int64_t at_s, const char *from, const char *to)
{
	made_event(w->app[app], "process.stop", "process.stop", at_s * SECOND_US, "shop", from);
	made_event(w->app[app], "process.start", "process.start", (at_s + 1) * SECOND_US, "shop", to);
}

static void requests(struct world *w, int64_t from_s, int64_t to_s, uint32_t a, uint32_t b)
{
	made_run(w->app[0], "http.requests", "", from_s, to_s, a, 0, 900000);
	made_run(w->app[1], "http.requests", "", from_s, to_s, b, 0, 900000);
}

static void failures(struct world *w, size_t app, int64_t from_s, int64_t to_s, uint32_t n)
{
	made_run(w->app[app], "http.failed", "", from_s, to_s, n, 0, 900000);
}

static void message(struct world *w, size_t app, const char *key, uint8_t severity, uint32_t line, int64_t at_s, uint32_t n, uint32_t minutes)
{
	struct part *p = w->app[app];
	size_t cap = p->messages_n;
	p->messages = memory_grow(p->messages, &cap, p->messages_n + 1, sizeof *p->messages);
	struct keyed *k = &p->messages[p->messages_n++];
	*k = (struct keyed){.key = made_string(key), .severity = severity, .first_line = line, .cells = memory_new(minutes, sizeof *k->cells), .n = minutes};
	for (uint32_t i = 0; i < minutes; i++)
		k->cells[i] = (struct keyed_cell){.start_s = (uint32_t)((MADE_T0 + at_s) / 60 * 60 + i * 60), .n = n};
}

/* The first change of a kind at or behind a second, as judged for the incident. */
static const struct change *judged(struct world *w, enum tier first, const char *kind, int64_t at_s)
{
	struct fold *f = made_fold(&w->m);
	/* As if by request ids: all clocks agree. */
	for (size_t i = 1; i < f->n && !w->apart; i++) {
		f->sources[i].clock.method = "request ids";
		f->sources[i].clock.root = 0;
		f->sources[i].clock.total_us = i == 1 ? -w->behind_s * SECOND_US : 0;
	}
	front_init(&w->front, f);
	change_find(f, &w->front, &w->changes);
	w->d = memory_new(1, sizeof *w->d);
	w->d->window_start_us = made_us(FROM, 0);
	w->d->window_end_us = made_us(TO, 0);
	w->d->incidents = memory_new(1, sizeof *w->d->incidents);
	w->d->incidents_n = 1;
	struct incident *in = &w->d->incidents[0];
	in->id = made_string("000000000001");
	in->onset = (struct moment){made_us(ONSET, 0), made_us(ONSET, 0), made_us(ONSET, 1000), NULL};
	in->end = (struct moment){made_us(END, 0), made_us(END, 0), made_us(END, 1000), NULL};
	in->propagation = memory_new(1, sizeof *in->propagation);
	in->propagation_n = 1;
	in->propagation[0].tier = first;
	if (w->symptom_s) {
		w->d->bursts = memory_new(1, sizeof *w->d->bursts);
		w->d->bursts_n = 1;
		w->d->bursts[0] = (struct burst){.id = made_string("b"), .signal = made_string(w->refuses ? "db.connections.exhausted" : "http.server_error"),
						 .class = made_string(w->refuses ? "db.max_connections" : "http.500"), .incident = made_string(in->id), .first_us = made_us(w->symptom_s, 0),
						 .onset = {made_us(w->symptom_s, 0), made_us(w->symptom_s, 0), made_us(w->symptom_s, 1000), NULL}};
	}
	change_assign(&w->changes, w->d);
	struct topology topology;
	topology_init(&topology, f, NULL);
	verdict_judge(f, &w->front, &topology, &w->changes, w->d);
	topology_release(&topology);
	for (size_t i = 0; i < in->changes_n; i++)
		if (!strcmp(in->changes[i].kind, kind) && in->changes[i].at.at_us >= made_us(at_s, 0))
			return &in->changes[i];
	printf("no %s at %lld\n", kind, (long long)at_s);
	return NULL;
}

static void world_release(struct world *w)
{
	changelist_release(&w->changes);
	front_release(&w->front);
	draft_free(w->d);
	made_release(&w->m);
}

static bool test_is(const struct change *c, size_t number, const char *result)
{
	if (!c || c->tests_n != VERDICT_TESTS)
		return false;
	bool same = !strcmp(c->tests[number - 1].result, result);
	if (!same)
		printf("R%zu %s: %s\n", number, c->tests[number - 1].result, c->tests[number - 1].text);
	return same;
}

static bool says(const struct change *c, size_t number, const char *words)
{
	if (c && strstr(c->tests[number - 1].text, words))
		return true;
	printf("\"%s\" is not in \"%s\"\n", words, c ? c->tests[number - 1].text : "");
	return false;
}

static bool verdict_is(const struct change *c, const char *verdict)
{
	return c && !strcmp(c->verdict, verdict);
}

static void temporality(void)
{
	struct world w;
	world_init(&w);
	roll(&w, 0, ONSET + 30, "1.0", "1.1");
	const struct change *c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "refutes") && verdict_is(c, "refuted"), "a deploy half a minute after the onset did not begin it");
	FACT(says(c, 1, "the onset came 30 s before it") && c->tests[0].expected, "with its numbers, and what would have been seen");
	FACT(test_is(c, 3, "not_applicable") && test_is(c, 4, "not_applicable") && !c->tests[2].expected, "nothing else is asked then");
	FACT(strstr(c->reason, "refuted: R1 (temporality)"), "the reason names the test");
	world_release(&w);
	world_init(&w);
	roll(&w, 0, ONSET - 30, "1.0", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "no_evidence") && verdict_is(c, "undetermined"), "half a minute before it may have");
	FACT(strstr(c->reason, "no test speaks for it or against it"), "and that is all");
	world_release(&w);
	/* Only the new process says anything: the one before may have gone at any time. */
	world_init(&w);
	made_event(w.app[0], "process.start", "process.start", (ONSET + 30) * SECOND_US, "shop", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "no_evidence") && says(c, 1, "its first steps are not logged"), "a start without a stop may have begun before the onset");
	world_release(&w);
	/* Until a second before, it answered. */
	world_init(&w);
	requests(&w, 10, ONSET + 29, 5, 5);
	made_event(w.app[0], "process.start", "process.start", (ONSET + 30) * SECOND_US, "shop", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "refutes"), "but not before the last request that it answered");
	world_release(&w);
	world_init(&w);
	w.app[0]->zone = STAMP_NONE;
	roll(&w, 0, ONSET + 30, "1.0", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "no_evidence") && verdict_is(c, "undetermined"), "on a clock without a zone the order is not proved");
	FACT(test_is(c, 6, "no_evidence") && says(c, 6, "known to more than a minute only"), "and nothing is counted by it");
	world_release(&w);
}

/* One clock tells of both, however far off it may be; and a clock that nothing proves right proves nothing against its own log. */
static void own_clock(void)
{
	struct world w;
	world_init(&w);
	w.symptom_s = ONSET + 20;
	roll(&w, 0, ONSET + 30, "1.0", "1.1");
	const struct change *c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "refutes") && says(c, 1, "the same log has the first symptom 10 s before it"), "its own log failed before it");
	world_release(&w);
	world_init(&w);
	w.symptom_s = ONSET + 40;
	roll(&w, 0, ONSET + 30, "1.0", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, "no_evidence") && says(c, 1, "has the first symptom 10 s after it"), "its own log failed after it");
	world_release(&w);
}

/* app-2 is changed first by its own clock, which is a minute behind: 40 s after the onset. Whether app-1 was before it decides. */
static void first_instance(int64_t other_s, const char *result, const char *words, const char *what)
{
	struct world w;
	world_init(&w);
	w.behind_s = 60;
	w.symptom_s = ONSET;
	roll(&w, 1, ONSET - 20, "1.0", "1.1");
	roll(&w, 0, ONSET + other_s, "1.0", "1.1");
	const struct change *c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 1, result) && says(c, 1, words), what);
	world_release(&w);
}

/* Of a log whose clock nothing was compared with the deploy came first; but the log itself says what is refused before it. */
static void own_log(uint32_t n, int64_t also_s, const char *result, const char *what)
{
	struct world w;
	world_init(&w);
	w.apart = w.refuses = true;
	w.symptom_s = ONSET + 10;
	if (also_s)
		made_run(w.app[0], "db.connections.exhausted", "db.max_connections", also_s, also_s + 1, 1, 0, 900000);
	made_run(w.app[0], "db.connections.exhausted", "db.max_connections", ONSET - 50, ONSET - 49, n, 0, 900000);
	roll(&w, 0, ONSET - 30, "1.0", "1.1");
	const struct change *c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 1, result), what);
	FACT(strcmp(result, "refutes") || says(c, 1, "says db.max_connections 4 times before it, the first 20 s before it, and never earlier"), what);
	world_release(&w);
}

/* Before the onset 10 requests a second and none failed; in its 60 seconds `a` of 10 a second fail with the change, `b` without. */
static const struct change *half_changed(struct world *w, enum tier first, uint32_t a, uint32_t b, int64_t b_from_s)
{
	world_init(w);
	roll(w, 0, ONSET - 120, "1.0", "1.1");
	requests(w, 10, END + 600, 10, 10);
	failures(w, 0, ONSET, END, a);
	failures(w, 1, b_from_s, END, b);
	return judged(w, first, "deploy", 0);
}

static void instances(void)
{
	struct world w;
	/* verdict_oracle.py, ratio_of: 240 of 600 to 240 of 600 is 1 (95 %: 0.84 to 1.20). */
	const struct change *c = half_changed(&w, TIER_APP, 4, 4, ONSET);
	FACT(test_is(c, 2, "refutes") && verdict_is(c, "refuted"), "the unchanged instance fails as much");
	FACT(says(c, 2, "with the change 240 of 600 requests failed (before: 0 of 36,000)"), "by its own requests");
	FACT(says(c, 2, "failed 1.00 (95 %: 0.84 to 1.20) times as much"), "with the interval of the ratio");
	world_release(&w);
	c = half_changed(&w, TIER_APP, 8, 1, ONSET);
	/* 480 of 600 to 60 of 600: 480.5 / 60.5 = 7.94, +- 1.96 sqrt(1/480.5 + 1/60.5) = 0.267. */
	FACT(test_is(c, 2, "supports") && verdict_is(c, "supported"), "the changed instance fails, the other hardly");
	FACT(says(c, 2, "7.94 (95 %: 6.08 to 10.38)"), "eight times as much");
	world_release(&w);
	c = half_changed(&w, TIER_DB, 4, 4, ONSET);
	FACT(test_is(c, 2, "refutes"), "of what both share both miss at once");
	world_release(&w);
	c = half_changed(&w, TIER_DB, 9, 10, ONSET + 6); /* 540 of 600 each */
	FACT(test_is(c, 2, "no_evidence") && says(c, 2, "with the change the first failed 6.0 s earlier"), "but not when it fails first where it was changed");
	world_release(&w);
	c = half_changed(&w, TIER_APP, 1, 0, ONSET);
	FACT(test_is(c, 2, "supports"), "60 to none is more than twice");
	world_release(&w);
	world_init(&w);
	w.apart = true;
	roll(&w, 0, ONSET - 120, "1.0", "1.1");
	requests(&w, 10, END + 600, 10, 10);
	failures(&w, 0, ONSET, END, 8);
	c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 2, "no_evidence"), "instances whose clocks nothing compares support nothing");
	world_release(&w);
	world_init(&w);
	roll(&w, 0, ONSET - 120, "1.0", "1.1");
	roll(&w, 1, ONSET - 110, "1.0", "1.1");
	requests(&w, 10, END + 600, 10, 10);
	c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 2, "not_applicable"), "with all instances changed there is nothing to compare with");
	world_release(&w);
	/* The first instance starts twice: told as two changes to one version. */
	world_init(&w);
	roll(&w, 0, ONSET - 120, "1.0", "1.1");
	made_event(w.app[0], "process.start", "process.start", (ONSET - 115) * SECOND_US, "shop", "1.1");
	roll(&w, 1, ONSET - 110, "1.0", "1.1");
	requests(&w, 10, END + 600, 10, 10);
	failures(&w, 0, ONSET, END, 4);
	failures(&w, 1, ONSET, END, 4);
	c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 2, "not_applicable"), "nor with some of them changed by what is told as another change");
	world_release(&w);
}

static void taken_back(void)
{
	struct world w;
	/* Deployed 2 min before, taken back 20 s after the onset; failures end 20 s later. */
	for (int ends = 0; ends < 2; ends++) {
		world_init(&w);
		roll(&w, 0, ONSET - 120, "1.0", "1.1");
		roll(&w, 0, ONSET + 20, "1.1", "1.0");
		requests(&w, 10, 6000, 10, 10);
		failures(&w, 0, ONSET, ends ? ONSET + 40 : 5500, 6);
		const struct change *c = judged(&w, TIER_APP, "deploy", 0);
		FACT(test_is(c, 3, ends ? "supports" : "refutes"), ends ? "the failures end when it is taken back" : "they go on when it is taken back");
		FACT(says(c, 3, "at most 60 in 10 s before"), "of a peak of 60 in ten seconds");
		const struct incident *in = &w.d->incidents[0];
		const struct change *back = NULL;
		for (size_t i = 0; i < in->changes_n; i++)
			back = strcmp(in->changes[i].kind, "rollback") ? back : &in->changes[i];
		FACT(back && back->mitigation.answered && !strcmp(back->mitigation.answered, ends ? "yes" : "no"), "a rollback is a mitigation, and judged");
		FACT(back && verdict_is(back, "refuted"), "and no cause");
		world_release(&w);
	}
	world_init(&w);
	roll(&w, 0, ONSET - 120, "1.0", "1.1");
	roll(&w, 0, ONSET + 20, "1.1", "1.0");
	made_event(w.db, "db.restart", "db.shutdown_requested", (ONSET + 22) * SECOND_US, "", "");
	made_event(w.db, "db.ready", "db.ready", (ONSET + 24) * SECOND_US, "", "");
	requests(&w, 10, 6000, 10, 10);
	failures(&w, 0, ONSET, ONSET + 40, 6);
	const struct change *c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 3, "no_evidence") && says(c, 3, "but within 5 min of it came, too: database restart"), "what was done beside it may have helped");
	world_release(&w);
}

static void recovery(void)
{
	struct world w;
	for (int stays = 0; stays < 2; stays++) {
		world_init(&w);
		roll(&w, 0, ONSET - 120, "1.0", "1.1");
		requests(&w, 10, END, 10, 10);
		requests(&w, END, 6000, stays ? 10 : 4, stays ? 10 : 4);
		failures(&w, 0, ONSET, END, 6);
		const struct change *c = judged(&w, TIER_APP, "deploy", 0);
		FACT(test_is(c, 4, stays ? "refutes" : "no_evidence"), stays ? "it ended although it served as before" : "with fewer requests than half that says nothing");
		FACT(says(c, 4, stays ? "1,200 requests came (as long before the onset: 1,200)" : "480 requests came (as long before the onset: 1,200)"),
		     "by its own requests in the minute after");
		world_release(&w);
	}
	world_init(&w);
	roll(&w, 0, ONSET - 120, "1.0", "1.1");
	made_event(w.db, "db.restart", "db.shutdown_requested", (ONSET + 50) * SECOND_US, "", "");
	made_event(w.db, "db.ready", "db.ready", (ONSET + 52) * SECOND_US, "", "");
	requests(&w, 10, 6000, 10, 10);
	const struct change *c = judged(&w, TIER_APP, "deploy", 0);
	FACT(test_is(c, 4, "no_evidence"), "a restart may have ended it");
	world_release(&w);
}

/* 200 known messages before; a deploy at 3,900. */
static const struct change *saying(struct world *w, enum tier first, const char *key, uint8_t severity, int64_t at_s)
{
	world_init(w);
	roll(w, 0, 3900, "1.0", "1.1");
	roll(w, 1, 3902, "1.0", "1.1");
	requests(w, 10, 6000, 10, 10);
	message(w, 0, "order <*> taken", 9, 20, 60, 30, 66);
	if (key)
		message(w, 0, key, severity, (uint32_t)at_s * 1000 + 5, at_s, 3, 1);
	return judged(w, first, "deploy", 0);
}

static void messages(void)
{
	struct world w;
	const struct change *c = saying(&w, TIER_APP, NULL, 0, 0);
	FACT(test_is(c, 5, "refutes") && says(c, 5, "0 messages never said before"), "nothing new between the change and the onset");
	world_release(&w);
	c = saying(&w, TIER_APP, "cart <*> has no total", 17, 3950);
	FACT(test_is(c, 5, "supports") && says(c, 5, "first said then: cart <*> has no total"), "an error never said before, after the change, before the onset");
	FACT(verdict_is(c, "supported"), "supports it");
	world_release(&w);
	c = saying(&w, TIER_APP, "cart <*> has no total", 17, 4005);
	FACT(test_is(c, 5, "refutes"), "what is new after the onset may be its effect");
	world_release(&w);
	c = saying(&w, TIER_DB, "could not connect to the database", 17, 3950);
	FACT(test_is(c, 5, "no_evidence"), "an error that speaks of another tier is that tier's");
	world_release(&w);
	c = saying(&w, TIER_APP, "cart <*> is warm", 9, 3950);
	FACT(test_is(c, 5, "no_evidence"), "something new that is no error neither speaks for it nor against it");
	world_release(&w);
}

static void coincidence(void)
{
	struct world w;
	world_init(&w);
	char versions[8][8];
	for (int i = 0; i < 8; i++) {
		snprintf(versions[i], sizeof versions[i], "1.%d", i + 1);
		roll(&w, 0, 200 + i * 500, i ? versions[i - 1] : "1.0", versions[i]); /* the last at 3,700 */
	}
	const struct change *c = judged(&w, TIER_DB, "deploy", 3700);
	/* 7 others in 7,200 s, 300 s before the onset: 1 - e^(-7 * 300 / 7200) = 25.3 % */
	FACT(test_is(c, 6, "refutes") && says(c, 6, "7 other deploys in 2 h 0 min") && says(c, 6, "25.3 %"), "deploys so often come before anything");
	FACT(says(c, 6, "after 0 of 7 earlier ones an incident began as soon"), "and none of them did harm");
	world_release(&w);
	world_init(&w);
	roll(&w, 0, 3700, "1.0", "1.1");
	c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 6, "no_evidence"), "of one deploy nobody knows how often they come");
	world_release(&w);
}

static void lag(void)
{
	struct world w;
	for (int ramp = 0; ramp < 3; ramp++) {
		world_init(&w);
		roll(&w, 0, 300, "1.0", "1.1"); /* 3,700 s before the onset */
		for (int64_t s = 60; s < ONSET && ramp < 2; s += 60)
			made_session(w.db, HOLDER_USER, "shop", s, ramp ? 1 : s / 60 % 2 ? 2 : -2);
		const struct change *c = judged(&w, TIER_DB, "deploy", 0);
		FACT(test_is(c, 7, ramp ? "no_evidence" : "refutes"), ramp == 2 ? "without a count of connections a slow ramp is not seen"
							    : ramp     ? "connections that grow since are what a leak does"
									: "an hour before, and the connections did not grow");
		world_release(&w);
	}
	world_init(&w);
	roll(&w, 0, 600, "1.0", "1.1");
	const struct change *c = judged(&w, TIER_DB, "deploy", 0);
	FACT(test_is(c, 7, "not_applicable"), "under an hour nothing is asked");
	FACT(test_is(c, 8, "no_evidence") && says(c, 8, "app > pool > db"), "an application reaches its database");
	world_release(&w);
}

/* What takes what back. */
static void takes_back(void)
{
	struct moment first = {1, 1, 2, NULL}, second = {5, 5, 6, NULL};
#define S(string) ((char *)(uintptr_t)(string))
	struct change deploy = {.kind = S("deploy"), .tier = TIER_APP, .at = first, .service = S("shop"), .version = S("2"), .from_version = S("1")};
	struct change ready = {.kind = S("start"), .tier = TIER_DB, .at = first};
	struct change back = {.kind = S("rollback"), .tier = TIER_APP, .at = second, .service = S("shop"), .version = S("1"), .from_version = S("2")};
#undef S
	FACT(mitigation_takes_back(&back, &deploy), "the version before is back");
	FACT(!mitigation_takes_back(&back, &ready), "an application's rollback takes nothing of the database's back");
	FACT(!mitigation_takes_back(&deploy, &back), "nothing takes back what comes later");
}

int main(void)
{
	takes_back();
	own_log(4, 0, "refutes", "a log that says it before the change");
	own_log(2, 0, "no_evidence", "but twice is little");
	own_log(4, ONSET - 1000, "no_evidence", "and what it said earlier, too, is no sign");
	temporality();
	own_clock();
	first_instance(-5, "no_evidence", "it began in app-1.log, before the first symptom", "a rollout begins with its first instance by compared clocks");
	first_instance(10, "refutes", "the first symptom in app-1.log came 40 s before it", "which came after the onset as well");
	instances();
	taken_back();
	recovery();
	messages();
	coincidence();
	lag();
	return unit_done();
}
