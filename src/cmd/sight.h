/* sight: where the contents that a draft was made of are now.
 *
 * Takes  what a draft claims; the paths of --logs, if any.
 * Gives  for each content the file that holds it, whatever its name and compression.
 * Holds  the names of the files that were looked at.
 * Never  looks beyond the given paths; without any, beyond the paths that the draft names and the folders these lie in, not those below.
 *        A file is read once, and none when nothing is left to be found.
 */
#ifndef ONSET_SIGHT_H
#define ONSET_SIGHT_H

#include "read/input.h"
#include "verify/search.h"

struct sight {
	const char *path; /* of the file that holds it; NULL: not found */
	uint64_t start;   /* where in it */
	bool more;        /* it goes on behind */
};
struct sights {
	struct sight *items; /* as many as there are contents */
	struct input_list files; /* of --logs, or of the folders */
	size_t found, found_empty, looked; /* contents that were found, those without a byte apart; files that were read */
};

/* `only`: which contents are looked for; NULL: all. Files whose names are alike are read before others. `trouble`: paths of `logs` that cannot be read. False when it was stopped. */
bool sight_all(const struct claims *c, const bool *only, const char *const *logs, size_t logs_n, const atomic_bool *stop, _Atomic int64_t *progress,
	       struct sights *s, struct diag_list *trouble);
/* Opens a file as sight_all() reads it: a regular one, no tally, not compressed in an unknown way. False with `d`. */
bool sight_open(struct input *in, const char *path, const atomic_bool *stop, _Atomic int64_t *progress, struct diag *d);
void sights_release(struct sights *s);

#endif
