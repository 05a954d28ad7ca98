/* timeline: what is told, out of millions of lines.
 *
 * Takes  a fold (and what it was told: events, the time asked for), all changes, notes, a draft with incidents (titles, propagation,
 *        changes) and sources, on which window_mark() ran.
 * Gives  draft.timeline, sorted by (at, id), and how many candidates were left out; draft.events; incident.detection.
 * Holds  nothing.
 * Never  tells a thing twice, or without evidence when there is a record of it.
 *
 * Every candidate has a rank; of each incident the TIMELINE_MOST best are told, the earlier first on ties. What lies outside
 * of all incidents is told when there is room: TIMELINE_OUTSIDE entries.
 */
#ifndef ONSET_TIMELINE_H
#define ONSET_TIMELINE_H

#include "cause/change.h"
#include "incident/note.h"

enum { TIMELINE_MOST = 40, TIMELINE_OUTSIDE = 20 };
#define TIMELINE_AROUND_US (10 * MINUTE_US) /* gaps and damage this near to an incident belong to its story */

/* Takes the notes' sentences. */
void timeline_tell(const struct fold *f, const struct change_list *changes, struct note_list *notes, struct draft *d);

#endif
