/* progress: one line on the terminal that says how far the reading is.
 *
 * Takes  bytes read so far and in all, compressed; the monotonic clock.
 * Gives  "onset: 43 % of 1.2 GB, 310 MB/s, 4 s left", redrawn in place at most ten times a second, and erased.
 * Holds  when it began and what is on the screen.
 * Never  appears when standard error is no terminal, or in a run shorter than PROGRESS_QUIET_US; never says
 *        "100 %" of more than there is.
 */
#ifndef ONSET_PROGRESS_H
#define ONSET_PROGRESS_H

#include "base/text.h"

enum { PROGRESS_QUIET_US = 300000 };

struct progress {
	bool terminal;
	int64_t started_us; /* monotonic */
	int64_t total;      /* bytes; -1: not known (a pipe) */
	size_t drawn;       /* columns on the screen */
};

void progress_begin(struct progress *p, int64_t total);
/* Draws when it is time to; the caller comes by ten times a second. */
void progress_show(struct progress *p, int64_t done);
void progress_end(struct progress *p);

/* Columns of the terminal that standard error is; 79 when it says none. */
size_t progress_columns(void);

/* The line, without the clock and the screen. */
void progress_line(struct text *out, int64_t done, int64_t total, int64_t elapsed_us);

#endif
