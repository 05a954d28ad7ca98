/* vocabulary: the words of our own sentences, and those that follow "user" in other people's.
 *
 * Takes  a word.
 * Gives  whether it is an ordinary one: then it is nobody's name unless its place says so ("role app went from 3 to 40").
 * Holds  the words that src/redact/vocabulary.sh finds in the sources that make sentences.
 * Never  knows a language.
 */
#ifndef ONSET_REDACT_VOCABULARY_H
#define ONSET_REDACT_VOCABULARY_H

#include "base/text.h"

enum { VOCABULARY_WORD_BYTES = 25 }; /* of the longest, with its NUL */
/* Sorted; made when onset is built. Arrays, not pointers: nothing of it is written when the program starts. */
extern const char vocabulary_words[][VOCABULARY_WORD_BYTES];
extern const size_t vocabulary_words_n;

/* In any case. */
bool vocabulary_has(struct span word);

#endif
