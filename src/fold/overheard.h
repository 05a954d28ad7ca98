/* overheard: the gap of a log that only those who were turned away can tell of.
 *
 * Takes  sources with their gaps (fold/coverage.h) and clocks (fold/offset.h).
 * Gives  more gaps, as printed, among the others.
 * Holds  nothing.
 * Never  goes by how long a log is silent: one that has pauses of half a minute may be silent for one and a half.
 *
 * A database tells whom it refuses, before the refused one can. Three refusals in its callers' logs, while its own is silent for a minute
 * (COVERAGE_GAP_US), are lines that its own log has lost. Each lies in the silence by more than the two clocks may be off, and half a
 * minute behind its start, so that it is no late echo; the log tells of none in the two minutes before, and of one in the half minute
 * behind: it does tell such things. The same of a pooler. Where two logs tell of these refusals nobody knows which one the callers met, and
 * nothing is said.
 */
#ifndef ONSET_OVERHEARD_H
#define ONSET_OVERHEARD_H

#include "fold/source.h"

enum { OVERHEARD_LEAST = 3 };

void overheard_find(struct fold_source *sources, size_t n);

#endif
