#include "story/happened.h"

#include "made.h"
#include "story/story.h"

/* One outage: 50 refusals a second from 600.001 to 689.9 (seconds after MADE_T0, 11:00:00), in logs of two hours; another of the
 * same kind from 5400 on. */
static void make(struct made *m)
{
	struct part *db = made_log(m, "logs/postgresql.log", TIER_DB, "postgresql", 1000, 0, 7200);
	made_run(db, "db.connections.exhausted", "db.max_connections", 600, 690, 50, 1000, 900000);
	made_run(db, "db.connections.exhausted", "db.max_connections", 5400, 5460, 20, 1000, 900000);
	for (int64_t s = 0; s < 7200; s += 10) {
		made_second(db, "records", "", FACET_NONE, "", s, 10, 0, 9999999);
		made_series(db, "records", "", FACET_NONE, "")->width_s = 10;
	}
	qsort(db->series, db->series_n, sizeof(struct series), made_series_order);
}

static struct draft *tell(struct made *m, struct event_file *file, const char *bytes)
{
	struct diag d = {0};
	FACT(eventfile_read(span_of(bytes), 0xC0FFEE, "ops.jsonl", file, &d), "the file is read");
	m->options.events = file;
	m->options.events_n = 1;
	return story_tell(&m->tally, m->signals, &m->options, &m->trouble);
}

static const struct entry *entry_of(const struct draft *d, const char *summary)
{
	for (size_t i = 0; i < d->timeline_n; i++)
		if (strstr(d->timeline[i].summary, summary))
			return &d->timeline[i];
	return NULL;
}

static void told(void)
{
	static const char bytes[] =
		"{\"at\":\"2026-11-22T11:11:10Z\",\"kind\":\"alert\",\"text\":\"CheckoutErrorRate is firing\",\"by\":\"alertmanager\"}\n"
		"{\"at\":\"2026-11-22 11:12\",\"kind\":\"mitigation\",\"text\":\"restart, with password=hunter2\\nby hand\"}\n"
		"{\"at\":\"2026-11-22T11:05:00Z\",\"kind\":\"deploy\",\"text\":\"rollout\",\"service\":\"shop-api\",\"version\":\"1.4.3\"}\n"
		"{\"at\":\"2026-11-22T09:00:00Z\",\"kind\":\"note\",\"text\":\"long before\"}\n"
		"{\"at\":\"2026-11-22T11:11:20Z\",\"kind\":\"alert\",\"text\":\"another one\"}\n"
		"{\"at\":\"2026-11-22T11:11:20Z\",\"kind\":\"alert\",\"text\":\"another one\"}\n";
	struct made m;
	struct event_file file;
	made_init(&m);
	make(&m);
	struct draft *d = tell(&m, &file, bytes);
	FACT(d->incidents_n == 2 && d->events_n == 1 && d->events[0].events == 6 && d->events[0].outside == 1,
	     "what lies more than an hour outside of the logs is counted, not told");
	FACT(!entry_of(d, "long before"), "not told");
	const struct entry *alert = entry_of(d, "Alert: CheckoutErrorRate is firing"), *deploy = entry_of(d, "Deploy: rollout"),
			   *restart = entry_of(d, "Mitigation: ");
	if (FACT(alert && deploy && restart, "each is an entry of its kind")) {
		FACT(!strcmp(alert->kind, "alert") && alert->tier == TIER_HUMAN && alert->at_us == made_us(670, 0) &&
			     alert->uncertainty_us == SECOND_US && alert->count.known && alert->count.value == 1,
		     "an alert is of people, its uncertainty the resolution of its stamp");
		FACT(!strcmp(alert->source, d->events[0].id) && !strcmp(alert->links[0].id, d->incidents[0].id), "of its file, of its incident");
		TEXT_IS(alert->body, "stated in ops.jsonl, line 1, by alertmanager", "where it is stated");
		const struct evidence *e = alert->evidence.items;
		FACT(alert->evidence.n == 1 && !strcmp(e->path, "ops.jsonl") && e->bytes == sizeof bytes - 1 && e->crc == 0xC0FFEE &&
			     e->line == 1 && e->offset == 0 && bytes[e->length] == '\n' && !strcmp(e->source, d->events[0].id),
		     "its evidence is its line");
		FACT(e->excerpt && strstr(e->excerpt, "CheckoutErrorRate"), "with the text of the line");
		FACT(deploy->tier == TIER_CHANGE && !strcmp(deploy->kind, "deploy") && strstr(deploy->body, "; shop-api 1.4.3"), "a deploy is a change");
		FACT(restart->uncertainty_us == MINUTE_US && bytes[restart->evidence.items[0].offset] == '{', "a stamp without seconds is a minute wide");
		TEXT_IS(restart->summary, "Mitigation: restart, with password=*** by hand", "secrets are masked, on one line");
		FACT(!strstr(restart->evidence.items[0].excerpt, "hunter2"), "in the evidence too");
	}
	size_t others = 0;
	for (size_t i = 0; i < d->timeline_n; i++)
		others += strstr(d->timeline[i].summary, "another one") != NULL;
	FACT(others == 1, "what is stated twice is told once");
	FACT(d->summary.detection_gap_us.known && d->summary.detection_gap_us.value == 70 * SECOND_US - 1000 &&
		     d->summary.detected.at_us == made_us(670, 0) && d->summary.detected.upper_us == made_us(671, 0),
	     "detected by the first alert after the onset");
	bool asks = false;
	for (size_t i = 0; i < d->unknowns_n; i++)
		asks |= !strcmp(d->unknowns[i].what, "when people noticed") && strstr(d->unknowns[i].why, "no alert is stated");
	FACT(asks, "the second outage has no alert");
	draft_free(d);
	m.options.window = (struct story_window){true, made_us(660, 0), made_us(675, 0)};
	d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(d->events[0].outside == 1 && entry_of(d, "Deploy: rollout"), "events of an incident that is told are told");
	draft_free(d);
	m.options.window = (struct story_window){true, made_us(200, 0), made_us(310, 0)};
	d = story_tell(&m.tally, m.signals, &m.options, &m.trouble);
	FACT(d->events[0].outside == 5 && d->timeline_n == 1 && entry_of(d, "Deploy: rollout"), "so are those inside of the window");
	draft_free(d);
	eventfile_release(&file);
	made_release(&m);
}

/* First symptom at 600.001. The expected gap in microseconds; -1: not known. */
static void detection(void)
{
	static const struct {
		const char *line, *name;
		int64_t gap_us;
	} cases[] = {
		{"{\"at\":\"2026-11-22 11:10\",\"kind\":\"alert\",\"text\":\"x\"}", "an alert whose minute holds the onset: at once", 0},
		{"{\"at\":\"2026-11-22T11:09:59Z\",\"kind\":\"alert\",\"text\":\"x\"}", "one before the onset detects nothing", -1},
		{"{\"at\":\"2026-11-22T11:20:00Z\",\"kind\":\"alert\",\"text\":\"x\"}", "one after the end does", 600 * SECOND_US - 1000},
		{"{\"at\":\"2026-11-22T12:12:00Z\",\"kind\":\"alert\",\"text\":\"x\"}", "but not one more than an hour after", -1},
		{"{\"at\":\"2026-11-22T11:11:00Z\",\"kind\":\"acknowledge\",\"text\":\"x\"}", "an acknowledgement is no alert", -1},
		{"{\"at\":\"2026-11-22T11:13:00Z\",\"kind\":\"alert\",\"text\":\"y\"}\n{\"at\":\"2026-11-22T11:12:00Z\",\"kind\":\"alert\",\"text\":\"x\"}",
		 "the first in time, not in the file", 120 * SECOND_US - 1000},
		{"", "a file without events", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made m;
		struct event_file file;
		made_init(&m);
		make(&m);
		struct draft *d = tell(&m, &file, cases[i].line);
		FACT(d->summary.detection_gap_us.known == (cases[i].gap_us >= 0) &&
			     (cases[i].gap_us < 0 ? d->summary.detection_gap_us.reason && d->summary.detected.reason
						  : d->summary.detection_gap_us.value == cases[i].gap_us),
		     cases[i].name);
		draft_free(d);
		eventfile_release(&file);
		made_release(&m);
	}
}

/* Each step has the first event of its kind; the others stay unknown, with a reason each. */
static void steps(void)
{
	static const char bytes[] = "{\"at\":\"2026-11-22T11:12:00Z\",\"kind\":\"resolve\",\"text\":\"x\"}\n"
				    "{\"at\":\"2026-11-22T11:10:30Z\",\"kind\":\"acknowledge\",\"text\":\"x\"}\n"
				    "{\"at\":\"2026-11-22T11:10:20Z\",\"kind\":\"chat\",\"text\":\"mitigated\"}\n";
	struct made m;
	struct event_file file;
	made_init(&m);
	make(&m);
	struct draft *d = tell(&m, &file, bytes);
	const struct incident *in = &d->incidents[0];
	FACT(in->detection_gap_us[STEP_ACKNOWLEDGE] == 30 * SECOND_US - 1000 && in->detection_gap_us[STEP_RESOLVE] == 120 * SECOND_US - 1000,
	     "acknowledged, resolved");
	FACT(in->detection[STEP_MITIGATION].at_us == INSTANT_NONE && in->detection_gap_us[STEP_MITIGATION] == INSTANT_NONE &&
		     strstr(in->detection[STEP_MITIGATION].reason, "no mitigation is stated"),
	     "what a chat says is no mitigation");
	FACT(d->incidents[1].detection[STEP_RESOLVE].at_us == INSTANT_NONE, "none of the next incident");
	draft_free(d);
	eventfile_release(&file);
	made_release(&m);
}

int main(void)
{
	told();
	detection();
	steps();
	return unit_done();
}
