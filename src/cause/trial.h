/* trial: one change before one incident: what its tests look at, and how they answer.
 *
 * Takes  nothing: plain data, all borrowed.
 * Gives  the shape of a test, and the ways to answer.
 * Holds  nothing.
 * Never  combines: verdict.h does.
 */
#ifndef ONSET_TRIAL_H
#define ONSET_TRIAL_H

#include "cause/changelist.h"
#include "cause/component.h"
#include "cause/curve.h"
#include "cause/topology.h"

struct trial {
	const struct fold *f;
	const struct front *front;
	const struct draft *d;
	const struct incident *in;
	const struct change_list *all;
	const struct change *c;      /* as the list of all changes has it */
	bool ordered, after;         /* of onset and change: proved; it began after the onset */
	const struct component *component;
	const struct curves *curves;
	const struct topology *topology;
	size_t first_source;         /* the log that showed it first; SIZE_MAX */
	enum tier first;             /* the tier that failed first; of those that may be, the deepest; TIER_UNKNOWN */
};

enum trial_result { TRIAL_NOT_APPLICABLE, TRIAL_NO_EVIDENCE, TRIAL_REFUTES, TRIAL_SUPPORTS };

/* Writes the numbers to `text` and, where it applies, what would have been seen if the change were the cause to `expected`. */
typedef enum trial_result trial_test(const struct trial *t, struct text *text, struct text *expected);

/* timetest.c: before and after. */
trial_test trial_temporality, trial_rollback, trial_recovery, trial_coincidence, trial_lag;
/* placetest.c: here and there. */
trial_test trial_instances, trial_path;
/* saidtest.c: what is said. */
trial_test trial_novelty;

#endif
