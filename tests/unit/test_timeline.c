#include "story/timeline.h"

#include "fold/label.h"
#include "fold/sentence.h"
#include "incident/candidate.h"
#include "made.h"
#include "story/story.h"
#include "story/summary.h"

/* ---- choosing ---- */

static void add(struct candidate_list *list, enum rank rank, size_t incident, int64_t at_us, const char *id)
{
	struct entry *e = candidate_add(list, rank, incident);
	e->at_us = at_us;
	e->id = made_string(id);
	candidate_link(e, "incident", "000000000001");
	candidate_link(e, "burst", "000000000002");
}

static void entries_free(struct entry *entries, size_t n)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->timeline = entries;
	d->timeline_n = n;
	draft_free(d);
}

static void choosing(void)
{
	struct candidate_list list = {0};
	struct entry *out;
	size_t n;
	char id[32];
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof id, "minor%d", i);
		add(&list, RANK_MINOR, 0, i, id);
	}
	add(&list, RANK_FRAME, 0, 1000, "end");
	add(&list, RANK_TIER, 0, 500, "tier");
	add(&list, RANK_DETAIL, SIZE_MAX, 2000, "outside");
	size_t left_out = candidate_choose(&list, 10, 5, &out, &n);
	FACT(n == 11 && left_out == 92, "the best ten of the incident and what is outside of it; the rest is counted");
	FACT(out[0].at_us == 0 && out[7].at_us == 7, "on ties the earlier ones are told");
	FACT(!strcmp(out[8].id, "tier") && !strcmp(out[9].id, "end") && !strcmp(out[10].id, "outside"), "what matters is never left out");
	FACT(out[0].links_n == 2 && !strcmp(out[0].links[1].rel, "burst"), "links stay with their entry");
	entries_free(out, n);
	add(&list, RANK_CHANGE, 0, 5, "same");
	add(&list, RANK_CHANGE, 1, 5, "same");
	candidate_choose(&list, 10, 5, &out, &n);
	FACT(n == 1, "the same thing near two incidents is told once");
	entries_free(out, n);
	for (int i = 0; i < 50; i++) {
		snprintf(id, sizeof id, "frame%d", i);
		add(&list, RANK_FRAME, (size_t)i, i, id);
	}
	candidate_choose(&list, 0, 0, &out, &n);
	FACT(n == 50, "the frame of every incident is told, whatever else is");
	entries_free(out, n);
	FACT(candidate_choose(&list, 10, 5, &out, &n) == 0 && n == 0, "nothing gives nothing");
	entries_free(out, n);
}

/* ---- names ---- */

static void labels(void)
{
	struct fold_source s[] = {{.key = "logs/access.log"}, {.key = "web1:logs/error.log"}, {.key = "web2:logs/error.log"},
				  {.key = "a/my-access.log"}, {.key = "x/app/out.log"}, {.key = "y/app/out.log"}, {.key = "plain"},
				  {.key = "z/plain"}, {.key = "dir/"}};
	struct fold f = {.sources = s, .n = sizeof s / sizeof *s};
	FACT(!strcmp(label_of(&f, 0), "access.log"), "the last component is enough when nobody else has it");
	FACT(!strcmp(label_of(&f, 1), "web1:logs/error.log"), "two hosts are told apart by their names");
	FACT(!strcmp(label_of(&f, 4), "x/app/out.log"), "or by their folders");
	FACT(!strcmp(label_of(&f, 6), "plain") && !strcmp(label_of(&f, 7), "z/plain"), "a key that is another one's tail stays whole");
	FACT(!strcmp(label_of(&f, 8), "dir/"), "an empty component is no name");
}

/* ---- sentences of signals ---- */

static void sentences(struct signal_set *signals)
{
	struct fold_source s = {.key = "a/pg.log"};
	struct fold f = {.signals = signals, .sources = &s, .n = 1};
	char signal[] = "db.connections.exhausted", class[] = "db.max_connections", none[] = "", unknown[] = "no.such";
	struct burst b = {.signal = signal, .class = class, .tier = TIER_DB, .count = 6857, .last_us = 74 * SECOND_US};
	struct text t = {0};
	summary_sentence(&t, &f, &b);
	FACT(!strcmp(t.at, "Database connections were refused: 6,857 refusals in pg.log within 1 min 14 s (db.max_connections)."),
	     "a signal's sentence is filled in");
	text_clear(&t);
	b.class = none;
	summary_sentence(&t, &f, &b);
	FACT(!strcmp(t.at, "Database connections were refused: 6,857 refusals in pg.log within 1 min 14 s."),
	     "without a class there are no empty brackets");
	text_clear(&t);
	b.signal = unknown;
	summary_sentence(&t, &f, &b);
	FACT(!strcmp(t.at, "6,857 events of no.such in pg.log"), "a signal that is not declared is told by its name");
	text_release(&t);
}

/* ---- a day with three hundred outages ---- */

static void many_incidents(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 300000);
	/* At odd times: what comes every 15 min is a cron job's peak. */
	for (int64_t i = 0; i < 300; i++) {
		int64_t at = 500 + i * 900 + i * i * 37 % 400;
		made_run(p, "db.connections.exhausted", "db.max_connections", at, at + 20, 10, 0, 900000);
	}
	struct draft *d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(d->incidents_n == 300, "three hundred incidents in three days");
	FACT(d->timeline_n >= 600 && d->timeline_n <= 300 * TIMELINE_MOST, "each with onset and end");
	size_t points = 0;
	for (size_t i = 0; i < d->series_n; i++)
		points = d->series[i].n > points ? d->series[i].n : points;
	FACT(points > 0 && points <= 600, "and still at most 600 points a plot");
	bool unique = true;
	for (size_t i = 1; i < d->incidents_n; i++)
		unique &= strcmp(d->incidents[i - 1].id, d->incidents[i].id) != 0;
	FACT(unique, "each has an id of its own");
	draft_free(d);
	made_release(&m);
}

/* ---- silence and damage ---- */

static const struct entry *entry_of(const struct draft *d, const char *kind)
{
	for (size_t i = 0; i < d->timeline_n; i++)
		if (!strcmp(d->timeline[i].kind, kind))
			return &d->timeline[i];
	return NULL;
}

static void heartbeat(struct part *p, int64_t from_s, int64_t to_s)
{
	for (int64_t s = from_s; s < to_s; s += 10)
		made_second(p, "records", "", FACET_NONE, "", s, 100, 0, 9000000);
	made_series(p, "records", "", FACET_NONE, "")->width_s = 10;
}

static void silence(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600);
	heartbeat(p, 0, 1000);
	heartbeat(p, 1500, 3600);
	m.tally.entries[0].locations[0].damage = (struct damage_report){DAMAGE_TRUNCATED, 4321, 1000 * 1000 * 100 + 50, 0};
	struct draft *d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	const struct entry *gap = entry_of(d, "gap"), *cut = entry_of(d, "truncated");
	FACT(gap && strstr(gap->summary, "access.log is silent") && gap->end_us == made_us(1500, 0) && !gap->count.known,
	     "a busy log that is silent for minutes is told");
	FACT(cut && cut->at_us <= made_us(1000, 0) && cut->at_us >= made_us(980, 0) && cut->end_us == made_us(1500, 0),
	     "damage is told with the stamps around it");
	const struct source *s = NULL;
	for (size_t i = 0; i < d->sources_n; i++)
		s = d->sources[i].truncated_n ? &d->sources[i] : s;
	FACT(s && !strcmp(s->truncated[0].kind, "truncated") && s->truncated[0].compressed_offset == 4321, "and stands beside its source");
	bool asked = false;
	for (size_t i = 0; i < d->unknowns_n; i++)
		asked |= strstr(d->unknowns[i].what, "what \"access.log\" said") && strstr(d->unknowns[i].why, "byte 4,321");
	FACT(asked, "and among what is not known");
	draft_free(d);
	made_release(&m);
}

/* An application without a zone whose last refusal is stamped like the database's. */
static void last_event(void)
{
	struct made m;
	made_init(&m);
	struct part *app = made_log(&m, "app.log", TIER_APP, "python_logging", 1000, 0, 3600);
	struct part *db = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3600);
	app->zone = STAMP_NONE;
	heartbeat(app, 0, 3600);
	heartbeat(db, 0, 3600);
	made_run(app, "db.connections.exhausted", "db.max_connections", 995, 1030, 10, 0, 900000);
	made_run(db, "db.connections.exhausted", "db.max_connections", 1000, 1030, 10, 0, 900000);
	made_run(db, "db.slow_statement", "", 1020, 1022, 6, 0, 900000);
	struct draft *d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	const struct entry *end = entry_of(d, "end"), *slow = entry_of(d, "context");
	FACT(end && strstr(end->summary, "in pg.log") && end->uncertainty_us < SECOND_US, "the end is told by a log whose clock is known");
	FACT(slow && strstr(slow->summary, "The first is logged 20 s after the onset") && !strstr(slow->summary, "begin"),
	     "a statement is logged when it ends: that it began then is not said");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	struct signal_set *signals = builtin_signals();
	choosing();
	labels();
	sentences(signals);
	many_incidents();
	silence();
	last_event();
	signal_set_free(signals);
	return unit_done();
}
