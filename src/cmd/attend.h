/* attend: what the program does for its user while a scan runs: the progress line, and an ear for signals.
 *
 * Takes  what a watch says: bytes read so far and in all.
 * Gives  the wish to stop when a signal to end came.
 * Holds  the signal that came; the progress line.
 * Never  ends the program.
 */
#ifndef ONSET_ATTEND_H
#define ONSET_ATTEND_H

#include "cmd/interrupt.h"
#include "cmd/progress.h"

struct attend {
	struct interrupt held;
	struct progress progress;
	bool begun;
	int ended_by; /* the signal; 0: none */
};

/* From here to attend_end() signals wait for attend_look(). */
void attend_begin(struct attend *a);
/* For watchers; `context` is the struct. */
int attend_look(void *context, int64_t done, int64_t total);
/* True when a signal came, also after the last look. */
bool attend_end(struct attend *a);

#endif
