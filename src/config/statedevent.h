/* statedevent: one thing that people, or their tools, say happened: a deploy, an alert, an acknowledgement, a note.
 *
 * Takes  nothing: plain data, which config/eventfile and config/eventexport fill.
 * Gives  the closed list of kinds, their names and tiers.
 * Holds  owned texts, until statedevent_release().
 * Never  judges what is stated.
 */
#ifndef ONSET_STATEDEVENT_H
#define ONSET_STATEDEVENT_H

#include "line/record.h"

/* X(enum suffix, name, tier): the closed list. `chat`: a message of a conversation, of which there are many. */
#define EVENT_KINDS(X) \
	X(DEPLOY, "deploy", TIER_CHANGE) \
	X(RESTART, "restart", TIER_CHANGE) \
	X(CONFIG, "config", TIER_CHANGE) \
	X(ALERT, "alert", TIER_HUMAN) \
	X(ACKNOWLEDGE, "acknowledge", TIER_HUMAN) \
	X(MITIGATION, "mitigation", TIER_HUMAN) \
	X(RESOLVE, "resolve", TIER_HUMAN) \
	X(NOTE, "note", TIER_HUMAN) \
	X(CHAT, "chat", TIER_HUMAN)

enum event_kind {
#define X(suffix, name, tier) EVENT_##suffix,
	EVENT_KINDS(X)
#undef X
	EVENT_KIND_COUNT
};
const char *statedevent_kind_name(enum event_kind kind);
enum tier statedevent_kind_tier(enum event_kind kind);
/* True with *kind set when the closed list has the name. */
bool statedevent_kind_find(struct span name, enum event_kind *kind);

struct stated_event {
	enum event_kind kind;
	int64_t at_us, resolution_us;        /* UTC: it happened in [at_us, at_us + resolution_us) */
	char *text, *service, *version, *by; /* owned, valid UTF-8; text is never empty; the others "" when not said */
	char *raw;                           /* owned: the bytes of its object as in the file, for the excerpt: not masked */
	uint64_t line, offset, length;       /* of `raw`; line from 1, of its first byte */
};

/* A text as an event keeps it: valid UTF-8 without blanks at its ends; the caller owns it. */
char *statedevent_text(struct span s);
/* Gives back what the event owns. */
void statedevent_release(struct stated_event *e);

#endif
