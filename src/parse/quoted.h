/* quoted: entries whose quoted text stands over several lines.
 *
 * Takes  a line that ends in an open quote (PARSE_PARTIAL), and the lines behind it, one by one.
 * Gives  the entry with the lines up to the one that closes the quote; else those lines back, to be read again.
 * Holds  the lines of a quote that is still open; how many bytes were looked at for nothing.
 * Never  joins more than LIMIT_JOIN_BYTES; never looks for nothing at more than 4 * (bytes before the line + LIMIT_JOIN_BYTES)
 *        bytes of a stream.
 */
#ifndef ONSET_QUOTED_H
#define ONSET_QUOTED_H

#include "parse/entry.h"

/* Zeroed is the start of a stream. */
struct quoted {
	uint64_t wasted;     /* bytes looked at by joins that came to nothing */
	struct replay tried; /* the lines of the open quote, the first one too */
	size_t first_len;    /* of the first one's text */
	bool open;
};

enum quoted_result {
	QUOTED_OPEN,   /* more lines are wanted */
	QUOTED_CLOSED, /* the entry's record is there */
	QUOTED_NOT,    /* it is none: quoted_give_back() */
};

/* The entry is begun with the line, `before` bytes of the stream stand before it. */
enum quoted_result quoted_begin(struct quoted *q, const struct pushed *first, uint64_t before, struct entry *e);
enum quoted_result quoted_add(struct quoted *q, const struct pushed *p, struct entry *e, struct record *r);
/* There is no further line. */
enum quoted_result quoted_end(struct quoted *q, struct entry *e, struct record *r);
/* The lines behind the first are to be read again before those of `lines`; the first one's copy is `first`, its text in the
 * entry. */
void quoted_give_back(struct quoted *q, struct replay *lines, struct entry *e, struct pushed *first);
void quoted_release(struct quoted *q);

#endif
