/* again: bursts that come again in one incident.
 *
 * Takes  a draft with bursts and incidents.
 * Gives  how often a symptom of a tier came again, until when; the words for it.
 * Holds  nothing.
 * Never  counts what another burst of the same log tells already (story/echo.h).
 */
#ifndef ONSET_AGAIN_H
#define ONSET_AGAIN_H

#include "fold/draft.h"

/* So often a symptom that comes again is told by itself; what comes more often is told at its first burst, as a number. */
enum { AGAIN_TOLD = 3 };

struct again {
	size_t n;        /* bursts of the same tier and signal that begin after it */
	int64_t last_us; /* the last event of them; INSTANT_NONE: none */
};
struct again again_find(const struct draft *d, const struct incident *in, const struct burst *b);
/* The burst of the same tier and signal that is told already (`told`: of each of the draft's bursts); NULL: none. Borrowed. */
const struct burst *again_first(const struct draft *d, const struct incident *in, const bool *told, const struct burst *b);
/* Appends " Again 30 times until 11:58:36." where it came again more than AGAIN_TOLD times. */
void again_words(struct text *t, const struct draft *d, const struct incident *in, const struct burst *b);

#endif
