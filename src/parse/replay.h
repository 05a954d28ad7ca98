/* replay: lines that a stream gets, some of them a second time.
 *
 * Takes  lines that were taken and are to be read again, because an open quote never closed.
 * Gives  them back in their order.
 * Holds  copies of the lines to be read again, and of what carries them.
 * Never  copies a line that is read once.
 */
#ifndef ONSET_REPLAY_H
#define ONSET_REPLAY_H

#include "read/lines.h"
#include "parse/keep.h"
#include "parse/parts.h"

/* The first byte of a stream's next line, where it is no byte. */
enum { NEXT_NONE = -1 /* there is no further line */, NEXT_UNKNOWN = -2 };

/* A line of a stream. */
struct pushed {
	struct line line;  /* its text is what a carrier carries, where one does */
	uint64_t lines;    /* of the file: more than one where a carrier had it in parts */
	struct span headed; /* carried.headed */
	const struct carried *carried; /* NULL: the line is the file's own */
	enum parts_how how; /* it goes on with the one before */
};

struct replay_line {
	struct line line;  /* text.at is set when it is taken: appending may move the bytes */
	uint64_t lines;
	size_t headed_len;
	enum parts_how how;
	struct kept *kept; /* owned; NULL when it was not carried */
};

/* Zeroed is empty. The lines' texts lie one behind the other. */
struct replay {
	struct text text;
	struct replay_line *lines;
	size_t n, cap, next;
	size_t start;       /* of the next line in `text` */
};

static inline bool replay_has(const struct replay *r)
{
	return r->next < r->n;
}
/* Takes the next line to be read again; replay_has() must hold. Valid until the next change of `r`. */
void replay_take(struct replay *r, struct pushed *p);
/* The line taken last is the next one again. */
void replay_untake(struct replay *r);
/* The next line's first byte ('\n' when it is empty); replay_has() must hold. */
int replay_next_byte(const struct replay *r);
/* Appends a copy of the line. */
void replay_push(struct replay *r, const struct pushed *p);
/* A copy of the line is all that there is; replay_has() must not hold. */
void replay_only(struct replay *r, const struct pushed *p);
/* The lines of `tried`, but its first one, are to be read before those of `r`; `tried` is emptied. */
void replay_put_back(struct replay *r, struct replay *tried);
/* Empty again; room stays. */
void replay_clear(struct replay *r);
void replay_release(struct replay *r);

#endif
