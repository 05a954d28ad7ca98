/* search: the contents that a draft was made of, in a file of whatever name.
 *
 * Takes  the contents by their length and CRC-32; an open file.
 * Gives  which of them the file begins with, or holds right behind another one: a log that has grown since, or rotated logs
 *        that were written one behind the other.
 * Holds  one buffer; the CRC of what was read so far: each byte is read once, whatever is looked for.
 * Never  looks at a name; finds what begins amid other bytes.
 */
#ifndef ONSET_SEARCH_H
#define ONSET_SEARCH_H

#include <stdatomic.h>

#include "verify/claims.h"
#include "read/inflate.h"

/* A content that was found. */
struct search_hit {
	size_t content;
	uint64_t start; /* of it, in uncompressed bytes of the file */
	bool more;      /* the file goes on behind it */
};
struct search_hits {
	struct search_hit *items; /* in the order of their ends */
	size_t n, cap;
};

/* `wanted`: those that are still looked for. `hits` is appended to. The file is read from its beginning, perhaps twice (inflate.h).
 * False when it was stopped. */
bool search_file(struct input *in, const struct claims *c, const bool *wanted, struct search_hits *hits);

#endif
