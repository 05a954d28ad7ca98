#include "unit.h"

#include "tell/digest.h"

#define ONSET_US INT64_C(1795346126510000) /* date -u -d '2026-11-22T11:15:26.51Z' +%s.%N */

static bool has(const struct text *t, const char *what)
{
	return span_find(text_span(t), span_of(what)) >= 0;
}

static size_t lines_of(const struct text *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->len; i++)
		n += t->at[i] == '\n';
	return n;
}

/* Columns of the longest line that has a blank behind its label: a single long word may be longer. */
static size_t widest(const struct text *t)
{
	size_t most = 0;
	struct span rest = text_span(t);
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		if (line.len > 11 && span_find_byte(span_from(line, 11), ' ') >= 0 && line.len > most)
			most = line.len;
	}
	return most;
}

static bool only_printable(const struct text *t)
{
	for (size_t i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->at[i];
		if (c != '\n' && (c < 0x20 || c == 0x7F))
			return false;
	}
	return true;
}

static void test_incident(void)
{
	struct incident incidents[2] = {
		{.id = "aaaaaaaaaaaa", .censored_start = true},
		{.id = "bbbbbbbbbbbb", .title = "another one", .onset = {ONSET_US + HOUR_US, 0, 0, NULL}},
	};
	char *paths[] = {"a", "b"};
	struct source sources[2] = {
		{.key = "/var/log/pg.log", .lines = 1234567, .unparsed = 3, .paths = paths, .paths_n = 2},
		{.key = "/var/log/nginx/access.log"},
	};
	struct burst bursts[1] = {
		{.incident = "aaaaaaaaaaaa", .censored_start = true, .onset = {ONSET_US, 0, 0, NULL}}};
	struct unknown unknowns[2] = {
		{"who held the connections", "the log has no connection lines", "log_connections = on"}, {0}};
	struct draft d = {.incidents = incidents,
			  .incidents_n = 2,
			  .sources = sources,
			  .sources_n = 2,
			  .bursts = bursts,
			  .bursts_n = 1,
			  .unknowns = unknowns,
			  .unknowns_n = 2,
			  .window_start_us = ONSET_US - MINUTE_US,
			  .window_end_us = ONSET_US + DAY_US};
	d.summary.incident = "aaaaaaaaaaaa";
	d.summary.title = "PostgreSQL refused connections: max_connections reached";
	d.summary.began = "in the database (/var/log/pg.log) with a first refusal that \x1b[31mhas\r\n escapes and "
			  "goes on for more than one "
			  "line of a terminal, which is why it is broken where there is a blank";
	d.summary.onset = (struct moment){ONSET_US, ONSET_US - 10000, ONSET_US + 10000, NULL};
	d.summary.end = (struct moment){ONSET_US + 74 * SECOND_US, INSTANT_NONE, INSTANT_NONE, NULL};
	d.summary.duration_us = (struct known){true, 74 * SECOND_US, NULL};
	struct text out = {0};
	digest_from_draft(&d, 79, NULL, &out);
	FACT(has(&out, "what     PostgreSQL refused connections"), "the title comes first");
	FACT(has(&out, "when     2026-11-22 11:15:26.510 or earlier (the log begins here)"), "a log may begin too late");
	FACT(has(&out, "to\n           11:16:40.510 UTC: at least 1 min 14 s"), "the end of the same day needs no date");
	FACT(has(&out, "2026-11-23 11:15:26.510 UTC"), "another day has its date");
	FACT(has(&out, "1,234,567 lines (3 not understood)"), "what was read is counted");
	FACT(has(&out, "also     another one"), "other incidents are named");
	FACT(has(&out, "who held the connections; and 1 more"), "the first unknown and the number of others");
	FACT(has(&out, "(pg.log)") && !has(&out, "/var/log"), "the folder of all logs is left out");
	FACT(only_printable(&out), "no control character of a log comes through");
	FACT(has(&out, "\\x1B[31mhas"), "control characters are shown");
	FACT(widest(&out) <= 79, "lines are broken at blanks");
	FACT(lines_of(&out) <= 16, "it is short");
	text_release(&out);
	out = (struct text){0};
	incidents[0].censored_start = false;
	incidents[0].ongoing = true;
	digest_from_draft(&d, DIGEST_MOST, NULL, &out);
	FACT(has(&out, "when     2026-11-22 11:15:26.510 (known to 20 ms) to at least 11:16:40.510 UTC: at least 1 min 14 s;"),
	     "an onset says how well it is known, an end that it is not one");
	text_release(&out);
}

static void test_nothing(void)
{
	struct draft d = {.window_start_us = INSTANT_NONE, .window_end_us = INSTANT_NONE};
	d.summary.reason = "no burst";
	struct text out = {0};
	digest_from_draft(&d, 79, NULL, &out);
	FACT(has(&out, "no incident: no burst"), "no incident is said, with the reason");
	FACT(lines_of(&out) == 2, "a draft of nothing has two lines");
	text_release(&out);
	struct entry timeline[5] = {{.kind = "start", .summary = "Start of shop."}};
	for (size_t i = 1; i < 5; i++)
		timeline[i] = (struct entry){.kind = "deploy", .summary = "Deploy of shop."};
	d.timeline = timeline;
	d.timeline_n = 5;
	out = (struct text){0};
	digest_from_draft(&d, 79, NULL, &out);
	FACT(has(&out, "changes  Deploy of shop. Deploy of shop. Deploy of shop. And 1 more."), "what was done is told all the same");
	text_release(&out);
}

static void test_hostile(void)
{
	char title[4000];
	for (size_t i = 0; i + 1 < sizeof title; i += 2) {
		title[i] = '\xC3';
		title[i + 1] = '\xA4';
	}
	title[sizeof title - 2] = title[sizeof title - 1] = 0;
	struct draft d = {.window_start_us = INSTANT_NONE, .window_end_us = INSTANT_NONE};
	d.summary.incident = "not there";
	d.summary.title = title;
	struct text out = {0}, valid = {0};
	d.summary.onset.at_us = d.summary.end.at_us = INSTANT_NONE;
	digest_from_draft(&d, 79, NULL, &out);
	text_append_utf8(&valid, text_span(&out));
	FACT(span_equal(text_span(&out), text_span(&valid)) && !has(&out, "\\x"),
	     "a long sentence is cut between characters");
	FACT(out.len < 1000, "a long sentence is cut");
	text_release(&out);
	text_release(&valid);
}

static void test_asked(void)
{
	struct draft d = {.window_start_us = ONSET_US - MINUTE_US, .window_end_us = ONSET_US + DAY_US};
	static const struct {
		int64_t since_us, until_us;
		bool covered;
		uint64_t outside;
		const char *line;
	} cases[] = {
		{ONSET_US, ONSET_US + HOUR_US, true, 0, "asked    2026-11-22 11:15:26.510 to 12:15:26.510 UTC\n"},
		{ONSET_US, INSTANT_NONE, true, 1, "asked    2026-11-22 11:15:26.510 or later UTC; outside of it 1 incident\n"},
		{INSTANT_NONE, ONSET_US, false, 2, "asked    before 2026-11-22 11:15:26.510 UTC, which no log covers; outside of\n           it 2 incidents\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text out = {0};
		d.asked.any = true;
		d.asked.since_us = cases[i].since_us;
		d.asked.until_us = cases[i].until_us;
		d.asked.covered = cases[i].covered;
		d.asked.incidents = cases[i].outside;
		digest_from_draft(&d, 79, NULL, &out);
		if (!FACT(has(&out, cases[i].line), cases[i].line))
			printf("%s", out.at);
		text_release(&out);
	}
	struct text out = {0};
	d.asked.any = false;
	d.summary.incident = "aaaaaaaaaaaa";
	d.summary.onset = (struct moment){ONSET_US, ONSET_US, ONSET_US, NULL};
	d.summary.detected = (struct moment){ONSET_US + 43 * SECOND_US, ONSET_US + 43 * SECOND_US, ONSET_US + 103 * SECOND_US, NULL};
	d.summary.detection_gap_us = (struct known){true, 43 * SECOND_US, NULL};
	digest_from_draft(&d, 79, NULL, &out);
	FACT(!has(&out, "asked "), "nothing was asked for");
	if (!FACT(has(&out, "noticed  11:16:09.510 (known to 1 min 0 s) UTC by the first alert, 43 s after\n           the onset\n"), "when people were told"))
		printf("%s", out.at);
	text_release(&out);
}

int main(void)
{
	test_asked();
	test_incident();
	test_nothing();
	test_hostile();
	return unit_done();
}
