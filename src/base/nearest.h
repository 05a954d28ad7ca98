/* nearest: the word that someone meant.
 *
 * Takes  a word that is not known; the known ones, one by one.
 * Gives  the one that a slip of the hand would have turned into it.
 * Holds  borrowed words.
 * Never  guesses further than two letters, or half of a short word.
 *
 * The measure is optimal string alignment: letters changed, added, dropped, or swapped with their neighbour (Damerau,
 * "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964).
 */
#ifndef ONSET_NEAREST_H
#define ONSET_NEAREST_H

#include "base/text.h"

struct nearest {
	struct span word, best; /* best: empty when nothing is near; the first one tried of equals */
	unsigned distance;
};

struct nearest nearest_to(struct span word);
void nearest_try(struct nearest *n, struct span known);

#endif
