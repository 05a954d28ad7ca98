/* session: how many PostgreSQL connections are open, and whose.
 *
 * Takes  the records of roles session_received, session_authorized, session_closed, FATALs, and server starts, in file
 *        order.
 * Gives  net changes per second by user, database, application and client host; how many were open before the file
 *        began.
 * Holds  the last LIMIT_SESSION_PIDS backends that are not closed; LIMIT_FACETS keys of each dimension, then "other".
 * Never  counts a refused backend as open: PostgreSQL logs "connection authorized" before the FATAL "remaining
 *        connection slots are reserved" and no "disconnection" after it (facts/real_logs.md 4). A FATAL closes its
 *        pid's connection; a "disconnection" that still follows (57P01 of an established one) closes nothing.
 *
 * A server start ("starting PostgreSQL", or "ready to accept connections" after a crash) closes everything that is
 * open. A "disconnection" of a pid that was never seen was open before the file began.
 */
#ifndef ONSET_SESSION_H
#define ONSET_SESSION_H

#include "base/limits.h"
#include "tally/cells.h"
#include "tally/part.h"

enum {
	SESSION_TABLE = 4 * LIMIT_SESSION_PIDS,
	SESSION_WAITING = LIMIT_SESSION_PIDS / 2, /* backends that are not open: remembered for as many others */
	SESSION_KEY_BYTES = 64,
	SESSION_KEY_TABLE = 4 * LIMIT_FACETS,
};
enum session_state { SESSION_FREE, SESSION_RECEIVED, SESSION_OPEN, SESSION_REFUSED };

struct session {
	int64_t pid;
	uint16_t key[HOLDER_COUNT]; /* slots */
	uint8_t state;
};
struct session_key {
	char *key; /* owned */
	uint64_t hash;
	int64_t open, before;
	/* the change in the interval of the last one, which is not among the cells yet */
	uint32_t at_s, change;
	bool changed;
};

struct sessions {
	struct session *sessions; /* LIMIT_SESSION_PIDS, or NULL before the first one */
	uint32_t *table;          /* open addressing over pids: number + 1 */
	uint32_t *spare;          /* numbers that are free */
	size_t spare_n, next;     /* `next`: the one that is given up when none is free */
	int64_t *
		waiting; /* ring of the pids that were received or refused: so that floods of refusals never push out */
	size_t waiting_n; /* what is open; waiting_n counts all that were ever put in */
	struct session_key keys[HOLDER_COUNT][LIMIT_FACETS + 1]; /* the last one is "other" */
	size_t keys_n[HOLDER_COUNT];
	uint8_t key_table[HOLDER_COUNT][SESSION_KEY_TABLE]; /* open addressing: number + 1 */
	struct cells cells; /* slot = dimension * (LIMIT_FACETS + 1) + key; n is the change, as two's complement */
	uint64_t resets;
	bool starting; /* "starting PostgreSQL" was the last reset: "ready" belongs to it */
};

void sessions_init(struct sessions *s);
void sessions_received(struct sessions *s, int64_t pid, const struct record *r);
void sessions_authorized(struct sessions *s, int64_t pid, uint32_t second, const struct record *r);
void sessions_closed(struct sessions *s, int64_t pid, uint32_t second, const struct record *r);
/* A record of severity FATAL or worse. */
void sessions_fatal(struct sessions *s, int64_t pid, uint32_t second);
void sessions_starting(struct sessions *s, uint32_t second);
void sessions_ready(struct sessions *s, uint32_t second);
/* Whose the backend is, as far as its lines said: empty what they did not, "other" beyond LIMIT_FACETS. Borrowed until the
 * next call. False when the pid is not among those that are remembered. */
bool sessions_who(const struct sessions *s, int64_t pid, struct span who[HOLDER_COUNT]);
/* Sorted by (dimension, key); cells outside [from_s, to_s] and without change are left out. The caller frees. */
struct session_series *sessions_freeze(struct sessions *s, uint32_t from_s, uint32_t to_s, size_t *n);
void sessions_release(struct sessions *s);

#endif
