#include "cmd/interrupt.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static bool waits(int number)
{
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, number) == 1;
}

static void held(void)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	struct interrupt i;
	for (size_t k = 0; k < sizeof ending / sizeof *ending; k++) {
		interrupt_hold(&i);
		FACT(waits(ending[k]), "the signal waits");
		FACT(!interrupt_came(&i), "none came");
		raise(ending[k]);
		FACT(interrupt_came(&i) == ending[k], "one came, and which");
		FACT(!interrupt_came(&i), "it is taken and does not come again");
		interrupt_release(&i);
		FACT(!waits(ending[k]), "the mask is as it was");
	}
}

static void kept_apart(void)
{
	struct interrupt i;
	signal(SIGHUP, SIG_IGN);
	interrupt_hold(&i);
	FACT(!waits(SIGHUP) && waits(SIGTERM), "what the caller of the program ignored is left alone");
	raise(SIGHUP);
	FACT(!interrupt_came(&i), "it is still ignored");
	interrupt_release(&i);
	signal(SIGHUP, SIG_DFL);
	sigset_t term;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	interrupt_hold(&i);
	interrupt_release(&i);
	FACT(waits(SIGTERM) && !waits(SIGINT), "what was blocked before stays so");
	sigprocmask(SIG_UNBLOCK, &term, NULL);
}

/* How a child ends that does this; 1000 + the signal when by one. */
static int end_of(void (*what)(void))
{
	pid_t child = fork();
	if (!child) {
		what();
		_exit(77);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void die_held(void)
{
	struct interrupt i;
	interrupt_hold(&i);
	interrupt_die(&i, SIGTERM);
}

static void die_blocked(void)
{
	sigset_t all;
	struct interrupt i;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	interrupt_hold(&i);
	interrupt_die(&i, SIGTERM);
}

static void released_with_one(void)
{
	struct interrupt i;
	interrupt_hold(&i);
	raise(SIGINT);
	interrupt_release(&i);
}

int main(void)
{
	held();
	kept_apart();
	FACT(end_of(die_held) == 1000 + SIGTERM, "the program ends as the signal would have ended it");
	FACT(end_of(die_blocked) == 2, "or with status 2, when the signal had been blocked before");
	FACT(end_of(released_with_one) == 1000 + SIGINT, "a signal that still waits ends it at the release");
	return unit_done();
}
