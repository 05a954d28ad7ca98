/* scan: one file's bytes to its parts: one, or one for each stream (parse/reader.h).
 *
 * Takes  an open input, the patterns, a stated format or NULL.
 * Gives  the parts, and what the container was like.
 * Holds  nothing after it returns.
 * Never  looks at names; never fails on bad data (it is counted in the parts).
 */
#ifndef ONSET_SCAN_H
#define ONSET_SCAN_H

#include "read/input.h"
#include "tally/tally.h"

struct patterns {
	struct format_set formats;
	struct signal_set *signals;
	uint64_t hash; /* of the text of all pattern files in force */
};

/* The parts of a file, in the order of its streams: stream 0 first, unless all lines are of others. */
struct scanned {
	struct part **parts; /* owned; those that were taken are NULL */
	size_t n;
};

/* `where` gets container and damage (its key and path are left alone); `out` is filled: at least one part. `stop` is polled once per
 * chunk: when it becomes true the scan ends early, there are no parts, and false is returned. `idle` (may be NULL): how many
 * threads have nothing to do; one may inflate ahead while the file is read (lines_share()). */
bool scan_file(struct input *in, const struct patterns *patterns, const struct format *stated, struct location *where,
	       const atomic_bool *stop, atomic_size_t *idle, struct scanned *out);
/* The same of the uncompressed bytes [start, start + bytes) of it, as if there were no others. */
bool scan_stretch(struct input *in, uint64_t start, uint64_t bytes, const struct patterns *patterns, const struct format *stated,
		  struct location *where, const atomic_bool *stop, atomic_size_t *idle, struct scanned *out);
/* What was stated of the file, 0 when its formats were detected: the same in all of its parts. */
void scan_state(struct scanned *s, uint64_t stated);
void scanned_release(struct scanned *s);

#endif
