#include "cause/change.h"
#include "fold/moment.h"

#include "made.h"

struct world {
	struct made m;
	struct front front;
	struct change_list changes;
};

static void world_find(struct world *w)
{
	struct fold *f = made_fold(&w->m);
	front_init(&w->front, f);
	w->changes = (struct change_list){0};
	change_find(f, &w->front, &w->changes);
}

static void world_release(struct world *w)
{
	changelist_release(&w->changes);
	front_release(&w->front);
	made_release(&w->m);
}

/* "kind kind kind", in the order of time. */
static bool kinds(const struct world *w, const char *expected)
{
	struct text t = {0};
	for (size_t i = 0; i < w->changes.n; i++)
		text_format(&t, "%s%s", i ? " " : "", w->changes.items[i].kind);
	bool same = !strcmp(t.at ? t.at : "", expected);
	if (!same)
		printf("got \"%s\", not \"%s\"\n", t.at ? t.at : "", expected);
	text_release(&t);
	return same;
}

#define S(s) ((s) * SECOND_US)

static void services(void)
{
	struct world w;
	made_init(&w.m);
	struct part *a = made_log(&w.m, "app-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	struct part *b = made_log(&w.m, "app-2.log", TIER_APP, "app_json", 1000, 0, 5000);
	made_event(a, "process.start", "process.start", S(1), "shop", "1.0");
	made_event(b, "process.start", "process.start", S(2), "shop", "1.0");
	made_event(a, "process.stop", "process.stop", S(1000), "shop", "1.0");
	made_event(a, "process.stop", "process.stop", S(1001), "shop", "");
	made_event(a, "process.start", "process.start", S(1002), "shop", "1.1");
	made_event(b, "process.stop", "process.stop", S(1100), "shop", "1.0");
	made_event(b, "process.start", "process.start", S(1102), "shop", "1.1");
	made_event(a, "process.start", "process.start", S(1150), "shop", "1.1");
	made_event(a, "process.stop", "process.stop", S(1200), "shop", "1.1");
	made_event(a, "process.start", "process.start", S(1201), "shop", "1.1");
	made_event(b, "process.stop", "process.stop", S(1202), "shop", "1.1");
	made_event(b, "process.start", "process.start", S(1203), "shop", "1.1");
	made_event(a, "process.stop", "process.stop", S(4000), "shop", "1.1");
	made_event(b, "process.stop", "process.stop", S(4001), "shop", "1.1");
	world_find(&w);
	FACT(kinds(&w, "start deploy restart restart stop"), "start, rolling deploy, crash, rolling restart, stop");
	if (w.changes.n == 5) {
		const struct change *c = w.changes.items;
		FACT(c[1].at.at_us == made_us(1000, 0) && c[1].end_us == made_us(1102, 0) && !strcmp(c[1].from_version, "1.0") &&
			     !strcmp(c[1].version, "1.1"),
		     "the deploy goes from the first stop to the last start");
		FACT(c[2].at.at_us == made_us(1150, 0) && strstr(c[2].summary, "no stop was logged"),
		     "an instance that starts a second time begins another change");
		FACT(c[3].at.at_us == made_us(1200, 0) && c[3].end_us == made_us(1203, 0) && strstr(c[3].summary, "2 instances"),
		     "the same version again is a restart");
		FACT(c[4].end_us == INSTANT_NONE && c[1].evidence.n >= 2, "a stop has no end; a deploy has evidence");
	}
	world_release(&w);
	made_init(&w.m);
	a = made_log(&w.m, "app-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	made_event(a, "process.stop", "process.stop", S(1000), "shop", "1.0");
	made_event(a, "process.start", "process.start", S(1002), "shop", "1.1");
	made_event(a, "process.start", "process.start", S(3000), "other", "");
	world_find(&w);
	FACT(kinds(&w, "deploy restart"), "the stopping process says the version before; a late first start follows an unlogged end");
	world_release(&w);
}

/* A server says that it listens, then the application which version does; no line tells a process. */
static void two_lines(void)
{
	struct world w;
	made_init(&w.m);
	static const char *const logs[] = {"app-1.log", "app-2.log"};
	for (size_t i = 0; i < 2; i++) {
		struct part *p = made_log(&w.m, logs[i], TIER_APP, "app_json", 1000, 0, 5000);
		int64_t at = S(1000 + 10 * (int64_t)i);
		made_event(p, "process.start", "process.start", S(1), "shop", "1.0");
		made_event(p, "process.stop", "process.stop", at, "shop", "1.0");
		made_event(p, "process.start", "process.start", at + S(3), "shop", "");
		made_event(p, "process.start", "process.start", at + S(4), "shop", "1.1");
	}
	world_find(&w);
	FACT(kinds(&w, "start deploy"), "two lines of one start are one, in each instance");
	FACT(w.changes.n == 2 && w.changes.items[1].instances_n == 2 && w.changes.items[1].version && !strcmp(w.changes.items[1].version, "1.1"),
	     "one deploy of both");
	world_release(&w);
	made_init(&w.m);
	struct part *p = made_log(&w.m, "app-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	for (int64_t i = 0; i < 3; i++) {
		made_event(p, "process.start", "process.start", S(1000 + 20 * i), "shop", "");
		made_event(p, "process.start", "process.start", S(1001 + 20 * i), "shop", "1.1");
	}
	world_find(&w);
	FACT(kinds(&w, "restart restart restart"), "but a process that starts again and again has as many starts");
	world_release(&w);
	/* While app-1 goes back to 1.0, app-2, whose clock is off, says in two lines that it starts with 1.1. */
	made_init(&w.m);
	p = made_log(&w.m, "app-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	struct part *q = made_log(&w.m, "app-2.log", TIER_APP, "app_json", 1000, 0, 5000);
	made_event(p, "process.start", "process.start", S(1), "shop", "1.1");
	made_event(q, "process.start", "process.start", S(1), "shop", "1.0");
	made_event(p, "process.stop", "process.stop", S(1000), "shop", "1.1");
	made_event(p, "process.start", "process.start", S(1003), "shop", "1.0");
	made_event(q, "process.start", "process.start", S(1040), "shop", "");
	made_event(q, "process.start", "process.start", S(1041), "shop", "1.1");
	world_find(&w);
	bool apart = false;
	for (size_t i = 0; i < w.changes.n; i++)
		apart |= !strcmp(w.changes.items[i].kind, "rollback") && w.changes.items[i].instances_n == 1;
	FACT(apart, "a line without a version belongs to the version that the next one names");
	world_release(&w);
}

static void databases(void)
{
	struct world w;
	made_init(&w.m);
	struct part *p = made_log(&w.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 5000);
	made_event(p, "db.restart", "db.starting", S(0), "", "");
	made_event(p, "db.ready", "db.ready", S(1), "", "");
	made_event(p, "db.restart", "db.shutdown_requested", S(100), "", "");
	made_event(p, "db.restart", "db.stopped", S(101), "", "");
	made_event(p, "db.restart", "db.starting", S(102), "", "");
	made_event(p, "db.crashed", "crash.interrupted", S(103), "", "");
	made_event(p, "db.ready", "db.ready", S(110), "", "");
	made_event(p, "db.crashed", "crash.process", S(200), "", "");
	made_event(p, "db.crashed", "crash.reinitialized", S(201), "", "");
	made_event(p, "db.ready", "db.ready", S(207), "", "");
	made_event(p, "config.reload", "config.reload", S(300), "", "");
	made_event(p, "config.reload", "config.parameter", S(300), "", "");
	made_event(p, "config.reload", "config.reload", S(400), "", "");
	made_event(p, "config.reload", "config.reload", S(400) + 1000, "", "");
	made_event(p, "config.reload", "config.reload", S(420), "", "");
	made_event(p, "config.reload", "config.parameter", S(423), "", "");
	made_event(p, "db.restart", "db.shutdown_requested", S(500), "", "");
	world_find(&w);
	FACT(kinds(&w, "start restart crash reload reload stop"),
	     "an immediate shutdown with recovery is a restart, a crash is a crash, reloads within a minute are one");
	if (w.changes.n == 6) {
		FACT(w.changes.items[1].end_us == made_us(110, 0) && w.changes.items[2].end_us == made_us(207, 0), "each until the server is ready");
		FACT(w.changes.items[5].end_us == INSTANT_NONE, "the last one never is");
		FACT(w.changes.items[3].end_us == INSTANT_NONE && !strstr(w.changes.items[3].summary, "times"), "what one reload says is one");
		FACT(w.changes.items[4].end_us == made_us(420, 0) && strstr(w.changes.items[4].summary, ", 2 times, the last at 11:07:00") &&
			     w.changes.items[4].evidence.n == 2,
		     "two that are told as one are counted");
	}
	world_release(&w);
}

static void traffic(void)
{
	struct world w;
	made_init(&w.m);
	struct part *p = made_log(&w.m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 7200);
	made_run(p, "http.requests", "", 0, 3600, 20, 0, 0);
	made_run(p, "http.requests", "", 3600, 3900, 200, 0, 0);
	made_run(p, "http.requests", "", 3900, 7200, 20, 0, 0);
	world_find(&w);
	FACT(kinds(&w, "traffic_surge"), "ten times the requests for five minutes are a surge");
	if (w.changes.n == 1)
		FACT(w.changes.items[0].at.at_us == made_us(3600, 0) && w.changes.items[0].end_us == made_us(3899, 0) &&
			     strstr(w.changes.items[0].summary, "200.7/s"),
		     "with its time and rate (60,000 requests in 299 s from first to last)");
	world_release(&w);
	made_init(&w.m);
	p = made_log(&w.m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 7200);
	made_run(p, "http.requests", "", 60, 7200, 20, 0, 0);
	world_find(&w);
	FACT(kinds(&w, ""), "a log that begins before its traffic shows no surge");
	world_release(&w);
}

static struct draft *incident(int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	return d;
}

/* An hour before the onset to five minutes after the end: what lies between is near. */
static void near_an_incident(void)
{
	struct world w;
	made_init(&w.m);
	struct part *p = made_log(&w.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 9000);
	made_event(p, "config.reload", "config.reload", S(999), "", "");
	made_event(p, "db.crashed", "crash.process", S(1400), "", "");
	made_event(p, "db.ready", "db.ready", S(1410), "", "");
	made_event(p, "db.restart", "db.shutdown_requested", S(5060), "", "");
	made_event(p, "db.ready", "db.ready", S(5070), "", "");
	made_event(p, "config.reload", "config.reload", S(5361), "", "");
	world_find(&w);
	FACT(kinds(&w, "reload crash restart reload"), "four changes");
	struct draft *d = incident(4600, 5060);
	change_assign(&w.changes, d);
	const struct incident *in = &d->incidents[0];
	FACT(in->changes_n == 2 && !strcmp(in->changes[0].kind, "crash") && !strcmp(in->changes[1].kind, "restart"),
	     "those of the hour before and of the five minutes after are near");
	if (in->changes_n == 2) {
		FACT(in->changes[0].after_onset_us == -S(3200) && in->changes[1].after_onset_us == S(460), "each with its distance to the onset");
		FACT(!strcmp(in->changes[0].verdict, "undetermined") && in->changes[0].reason && in->changes[1].evidence.n == 2,
		     "facts in the reason, no verdict, its own evidence");
	}
	FACT(w.changes.n == 4 && w.changes.items[1].after_onset_us == INSTANT_NONE && !w.changes.items[1].reason,
	     "the list of all changes stays as it is");
	draft_free(d);
	world_release(&w);
}

/* A log without a zone that tells of the incident alone is in order with itself; beside another log it is not. */
static void one_clock(void)
{
	for (int other = 0; other < 2; other++) {
		struct world w;
		made_init(&w.m);
		struct part *p = made_log(&w.m, "app.log", TIER_APP, "python_logging", 1000, 0, 5000);
		p->zone = STAMP_NONE;
		made_event(p, "process.start", "process.start", S(998), "shop", "");
		made_log(&w.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 5000);
		world_find(&w);
		struct draft *d = incident(1000, 1060);
		d->incidents[0].id = made_string("i");
		d->incidents[0].onset = moment_of(&w.m.fold->sources[0], made_us(1000, 0));
		d->bursts = memory_new(2, sizeof *d->bursts);
		d->bursts_n = 1 + (size_t)other;
		for (size_t i = 0; i < d->bursts_n; i++)
			d->bursts[i] = (struct burst){.incident = made_string("i"), .source_index = i};
		change_assign(&w.changes, d);
		const struct incident *in = &d->incidents[0];
		FACT(in->changes_n == 1 && in->changes[0].ordered == !other && !strstr(in->changes[0].reason, "do not prove") == !other,
		     other ? "two clocks of which one has no zone prove no order" : "one clock is in order with itself");
		draft_free(d);
		world_release(&w);
	}
}

int main(void)
{
	one_clock();
	services();
	two_lines();
	databases();
	traffic();
	near_an_incident();
	return unit_done();
}
