/* window: the compressed bytes at hand, with some of those before them.
 *
 * Takes  a struct input.
 * Gives  bytes in file order, and their place in the file; a decoder may go back by WINDOW_BACK_BYTES.
 * Holds  one buffer.
 * Never  interprets a byte.
 */
#ifndef ONSET_WINDOW_H
#define ONSET_WINDOW_H

#include "read/input.h"

enum {
	WINDOW_READ_BYTES = 128 << 10,  /* one read of compressed bytes: about ten times as much text, well past the cost of a call */
	WINDOW_BACK_BYTES = 192 << 10,  /* decoders notice damage late: see inflate.c, look_back() */
	WINDOW_AHEAD_BYTES = 256 << 10, /* most that window_want() may be asked for */
	WINDOW_BYTES = WINDOW_BACK_BYTES + WINDOW_AHEAD_BYTES + WINDOW_READ_BYTES,
};

struct window {
	struct input *in;     /* borrowed */
	unsigned char *bytes; /* owned */
	size_t at, end;       /* unread bytes are bytes[at..end); up to WINDOW_BACK_BYTES read ones stand before them */
	int64_t base;         /* file offset of bytes[0] */
	bool dry;             /* the input gave its last byte */
};

void window_init(struct window *w, struct input *in);
void window_release(struct window *w);
static inline int64_t window_offset(const struct window *w)
{
	return w->base + (int64_t)w->at;
}
static inline size_t window_left(const struct window *w)
{
	return w->end - w->at;
}
/* Reads once behind the unread bytes, of which there are fewer than WINDOW_AHEAD_BYTES. False at the end of the input. */
bool window_refill(struct window *w);
/* The next byte is the one at the file offset `offset`, at most window_offset(). False when the input cannot go back that far. */
bool window_rewind(struct window *w, int64_t offset);
/* At least `need` unread bytes, or all that are left. */
void window_want(struct window *w, size_t need);

#endif
