/* scan: one file's bytes to its part.
 *
 * Takes  an open input, the patterns, a stated format or NULL.
 * Gives  the part, and what the container was like.
 * Holds  nothing after it returns.
 * Never  looks at names; never fails on bad data (it is counted in the part).
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

/* `where` gets gzip and damage (its key and path are left alone). `stop` is polled once per chunk: when it becomes true the scan
 * ends early and NULL is returned. */
struct part *scan_file(struct input *in, const struct patterns *patterns, const struct format *stated, uint64_t stated_hash,
		       struct location *where, const atomic_bool *stop);

#endif
