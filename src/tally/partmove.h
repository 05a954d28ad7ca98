/* partmove: a part whose stamps are some years on: for year-less files of one source that lie on both sides of a New Year.
 *
 * Takes  a part of year-less stamps.
 * Gives  a copy in which each time as printed has its day and its time of day, in another year.
 * Holds  nothing.
 * Never  changes what was counted, or where it stands in the file.
 */
#ifndef ONSET_PARTMOVE_H
#define ONSET_PARTMOVE_H

#include "tally/part.h"

/* The caller frees it with part_free(). NULL when the part is not one that part_decode() takes. */
struct part *part_moved(const struct part *p, int years);

#endif
