/* sqlverb: where a statement of SQL begins in a text.
 *
 * Takes  a text, and a place in it where a word begins.
 * Gives  whether quoted strings and numbers behind it are a statement's literals.
 * Holds  nothing.
 * Never  takes "Update the pool from 20 to 50" for a statement; looks at more than the next 1024 bytes.
 */
#ifndef ONSET_SQLVERB_H
#define ONSET_SQLVERB_H

#include "base/text.h"

/* "SELECT ", "update t set", "statement: ", "where a =": capitals are SQL's; small letters, which are people's too, must go on as a statement does. */
bool sqlverb_begins(struct span text, size_t at);

#endif
