/* contract: whether a JSON value is a draft, before anything is told from it.
 *
 * Takes  a tree from anywhere.
 * Gives  yes; or what is wrong with its place, such as `incidents[2].onset.at is a real number, not a string or null`.
 * Holds  nothing.
 * Never  asks for more than the reports read (timeline.schema.json is the whole contract); refuses what a later version of
 *        the program adds.
 */
#ifndef ONSET_CONTRACT_H
#define ONSET_CONTRACT_H

#include "tell/value.h"

/* False with `d`; `name` is the file's. */
bool contract_is_draft(const struct json_t *root, const char *name, struct diag *d);

#endif
