/* workers: files to parts, several at a time.
 *
 * Takes  a list of files; the library.
 * Gives  one result a file, in the order of the list, whatever worker came first.
 * Holds  one thread per processor (or as many as -j says); each takes the largest file that is left. When none is left it inflates for
 *        one that is still being read.
 * Never  lets the number of threads or their order show in a result; never prints.
 */
#ifndef ONSET_WORKERS_H
#define ONSET_WORKERS_H

#include "cmd/library.h"
#include "cmd/watch.h"

/* What became of one file: its parts, a tally's worth of parts, or neither (then `trouble` says why). */
struct worker_result {
	struct scanned scanned;
	struct location where; /* of the parts; key and path are owned */
	struct tally tally;
	bool is_tally;
	struct diag_list trouble;
};

/* A file that is read in place of another one, which had these bytes when it had that name. */
struct worker_instead {
	const char *path;      /* borrowed; NULL: none, the file itself is read */
	const char *key;       /* of the source, borrowed */
	uint64_t start, bytes; /* uncompressed: [start, start + bytes) of it; UINT64_MAX: all */
	int64_t mtime_s;       /* of the gzip header that it had; 0: none */
};

/* `results`: files->n of them, filled; to be released one by one with worker_result_release(). False when the watcher
 * wished to stop: the workers have stopped and results are partial. The workers take no signals. */
bool workers_run(const struct options *o, const struct library *lib, const struct input_list *files,
		 const struct watcher *who, struct worker_result *results);
/* The same with other files in place of some: `instead` has files->n of them. */
bool workers_run_instead(const struct options *o, const struct library *lib, const struct input_list *files,
			 const struct worker_instead *instead, const struct watcher *who, struct worker_result *results);
void worker_result_release(struct worker_result *r);

#endif
