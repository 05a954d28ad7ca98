/* ahead: a file's bytes inflated by a thread of their own, in blocks, while another one reads those before. (May touch the operating
 * system.)
 *
 * Takes  a struct inflate, which nobody else uses until ahead_free().
 * Gives  its bytes in order, block by block, each with AHEAD_ROOM bytes of room in front: what a line needs that begins in the block
 *        before.
 * Holds  a thread, AHEAD_BLOCKS blocks. Room that nobody writes takes no memory.
 * Never  copies bytes, reads further than its blocks, gives other bytes than inflate_read() would.
 */
#ifndef ONSET_AHEAD_H
#define ONSET_AHEAD_H

#include "base/limits.h"
#include "read/inflate.h"

enum {
	AHEAD_BLOCKS = 8,  /* two are with the reader; some in between, for the two are not always equally fast */
	AHEAD_ROOM = LIMIT_LINE_BYTES + 64,
	AHEAD_PADDING = 64, /* behind a block: the widest load of any CPU we know */
};

struct ahead;

/* NULL: the system gives no thread. */
struct ahead *ahead_new(struct inflate *from);
/* The next block: *n bytes, at most LIMIT_CHUNK_BYTES, that lie AHEAD_ROOM bytes behind its begin; waits for them. It is the caller's
 * until ahead_give_back(); three may be at a time. NULL at the end: then what inflate.h says of the whole may be asked. */
char *ahead_next(struct ahead *a, size_t *n);
/* NULL is none. */
void ahead_give_back(struct ahead *a, char *block);
void ahead_free(struct ahead *a);

#endif
