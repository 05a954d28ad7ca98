#include "story/detection.h"

#include "base/memory.h"
#include "fold/sentence.h"

static const struct {
	enum event_kind kind;
	const char *none;
} steps[STEP_COUNT] = {
	[STEP_ALERT] = {EVENT_ALERT, "no alert is stated from the onset to an hour after the end"},
	[STEP_ACKNOWLEDGE] = {EVENT_ACKNOWLEDGE, "no acknowledgement is stated from the onset to an hour after the end"},
	[STEP_MITIGATION] = {EVENT_MITIGATION, "no mitigation is stated from the onset to an hour after the end"},
	[STEP_RESOLVE] = {EVENT_RESOLVE, "no resolution is stated from the onset to an hour after the end"},
};

struct moment detection_at(const struct stated_event *e)
{
	return (struct moment){e->at_us, e->at_us, e->at_us + e->resolution_us, NULL};
}

static bool is_of(const struct draft *d, size_t incident, const struct moment *at)
{
	const struct incident *in = &d->incidents[incident];
	if (at->upper_us <= in->onset.lower_us || at->at_us > in->end.upper_us + DETECTION_NEAR_US)
		return false;
	return at->at_us <= in->end.upper_us || incident + 1 == d->incidents_n || at->upper_us <= d->incidents[incident + 1].onset.lower_us;
}

static const struct stated_event *first_of(const struct story_options *options, const struct draft *d, size_t incident,
					   enum event_kind kind)
{
	const struct stated_event *first = NULL;
	for (size_t i = 0; i < options->events_n; i++)
		for (size_t k = 0; k < options->events[i].n; k++) {
			const struct stated_event *e = &options->events[i].items[k];
			struct moment at = detection_at(e);
			if (e->kind == kind && (!first || e->at_us < first->at_us) && is_of(d, incident, &at))
				first = e;
		}
	return first;
}

const struct stated_event **detection_find(const struct story_options *options, struct draft *d)
{
	const struct stated_event **told = memory_new(d->incidents_n * STEP_COUNT, sizeof *told);
	bool stated = options && options->events_n;
	for (size_t i = 0; i < d->incidents_n; i++)
		for (size_t s = 0; s < STEP_COUNT; s++) {
			struct moment *at = &d->incidents[i].detection[s];
			const struct stated_event *e = stated ? first_of(options, d, i, steps[s].kind) : NULL;
			told[i * STEP_COUNT + s] = e;
			*at = e ? detection_at(e) : (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL};
			int64_t gap_us = at->at_us - d->incidents[i].onset.at_us;
			d->incidents[i].detection_gap_us[s] = e ? (gap_us > 0 ? gap_us : 0) : INSTANT_NONE;
			if (!e)
				at->reason = sentence_copy(stated ? steps[s].none : "no log of alerts or of people was given");
		}
	return told;
}
