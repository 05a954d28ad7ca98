/* event: single records that changed something: starts, stops, deploys, reloads.
 *
 * Takes  records of signals with the role `change`.
 * Gives  where and when, the masked text, and which service, version, host and pid they name.
 * Holds  the first LIMIT_EVENTS of a file; the others are counted.
 * Never  takes an address for a version.
 *
 * Service, version, host and pid come from the record's fields; else from the message: "version=3.4.1", "pid=25517",
 * "host=app1"; else a version is a word like 1.4.3, v2.0 or nginx/1.22.1 and the service the word before it
 * ("shop-api 1.4.3 listening", "starting PostgreSQL 15.18 (Debian ...)"); with "version=" the service is the word
 * behind "Starting".
 */
#ifndef ONSET_EVENT_H
#define ONSET_EVENT_H

#include "tally/part.h"
#include "tally/series.h"

struct events {
	struct event *items;
	size_t n, cap;
	uint64_t more;
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void events_add(struct events *e, const struct signal_kind *kind, const struct place *p, int64_t at_us,
		const struct record *r);
/* Leaves out what lies outside [from_s, to_s]; sorts by offset. */
void events_keep(struct events *e, uint32_t from_s, uint32_t to_s);
void events_release(struct events *e);

/* Service and version that a message names; empty spans when it names none. Borrowed from the message. */
void event_version(struct span message, struct span *service, struct span *version);

#endif
