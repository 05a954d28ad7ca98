/* keep: what was said of a line that is gone: copies of what carried it, of its extras, of what its record shows.
 *
 * Takes  a struct carried, or extras, whose spans lie in texts that will not stay.
 * Gives  copies whose spans lie in their own text.
 * Holds  that text; its room is used again.
 * Never  copies where nothing must wait.
 */
#ifndef ONSET_KEEP_H
#define ONSET_KEEP_H

#include "carry/carrier.h"

/* Zeroed is empty. */
struct kept_extras {
	struct extras *extras; /* owned; NULL until there is one to keep */
	struct text text;
};
const struct extras *keep_extras(struct kept_extras *k, const struct extras *from);
void keep_extras_release(struct kept_extras *k);

/* Zeroed is empty. */
struct kept {
	struct carried carried; /* text and headed are empty */
	struct text text;
	struct kept_extras extras;
};
/* Forgets what was kept. */
void keep(struct kept *k, const struct carried *c);
void keep_release(struct kept *k);

/* Spans of the record that do not lie in `own` are copied to `aside`, which is emptied first. */
void keep_spans(struct record *r, struct span own, struct text *aside);
/* Those that lie in `from` show the same bytes of its copy at `to`. */
void keep_moved(struct record *r, struct span from, const char *to);

#endif
