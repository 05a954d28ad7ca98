/* help: what `onset --help` and `onset VERB --help` print.
 *
 * Takes  a verb.
 * Gives  a text of at most 23 lines of 80 columns: a screen, and the prompt.
 * Holds  nothing.
 * Never  names an option that the verb does not take (options.c has the list).
 */
#ifndef ONSET_HELP_H
#define ONSET_HELP_H

#include "cmd/options.h"

/* VERB_NONE: about all verbs. */
const char *help_text(enum verb verb);

#endif
