/* slots: what waits for more lines, of all writers of a file.
 *
 * Takes  the key of who writes a line: writer, its stream of output, its process.
 * Gives  the slot where those lines are joined; the one that has waited longest.
 * Holds  LIMIT_WRITERS slots; those that wait for nothing are anybody's.
 * Never  has two slots of one key.
 */
#ifndef ONSET_SLOTS_H
#define ONSET_SLOTS_H

#include "parse/stream.h"

struct slot {
	uint64_t key;
	struct stream stream;
	/* A line that a carrier has in parts; part.lines 0: none. */
	struct pushed part;
	struct text part_text;
	struct kept part_kept;
	struct parts parts;          /* of PostgreSQL's messages: the last one */
	uint64_t waits;              /* number of the first line of what is not whole; 0: nothing is */
	uint64_t line;               /* number of the last line */
	int64_t time_us;             /* of that line, when its carrier says it */
	bool timed;
	size_t holds;                /* bytes of text */
	struct slot *older, *newer;  /* of those that wait */
	struct slot *chained;        /* in its bucket, or among the idle ones */
};

enum { SLOT_BUCKETS = 2 * LIMIT_WRITERS };
/* Zeroed is empty. */
struct slots {
	struct slot *all[LIMIT_WRITERS]; /* owned; they stay where they are */
	size_t n;
	struct slot *buckets[SLOT_BUCKETS], *idle;
	struct slot *oldest, *newest;
	size_t holds;                /* bytes of text in all */
	size_t parts;                /* slots with a line in parts */
};

/* NULL: there is none of that key. */
struct slot *slots_find(const struct slots *s, uint64_t key);
/* One for the key, of which there is none. NULL: all wait for something. */
struct slot *slots_take(struct slots *s, uint64_t key, struct writer *writer, const struct stream_room *room);
/* To be called when the slot's stream has been pushed a line, or asked for a record. A slot that waits for nothing is anybody's when
 * `done`. */
void slots_changed(struct slots *s, struct slot *slot, bool done);
void slots_release(struct slots *s);

#endif
