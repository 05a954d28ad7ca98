/* interrupt: the signals that end a run (SIGINT, SIGTERM, SIGHUP), taken when it suits us and never in a handler.
 *
 * Takes  nothing.
 * Gives  a stretch of code in which these signals wait; whether one came.
 * Holds  the signal mask of the calling thread from before.
 * Never  installs a handler; never touches a signal that the caller of the program had ignored (nohup, a shell's `&`).
 */
#ifndef ONSET_INTERRUPT_H
#define ONSET_INTERRUPT_H

#include <signal.h>

struct interrupt {
	sigset_t held, before;
};

/* From here on the signals wait. Threads that are created now inherit that. */
void interrupt_hold(struct interrupt *i);
/* A signal to end that came since interrupt_hold(), 0 when none did; it is then taken and will not come again. */
int interrupt_came(const struct interrupt *i);
/* The mask from before: a signal that still waits ends the program here. */
void interrupt_release(const struct interrupt *i);
/* Ends the program as the signal would have: for when threads cannot be stopped. */
void interrupt_die(const struct interrupt *i, int signal_number);

#endif
