/* watch: the main thread while other threads work.
 *
 * Takes  what the workers share: how many run, how many bytes they have read.
 * Gives  the progress line; the wish to stop when a signal to end came.
 * Holds  nothing.
 * Never  ends the program itself: who owns temporary files does.
 */
#ifndef ONSET_WATCH_H
#define ONSET_WATCH_H

#include <pthread.h>
#include <stdatomic.h>

#include "cmd/interrupt.h"

struct watch {
	atomic_size_t running; /* workers that have not ended */
	_Atomic int64_t read;  /* compressed bytes */
	volatile bool stop;    /* workers poll it once per chunk */
	pthread_t watcher;     /* who waits */
};

/* Before the workers start: `running` of them. */
void watch_init(struct watch *w, size_t running);
/* A worker's last act. */
void watch_leave(struct watch *w);
/* Until the last worker has left. `total`: bytes to read, -1 when not known. 0; the signal that came, and the
 * workers have stopped; or minus the signal when they do not stop (one waits for a pipe): then only interrupt_die()
 * is left to do. */
int watch_wait(struct watch *w, int64_t total, const struct interrupt *held);

#endif
