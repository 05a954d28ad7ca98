/* note: single things worth an entry of the timeline, found by modules that know what they are.
 *
 * Takes  what happened when, in words.
 * Gives  a list that the timeline tells.
 * Holds  owned sentences and evidence.
 * Never  chooses: the rank is the finder's, the choice the timeline's.
 */
#ifndef ONSET_NOTE_H
#define ONSET_NOTE_H

#include "incident/candidate.h"

struct note {
	enum rank rank;
	size_t incident, source; /* indices; SIZE_MAX: outside of all, several */
	enum tier tier; /* of a note of several sources */
	const char *kind, *severity; /* static texts */
	struct moment at;
	int64_t end_us; /* INSTANT_NONE: a point */
	char *sentence; /* owned */
	struct known count;
	struct evidence_list evidence;
};
struct note_list {
	struct note *items;
	size_t n, cap;
};

/* A new note. Valid until the next call. */
struct note *note_add(struct note_list *list, enum rank rank, size_t incident, size_t source, const char *kind, const char *severity);
void note_release(struct note_list *list);

#endif
