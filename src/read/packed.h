/* packed: compressed files by their first bytes.
 *
 * Takes  the first bytes of a file.
 * Gives  what it is compressed with; a message with the way out where that is not read here.
 * Holds  nothing but a constant table.
 * Never  looks at a name; takes text for compressed: every magic has bytes that no log begins with.
 */
#ifndef ONSET_PACKED_H
#define ONSET_PACKED_H

#include "base/diag.h"
#include "base/text.h"

enum container {
	CONTAINER_PLAIN,
	CONTAINER_GZIP,
	CONTAINER_ZSTD,
	CONTAINER_OTHER, /* known by its magic, not read */
};
/* "", "gzip", "zstd", "" */
const char *container_name(enum container container);

enum { PACKED_MAGIC_BYTES = 10 }; /* of the longest one */

struct packed {
	enum container container; /* ZSTD or OTHER */
	const char *magic;
	size_t magic_len;
	const char *name;    /* "xz" */
	const char *command; /* that writes the text to standard output, before the file's name */
};
/* NULL: not compressed, or with gzip. */
const struct packed *packed_of(struct span head);
/* A magic may begin with this byte: more of the file is needed to tell. */
bool packed_may_start(unsigned char byte);
/* False with `d` when the file cannot be read by this program (zstd can where zstdframe_built()). */
bool packed_is_read(struct span head, const char *path, struct diag *d);

#endif
