#include "unit.h"

#include <time.h>

#include "cmd/watch.h"

static void *leave_at_once(void *shared)
{
	watch_leave(shared);
	return NULL;
}

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void *work_until_stop(void *shared)
{
	struct watch *w = shared;
	while (!w->stop)
		nap();
	watch_leave(w);
	return NULL;
}

static atomic_bool let_go;

static void *work_on(void *shared)
{
	while (!let_go)
		nap();
	watch_leave(shared);
	return NULL;
}

/* Wishes to stop at the second look; notes what it was shown. */
struct looks {
	int n;
	int64_t done, total;
};

static int look(void *context, int64_t done, int64_t total)
{
	struct looks *l = context;
	l->n++;
	l->done = done;
	l->total = total;
	return l->n == 2;
}

static enum watch_end run(struct watch *w, size_t n, void *(*work)(void *), struct looks *looks, int64_t patience_us)
{
	pthread_t threads[8];
	watch_init(w, n);
	for (size_t i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, work, w);
	atomic_store(&w->read, 7);
	enum watch_end end = watch_wait(w, 9, &(struct watcher){looks ? look : NULL, looks}, patience_us);
	let_go = true;
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	watch_release(w);
	return end;
}

int main(void)
{
	struct watch w;
	struct looks looks = {0};
	bool fine = true;
	for (int i = 0; i < 200; i++)
		fine = fine && run(&w, 8, leave_at_once, NULL, -1) == WATCH_DONE;
	FACT(fine, "the watcher returns when the last worker has left, however fast they are");
	FACT(run(&w, 3, work_until_stop, &looks, -1) == WATCH_STOPPED && w.stop && looks.n == 2,
	     "who looks may wish to stop, and is not asked again");
	FACT(looks.done == 7 && looks.total == 9, "it is shown how far the work is");
	looks = (struct looks){0};
	let_go = false;
	FACT(run(&w, 1, work_on, &looks, 1000) == WATCH_STUCK, "a worker that does not stop is waited for so long and no longer");
	watch_init(&w, 3);
	watch_drop(&w, 2);
	watch_leave(&w);
	FACT(watch_wait(&w, -1, &(struct watcher){0}, -1) == WATCH_DONE, "workers that could not be started are not waited for");
	watch_release(&w);
	return unit_done();
}
