/* quoted: entries whose quoted text stands over several lines.
 *
 * Takes  a line that ends in an open quote (PARSE_PARTIAL), and the lines behind it.
 * Gives  the entry with the lines up to the one that closes the quote; else those lines back, to be read again.
 * Holds  how many bytes were looked at for nothing.
 * Never  joins more than LIMIT_JOIN_BYTES; never looks for nothing at more than 4 * (bytes before the line + LIMIT_JOIN_BYTES)
 *        bytes of a file.
 */
#ifndef ONSET_QUOTED_H
#define ONSET_QUOTED_H

#include "parse/entry.h"
#include "parse/replay.h"

/* Zeroed is the start of a file. */
struct quoted {
	uint64_t wasted; /* bytes looked at by joins that came to nothing */
};

/* The entry is begun with the line. True: its record is `r`. False: the lines behind are to be read again, and line->text is
 * the line's copy in the entry. */
bool quoted_join(struct quoted *q, struct replay *lines, struct line *line, struct entry *e, struct record *r);

#endif
