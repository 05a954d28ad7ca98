/* remarks: what is to be said of the files that were read.
 *
 * Takes  for each file what its streams were taken for, how much of it there is, and the damage of its container.
 * Gives  warnings in a stable order, one line for all files of which the same is to be said; whether anything was
 *        known.
 * Holds  of each kind the paths that stand first in the alphabet, borrowed.
 * Never  prints.
 */
#ifndef ONSET_REMARKS_H
#define ONSET_REMARKS_H

#include "tally/tally.h"

/* Whether anything can be told of a file, or of all of them. */
enum content { CONTENT_EMPTY, CONTENT_UNKNOWN, CONTENT_KNOWN };

/* Files of which the same is to be said. */
struct remarks_names {
	const char *first[3]; /* borrowed paths */
	size_t n;
};
struct remarks {
	struct remarks_names unknown, stamped, carried, silent, empty;
	enum content content; /* the most that was seen */
};

/* One file, all of its streams. Zeroed is none. */
struct remarks_streams {
	bool read, known, stamped; /* some stream is of a format; of a known one; of stamps alone */
	uint64_t lines, records;
};
/* Adds a stream; `rank` is that of its format. */
void remarks_stream(struct remarks_streams *s, bool has_format, enum format_rank rank, uint64_t lines, uint64_t records);
void remarks_file(struct remarks *r, const char *path, const struct remarks_streams *s);
void remarks_damage(const char *path, const struct damage_report *damage, struct diag_list *trouble);
/* Adds the warnings that remarks_file() put off. */
void remarks_finish(const struct remarks *r, struct diag_list *trouble);

#endif
