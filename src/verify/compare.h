/* compare: a draft and the same draft made again, item by item.
 *
 * Takes  two trees: what was told, what was recounted.
 * Gives  how many values agree; each that does not, with its place.
 * Holds  the way down both trees.
 * Never  recurses; looks at what people added (`note`), or at what says how the draft was made (`generator`).
 *
 * Items of a list are the same when they have the same `id`, wherever they stand in it; items without one when they have the same
 * number.
 */
#ifndef ONSET_COMPARE_H
#define ONSET_COMPARE_H

#include "verify/result.h"
#include "tell/value.h"

/* Troubles and what agrees go to `r`, as values. */
void compare_drafts(const struct json_t *told, const struct json_t *recounted, struct result *r);
/* When some files are missing: only what a source says of its own lines, of those of which `whole` (as many as the draft has sources) is
 * true. */
void compare_sources(const struct json_t *told, const struct json_t *recounted, const bool *whole, struct result *r);

#endif
