/* keep: what was said of a line that is gone: copies of what carried it, and of its extras.
 *
 * Takes  a struct carried, or extras, whose spans lie in texts that will not stay.
 * Gives  copies whose spans lie in their own text.
 * Holds  that text; its room is used again.
 * Never  copies where nothing must wait.
 */
#ifndef ONSET_KEEP_H
#define ONSET_KEEP_H

#include "parse/carrier.h"

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

#endif
