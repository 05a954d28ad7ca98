/* standins: whether a text from which names were taken is the text that a log has.
 *
 * Takes  an original text, and a told one in which placeholders (redact/names.h) may stand in the place of values.
 * Gives  yes when each placeholder stands for some of the original and the rest is the same, and when over all texts of a document one
 *        placeholder stands for one value, and two of a kind for two.
 * Holds  what each placeholder stood for so far.
 * Never  tries twice: a value reaches up to the next place where what follows the placeholder stands, an address as far as it is one. Time is
 *        in proportion to the two texts; a made-up document can only make more of them differ.
 */
#ifndef ONSET_STANDINS_H
#define ONSET_STANDINS_H

#include "redact/names.h"

/* A placeholder and its value; two entries each: to be found by either. */
struct standin {
	uint64_t key, value; /* hashes; key 0: a free slot */
};
struct standins {
	struct standin *slots;
	size_t n, cap;
};

/* What a text that does not agree would have said of its placeholders is forgotten. */
bool standins_agree(struct standins *s, struct span original, struct span told);
/* Whether a placeholder stands in a text. */
bool standins_in(struct span told);
void standins_release(struct standins *s);

#endif
