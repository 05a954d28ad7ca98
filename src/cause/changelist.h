/* changelist: changes while they are being found.
 *
 * Takes  a kind, a source, a stamp.
 * Gives  a growing list of struct change with id, kind, time and tier set.
 * Holds  the changes (owned).
 * Never  judges: the verdict is "undetermined".
 */
#ifndef ONSET_CHANGELIST_H
#define ONSET_CHANGELIST_H

#include "fold/fold.h"

struct change_list {
	struct change *items; /* by at, id */
	size_t n, cap;
};

/* Appends one change; the caller adds the rest. Valid until the next one is added. */
struct change *changelist_add(struct change_list *list, const struct fold *f, size_t source, const char *kind, int64_t at_us);
/* By at, then id. */
void changelist_sort(struct change_list *list);
void changelist_release(struct change_list *list);

/* How far a change of an incident lies from its onset, before or after it. */
static inline int64_t change_distance_us(const struct change *c)
{
	return c->after_onset_us < 0 ? -c->after_onset_us : c->after_onset_us;
}

#endif
