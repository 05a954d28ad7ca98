/* parts: how a part of PostgreSQL's message goes on with the part before it.
 *
 * Takes  what carriers say of the lines of one process (carried.part, carried.message), in the order of the file.
 * Gives  for each: begins a message or is none; goes on with the one before, as a line or in the middle of one; goes on with one that is
 *        not there.
 * Holds  the number, the length and the shape of the last part.
 * Never  copies a text; never takes one message's part for another's where their numbers are printed.
 *
 * What write_syslog() (PostgreSQL, src/backend/utils/error/elog.c) does with a message that has a newline or is longer than a part can be:
 *  - a part ends at a newline, which is dropped, and so are empty lines; behind it stands a tab, or the prefix of a DETAIL and the like;
 *  - else, of what fits in CARRIED_PART_BYTES (a character that does not fit whole is left for the next part), it ends before the last
 *    white space, which begins the next part: nothing is dropped;
 *  - else, when there is none but at the start, it ends where it is full, in the middle of a word: nothing is dropped.
 * So only a part that is full and has no white space but at its start is cut in a word, and the next one begins with none. What is not known:
 * whether a newline stood behind a line that is exactly as long as a part; it is taken for a cut, so that no statement can put a record of
 * its own making into the log.
 */
#ifndef ONSET_PARTS_H
#define ONSET_PARTS_H

#include "carry/carried.h"

enum parts_how {
	PARTS_NONE,  /* begins a message, or is no part; or no number says that it goes on */
	PARTS_STRAY, /* goes on with a message whose beginning is not there */
	PARTS_LINE,  /* goes on with the message before: a line, or what is behind parts that are lost */
	PARTS_WORD,  /* goes on with the line before: nothing stood at the cut */
};

/* Zeroed: there was none. */
struct parts {
	uint64_t message; /* 0: its number is not printed */
	uint32_t part;    /* 0: there was none */
	uint32_t len;
	bool cut;
};

/* The next line of the process. One that is no part changes nothing. */
enum parts_how parts_next(struct parts *last, const struct carried *c);

#endif
