/* stamphead: what stands around the time stamp of a line of no known format: level, process, thread, and where the message begins.
 *
 * Takes  the line, and where its stamp stands.
 * Gives  FIELD_SEVERITY, FIELD_PID, FIELD_THREAD and FIELD_MESSAGE.
 * Holds  nothing.
 * Never  takes a word of a message for a level: a level stands before the stamp, or among the first STAMPHEAD_TOKENS tokens behind it
 *        before two words of prose, and as levels are written: "ERROR", "[info]", "<Warning>", "(E)", "error:", "debug/Writer:",
 *        "| Warn |", "info" before a tab or two blanks, "level=error", "LEVEL: Error"; one letter ("I", "W") alone or in brackets;
 *        "info" right behind the stamp.
 *
 * A token is what stands between blanks, tabs, "|", ";" and ","; or between brackets. Behind the stamp, before the level: digits are a
 * process, bracketed words a thread. The message is what follows the level (else the stamp, and the process if there is one).
 */
#ifndef ONSET_STAMPHEAD_H
#define ONSET_STAMPHEAD_H

#include "line/record.h"

enum { STAMPHEAD_TOKENS = 9 };

void stamphead_scan(struct span line, size_t at, size_t len, struct record *r);

#endif
