/* score: how much speaks for each hypothesis: points, and one of three words.
 *
 * Takes  hypotheses whose tests were made.
 * Gives  six terms each, with their numbers in a sentence; the score; the order; the word.
 * Holds  nothing.
 * Never  gives a probability: points are a sum, the words have fixed cut-offs; never lets pass what is proved to come after the onset.
 *
 *     30 mechanism + 20 severity + 20 order + 15 coverage + 10 dose - 25 explained away
 *
 * facts/algorithms.md 3.3, where each term is between 0 and 1 (order: -1 and 1). Weights: SCORE_*.
 */
#ifndef ONSET_SCORE_H
#define ONSET_SCORE_H

#include "cause/hypothesis.h"

enum {
	SCORE_MECHANISM = 30,
	SCORE_SEVERITY = 20,
	SCORE_ORDER = 20,
	SCORE_COVERAGE = 15,
	SCORE_DOSE = 10,
	SCORE_EXPLAINED = 25, /* taken off */
	SCORE_LEAST = 10,         /* fewer points are told among what was considered */
	SCORE_LEAST_SHARE = 10,   /* per cent of all points: less, too */
	SCORE_MOST = 5,           /* causes of an incident */
	SCORE_PROBABLE_SHARE = 50, /* per cent of all points, and */
	SCORE_PROBABLE_MARGIN = 15, /* points more than the next; and the order is proved (hypothesis.in_order) */
	SCORE_KNOWN_STRENGTH = 425, /* of the mechanism, thousandths: with less only circumstances speak for it: undetermined */
};

/* Scores all that are not ruled out, and sorts: by score descending, what is ruled out last, then by cause. */
void score_all(const struct scene *s, struct hypothesis_list *list);
/* How many of them are told as causes: the first ones. */
size_t score_told(const struct hypothesis_list *list);
/* "probable", "possible", "undetermined": of the i-th of those that are told. Static. */
const char *score_word(const struct hypothesis_list *list, size_t i);
/* Name of a term in the draft. Static. */
const char *score_part_name(enum cause_part part);

#endif
