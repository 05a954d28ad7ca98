#include "cmd/watch.h"

#include "cmd/progress.h"

/* A worker polls `stop` once per chunk, which takes milliseconds unless it waits for a pipe. */
enum { STOP_US = 2000000 };

void watch_init(struct watch *w, size_t running)
{
	w->watcher = pthread_self();
	w->stop = false;
	atomic_store(&w->read, 0);
	atomic_store(&w->running, running);
}

void watch_leave(struct watch *w)
{
	if (atomic_fetch_sub(&w->running, 1) == 1)
		pthread_kill(w->watcher, SIGUSR1);
}

int watch_wait(struct watch *w, int64_t total, const struct interrupt *held)
{
	struct progress progress;
	progress_begin(&progress, total);
	int ended_by = 0;
	bool stuck = false;
	while (atomic_load(&w->running) && !stuck) {
		int64_t timeout_us = ended_by ? STOP_US : progress.terminal ? PROGRESS_EVERY_US : -1;
		int got = interrupt_wait(held, timeout_us);
		stuck = ended_by && !got;
		if (got && got != SIGUSR1) {
			w->stop = true;
			ended_by = got;
		}
		if (!ended_by && !got)
			progress_show(&progress, atomic_load(&w->read));
	}
	progress_end(&progress);
	return stuck ? -ended_by : ended_by;
}
