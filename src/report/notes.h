/* notes: what people wrote into a draft, kept when it is made again.
 *
 * Takes  the draft, and an older one (--keep). A note is the member `note`, a string, of anything that has an `id`: an
 *        incident, an entry of the timeline, a change, a finding, a burst, a source.
 * Gives  the notes of an id, each once; in the end those that found no place, because what they were written to is not in
 *        the new draft any more.
 * Holds  where they stand in both trees.
 * Never  drops a note, changes its words, or thinks two of the same words for one id to be two.
 */
#ifndef ONSET_NOTES_H
#define ONSET_NOTES_H

#include "tell/value.h"

struct note {
	struct span id, text, about; /* about: the title or summary that it was written to */
	bool told;
};
struct notes {
	struct note *items; /* by id */
	size_t n, cap;
};

/* `kept` may be NULL. The trees outlive the struct. */
void notes_init(struct notes *notes, const struct json_t *root, const struct json_t *kept);
void notes_release(struct notes *notes);
/* The notes of an id are items[*first] and those behind it, as many as are returned; they count as told. */
size_t notes_take(struct notes *notes, struct span id, size_t *first);

#endif
