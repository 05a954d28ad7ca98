#include "incident/propagation.h"

#include "fold/moment.h"
#include "made.h"
#include "random.h"

/* One source and one burst each: tier, first event, uncertainty. */
struct fall {
	enum tier tier;
	int64_t at_us, uncertainty_us;
};

static struct fold_source sources[8];
static char keys[8][32];

static struct signal_set *signals;
static const char *told_as = "http.server_error";

static struct draft *spread(const struct fall *falls, size_t n)
{
	struct fold f = {.sources = sources, .n = n, .signals = signals};
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].id = made_string("000000000001");
	d->bursts = memory_new(n, sizeof *d->bursts);
	for (size_t i = 0; i < n; i++) {
		snprintf(keys[i], sizeof keys[i], "%zu.log", i);
		sources[i] = (struct fold_source){.key = keys[i], .tier = falls[i].tier, .zone_printed = true, .resolution_us = 1000,
						  .uncertainty_us = falls[i].uncertainty_us, .twin_of = -1};
		struct burst *b = &d->bursts[d->bursts_n++];
		*b = (struct burst){.id = made_string(keys[i]), .signal = made_string(told_as), .class = made_string(""),
				    .tier = falls[i].tier, .source = made_string(keys[i]), .source_index = i,
				    .incident = made_string("000000000001")};
		b->onset = moment_of(&sources[i], made_us(0, falls[i].at_us));
	}
	propagation_find(&f, d);
	return d;
}

static void database_first(void)
{
	static const struct fall falls[] = {{TIER_WEB, 0, 1500000}, {TIER_APP, 514000, 500000}, {TIER_DB, 510000, 0}, {TIER_LB, 9000000, 500000}};
	struct draft *d = spread(falls, 4);
	const struct incident *in = &d->incidents[0];
	FACT(in->propagation_n == 4 && in->propagation[0].tier == TIER_DB, "the deepest of those that nothing precedes comes first");
	FACT(in->propagation[1].tier == TIER_APP && in->propagation[2].tier == TIER_WEB, "then the next deepest");
	FACT(!in->propagation[2].provable && !strcmp(in->propagation[2].order, "order not provable"), "without a claim");
	FACT(in->propagation[2].lag_us == -510000, "the lag is as the stamps say, even when it is negative");
	FACT(in->propagation[3].tier == TIER_LB && in->propagation[3].provable && !strcmp(in->propagation[3].order, "after db"),
	     "what is wholly after the first is said to be after it");
	FACT(!strcmp(in->propagation[0].order, "none is proved to be earlier") && in->propagation[0].lag_us == 0,
	     "the first is not called so when that is not proved");
	draft_free(d);
}

static void proof_beats_depth(void)
{
	static const struct fall falls[] = {{TIER_DB, 5000000, 0}, {TIER_WEB, 1000000, 0}};
	struct draft *d = spread(falls, 2);
	FACT(d->incidents[0].propagation[0].tier == TIER_WEB && !strcmp(d->incidents[0].propagation[0].order, "first") &&
		     !strcmp(d->incidents[0].propagation[1].order, "after web"),
	     "a web server that is proved to fail first comes first");
	draft_free(d);
}

static void never_against_proof(void)
{
	size_t wrong = 0, short_of = 0;
	for (int round = 0; round < 2000; round++) {
		struct fall falls[8];
		for (size_t i = 0; i < 8; i++) {
			uint64_t state = random_next();
			falls[i] = (struct fall){(enum tier)(state % 6), (int64_t)(state >> 8) % 10000000, (int64_t)(state >> 36) % 3000000};
			falls[i].at_us = falls[i].at_us < 0 ? -falls[i].at_us : falls[i].at_us;
		}
		struct draft *d = spread(falls, 8);
		const struct incident *in = &d->incidents[0];
		short_of += in->propagation_n != 8;
		for (size_t i = 0; i < in->propagation_n; i++)
			for (size_t k = i + 1; k < in->propagation_n; k++)
				wrong += moment_before(&in->propagation[k].onset, &in->propagation[i].onset);
		draft_free(d);
	}
	FACT(!short_of, "nobody is lost");
	FACT(!wrong, "of 2,000 random ones none stands before what is proved to precede it");
}

/* A database that refuses from 600.5 on; an application whose burst of `later` begins at 620, after `lone` refusals at 600.6 in its
 * own log or in that of a second instance. */
static void lone_events(bool own, bool other, const char *later)
{
	struct made m;
	made_init(&m);
	const char *signal = "db.connections.exhausted", *class = "db.max_connections";
	struct part *db = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 900);
	struct part *app = made_log(&m, "app-1.log", TIER_APP, "app_json", 1000, 0, 900);
	struct part *second = made_log(&m, "app-2.log", TIER_APP, "app_json", 1000, 0, 900);
	made_second(db, signal, class, FACET_NONE, "", 600, 10, 500000, 990000);
	if (own)
		made_second(app, signal, class, FACET_NONE, "", 600, 2, 600000, 700000);
	if (other)
		made_second(second, signal, class, FACET_NONE, "", 600, 2, 600000, 700000);
	made_run(app, later, "", 620, 640, 10, 0, 900000);
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].id = made_string("000000000001");
	d->bursts = memory_new(2, sizeof *d->bursts);
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		bool is_db = s->tier == TIER_DB;
		if (!is_db && strcmp(s->key, "app-1.log"))
			continue;
		struct burst *b = &d->bursts[d->bursts_n++];
		*b = (struct burst){.id = made_string(s->key), .signal = made_string(is_db ? signal : later), .class = made_string(""), .tier = s->tier,
				    .source = made_string(s->id), .source_index = i, .incident = made_string("000000000001"),
				    .first_us = is_db ? made_us(600, 500000) : made_us(620, 0)};
		b->onset = moment_of(s, b->first_us);
		if (is_db)
			d->incidents[0].onset = moment_copy(&b->onset);
	}
	propagation_find(f, d);
	const struct propagation *p = &d->incidents[0].propagation[1];
	if (own)
		FACT(p->onset.at_us == made_us(600, 600000) && p->lag_us == 100000 && !p->provable,
		     "two refusals before the burst of the application are its first sign");
	else if (other)
		FACT(!p->provable && !strcmp(p->order, "order not provable"), "so are those of another instance");
	else
		FACT(p->provable && p->lag_us == 19500000, "without them it is proved to come later");
	draft_free(d);
	made_release(&m);
}

/* What an application repeats cannot come before what the database says. */
static void clocks_that_differ(void)
{
	static const struct fall falls[] = {{TIER_DB, 5000000, 0}, {TIER_APP, 1000000, 500000}};
	struct draft *d = spread(falls, 2);
	FACT(d->incidents[0].propagation[1].tier == TIER_DB && d->incidents[0].propagation[1].provable,
	     "an application may fail before the database");
	draft_free(d);
	told_as = "db.connections.exhausted";
	d = spread(falls, 2);
	FACT(!d->incidents[0].propagation[1].provable && !strcmp(d->incidents[0].propagation[1].order, "order not provable"),
	     "but it cannot repeat a refusal that was not made yet");
	draft_free(d);
	told_as = "http.server_error";
}

int main(void)
{
	signals = builtin_signals();
	clocks_that_differ();
	lone_events(false, false, "db.connections.exhausted");
	lone_events(false, false, "backend.down");
	lone_events(true, false, "db.connections.exhausted");
	lone_events(true, false, "backend.down");
	lone_events(false, true, "db.connections.exhausted");
	lone_events(false, true, "backend.down");
	database_first();
	proof_beats_depth();
	never_against_proof();
	signal_set_free(signals);
	return unit_done();
}
