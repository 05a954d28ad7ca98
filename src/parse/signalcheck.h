/* signalcheck: do the signals take their own samples, and leave their near misses alone?
 *
 * Takes  a finished signal set.
 * Gives  a message for each sample or near miss that a rule does not keep, with file and line; how many were run.
 * Holds  nothing.
 * Never  looks at a log: a pattern is checked by what stands in its own file.
 */
#ifndef ONSET_SIGNALCHECK_H
#define ONSET_SIGNALCHECK_H

#include "parse/signal.h"

/* Runs samples and near misses, each by its rule alone, by all rules, and by the tables. */
size_t signal_check(const struct signal_set *set, struct diag_list *failures);

#endif
