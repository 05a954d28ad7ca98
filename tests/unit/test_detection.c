/* detection: which stated event is an incident's first of its kind, and how long after the onset. */
#include "story/detection.h"

#include "base/memory.h"
#include "unit.h"

#define S(string) ((char *)(uintptr_t)(string))
#define T0 INT64_C(1795346400) /* 2026-11-22 11:20:00 */

static struct moment between(int64_t lower_s, int64_t upper_s)
{
	return (struct moment){lower_s * SECOND_US, lower_s * SECOND_US, upper_s * SECOND_US, NULL};
}

static struct stated_event event(enum event_kind kind, int64_t s, int64_t resolution_s)
{
	return (struct stated_event){.kind = kind, .at_us = s * SECOND_US, .resolution_us = resolution_s * SECOND_US, .text = S("x"), .service = S(""),
				     .version = S(""), .by = S(""), .raw = S("{}")};
}

/* The instant of one step of an incident, in seconds after T0; -1 when none is told. */
static int64_t told_s(const struct draft *d, size_t incident, enum detection_step step)
{
	int64_t at_us = d->incidents[incident].detection[step].at_us;
	return at_us == INSTANT_NONE ? -1 : at_us / SECOND_US - T0;
}

static void find(struct draft *d, struct stated_event *events, size_t n)
{
	struct event_file files[2] = {{.path = S("a.jsonl"), .items = events, .n = n / 2}, {.path = S("b.jsonl"), .items = events + n / 2, .n = n - n / 2}};
	struct story_options options = {.events = files, .events_n = 2};
	for (size_t i = 0; i < d->incidents_n; i++)
		for (size_t s = 0; s < STEP_COUNT; s++)
			memory_free(d->incidents[i].detection[s].reason);
	memory_free(detection_find(events ? &options : NULL, d));
}

int main(void)
{
	struct incident in[2] = {
		{.onset = between(T0, T0 + 2), .end = between(T0 + 300, T0 + 301)},
		{.onset = between(T0 + 1800, T0 + 1801), .end = between(T0 + 2000, T0 + 2001)},
	};
	struct draft d = {.incidents = in, .incidents_n = 2};
	find(&d, NULL, 0);
	FACT(told_s(&d, 0, STEP_ALERT) < 0 && in[0].detection[STEP_ALERT].reason && in[0].detection_gap_us[STEP_ALERT] == INSTANT_NONE,
	     "without files nothing is told, with the reason");

	/* In two files, in no order. */
	struct stated_event events[] = {
		event(EVENT_ALERT, T0 + 95, 1), event(EVENT_RESOLVE, T0 + 900, 1), event(EVENT_CHAT, T0 + 5, 1), event(EVENT_NOTE, T0 + 6, 1),
		event(EVENT_ALERT, T0 - 400, 1), event(EVENT_ALERT, T0 + 70, 1), event(EVENT_ACKNOWLEDGE, T0 + 120, 60), event(EVENT_ALERT, T0 + 1860, 1),
		event(EVENT_MITIGATION, T0 + 250, 1), event(EVENT_MITIGATION, T0 + 1700, 1),
	};
	find(&d, events, sizeof events / sizeof *events);
	FACT(told_s(&d, 0, STEP_ALERT) == 70, "of several alerts, in several files, the first behind the onset counts");
	FACT(in[0].detection_gap_us[STEP_ALERT] == 70 * SECOND_US, "the gap is from the onset");
	FACT(told_s(&d, 0, STEP_ACKNOWLEDGE) == 120 && told_s(&d, 0, STEP_MITIGATION) == 250, "each step is its own kind");
	FACT(told_s(&d, 0, STEP_RESOLVE) == 900, "what is said after the end, within an hour, is of it");
	FACT(told_s(&d, 1, STEP_ALERT) == 1860, "the next incident has its own");
	FACT(told_s(&d, 1, STEP_MITIGATION) == -1, "what was done before it began is not its");
	FACT(told_s(&d, 1, STEP_RESOLVE) == -1 && in[1].detection[STEP_RESOLVE].reason, "a step that nobody stated has a reason");

	/* A stamp of a whole minute that may hold the onset. */
	struct stated_event minute[] = {event(EVENT_ALERT, T0 - 20, 60), event(EVENT_ALERT, T0 - 70, 60)};
	find(&d, minute, 2);
	FACT(told_s(&d, 0, STEP_ALERT) == -20 && in[0].detection_gap_us[STEP_ALERT] == 0, "a minute that holds the onset is no time after it");
	/* Up to an hour after the end of the last. */
	struct stated_event late[] = {event(EVENT_RESOLVE, T0 + 2001 + 3600, 1), event(EVENT_RESOLVE, T0 + 2002 + 3600, 1)};
	d.incidents_n = 2;
	find(&d, late, 2);
	FACT(told_s(&d, 1, STEP_RESOLVE) == 2001 + 3600, "an hour after the end is still of it");
	find(&d, late + 1, 1);
	FACT(told_s(&d, 1, STEP_RESOLVE) == -1, "later is not");
	/* While the first still lasts, what is said when the next begins may be of either. */
	in[1].onset = between(T0 + 100, T0 + 101);
	struct stated_event both[] = {event(EVENT_ALERT, T0 + 150, 1), event(EVENT_NOTE, T0, 1)};
	find(&d, both, 2);
	FACT(told_s(&d, 0, STEP_ALERT) == 150 && told_s(&d, 1, STEP_ALERT) == 150, "what lies in two incidents is told of both");
	for (size_t i = 0; i < 2; i++)
		for (size_t s = 0; s < STEP_COUNT; s++)
			memory_free(in[i].detection[s].reason);
	return unit_done();
}
