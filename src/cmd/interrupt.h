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
#include <stdbool.h>
#include <stdint.h>

struct interrupt {
	sigset_t held, before;
};

/* From here on the signals wait. Threads that are created now inherit that. SIGUSR1 waits too: threads wake us with
 * it. */
void interrupt_hold(struct interrupt *i);
/* Waits for a signal for up to `timeout_us`, for ever when negative. The signal; SIGUSR1 when woken; 0 when the time is
 * up. */
int interrupt_wait(const struct interrupt *i, int64_t timeout_us);
/* True when a signal to end came since interrupt_hold(); it is then taken and will not come again. */
bool interrupt_came(const struct interrupt *i);
/* The mask from before: a signal that still waits ends the program here. */
void interrupt_release(const struct interrupt *i);
/* Ends the program as the signal would have: for when threads cannot be stopped. */
void interrupt_die(const struct interrupt *i, int signal_number);

#endif
