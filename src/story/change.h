/* change: what people and machines did: deploys, restarts, stops, reloads, crashes, traffic.
 *
 * Takes  a fold (events of the parts, request counts), who has access records, draft.incidents.
 * Gives  all changes in the order of time, and for each incident those from CHANGE_BEFORE_US before its onset to CHANGE_AFTER_US
 *        after its end.
 * Holds  nothing.
 * Never  says that a change caused anything: the verdict is "undetermined", the plain facts stand in the reason.
 *
 * A start whose version differs from the one seen before for that service is a deploy. Several instances that stop and start
 * within CHANGE_ROLL_US with one version are one change, from the first stop to the last start; an instance that starts a
 * second time begins another one.
 */
#ifndef ONSET_CHANGE_H
#define ONSET_CHANGE_H

#include "story/access.h"

#define CHANGE_BEFORE_US (60 * MINUTE_US)
#define CHANGE_AFTER_US (5 * MINUTE_US)
#define CHANGE_ROLL_US (5 * MINUTE_US)

struct change_list {
	struct change *items; /* by at, id */
	size_t n, cap;
};

/* Every change in the logs; twins are left out. after_onset_us is INSTANT_NONE, reason NULL. */
void change_find(const struct fold *f, const struct access *a, struct change_list *out);
/* Copies into each incident what lies near it. */
void change_assign(const struct change_list *all, struct draft *d);
void change_list_release(struct change_list *list);

/* Appends one change with id, kind, time and tier set; the caller adds the rest. Valid until the next one is added. */
struct change *change_add(struct change_list *list, const struct fold *f, size_t source, const char *kind, int64_t at_us);

#endif
