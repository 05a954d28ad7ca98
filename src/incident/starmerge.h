/* starmerge: which message signatures are one template (facts/algorithms.md 4.3, phase 2, "SIG*").
 *
 * Takes  a set of signatures (tally/message.h), each once, in any order.
 * Gives  for each its template: the signature with more of its words replaced by "<*>"; equal texts are one template.
 * Holds  the templates' texts until starmerge_release().
 * Never  depends on the order: all replacements of a round are found in the same texts; never replaces the first word.
 *
 * In each of at most STARMERGE_ROUNDS rounds: for each signature and each of its words but the first, the key is the signature
 * without that word. Where at least STARMERGE_WORDS different words share a key, the word is replaced in all of them. Words are what
 * stands between blanks and = : , ; ( ) [ ] { } | " and '; "<*>" and what has no letter is no word. Words beyond the
 * STARMERGE_POSITIONS-th stay.
 */
#ifndef ONSET_STARMERGE_H
#define ONSET_STARMERGE_H

#include "base/text.h"

/* Measured on loghub-2.0's corrected samples: of 3, 4 and 6 words 4 groups best (facts/algorithms.md 4.3). */
enum { STARMERGE_WORDS = 4, STARMERGE_ROUNDS = 3, STARMERGE_POSITIONS = 128 };

struct starmerge {
	struct span *templates; /* templates[i]: of signature i; borrowed from `kept` or from the input */
	size_t n;
	struct text *kept;      /* owned: the texts that were made, n of them (empty where nothing was replaced) */
};

/* The input must live as long as the result. */
void starmerge_find(const struct span *signatures, size_t n, struct starmerge *out);
void starmerge_release(struct starmerge *m);

#endif
