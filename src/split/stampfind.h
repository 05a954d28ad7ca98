/* stampfind: where the time stamp of a line stands, in a text of no known format.
 *
 * Takes  the first line of an entry.
 * Gives  the stamp, and where it stands; or why there is none that is meant.
 * Holds  nothing.
 * Never  looks behind the head of a line: a number or a date inside a message is no stamp. Linear: each byte of the head is the
 *        start of one attempt at most, and an attempt reads a bounded number of bytes.
 *
 * The head, exactly:
 *  - A line that begins with a blank or a tab goes on with the one before: it has no head.
 *  - A stamp may begin the line, or stand behind one of: blank, tab, [ ( { < " ' | = , ; > : (so behind "time=", `"ts":"`, "[12:M] ").
 *    Right behind one letter of I W E F D V it may stand at the start of the line alone (glog's "W210503 15:04:25.849080").
 *  - What stands before it has at most STAMPFIND_BYTES bytes, STAMPFIND_WORDS words, and STAMPFIND_PROSE words of prose: two or more letters, the
 *    first one small, nothing else (but a level: "error"). Text between quotes is a message, unless "=" or ":" stands before the quote:
 *    then it is a value.
 *  - The first stamp in the head counts. A date whose order is not known (03/04/2026) ends the head, and so does a time without a
 *    date that begins the line: what stands behind them would be another time than the one that is meant.
 *  - A number is a time since 1970 only with a date of 2001-09-09 (ten digits of seconds) to 2099-12-31, of ten, 13, 16 or 19
 *    digits, with decimals or without, when it begins the line (then a blank, tab, comma, bar or colon stands behind it) or stands
 *    behind "[", "(", or one of the names of a time and "=" or ":".
 *  - "timestamp", "time", "ts", "date" and the like are names of a time: the value of one is looked for in all of a line of
 *    name=value pairs.
 */
#ifndef ONSET_STAMPFIND_H
#define ONSET_STAMPFIND_H

#include "line/stamp.h"

enum { STAMPFIND_BYTES = 160, STAMPFIND_WORDS = 12, STAMPFIND_PROSE = 2 };

enum stampfind_why {
	STAMPFIND_FOUND,
	STAMPFIND_NONE,
	STAMPFIND_TIME_ALONE, /* "11:15:12 INFO ..." */
	STAMPFIND_ORDER,      /* "03/04/2026 ...": which one is the month is not known */
};

struct stampfind {
	size_t at, len; /* the stamp, in the line */
	struct stamp stamp;
	bool numeric;   /* its date is one of those whose order is to be known */
};

enum stampfind_why stampfind_scan(struct span line, enum date_order order, struct stamp_cache *cache, struct stampfind *out);
/* For people: why a line has no stamp that is meant; NULL when it has one, or nothing that is like one. Static, a sentence's part. */
const char *stampfind_reason(struct span line);

#endif
