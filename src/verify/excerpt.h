/* excerpt: whether a told excerpt is what its bytes give.
 *
 * Takes  the bytes of a record as they stand in its file; the excerpt that a draft tells of them.
 * Gives  yes or no.
 * Holds  room for one excerpt; what the placeholders of those that agreed stood for.
 * Never  takes a guess for a proof: an excerpt agrees when masking these bytes (tally/mask.h) gives it, from the record's beginning, or
 *        from its beginning and a place further on: which one that is the draft does not tell, so each where a message may begin is tried.
 *        Placeholders agree as standins.h says.
 */
#ifndef ONSET_EXCERPT_H
#define ONSET_EXCERPT_H

#include "verify/standins.h"

struct excerpt {
	struct text bytes, made;
	struct standins standins; /* what the placeholders of the draft stand for */
	uint64_t tries; /* places that were tried, in all */
};

enum { EXCERPT_MOST_TRIES = 1 << 20 }; /* of one verification; a draft has some hundred pieces of evidence, most need none */

bool excerpt_agrees(struct excerpt *e, struct span record, struct span told);
void excerpt_release(struct excerpt *e);

#endif
