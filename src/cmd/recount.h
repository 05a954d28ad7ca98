/* recount: the draft once more, of the files where they are now.
 *
 * Takes  what a draft claims, where its contents are, the options that it names.
 * Gives  the tree of the same draft made again; or why it cannot be.
 * Holds  nothing.
 * Never  reads more of a file than the draft did, nor an onset.conf: the draft names the options that were in force.
 */
#ifndef ONSET_RECOUNT_H
#define ONSET_RECOUNT_H

#include "cmd/options.h"
#include "cmd/sight.h"
#include "cmd/watch.h"

struct recount {
	const struct options *given; /* of the command line: -j, --patterns */
	const struct claims *claims;
	const struct sights *sights; /* contents that are not there are left out */
	const struct watcher *who;
};

/* The tree (value_free()). NULL with `why`, also when the watcher wished to stop. */
struct json_t *recount_draft(const struct recount *r, struct diag *why);

#endif
