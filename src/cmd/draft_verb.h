/* draft_verb: `onset draft`: logs, folders and tallies to a timeline. The main job.
 *
 * Takes  options.
 * Gives  the exit status; JSON on standard output or under the name that -o says; messages; the digest for people.
 * Holds  nothing.
 * Never  prints: main prints `messages`, then `digest` when standard error is a terminal.
 */
#ifndef ONSET_DRAFT_VERB_H
#define ONSET_DRAFT_VERB_H

#include "cmd/options.h"

/* `notes`: also messages that are for a terminal only. */
enum outcome draft_verb(const struct options *o, bool notes, struct text *messages, struct text *digest);

#endif
