/* lines: bytes to lines.
 *
 * Takes  a struct inflate; a count of threads that have nothing to do: one of them may inflate ahead (ahead.h).
 * Gives  lines as borrowed spans without their "\n" or "\r\n", with number (from 1), offset and length in uncompressed bytes.
 * Holds  two buffers of LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES (+ 64 bytes of padding, so that wide loads may read past the end), in turn:
 *        the line before the last one is still there while the last one is looked at.
 * Never  allocates per line, copies a line that lies whole in the buffer, or lets a line grow past LIMIT_LINE_BYTES.
 */
#ifndef ONSET_LINES_H
#define ONSET_LINES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "read/ahead.h"

struct line {
	struct span text;  /* valid until the next lines_next() but one */
	uint64_t number;   /* from 1 */
	uint64_t offset;   /* of its first byte, in uncompressed bytes */
	uint64_t length;   /* bytes without the line end; larger than text.len when cut */
	bool cut;          /* longer than LIMIT_LINE_BYTES: the rest was skipped */
	bool unterminated; /* the last line of a file that does not end in a newline */
};

struct lines {
	struct inflate *from; /* borrowed */
	char *own[2];         /* own[1]: NULL until the first one is full */
	char *buffer;         /* the one that is read: one of `own`, or a block of `ahead` */
	char *before;         /* the one in which the line before lies when it is not in `buffer`; NULL: none */
	size_t fresh;         /* `start` as it was when `buffer` was filled */
	size_t start, end;    /* unread bytes are buffer[start..end) */
	uint64_t offset;      /* uncompressed offset of buffer[start] */
	uint64_t number;      /* lines given so far */
	uint64_t cut;         /* lines over the limit */
	bool ended;           /* the source has no more bytes */
	struct ahead *ahead;  /* owned; NULL: this thread inflates itself */
	atomic_size_t *idle;  /* borrowed, may be NULL */
	unsigned reads;       /* by this thread */
};

void lines_init(struct lines *l, struct inflate *from);
/* As long as the file is read, each time `idle` is not 0 a thread may be taken from it; lines_release() gives it back. What is given does
 * not depend on it. */
void lines_share(struct lines *l, atomic_size_t *idle);
/* The unread bytes at hand, at least LIMIT_DETECT_BYTES unless the file is shorter; for detection, before the first
 * lines_next(). Valid until the next call. */
struct span lines_peek(struct lines *l);
/* False at the end. */
bool lines_next(struct lines *l, struct line *line);
/* The first byte of the line after the last one given: 0..255, -1 at the end of the file. May read on. */
int lines_next_byte(struct lines *l);
/* True when the byte after the last line is at hand without a refill. */
static inline bool lines_buffered(const struct lines *l)
{
	return l->start < l->end;
}
void lines_release(struct lines *l);

#endif
