/* setup: from what the user said to what logs are read with: options files, patterns, zones.
 *
 * Takes  the options of the command line.
 * Gives  the options in force, and the library.
 * Holds  nothing.
 * Never  looks at a log.
 */
#ifndef ONSET_SETUP_H
#define ONSET_SETUP_H

#include "cmd/library.h"

/* Anything but OUTCOME_COMPLETE: `trouble` says why. The library is released by the caller either way. */
enum outcome setup(struct options *o, struct library *lib, struct diag_list *trouble);

#endif
