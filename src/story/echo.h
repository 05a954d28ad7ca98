/* echo: bursts that tell again what another one tells.
 *
 * Takes  a draft with bursts, incidents and their refusals.
 * Gives  which burst of failed requests is what the refusals of the same log came to; the words for it.
 * Holds  nothing.
 * Never  takes two logs for one, or bursts that do not begin and end together.
 */
#ifndef ONSET_ECHO_H
#define ONSET_ECHO_H

#include "fold/draft.h"

/* Such bursts begin and end within this of each other, and their counts differ by at most one in ECHO_TENTH. */
#define ECHO_WITHIN_US SECOND_US
enum { ECHO_TENTH = 10 };

/* The refusals that the server errors of `b` are the other side of, in the same log; NULL: b is something else. Borrowed. */
const struct burst *echo_refusals(const struct draft *d, const struct incident *in, const struct burst *b);
/* Appends to the sentence of a burst of refusals what else is to be known of it: " 79 requests failed with them." " ... counted already ..." */
void echo_words(struct text *t, const struct draft *d, const struct incident *in, const struct burst *b);

#endif
