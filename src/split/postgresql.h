/* postgresql: the words and messages of the server, in all its languages.
 *
 * Takes  log text at the place where the prefix ends; records whose message is the server's.
 * Gives  severity words (LOG, FATAL, ...) and the words of attachments (DETAIL, HINT, STATEMENT, ...), as
 *        postgres-15.mo of every translation has them, and those of earlier servers; fields and numbers that messages carry (durations, who connected,
 *        who waits for a lock, and since when).
 * Holds  nothing but constant tables.
 * Never  allocates; takes a word for one that no colon follows; reads text that a client chose as if the server had said it.
 */
#ifndef ONSET_POSTGRESQL_H
#define ONSET_POSTGRESQL_H

#include "line/record.h"

struct postgresql_word {
	struct span word;       /* borrowed from the text */
	enum severity severity; /* UNKNOWN for an attachment */
	bool attachment;
	enum field field;       /* of an attachment: where its text goes. QUERY is a statement, LOCATION context. */
	size_t len;             /* bytes to the text behind word, colon and blanks */
};

/* Of a severity word alone, as csvlog prints it; UNKNOWN when it is none. */
enum severity postgresql_severity(struct span word);
/* True when `s` starts with a word, a colon and a blank (or the end). */
bool postgresql_word_at(struct span s, struct postgresql_word *out);
/* The first such place in the first line of `s` that does not start inside a word; -1 when there is none. */
ptrdiff_t postgresql_word_find(struct span s, struct postgresql_word *out);
/* False for what the server prints where it has no value: empty and "[unknown]". */
static inline bool postgresql_is_value(struct span s)
{
	return s.len && !(s.len == 9 && !memcmp(s.at, "[unknown]", 9));
}
/* What "connection authorized: user=a database=b application_name=c SSL enabled (...)" and its like say. A name may
 * hold blanks: a value runs to the next key or " SSL enabled", which is all that can follow (postinit.c
 * PerformAuthentication, postgres.c log_disconnections). Empty what is not said. */
enum postgresql_said {
	POSTGRESQL_USER,
	POSTGRESQL_DATABASE,
	POSTGRESQL_APPLICATION,
	POSTGRESQL_HOST,
	POSTGRESQL_PORT,
	POSTGRESQL_SAID,
};
void postgresql_session(struct span message, struct span said[POSTGRESQL_SAID]);
/* Sets from FIELD_MESSAGE: duration_us and STATEMENT of duration and statement lines; USER, DATABASE, APPLICATION,
 * CLIENT, CLIENT_PORT of connection lines, where the prefix did not print them; LOCAL_ADDRESS, LOCAL_PORT of "listening on"; metrics
 * (postgresqlnumber.h). */
void postgresql_message(struct record *r);

/* What log_lock_waits says: "process P still waiting for MODE on OBJECT after T ms" and its like (proc.c ProcSleep), in the
 * languages of lc_messages; PostgreSQL 18's log_lock_failures has no time. */
enum postgresql_lock_event {
	POSTGRESQL_LOCK_WAITING,
	POSTGRESQL_LOCK_ACQUIRED,
	POSTGRESQL_LOCK_DEADLOCK, /* "detected deadlock while waiting for": it will be cancelled; only when log_lock_waits is on */
	POSTGRESQL_LOCK_AVOIDED,  /* "avoided deadlock for ... by rearranging queue order": it still waits */
	POSTGRESQL_LOCK_FAILED,   /* "failed to acquire", "could not obtain" (NOWAIT) */
};
struct postgresql_lock {
	enum postgresql_lock_event event;
	int64_t pid;              /* who waits */
	struct span mode, object; /* "AccessExclusiveLock", "relation 16414 of database 16385"; borrowed from the message */
	int64_t waited_us;        /* since it asked; -1 where that is not said */
};
/* False when the message is none of these. Costs a few compares: it may be asked for every record of a database. */
bool postgresql_lock(struct span message, struct postgresql_lock *out);
/* By its first byte alone: false for nearly every message. */
static inline bool postgresql_may_be_lock(struct span message)
{
	unsigned char c = message.len >= 20 ? (unsigned char)message.at[0] : 0;
	return (c | 0x20) == 'p' || c == 'e' || c == 'l' || c == 'i' || (unsigned char)(c - '0') < 10 || c >= 0x80;
}

/* "Process holding the lock: 3669. Wait queue: 4370, 4376." in any language. */
struct postgresql_queue {
	int64_t holder;          /* the first pid; -1 when none is named */
	uint32_t holders, queue; /* how many are named */
	struct span holder_pids, queue_pids; /* "3669", "4370, 4376"; borrowed from the detail */
};
/* False when the detail is not of that form. */
bool postgresql_lock_detail(struct span detail, struct postgresql_queue *out);
/* The next pid of such a list; -1 at its end. */
int64_t postgresql_next_pid(struct span *pids);

#endif
