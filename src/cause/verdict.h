/* verdict: did a change cause the incident? Eight tests, and a rule that never says more than they do.
 *
 * Takes  a fold, who has access records, all changes, a draft whose incidents have their changes and their propagation.
 * Gives  verdict, reason, tests and mitigation of each incident's changes.
 * Holds  nothing.
 * Never  says "refuted" without a test that says so with its numbers; never decides where tests contradict each other.
 *
 * The tests and the rule are those of facts/algorithms.md 3.4:
 *   refuted       R1, or R2, or R3 and one more, or R8 and R4 refute
 *   weakened      two of R3 to R8 refute
 *   supported     R2, R3 or R5 support
 *   undetermined  else; and where one supports what others (but R1, which is about time alone) refute or weaken
 * R2 supports only where the clocks of the instances were compared; of a clock that nothing was compared with, R1 trusts what its own log says.
 * Where the change's or the onset's time is not known to VERDICT_CLOCK_US, only R1 and R8 can say something.
 * Of the changes near an incident the VERDICT_MOST nearest to its onset are tested; of the others R1 alone decides. A crash and a rise of
 * traffic are what happened, not what somebody changed: of a crash R1 is asked, of a rise nothing.
 */
#ifndef ONSET_VERDICT_H
#define ONSET_VERDICT_H

#include "cause/changelist.h"
#include "cause/topology.h"
#include "incident/front.h"

#define VERDICT_CLOCK_US MINUTE_US
enum { VERDICT_MOST = 16, VERDICT_TESTS = 8 };

void verdict_judge(const struct fold *f, const struct front *front, const struct topology *topology, const struct change_list *all, struct draft *d);
/* The rule alone: results R1 to R8 as the words of change_test.result. Static. */
const char *verdict_of(const struct change_test tests[VERDICT_TESTS]);
/* "29 s after the onset: refuted", "16 min before the onset: refuted: R2 (...), R3 (...)", what the timeline says of a change of an incident. */
void verdict_words(struct text *t, const struct change *c);

#endif
