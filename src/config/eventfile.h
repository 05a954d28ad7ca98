/* eventfile: what people and their tools say happened: deploys, alerts, acknowledgements, notes.
 *
 * Takes  the bytes of a file of JSON Lines, one object a line; empty lines are allowed:
 *            {"at": "2026-11-22T11:21:10Z", "kind": "alert", "text": "CheckoutErrorRate is firing"}
 *        at    when, as instant_parse_stated() reads it: UTC unless it has an offset; it means the whole minute when it has no
 *              seconds
 *        kind  one of EVENTFILE_KINDS
 *        text  what happened, one sentence; what lies behind a line end is kept
 *        service, version, by (who, or which tool): optional texts; other keys are passed over
 * Gives  the events in the order of the file, each with its place.
 * Holds  owned copies.
 * Never  guesses: the first line with an error ends it, with line, column and hint.
 */
#ifndef ONSET_EVENTFILE_H
#define ONSET_EVENTFILE_H

#include "base/diag.h"
#include "line/record.h"

/* X(enum suffix, name, tier): the closed list. */
#define EVENTFILE_KINDS(X) \
	X(DEPLOY, "deploy", TIER_CHANGE) \
	X(RESTART, "restart", TIER_CHANGE) \
	X(CONFIG, "config", TIER_CHANGE) \
	X(ALERT, "alert", TIER_HUMAN) \
	X(ACKNOWLEDGE, "acknowledge", TIER_HUMAN) \
	X(MITIGATION, "mitigation", TIER_HUMAN) \
	X(NOTE, "note", TIER_HUMAN)

enum event_kind {
#define X(suffix, name, tier) EVENT_##suffix,
	EVENTFILE_KINDS(X)
#undef X
	EVENT_KIND_COUNT
};
const char *eventfile_kind_name(enum event_kind kind);
enum tier eventfile_kind_tier(enum event_kind kind);

struct stated_event {
	enum event_kind kind;
	int64_t at_us, resolution_us;        /* UTC: it happened in [at_us, at_us + resolution_us) */
	char *text, *service, *version, *by; /* owned, valid UTF-8; text is never empty; the others "" when not said */
	char *raw;                           /* owned: the line as in the file, for the excerpt: not masked */
	uint64_t line, offset, length;       /* line from 1; length without the line end */
};

struct event_file {
	char *path;     /* owned: as given */
	uint64_t bytes; /* of the file, uncompressed */
	uint32_t crc;   /* CRC-32 of them: given by who read the file */
	struct stated_event *items; /* owned, in the order of the file */
	size_t n, cap;
};

/* Fills `file`. False with `d` on the first error; then `file` is empty. `path` names the file in messages. */
bool eventfile_read(struct span bytes, uint32_t crc, const char *path, struct event_file *file, struct diag *d);
void eventfile_release(struct event_file *file);

#endif
