#include "unit.h"

#include <time.h>
#include <unistd.h>

#include "cmd/watch.h"

static void *leave_at_once(void *shared)
{
	watch_leave(shared);
	return NULL;
}

static void *work_until_stop(void *shared)
{
	struct watch *w = shared;
	kill(getpid(), SIGTERM);
	while (!w->stop)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	watch_leave(w);
	return NULL;
}

static int run(struct watch *w, size_t n, void *(*work)(void *))
{
	pthread_t threads[8];
	struct interrupt held;
	interrupt_hold(&held);
	watch_init(w, n);
	for (size_t i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, work, w);
	int ended_by = watch_wait(w, -1, &held);
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	interrupt_came(&held); /* takes what is left, so that nothing ends this program */
	interrupt_release(&held);
	return ended_by;
}

int main(void)
{
	struct watch w;
	bool fine = true;
	for (int i = 0; i < 200; i++)
		fine = fine && !run(&w, 8, leave_at_once);
	FACT(fine, "the watcher returns when the last worker has left, however fast they are");
	FACT(run(&w, 1, work_until_stop) == SIGTERM && w.stop, "a signal asks the workers to stop, and is told");
	return unit_done();
}
