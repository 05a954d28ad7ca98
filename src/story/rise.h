/* rise: the rise of traffic that an incident is put down to, as an entry of the timeline.
 *
 * Takes  a fold, a draft whose incidents have their causes and changes.
 * Gives  a note for each incident whose first cause is a rise of traffic that no change of it tells: one that lasts so long
 *        that it is the level of most of the log has no burst of its own.
 * Holds  nothing.
 * Never  tells a rise that the causes call undetermined.
 */
#ifndef ONSET_RISE_H
#define ONSET_RISE_H

#include "fold/fold.h"
#include "incident/note.h"

/* A change this near tells the same rise. */
#define RISE_NEAR_US (2 * MINUTE_US)

void rise_find(const struct fold *f, const struct draft *d, struct note_list *notes);

#endif
