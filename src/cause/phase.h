/* phase: the stretches of an incident in which something failed, and between which nothing did.
 *
 * Takes  a scene: the bursts of its incident, its changes.
 * Gives  phases by time; which is the first that wants a cause; the phase that something which began at an instant may be the cause of.
 * Holds  nothing; phases borrow from the scene.
 * Never  parts two phases by clocks that were not compared, nor by slow answers and clients that left: those fail nobody by themselves.
 *
 * What the database refuses in one phase only (a role's own limit, then the server's), and another log repeats, ties that log's clock to the
 * phases, to within PHASE_TIE_US, where nothing else does.
 *
 * What an application's own deploy breaks while its instances are away is told with the deploy: a phase that lies within one, and in which
 * nobody was refused a connection, wants no other cause when another phase follows.
 */
#ifndef ONSET_PHASE_H
#define ONSET_PHASE_H

#include "cause/hypothesis.h"

#define PHASE_APART_US (20 * SECOND_US)      /* without a failure: what parts bursts of refusals (incident/extent.h) parts phases */
#define PHASE_DEPLOY_AFTER_US (10 * SECOND_US) /* behind the last start of a deploy: fronts need so long to find the instances again */
#define PHASE_TIE_US (5 * SECOND_US) /* what is repeated may have begun with another one's refusal */
enum { PHASE_MOST = 16, PHASE_TIES = 8 }; /* what comes later is of the last */

struct phase {
	struct moment first, last;  /* symptoms */
	size_t source;              /* that shows the first */
	const struct change *deploy; /* in which it lies; NULL: none */
};

/* A clock that was compared with none of the phases' (cause/clockroot.h), and by how much it is ahead of theirs. */
struct phase_tie {
	size_t root;
	int64_t ahead_us;
};

struct phases {
	struct phase items[PHASE_MOST];
	size_t n;     /* at least one */
	size_t first; /* that wants a cause */
	struct phase_tie ties[PHASE_TIES];
	size_t ties_n;
};

struct phases phase_find(const struct scene *s);
/* By how much a source's clock is ahead of the phases', to within *slack_us. False: not known. */
bool phase_ahead(const struct scene *s, const struct phases *p, size_t source, int64_t *ahead_us, int64_t *slack_us);
/* The first phase from `first` on that was not proved to be over before `at`, by the clock of `source` (SIZE_MAX: of no one log); n: all
 * were. */
size_t phase_of(const struct scene *s, const struct phases *p, const struct moment *at, size_t source);
/* The phase in which an instant lies, or which is the next. n: none. */
size_t phase_at(const struct phases *p, int64_t at_us);
/* "for the phase from 10:00:00 to 10:00:12: " */
void phase_append(struct text *t, const struct phase *p);

#endif
