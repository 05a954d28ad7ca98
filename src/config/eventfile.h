/* eventfile: what people and their tools say happened: deploys, alerts, acknowledgements, notes.
 *
 * Takes  the bytes of a file: JSON Lines, one object a line; empty lines are allowed:
 *            {"at": "2026-11-22T11:21:10Z", "kind": "alert", "text": "CheckoutErrorRate is firing"}
 *        at    when, as instant_parse_stated() reads it: UTC unless it has an offset; it means the whole minute when it has no
 *              seconds
 *        kind  one of EVENT_KINDS (config/statedevent.h)
 *        text  what happened, one sentence; what lies behind a line end is kept
 *        service, version, by (who, or which tool): optional texts; other keys are passed over;
 *        or what Alertmanager, PagerDuty and Slack export (config/eventexport.h): objects over one line or several, or in an array.
 * Gives  the events in the order of the file, each with its place.
 * Holds  owned copies.
 * Never  guesses: the first object with an error ends it, with line, column and hint.
 */
#ifndef ONSET_EVENTFILE_H
#define ONSET_EVENTFILE_H

#include "base/diag.h"
#include "config/statedevent.h"

struct event_file {
	char *path;     /* owned: as given */
	uint64_t bytes; /* of the file, uncompressed */
	uint32_t crc;   /* CRC-32 of them: given by who read the file */
	struct stated_event *items; /* owned, in the order of the file */
	size_t n, cap;
	uint64_t repeated; /* exported events that the file says again: Alertmanager sends what still fires every few hours */
	uint64_t passed;   /* exported entries that say nothing of an incident: who was notified, who joined the channel */
};

/* Fills `file`. False with `d` on the first error; then `file` is empty. `path` names the file in messages. */
bool eventfile_read(struct span bytes, uint32_t crc, const char *path, struct event_file *file, struct diag *d);
void eventfile_release(struct event_file *file);

#endif
