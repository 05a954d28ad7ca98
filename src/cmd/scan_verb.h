/* scan_verb: `onset scan`: logs, folders and tallies to one tally.
 *
 * Takes  options.
 * Gives  the exit status; a tally under the name that -o says; messages.
 * Holds  nothing.
 * Never  prints: main prints `messages`.
 */
#ifndef ONSET_SCAN_VERB_H
#define ONSET_SCAN_VERB_H

#include "cmd/options.h"

enum outcome scan_verb(const struct options *o, bool notes, struct text *messages);

#endif
