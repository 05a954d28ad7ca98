/* label: a source's name in a sentence: as short as it can be without being another source's.
 *
 * Takes  a fold.
 * Gives  the shortest tail of the key, in whole path components, that no other source's key ends with: "access.log",
 *        "compose.log#web-1".
 * Holds  nothing.
 * Never  hides --source names that tell two hosts apart: then the tail is the whole key.
 */
#ifndef ONSET_LABEL_H
#define ONSET_LABEL_H

#include "fold/fold.h"

/* Finds the labels of all sources at once. Without it label_of() looks at all sources for each answer. */
void label_all(struct fold *f);
/* Borrowed from the key. */
const char *label_of(const struct fold *f, size_t source);

#endif
