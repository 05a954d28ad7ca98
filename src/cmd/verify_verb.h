/* verify_verb: `onset verify`: whether a draft's logs are still there and say what it says.
 *
 * Takes  options: one file of JSON, where the logs are.
 * Gives  the exit status; a table, a line for each trouble and a verdict on standard output; or with --show the lines of an item.
 * Holds  nothing.
 * Never  writes a file; lets a control character of a log through.
 */
#ifndef ONSET_VERIFY_VERB_H
#define ONSET_VERIFY_VERB_H

#include "base/text.h"
#include "cmd/options.h"

/* Appends what went wrong to `messages`; `notes`: also what is for a terminal only. */
enum outcome verify_verb(const struct options *o, bool notes, struct text *messages);

#endif
