/* lockpile: who waited for locks around an incident, and who held them.
 *
 * Takes  a fold (lock waits of the parts), draft.incidents.
 * Gives  incident.locks; the first wait and the longest queue as notes.
 * Holds  nothing.
 * Never  looks at twins; never counts a wait twice that a rotation cut in two or that the server
 *        reports again.
 *
 * A wait touches an incident when some of it lies between LOCKPILE_BEFORE_US before the onset and the end. It begins when the
 * server says it did: its record's time less how long it had waited by then.
 */
#ifndef ONSET_LOCKPILE_H
#define ONSET_LOCKPILE_H

#include "fold/fold.h"
#include "incident/note.h"

#define LOCKPILE_BEFORE_US (5 * MINUTE_US)
enum { LOCKPILE_OBJECTS = 8, LOCKPILE_HOLDERS = 5, LOCKPILE_QUEUE = 3 }; /* QUEUE: the least that is told as a queue */

void lockpile_find(const struct fold *f, struct draft *d, struct note_list *notes);

#endif
