/* check_verb: `onset check`: what each file was taken for; without paths, whether the patterns pass their own samples.
 *
 * Takes  options, library.
 * Gives  the exit status; a readable block a file, or the patterns' last line "N passed, N failed", on standard output.
 * Holds  nothing.
 * Never  lets a control character of a log through.
 */
#ifndef ONSET_CHECK_VERB_H
#define ONSET_CHECK_VERB_H

#include "cmd/library.h"

enum outcome check_verb(const struct options *o, const struct library *lib, struct diag_list *trouble);

#endif
