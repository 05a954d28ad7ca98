/* replay: the lines of a file, some of them a second time.
 *
 * Takes  struct lines; lines that were taken and are to be read again, because an open quote never closed.
 * Gives  the lines to be read again first, then those of the file.
 * Holds  copies of the lines to be read again.
 * Never  copies a line that is read once.
 */
#ifndef ONSET_REPLAY_H
#define ONSET_REPLAY_H

#include "read/lines.h"

/* Zeroed but for `from` is empty. The lines' texts lie one behind the other. */
struct replay {
	struct lines *from; /* borrowed; not asked of a replay that only keeps lines */
	struct text text;
	struct line *lines; /* text.at is set when a line is taken: appending may move the bytes */
	size_t n, cap, next;
	size_t start;       /* of the next line in `text` */
};

static inline bool replay_has(const struct replay *r)
{
	return r->next < r->n;
}
/* Takes the next line to be read again; replay_has() must hold. Valid until the next change of `r`. */
void replay_take(struct replay *r, struct line *line);
/* The next line: to be read again, or of the file. False at its end. */
static inline bool replay_line(struct replay *r, struct line *line)
{
	if (!replay_has(r))
		return lines_next(r->from, line);
	replay_take(r, line);
	return true;
}
/* The next line's first byte ('\n' when it is empty; -1 at the end of the file) can be asked for without moving the bytes of
 * this one. */
static inline bool replay_at_hand(const struct replay *r)
{
	return replay_has(r) || lines_buffered(r->from);
}
int replay_next_byte(const struct replay *r);
/* Appends a copy of the line. */
void replay_push(struct replay *r, const struct line *line);
/* The lines of `tried`, but its first one, are to be read before those of `r`; `tried` is emptied. */
void replay_put_back(struct replay *r, struct replay *tried);
void replay_release(struct replay *r);

#endif
