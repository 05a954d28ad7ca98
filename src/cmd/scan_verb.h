/* scan_verb: `onset scan`: logs, folders and tallies to one tally.
 *
 * Takes  options, library.
 * Gives  the exit status; a tally under the name that -o says.
 * Holds  nothing.
 * Never  prints: main prints `trouble`.
 */
#ifndef ONSET_SCAN_VERB_H
#define ONSET_SCAN_VERB_H

#include "cmd/library.h"

enum outcome scan_verb(const struct options *o, const struct library *lib, struct diag_list *trouble);

#endif
