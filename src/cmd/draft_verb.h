/* draft_verb: `onset draft`: logs, folders and tallies to a timeline. The main job.
 *
 * Takes  options, library.
 * Gives  the exit status; JSON on standard output or under the name that -o says; the digest for people.
 * Holds  nothing.
 * Never  prints: main prints `trouble`, then `digest` when standard error is a terminal.
 */
#ifndef ONSET_DRAFT_VERB_H
#define ONSET_DRAFT_VERB_H

#include "cmd/library.h"

enum outcome draft_verb(const struct options *o, const struct library *lib, struct diag_list *trouble,
			struct text *digest);

#endif
