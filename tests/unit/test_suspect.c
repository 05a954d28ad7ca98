#include "story/suspect.h"

#include "base/memory.h"
#include "unit.h"

#define S(string) ((char *)(uintptr_t)(string))

static bool has(const char *text, const char *what)
{
	return strstr(text, what);
}

static struct moment at(int64_t s)
{
	return (struct moment){s * SECOND_US, s * SECOND_US, s * SECOND_US + 1, NULL};
}

static struct change made(const char *kind, const char *summary, enum tier tier, int64_t s, const char *verdict)
{
	enum { ONSET_S = 10000 };
	return (struct change){.kind = S(kind), .summary = S(summary), .tier = tier, .at = at(s), .end_us = INSTANT_NONE,
			       .after_onset_us = (s - ONSET_S) * SECOND_US, .ordered = true, .verdict = S(verdict)};
}

int main(void)
{
	char *why[] = {S("423 requests failed"), S("the application logged \"x is null\"")};
	struct cause cause = {.cause = S("application_error"), .word = S("probable"), .at = at(10000), .phase = {.at_us = INSTANT_NONE}, .for_text = why, .for_n = 2};
	struct change changes[] = {
		made("start", "start of shop", TIER_APP, 9000, "undetermined"),
		made("deploy", "deploy of shop, 1 to 2: 3 instances", TIER_APP, 9990, "supported"),
		made("restart", "restart of cart", TIER_APP, 8500, "undetermined"),
		made("rollback", "rollback of shop, 2 to 1", TIER_APP, 10100, "refuted"),
		made("stop", "stop of shop", TIER_APP, 10300, "refuted"),
		made("crash", "database crash", TIER_DB, 10000, "undetermined"),
		made("crash", "another crash", TIER_DB, 10010, "refuted"),
	};
	changes[3].mitigation.answered = "yes";
	changes[3].mitigation.fell_us = 10110 * SECOND_US;
	struct incident in = {.onset = at(10000), .end = at(10200), .causes = &cause, .causes_n = 1, .changes = changes, .changes_n = 5};
	struct draft d = {.window_start_us = 8990 * SECOND_US};
	char *text = suspect_text(&d, &in);
	FACT(has(text, "423 requests failed; the application logged \"x is null\"."), "an application's failure is told with its own message");
	FACT(has(text, "deploy of shop, 1 to 2 (10 s before the onset: the tests speak for it)"), "what the tests say in words");
	FACT(has(text, " Failures fell after: rollback of shop, 2 to 1 at 02:48:20 (below 10 % of their peak from 02:48:30 on)."),
	     "of what was done against it: did it help");
	changes[3].mitigation.answered = "no";
	char *went_on = suspect_text(&d, &in);
	FACT(has(went_on, " They went on after: rollback of shop, 2 to 1 at 02:48:20 (at half of their rate or more)."), "or did it not");
	memory_free(went_on);
	FACT(!has(text, "start of shop"), "a process with whose start the logs begin is no suspect");
	FACT(!has(text, "restart of cart"), "nor what was changed 25 minutes before");
	FACT(!has(text, "stop of shop"), "nor what came after the end");
	memory_free(text);
	cause = (struct cause){.cause = S("database_crash"), .word = S("probable"), .at = at(10000), .phase = {.at_us = INSTANT_NONE}, .for_text = why, .for_n = 1};
	in.changes_n = 7;
	text = suspect_text(&d, &in);
	FACT(!has(text, "database crash ("), "the cause is not told again as a change");
	FACT(has(text, "another crash (10 s after the onset)"), "nor is a crash judged as what somebody did");
	memory_free(text);
	cause.word = S("undetermined");
	text = suspect_text(&d, &in);
	FACT(has(text, "Undetermined. Most speaks for: the database crashed, "), "what is not determined is not told as if it were");
	memory_free(text);
	const struct moment first = {.at_us = INSTANT_NONE};
	struct cause each[] = {
		{.cause = S("batch_job"), .word = S("probable"), .at = at(9990), .phase = first, .for_text = why, .for_n = 1},
		{.cause = S("traffic_surge"), .word = S("possible"), .at = at(10050), .phase = at(10060), .for_text = why, .for_n = 1},
		{.cause = S("retry_storm"), .word = S("undetermined"), .at = at(10050), .phase = at(10060), .for_text = why, .for_n = 1},
	};
	in.causes = each;
	in.causes_n = 3;
	in.changes_n = 0;
	text = suspect_text(&d, &in);
	TEXT_IS(text, "Probable: one job took the connections, 02:46:30: 423 requests failed. Possible, for what failed from 02:47:40 on: more requests "
		      "came than usual, 02:47:30. Less speaks for: clients repeated their requests.", "each phase has its own cause");
	memory_free(text);
	char *rose[] = {S("requests rose from 1.0/s to 9.0/s (9.0-fold) at 02:47:30, 2.5 s before the onset (known to 8.0 s)")};
	struct cause surge = {.cause = S("traffic_surge"), .word = S("probable"), .at = at(10050), .phase = first, .for_text = rose, .for_n = 1};
	in.causes = &surge;
	in.causes_n = 1;
	text = suspect_text(&d, &in);
	TEXT_IS(text, "Probable: more requests came than usual: requests rose from 1.0/s to 9.0/s (9.0-fold) at 02:47:30, 2.5 s before the onset (known to 8.0 s).",
		"a time that the reason tells is told once");
	memory_free(text);
	in.causes = each;
	each[0].cause = S("none");
	each[0].word = S("undetermined");
	in.causes_n = 2;
	text = suspect_text(&d, &in);
	TEXT_IS(text, "What began it is not known: no cause of its first failures left traces in these logs. Possible, for what failed from 02:47:40 on: "
		      "more requests came than usual, 02:47:30.", "a later phase's cause is not said to have begun it");
	memory_free(text);
	return unit_done();
}
