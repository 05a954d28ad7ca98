/* rollout: the instances that a version reached, whether they are told as one change or as several.
 *
 * Takes  a fold, all changes, one of them.
 * Gives  its instances, and those of the changes of the same kind and service to the same version that began within ROLL_US of it.
 * Holds  nothing; the caller frees the list.
 * Never  joins changes whose version is not logged; drops one because clocks that nothing compared set it apart.
 *
 * Instances whose clocks disagree, or whose lines are told twice, are rolled together and told apart: what is asked of a deploy
 * (did it begin before the onset, do those without it fail as well?) is to be asked of all of it.
 */
#ifndef ONSET_ROLLOUT_H
#define ONSET_ROLLOUT_H

#include "cause/changelist.h"

/* Owned by the caller; NULL: none. Each log once, with its earliest step. */
struct change_instance *rollout_instances(const struct fold *f, const struct change_list *all, const struct change *c, size_t *n);
/* A stamp as printed by the clock that the source was compared with, and how far that may be off. */
int64_t rollout_root_us(const struct fold_source *s, int64_t printed_us, int64_t *uncertainty_us);

#endif
