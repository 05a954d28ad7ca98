#include "incident/novelty.h"

#include "incident/finding.h"
#include "made.h"

/* n records of a message in a minute after MADE_T0. Minutes ascend. */
static void message(struct part *p, const char *key, uint8_t severity, int64_t minute, uint32_t n)
{
	struct keyed *k = NULL;
	for (size_t i = 0; i < p->messages_n && !k; i++)
		if (!strcmp(p->messages[i].key, key))
			k = &p->messages[i];
	if (!k) {
		size_t cap = p->messages_n;
		p->messages_width_s = 60;
		p->messages = memory_grow(p->messages, &cap, p->messages_n + 1, sizeof *p->messages);
		k = &p->messages[p->messages_n++];
		*k = (struct keyed){.key = made_string(key), .severity = severity, .first_line = (uint32_t)minute + 1, .first_length = 50};
	}
	size_t cap = k->n;
	k->cells = memory_grow(k->cells, &cap, k->n + 1, sizeof *k->cells);
	k->cells[k->n++] = (struct keyed_cell){(uint32_t)(MADE_T0 + minute * 60), n, 0, 0};
}

/* An incident from minute 60 to 65 of a log of 120 minutes. */
static struct draft *incident(int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	return d;
}

static const struct finding *find(const struct draft *d, const char *kind, const char *text)
{
	for (size_t i = 0; i < d->incidents[0].findings.n; i++) {
		const struct finding *f = &d->incidents[0].findings.items[i];
		if (!strcmp(f->kind, kind) && strstr(f->text, text))
			return f;
	}
	return NULL;
}

/* An application with ten requests a second, twenty in the incident. */
static struct part *app(struct made *m, const char *key)
{
	struct part *p = made_log(m, key, TIER_APP, "app_json", 1000, 0, 7200);
	for (int64_t s = 0; s < 7200; s++)
		made_second(p, "http.requests", "", FACET_NONE, "", s, s >= 3600 && s <= 3900 ? 20 : 10, 0, 900000);
	return p;
}

static void tell(struct made *m, struct draft *d)
{
	struct note_list notes = {0};
	made_fold(m);
	novelty_find(m->fold, d);
	finding_settle(d, &notes);
	note_release(&notes);
}

static void kinds(void)
{
	struct made m;
	made_init(&m);
	struct part *p = app(&m, "app.log");
	for (int64_t minute = 0; minute < 120; minute++) {
		bool inside = minute >= 60 && minute <= 65;
		message(p, "cache refill done", SEVERITY_WARN, minute, 2); /* as ever */
		message(p, "retrying payment", SEVERITY_WARN, minute, inside ? 40 : 2);
		message(p, "replying slowly", SEVERITY_WARN, minute, inside ? 4 : 2); /* as the requests */
		if (!inside)
			message(p, "heartbeat of worker sent", SEVERITY_WARN, minute, 2);
		if (minute == 10 || minute == 62)
			message(p, "once in a while", SEVERITY_ERROR, minute, 1);
	}
	message(p, "ledger <*> is out of balance", SEVERITY_ERROR, 61, 3);
	message(p, "ledger <*> is out of balance", SEVERITY_ERROR, 63, 4);
	message(p, "one single complaint", SEVERITY_ERROR, 63, 1);
	message(p, "request errored: FATAL: sorry, too many clients already", SEVERITY_ERROR, 61, 500);
	struct draft *d = incident(3600, 3930);
	tell(&m, d);
	const struct finding *f = find(d, "message_new", "\"ledger <*> is out of balance\"");
	FACT(f && f->count.value == 7 && f->before.value == 0, "a message that was never there before is new: seven");
	FACT(f && f->at.at_us == made_us(61 * 60, 0) && f->at.upper_us == made_us(62 * 60, 0), "known to the minute");
	FACT(f && f->evidence.n == 1 && f->evidence.items[0].line == 62, "evidence: its first record");
	FACT(f && strstr(f->text, "7 times in app.log, first in the minute from 12:01:00; never before"), "told with its numbers");
	/* 120 in the hour before: 120.5 at 6,300 requests against 36,000 is 21, by time 12; 240 were counted. */
	f = find(d, "message_surge", "\"retrying payment\"");
	FACT(f && f->count.value == 240 && f->before.value == 120, "a message twenty times as often is a surge");
	FACT(f && strstr(f->text, "240 times in app.log where at most about 22 would be usual"), "against its requests and its time");
	/* Whole minutes inside are 60 to 64: 119.5 by time 9.96, by requests 19.9: the smaller one counts. */
	f = find(d, "message_vanished", "\"heartbeat of worker sent\"");
	FACT(f && f->count.value == 0 && f->before.value == 120, "a message that is gone");
	FACT(f && strstr(f->text, "not once in 5 min 0 s of the incident where about 10 would be usual"), "told with its numbers");
	FACT(d->incidents[0].findings.n == 3, "what is as ever, grows with the requests, comes once, or is known to a signal is not told");
	draft_free(d);
	made_release(&m);
}

/* Four words in one place are one template, over files; one log had it before. */
static void templates(void)
{
	struct made m;
	made_init(&m);
	struct part *one = app(&m, "app-1.log"), *two = app(&m, "app-2.log");
	const char *users[] = {"user root is locked", "user alice is locked", "user bob is locked", "user carol is locked"};
	message(one, users[0], SEVERITY_ERROR, 20, 1);
	for (int i = 1; i < 4; i++)
		message(two, users[i], SEVERITY_ERROR, 61, 2);
	message(one, "quorum of shard <*> was lost", SEVERITY_ERROR, 62, 3);
	message(two, "quorum of shard <*> was lost", SEVERITY_ERROR, 61, 4);
	struct draft *d = incident(3600, 3930);
	tell(&m, d);
	FACT(!find(d, "message_new", "is locked"), "a template that one log of the tier had before is not new in another");
	const struct finding *f = find(d, "message_new", "quorum of shard <*> was lost");
	FACT(f && f->count.value == 7 && !f->source && strstr(f->text, "in several logs of the application"), "one finding for all logs of a tier");
	FACT(f && f->evidence.n == 1 && f->evidence.items[0].line == 62 && !strcmp(f->evidence.items[0].path, "app-2.log"), "evidence: the earliest one");
	draft_free(d);
	made_release(&m);
}

/* Where messages come that were never seen before at any time, one more is no news. */
static void good_turing(void)
{
	struct made m;
	made_init(&m);
	struct part *p = app(&m, "app.log");
	for (int64_t minute = 0; minute < 60; minute++) {
		char key[64];
		/* No four of them share all words but one. */
		snprintf(key, sizeof key, "%c%c met %c%c", (char)('a' + (int)(minute % 26)), (char)('a' + (int)(minute / 26)), (char)('p' + (int)(minute / 26)),
			 (char)('a' + (int)(minute % 26)));
		message(p, key, SEVERITY_ERROR, minute, 1);
	}
	message(p, "zz never seen", SEVERITY_ERROR, 61, 3);
	struct draft *d = incident(3600, 3930);
	tell(&m, d);
	FACT(!d->incidents[0].findings.n, "60 templates came once in the hour before: ten such messages are to be expected in a sixth of its requests");
	draft_free(d);
	made_release(&m);
}

static void little(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "app.log", TIER_APP, "app_json", 1000, 3595, 7200);
	message(p, "ledger is out of balance", SEVERITY_ERROR, 61, 30);
	struct draft *d = incident(3600, 3930);
	tell(&m, d);
	FACT(!d->incidents[0].findings.n, "of a log that begins five seconds before nothing is said");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	p = made_log(&m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 7200);
	made_run(p, "http.requests", "", 0, 7200, 10, 0, 900000);
	p = made_log(&m, "error.log", TIER_WEB, "nginx_error", 1000, 3661, 7200);
	message(p, "upstream spoke \x1b[31mgarbage", SEVERITY_ERROR, 61, 30);
	message(p, "worker started", SEVERITY_NOTICE, 61, 30);
	d = incident(3600, 3930);
	tell(&m, d);
	const struct finding *f = find(d, "message_new", "upstream spoke");
	FACT(f && strstr(f->text, "of which error.log begins at 12:01:01"), "an error log may begin with the incident: the requests beside it were there before");
	FACT(f && strstr(f->text, "\\x1B[31mgarbage") && !strchr(f->text, 27), "log text is escaped");
	FACT(d->incidents[0].findings.n == 1, "only errors are told of such a log");
	draft_free(d);
	made_release(&m);
}

static void at_most(void)
{
	struct made m;
	made_init(&m);
	struct part *p = app(&m, "app.log");
	const char *keys[] = {"a went wrong", "b has failed", "c is broken now", "d cannot be read at all", "e x y z w v"};
	for (int i = 0; i < 5; i++)
		message(p, keys[i], i == 4 ? SEVERITY_FATAL : SEVERITY_ERROR, 61, 5 + (uint32_t)i);
	struct draft *d = incident(3600, 3930);
	tell(&m, d);
	FACT(d->incidents[0].findings.n == 3 && d->incidents[0].findings.more == 2, "three of a kind are told, the others counted");
	FACT(strstr(d->incidents[0].findings.items[0].text, "e x y z w v") && strstr(d->incidents[0].findings.items[1].text, "d cannot"),
	     "the most severe first, then what is furthest above the expectation");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	kinds();
	templates();
	good_turing();
	little();
	at_most();
	return unit_done();
}
