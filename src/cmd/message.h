/* message: what went wrong, as lines that are safe on a terminal.
 *
 * Takes  what a diag says: it may quote paths and log bytes.
 * Gives  lines of valid UTF-8 without control characters.
 * Holds  nothing.
 * Never  prints.
 */
#ifndef ONSET_MESSAGE_H
#define ONSET_MESSAGE_H

#include "base/diag.h"
#include "base/text.h"

/* Appends the lines of `what`, parted by "\n", without one at the end. The lines of a pattern error that show the place
 * (they begin with two blanks) stay lines; any other line break is escaped. */
void message_lines(struct text *out, const char *what);
/* "onset: warning: TEXT\nhint: HINT\n". `text` and `hint` are lines as above; an empty hint is none. */
void message_append(struct text *out, enum diag_level level, const char *text, const char *hint);

#endif
