/* detection: when people noticed an incident, took it on, acted, and took it to be over: what they state, held against the onset.
 *
 * Takes  the files of events (--events), a draft with incidents.
 * Gives  incident.detection: the first stated alert, acknowledgement, mitigation and resolution; which events those are.
 * Holds  borrowed pointers into the options.
 * Never  takes a chat message or a note for one of them; counts what is proved to lie before the onset.
 *
 * An event is of an incident when it is not proved to lie before its onset, up to DETECTION_NEAR_US after its end and before the next
 * incident begins: between two incidents it may be of the next one only when that one has begun, which its own logs say.
 */
#ifndef ONSET_DETECTION_H
#define ONSET_DETECTION_H

#include "fold/draft.h"
#include "fold/stated.h"

#define DETECTION_NEAR_US HOUR_US

/* When a stated event happened: [at, at + resolution). */
struct moment detection_at(const struct stated_event *e);
/* Fills the detection of each incident. Returns which events are told there (NULL where none is), STEP_COUNT an incident; the
 * caller frees the array. `options` may be NULL. */
const struct stated_event **detection_find(const struct story_options *options, struct draft *d);

#endif
