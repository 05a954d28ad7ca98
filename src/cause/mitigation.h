/* mitigation: what was done against an incident, and whether its curve answered.
 *
 * Takes  an incident's change, its curves.
 * Gives  change.mitigation.
 * Holds  nothing.
 * Never  says that it helped: it says when the failures fell, and that this came after.
 *
 * A mitigation is a rollback, a restart, a start of an instance, a reload, a change of settings, sessions that an administrator ended, and
 * what people state to be one, when it is not proved to have begun before the onset. The words of a stated one tell whether it is a rollback.
 */
#ifndef ONSET_MITIGATION_H
#define ONSET_MITIGATION_H

#include "cause/changelist.h"
#include "cause/curve.h"
#include "incident/incident.h"

/* True for what people do against an incident, whatever it was for. */
bool mitigation_is(const struct change *c);
/* True when it takes back what the other, earlier change brought. */
bool mitigation_takes_back(const struct change *c, const struct change *earlier);
enum { MITIGATION_TAILS = 256 };
/* When restarts, rollbacks and failovers went on, whose errors are the tail of what they were for: the first MITIGATION_TAILS, by from_us.
 * The caller frees. */
struct incident_tail *mitigation_tails(const struct change_list *all, size_t *n);
/* Fills c->mitigation, of a change of the incident. Where something stronger was done between it and the fall of the curve, what was
 * answered is undetermined. */
void mitigation_judge(const struct curves *curves, const struct incident *in, struct change *c);
/* "failures below 10 % of their peak from 11:16:56 on"; nothing when that is undetermined, or was a small thing to do. */
bool mitigation_words(struct text *t, const struct change *c);

#endif
