/* watch: the thread that waits while other threads work.
 *
 * Takes  what the workers share: how many run, how many bytes they have read; a function to call meanwhile.
 * Gives  that function its turn ten times a second; its wish to stop to the workers.
 * Holds  a lock.
 * Never  touches signals, prints, or ends the program: that is for who asked for the work.
 */
#ifndef ONSET_WATCH_H
#define ONSET_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Called by the thread that waits, with the compressed bytes read so far and in all (-1: not known). Not 0: stop. */
struct watcher {
	int (*look)(void *context, int64_t done, int64_t total); /* NULL: nobody looks */
	void *context;
};

struct watch {
	pthread_mutex_t lock;
	pthread_cond_t left;
	size_t running;        /* workers that have not ended */
	_Atomic int64_t read;  /* compressed bytes */
	atomic_bool stop;      /* workers poll it once per chunk */
};

enum watch_end {
	WATCH_DONE,
	WATCH_STOPPED, /* the watcher wished so, and the workers have stopped */
	WATCH_STUCK,   /* it wished so, and they do not stop (one waits for who reads what it writes) */
};

/* Before the workers start: `running` of them. */
void watch_init(struct watch *w, size_t running);
/* Some of them could not be started. */
void watch_drop(struct watch *w, size_t missing);
/* A worker's last act. */
void watch_leave(struct watch *w);
/* Until the last worker has left; once a stop is wished, for at most `patience_us` (negative: for ever). */
enum watch_end watch_wait(struct watch *w, int64_t total, const struct watcher *who, int64_t patience_us);
/* Not after WATCH_STUCK. */
void watch_release(struct watch *w);

#endif
