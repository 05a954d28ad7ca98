/* change: what people and machines did: deploys, restarts, stops, reloads, crashes, traffic.
 *
 * Takes  a fold (events of the parts, request counts), who has access records, draft.incidents.
 * Gives  all changes in the order of time, and for each incident those from CHANGE_BEFORE_US before its onset to CHANGE_AFTER_US
 *        after its end; of what was deployed up to CHANGE_LONG_US before it what still ran.
 * Holds  nothing.
 * Never  says that a change caused anything: the verdict is "undetermined" (cause/verdict.h judges), the plain facts stand in the
 *        reason; gives an incident the start with which the logs begin, unless it began within CHANGE_BEGIN_NEAR_US of that.
 *
 * A start whose version differs from the one that the instance (else its service) ran before is a deploy; back to a version from
 * before that one, or to a smaller number, a rollback. Several instances that stop and start
 * within ROLL_US with one version are one change, from the first stop to the last start; an instance that starts a
 * second time begins another one.
 */
#ifndef ONSET_CHANGE_H
#define ONSET_CHANGE_H

#include "cause/changelist.h"
#include "incident/front.h"

#define CHANGE_BEFORE_US (60 * MINUTE_US)
#define CHANGE_LONG_US DAY_US
#define CHANGE_AFTER_US (5 * MINUTE_US)
#define CHANGE_BEGIN_US (10 * SECOND_US) /* of its log: a start in it is where the log begins */
#define CHANGE_BEGIN_TIER_US MINUTE_US   /* another instance's log that begins so much earlier shows what ran before */
#define CHANGE_BEGIN_NEAR_US (2 * MINUTE_US)

/* Every change in the logs; twins are left out. after_onset_us is INSTANT_NONE, reason NULL. */
void change_find(const struct fold *f, const struct front *a, struct change_list *out);
/* Copies into each incident what lies near it. */
void change_assign(const struct change_list *all, struct draft *d);

#endif
