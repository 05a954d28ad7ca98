/* mechanism: the table of causes: their words, what to consider, and who looks for them.
 *
 * Takes  a scene.
 * Gives  hypotheses: those whose main test holds with what speaks for and against them, the others ruled out with a reason.
 * Holds  nothing.
 * Never  knows a cause that is not of DESIGN's closed list.
 */
#ifndef ONSET_MECHANISM_H
#define ONSET_MECHANISM_H

#include "cause/hypothesis.h"

/* Asks every module of the table. */
void mechanism_find(const struct scene *s, struct hypothesis_list *out);
/* The words of a cause for people: "the database crashed". Static; the cause itself when it is none. */
const char *mechanism_words(const char *cause);
/* What to consider when it was the cause: the first sentence stands for itself. Static; NULL: nothing. */
const char *mechanism_measure(const char *cause);

#endif
