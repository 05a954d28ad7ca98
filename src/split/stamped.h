/* stamped: texts of no known format whose lines begin with a time stamp, or have one near their begin.
 *
 * Takes  the first line of an entry; lines without a stamp go on with the one before (the pattern file says so).
 * Gives  time, level, process, thread and message, as far as they stand there: stampfind.h and stamphead.h say how they are found.
 * Holds  nothing.
 * Never  guesses whether 03/04/2026 is in March: stamped_scan() takes no such date, stamped_american_scan() and
 *        stamped_european_scan() nothing else; which of the two takes more of a file's lines is its format, and where both take
 *        all that is told as ambiguous.
 */
#ifndef ONSET_STAMPED_H
#define ONSET_STAMPED_H

#include "split/scanner.h"

bool stamped_scan(struct span line, struct scanner_room *room, struct record *r);
bool stamped_american_scan(struct span line, struct scanner_room *room, struct record *r);
bool stamped_european_scan(struct span line, struct scanner_room *room, struct record *r);
/* Hadoop's and Spark's "26/11/22 11:15:12 INFO Class: text" (log4j, %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m): year, month, day. */
bool hadoop_scan(struct span line, struct scanner_room *room, struct record *r);

/* Redis and its forks: "4711:M 22 Nov 2026 11:15:12.836 * text", since 7.4 also "[4711:M] ...", before 2.8.20 "[4711] 22 Nov 11:15:12 * text".
 * The mark before the text is its level (server.c, serverLogRaw): . debug, - verbose, * notice, # warning. */
bool redis_scan(struct span line, struct scanner_room *room, struct record *r);

#endif
