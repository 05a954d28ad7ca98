/* summary: the sentences for a tired reader.
 *
 * Takes  a fold, draft.incidents with everything in them.
 * Gives  incident.title of each; draft.summary of the told one with most failed requests (then refusals, then the earliest).
 * Holds  nothing.
 * Never  claims more than the fields it is made of; a sentence about nothing is NULL.
 */
#ifndef ONSET_SUMMARY_H
#define ONSET_SUMMARY_H

#include "fold/fold.h"

void summary_write(const struct fold *f, struct draft *d);
/* Titles only: the timeline quotes them. */
void summary_titles(const struct fold *f, struct draft *d);
/* A signal's title, else its name. Borrowed. */
const char *summary_signal(const struct fold *f, const char *signal);
/* A signal's sentence with {count} {tier} {source} {class} {duration} replaced by those of the burst. */
void summary_sentence(struct text *t, const struct fold *f, const struct burst *b);

#endif
