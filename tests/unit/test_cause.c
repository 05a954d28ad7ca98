#include "cause/cause.h"

#include "cause/score.h"
#include "fold/sentence.h"
#include "made.h"

#define ONSET_S 1000

/* Changes and refusals around an incident whose onset is proved to lie in [1000 s, 1000.001 s); the causes that come out. */
struct told {
	enum tier tier;
	const char *kind; /* of the change */
	int64_t at_us;	  /* after the onset */
	int64_t uncertain_us;
	int64_t ready_us; /* after the onset; 0: it is not known when it was over */
};
struct turned_away {
	enum tier tier;
	const char *class;
	bool echo;
};
struct world {
	const char *fact;
	struct told changes[3];
	struct turned_away refusals[3];
	const char *causes;
};

#define S(s) ((s)*SECOND_US)

static const struct world worlds[] = {
	{"nothing states a cause", {{0}}, {{0}}, ""},
	{"a crash of the database before the onset", {{TIER_DB, "crash", -S(1), 0, 0}}, {{0}}, "database_crash"},
	{"five minutes before still counts", {{TIER_DB, "crash", -S(300), 0, 0}}, {{0}}, "database_crash"},
	{"a microsecond more does not", {{TIER_DB, "crash", -S(300) - 1, 0, 0}}, {{0}}, ""},
	{"one that is proved to come after the onset does not", {{TIER_DB, "crash", S(1), 0, 0}}, {{0}}, ""},
	{"one that may have come before it does", {{TIER_DB, "crash", S(1), S(1), 0}}, {{0}}, "database_crash"},
	{"one that was over ten seconds before the onset", {{TIER_DB, "crash", -S(60), 0, -S(10)}}, {{0}}, "database_crash"},
	{"one that was over long before explains nothing", {{TIER_DB, "crash", -S(60), 0, -S(11)}}, {{0}}, ""},
	{"a restart of the database", {{TIER_DB, "restart", -S(1), 0, 0}}, {{0}}, "database_restart"},
	{"its stop too", {{TIER_DB, "stop", -S(1), 0, 0}}, {{0}}, "database_restart"},
	{"its first start does not", {{TIER_DB, "start", -S(1), 0, 0}}, {{0}}, ""},
	{"nor does a reload", {{TIER_DB, "reload", -S(1), 0, 0}}, {{0}}, ""},
	{"a crash of an application is none of the database", {{TIER_APP, "crash", -S(1), 0, 0}}, {{0}}, ""},
	{"nor is a deploy a cause", {{TIER_APP, "deploy", -S(1), 0, 0}}, {{0}}, ""},
	{"two crashes are one cause",
	 {{TIER_DB, "crash", -S(9), 0, 0}, {TIER_DB, "crash", -S(5), 0, 0}},
	 {{0}},
	 "database_crash"},
	{"crash and restart are two",
	 {{TIER_DB, "crash", -S(9), 0, 0}, {TIER_DB, "restart", -S(5), 0, 0}},
	 {{0}},
	 "database_crash database_restart"},
	{"max_connections states no cause", {{0}}, {{TIER_DB, "db.max_connections", false}}, ""},
	{"a fork that failed does", {{0}}, {{TIER_DB, "db.fork_failed", false}}, "os_limit"},
	{"so does the system's own limit; both are one",
	 {{0}},
	 {{TIER_DB, "db.fork_failed", false}, {TIER_DB, "os.limit", false}},
	 "os_limit"},
	{"alone too", {{0}}, {{TIER_DB, "os.limit", false}}, "os_limit"},
	{"a pooler's client limit, where nothing deeper refused",
	 {{0}},
	 {{TIER_POOL, "pooler.client_limit", false}, {TIER_APP, "pooler.client_limit", true}},
	 "pooler_limit"},
	{"not where the database refused as well",
	 {{0}},
	 {{TIER_DB, "db.max_connections", false}, {TIER_POOL, "pooler.client_limit", true}},
	 ""},
	{"not where only the application quotes it", {{0}}, {{TIER_APP, "pooler.client_limit", false}}, ""},
	{"an echo states nothing",
	 {{0}},
	 {{TIER_DB, "db.max_connections", false}, {TIER_APP, "db.fork_failed", true}},
	 ""},
	{"what has events in the log comes before what has none",
	 {{TIER_DB, "restart", -S(1), 0, 0}},
	 {{TIER_DB, "db.fork_failed", false}},
	 "os_limit database_restart"},
};

static struct draft *make(const struct fold *f, const struct world *w)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents_n = 1;
	struct incident *in = d->incidents = memory_new(1, sizeof *d->incidents);
	in->onset = (struct moment){made_us(ONSET_S, 0), made_us(ONSET_S, 0), made_us(ONSET_S, 1000), NULL};
	in->end =
		(struct moment){made_us(ONSET_S + 60, 0), made_us(ONSET_S + 60, 0), made_us(ONSET_S + 60, 1000), NULL};
	in->changes = memory_new(3, sizeof *in->changes);
	in->refusals = memory_new(3, sizeof *in->refusals);
	for (; in->changes_n < 3 && w->changes[in->changes_n].kind; in->changes_n++) {
		const struct told *t = &w->changes[in->changes_n];
		struct change *c = &in->changes[in->changes_n];
		*c = (struct change){.kind = made_string(t->kind), .tier = t->tier, .summary = made_string("it did")};
		c->at.at_us = made_us(ONSET_S, t->at_us);
		c->end_us = t->ready_us ? made_us(ONSET_S, t->ready_us) : INSTANT_NONE;
		c->at.lower_us = c->at.at_us - t->uncertain_us;
		c->at.upper_us = c->at.at_us + 1 + t->uncertain_us;
		fold_evidence(f, 0, 0, 7, 700, 70, &c->evidence);
		fold_evidence(f, 0, 0, 8, 800, 80, &c->evidence);
	}
	for (; in->refusals_n < 3 && w->refusals[in->refusals_n].class; in->refusals_n++) {
		const struct turned_away *t = &w->refusals[in->refusals_n];
		in->refusals[in->refusals_n] = (struct refusal){.tier = t->tier,
								.source = made_string(f->sources[1].id),
								.class = made_string(t->class),
								.count = 1234,
								.echo = t->echo,
								.onset = in->onset,
								.end = in->end};
	}
	return d;
}

static const char *const classes[] = {"db.fork_failed", "db.max_connections", "os.limit", "pooler.client_limit"};

/* The second of the incident in which the database's log has its first refusals of a class. */
static int64_t class_second(const char *class)
{
	int64_t at = 0;
	while (strcmp(classes[at], class))
		at++;
	return ONSET_S + 1 + at;
}

/* Refusals of every class in a database's log: one long before, five in the incident. What must not be taken for them:
 * the same classes in another log, or under another signal. */
static void make_log(struct made *m)
{
	struct part *app = made_log(m, "app.log", TIER_APP, "app_json", 1000, 0, 2000);
	struct part *p = made_log(m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	for (size_t i = 0; i < 4; i++) {
		made_second(p, "db.connections.exhausted", classes[i], FACET_NONE, "", 10, 1, 0, 0);
		made_second(p, "db.connections.exhausted", classes[i], FACET_NONE, "", class_second(classes[i]), 5, 0,
			    900000);
		made_second(p, "backend.down", classes[i], FACET_NONE, "", ONSET_S, 5, 0, 900000);
		made_second(app, "db.connections.exhausted", classes[i], FACET_NONE, "", ONSET_S, 5, 0, 900000);
	}
}

static void find(const struct fold *f, const struct front *front, struct draft *d)
{
	struct topology topology;
	topology_init(&topology, f, NULL);
	cause_find(f, front, &topology, d);
	topology_release(&topology);
}

static void causes(void)
{
	struct made m;
	made_init(&m);
	make_log(&m);
	const struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		struct draft *d = make(f, &worlds[i]);
		const struct incident *in = &d->incidents[0];
		find(f, &front, d);
		struct text t = {0};
		bool stated = true, evident = true, adds_up = true;
		size_t changes_n = 0;
		for (size_t k = 0; k < in->causes_n; k++) {
			const struct cause *c = &in->causes[k];
			text_format(&t, "%s%s", k ? " " : "", c->cause);
			int64_t sum = 0;
			for (size_t n = 0; n < c->terms_n; n++)
				sum += c->terms[n].points;
			adds_up &= c->terms_n == PART_COUNT && sum == c->score;
			stated &= c->terms[0].points == SCORE_MECHANISM && (in->causes_n > 1 || !strcmp(c->word, "probable")) &&
				  c->for_n && !c->against_n;
			bool change = !strncmp(c->cause, "database", 8);
			evident &= change ? c->evidence_for.n == 2 && c->evidence_for.items[0].line == 7 &&
						    c->at.at_us == made_us(ONSET_S, worlds[i].changes[changes_n++].at_us) &&
						    strstr(c->for_text[0], "it did")
					  : c->evidence_for.n == 1 &&
						    c->evidence_for.items[0].line ==
							    (uint64_t)class_second(in->refusals[0].class) * 1000 + 1 &&
						    c->at.at_us == in->onset.at_us &&
						    strstr(c->for_text[0], "1,234 messages");
			FACT(strcmp(cause_words(c->cause), c->cause), "there are words for every cause");
		}
		TEXT_IS(t.at, worlds[i].causes, worlds[i].fact);
		FACT(stated && evident, "what a message states is probable when it is alone: with its own time, sentence and lines");
		FACT(adds_up, "the terms sum up to the score");
		FACT(!in->causes_reason == (in->causes_n > 0), "none have a reason");
		FACT(in->considered_n >= 5, "the others were considered");
		for (size_t k = 0; k < in->considered_n; k++)
			FACT(in->considered[k].why && *in->considered[k].why, "and it says why not");
		FACT(in->causes_n || (in->refusals_n > 0) == !!strstr(in->causes_reason, "connections ran out"),
		     "which speaks of refusals only when there were any");
		text_release(&t);
		draft_free(d);
	}
	front_release(&front);
	made_release(&m);
}

static void add_burst(struct draft *d, const char *signal, enum tier tier, uint64_t count, const char *incident)
{
	d->bursts[d->bursts_n++] = (struct burst){.id = made_string(signal),
						  .signal = made_string(signal),
						  .class = made_string(""),
						  .tier = tier,
						  .source = made_string("s"),
						  .count = count,
						  .incident = made_string(incident)};
}

static void measures(void)
{
	struct made m;
	made_init(&m);
	make_log(&m);
	const struct fold *f = made_fold(&m);
	struct draft *d = make(f, &worlds[0]);
	struct incident *in = &d->incidents[0];
	in->id = made_string("i1");
	d->bursts = memory_new(6, sizeof *d->bursts);
	add_burst(d, "http.server_error", TIER_WEB, 99, "i1");
	add_burst(d, "app.pool.exhausted", TIER_APP, 5, "another");
	add_burst(d, "db.connections.exhausted", TIER_APP, 50, "i1");
	add_burst(d, "db.connections.exhausted", TIER_DB, 50, "i1");
	add_burst(d, "no.such.signal", TIER_DB, 50, "i1");
	struct front front;
	front_init(&front, f);
	find(f, &front, d);
	FACT(in->measures_n == 2, "each signal of the incident's own bursts suggests its measure once");
	FACT(in->measures_n && !strcmp(in->measures[0].because, "db.connections.exhausted") &&
		     !strcmp(in->measures[0].text, signal_find(m.signals, SPAN("db.connections.exhausted"))->measure),
	     "first what the most telling burst suggests");
	FACT(in->measures_n == 2 && !strcmp(in->measures[1].because, "http.server_error"), "then the others");
	draft_free(d);
	d = memory_new(1, sizeof *d);
	find(f, &front, d);
	front_release(&front);
	FACT(!d->incidents_n, "without an incident there is nothing to find");
	draft_free(d);
	made_release(&m);
}

/* Lock waits before the onset. */
static void lock_waits(void)
{
	static const struct {
		const char *fact;
		int64_t began_s, longest_us, queue;
		bool known, cause;
	} cases[] = {
		{"a pile of lock waits that begins before the onset may be the cause", ONSET_S - 5, 5 * SECOND_US, 8, true, true},
		{"whoever holds the lock", ONSET_S - 5, 5 * SECOND_US, 8, true, true},
		{"or is known by half", ONSET_S - 5, 5 * SECOND_US, 8, true, true},
		{"one that begins after it is none", ONSET_S + 1, 5 * SECOND_US, 8, true, false},
		{"two sessions in a queue are no pile", ONSET_S - 5, 5 * SECOND_US, 2, true, false},
		{"nor are waits of less than a second", ONSET_S - 5, 999999, 8, true, false},
		{"without lock waits nothing is claimed", ONSET_S - 5, 5 * SECOND_US, 8, false, false},
	};
	for (size_t i = 0, at = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made m;
		made_init(&m);
		made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
		struct fold *f = made_fold(&m);
		struct draft *d = memory_new(1, sizeof *d);
		d->incidents = memory_new(1, sizeof *d->incidents);
		d->incidents_n = 1;
		struct incident *in = &d->incidents[0];
		in->onset = (struct moment){made_us(ONSET_S, 0), made_us(ONSET_S, 0), made_us(ONSET_S, 1000), NULL};
		in->end = in->onset;
		int64_t began = made_us(cases[i].began_s, 0);
		in->locks = (struct locks){.known = cases[i].known, .waits = 9, .longest_us = cases[i].longest_us,
					   .queue_peak = {true, cases[i].queue, NULL}, .onset = {began, began, began + 1000, NULL}};
		static const char *const users[] = {"reports", NULL, "reports"}, *const applications[] = {"nightly", NULL, NULL};
		static const char *const held[] = {"reports (nightly, process 77)", "process 77", "reports (process 77)"};
		size_t holder = cases[i].cause ? at++ % 3 : 0;
		struct locks *l = &in->locks;
		l->objects = memory_new(1, sizeof *l->objects);
		l->objects_n = 1;
		l->objects[0] = (struct lock_object){.object = made_string("relation 1"), .mode = made_string("ShareLock")};
		l->objects[0].holders = memory_new(1, sizeof *l->objects[0].holders);
		l->objects[0].holders_n = 1;
		l->objects[0].holders[0] = (struct lock_holder){
			.pid = 77, .user = users[holder] ? made_string(users[holder]) : NULL,
			.application = applications[holder] ? made_string(applications[holder]) : NULL};
		struct front front;
		front_init(&front, f);
		find(f, &front, d);
		front_release(&front);
		FACT((in->causes_n == 1) == cases[i].cause, cases[i].fact);
		if (in->causes_n == 1) {
			TEXT_IS(in->causes[0].cause, "lock_contention", "which cause");
			bool fits = in->measures_n && !strcmp(in->measures[0].because, "lock_contention") && strstr(in->measures[0].text, "lock_timeout");
			FACT(fits == (strcmp(in->causes[0].word, "undetermined") != 0), "what to consider fits the cause, where there is one");
			static const char what[] = "9 sessions waited for locks, the longest 5.0 s, up to 8 for one; the first began 5.0 s "
						   "before the onset; most wait for relation 1, held by ";
			const char *said = in->causes[0].for_text[0];
			FACT(!strncmp(said, what, sizeof what - 1), "what speaks for it");
			TEXT_IS(said + sizeof what - 1, held[holder], "and who held the lock, as far as the log says");
			FACT(in->causes[0].terms[0].points < SCORE_MECHANISM, "less than a message that says so");
		}
		draft_free(d);
		made_release(&m);
	}
}

int main(void)
{
	causes();
	measures();
	FACT(!strcmp(cause_words("no such cause"), "no such cause"),
	     "a cause without words of its own is its name");
	lock_waits();
	return unit_done();
}
