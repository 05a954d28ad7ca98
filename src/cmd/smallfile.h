/* smallfile: files that say something about logs: options, patterns, zones, servers' configurations. Read whole.
 *
 * Takes  a path.
 * Gives  its bytes.
 * Holds  nothing.
 * Never  reads more than SMALLFILE_MOST_BYTES (of a draft SMALLFILE_DRAFT_BYTES); waits for a pipe when only a regular file will do.
 */
#ifndef ONSET_SMALLFILE_H
#define ONSET_SMALLFILE_H

#include "base/diag.h"
#include "base/text.h"

enum {
	SMALLFILE_MOST_BYTES = 16 << 20,   /* generated configurations and lists of events have some million */
	SMALLFILE_DRAFT_BYTES = 128 << 20, /* a draft has some 100 KiB for each incident */
};

enum smallfile_kind {
	SMALLFILE_ANY,
	SMALLFILE_REGULAR, /* no pipe, no device */
	SMALLFILE_DRAFT,
};

/* Appends the file's bytes. False with `d`: it cannot be read, is too long, or is not of the kind. */
bool smallfile_read(const char *path, enum smallfile_kind kind, struct text *out, struct diag *d);

#endif
