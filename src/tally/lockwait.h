/* lockwait: who waited for which lock, for how long, and who held it.
 *
 * Takes  PostgreSQL's records of log_lock_waits ("process 4370 still waiting for ...", "acquired ... after", "detected
 *        deadlock"), their DETAIL and STATEMENT (in the record, or attached to it by pid), in file order; the sessions.
 * Gives  lock waits: one for each "still waiting", with what follows of it.
 * Holds  the first LIMIT_LOCKS waits of a file, at most LOCKWAIT_BYTES of text each; the last LOCKWAIT_OPEN records that a
 *        DETAIL may still follow.
 * Never  takes a DETAIL for a lock's that follows another record of the same process.
 *
 * A wait that is acquired without having been seen to begin (it began in the file before) is one whose at_us is its
 * acquired_us: the fold joins the two.
 */
#ifndef ONSET_LOCKWAIT_H
#define ONSET_LOCKWAIT_H

#include "base/limits.h"
#include "line/record.h"
#include "tally/part.h"
#include "tally/series.h"
#include "tally/session.h"

enum { LOCKWAIT_OPEN = LIMIT_OPEN_RECORDS, LOCKWAIT_NAME_BYTES = 128, LOCKWAIT_BYTES = 10 * LOCKWAIT_NAME_BYTES + 512 };

struct lockwaits {
	struct lock_wait *items;
	size_t n, cap;
	uint64_t more;
	/* records whose DETAIL may follow: whose they are, and the wait (number + 1; 0: free) */
	struct {
		int64_t pid;
		uint32_t wait;
	} open[LOCKWAIT_OPEN];
	size_t open_n; /* places in use are those below it */
	size_t next;
	struct text scratch, masked;
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

/* One record of a database: `pid` is that of the process that wrote it, -1 unknown. Costs nothing before the first lock
 * wait for records that are none. */
void lockwaits_add(struct lockwaits *l, const struct sessions *s, const struct place *p, int64_t at_us,
		   const struct record *r, int64_t pid);
void lockwaits_attach(struct lockwaits *l, const struct sessions *s, const struct record *attachment, int64_t pid);
/* Leaves out what lies outside [from_s, to_s]; sorts by offset. */
void lockwaits_keep(struct lockwaits *l, uint32_t from_s, uint32_t to_s);
void lockwaits_release(struct lockwaits *l);

#endif
