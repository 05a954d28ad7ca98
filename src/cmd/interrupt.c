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
	pthread_sigmask(SIG_BLOCK, &i->held, &i->before);
}

int interrupt_came(const struct interrupt *i)
{
	int got;
	do
		got = sigtimedwait(&i->held, NULL, &(struct timespec){0});
	while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : got;
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
