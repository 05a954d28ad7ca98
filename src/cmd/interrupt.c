#include "cmd/interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void interrupt_hold(struct interrupt *i)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	sigemptyset(&i->held);
	for (size_t k = 0; k < sizeof ending / sizeof *ending; k++) {
		struct sigaction now;
		/* Linux queues a blocked signal even when it is ignored: holding it would undo the ignoring. */
		if (!sigaction(ending[k], NULL, &now) && now.sa_handler != SIG_IGN)
			sigaddset(&i->held, ending[k]);
	}
	sigaddset(&i->held, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &i->held, &i->before);
}

int interrupt_wait(const struct interrupt *i, int64_t timeout_us)
{
	if (timeout_us < 0) {
		int got = sigwaitinfo(&i->held, NULL);
		return got < 0 ? 0 : got;
	}
	struct timespec limit = {.tv_sec = (time_t)(timeout_us / 1000000),
				 .tv_nsec = (long)(timeout_us % 1000000 * 1000)};
	int got = sigtimedwait(&i->held, NULL, &limit);
	return got < 0 ? 0 : got;
}

bool interrupt_came(const struct interrupt *i)
{
	int got = interrupt_wait(i, 0);
	while (got == SIGUSR1)
		got = interrupt_wait(i, 0);
	return got != 0;
}

void interrupt_release(const struct interrupt *i)
{
	pthread_sigmask(SIG_SETMASK, &i->before, NULL);
}

void interrupt_die(const struct interrupt *i, int signal_number)
{
	interrupt_release(i);
	raise(signal_number);
	_exit(2); /* the signal was blocked before we held it */
}
