/* finding: facts beside the counts: one list for each incident, one for what is outside of all.
 *
 * Takes  what a finder saw, in words.
 * Gives  findings with ids, escaped texts, and an order.
 * Holds  nothing.
 * Never  says that one thing caused another; never lets log text through unescaped.
 */
#ifndef ONSET_FINDING_H
#define ONSET_FINDING_H

#include "fold/fold.h"
#include "incident/note.h"

/* In the order of importance: so they are listed. */
enum finding_kind {
	FINDING_REQUESTS_LOST,
	FINDING_TIER_SILENT,
	FINDING_USER_VISIBLE,
	FINDING_BATCH_ONLY,
	FINDING_LIMIT_SCOPED,
	FINDING_TRICKLE,
	FINDING_NEAR_MISS,
	FINDING_MESSAGE_NEW,
	FINDING_MESSAGE_SURGE,
	FINDING_MESSAGE_VANISHED,
	FINDING_SESSIONS_OLDER,
	FINDING_SLOW_STATEMENT,
	FINDING_VACUUM_OVERLAP,
	FINDING_CHECKPOINT_OVERLAP,
	FINDING_KINDS
};
/* "requests_lost", ... */
const char *finding_name(enum finding_kind kind);

/* A new finding. Takes `text` (and cuts it to FINDING_BYTES). `what` tells it from others of its kind, source and time; `source`: index,
 * SIZE_MAX for several; `at` is copied. Count and before are 0 until they are set. Valid until the next call. */
enum { FINDING_BYTES = 1000 };
struct finding *finding_add(struct finding_list *list, const struct fold *f, enum finding_kind kind, enum tier tier, size_t source,
			    const struct moment *at, const char *what, struct text *text);
/* When all are found: sorts the lists, and notes for the timeline what matters most of each kind. */
void finding_settle(struct draft *d, struct note_list *notes);

/* The time of an incident in a source's own clock. A clock that may be off by more than FINDING_CLOCK_US is known best through the
 * source's own bursts; one without any is taken at its word. False: its bursts are all of other incidents. */
#define FINDING_CLOCK_US MINUTE_US
bool finding_span(const struct fold *f, const struct draft *d, const struct incident *in, size_t source, int64_t *from_us,
		  int64_t *to_us);
/* False: its times can be told only as "in the incident". */
bool finding_timed(const struct fold *f, const struct draft *d, size_t source);
/* Appends " (error.log prints no zone: ...)" when a clock is taken at its word. */
void finding_clock(struct text *t, const struct fold *f, const struct draft *d, size_t source);
/* Appends at most `most` bytes of log text, escaped, in double quotes; "..." stands for what is cut. */
void finding_quote(struct text *t, struct span log_text, size_t most);

#endif
