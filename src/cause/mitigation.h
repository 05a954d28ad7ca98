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

#include "cause/curve.h"

/* True for what people do against an incident, whatever it was for. */
bool mitigation_is(const struct change *c);
/* True when it takes back what the other, earlier change brought. */
bool mitigation_takes_back(const struct change *c, const struct change *earlier);
/* Fills c->mitigation. */
void mitigation_judge(const struct curves *curves, const struct incident *in, struct change *c);

#endif
