/* output: a result to where the user wants it, whole or not at all.
 *
 * Takes  bytes and a path; NULL or "-" is standard output.
 * Gives  a file that appears under its name only when it is complete and on disk: temporary file in the same folder,
 *        fsync, rename.
 * Holds  for a result that comes piece by piece, the open file; SIGINT, SIGTERM and SIGHUP wait while a temporary file
 *        exists, then it is removed.
 * Never  leaves a temporary file, replaces what is not a regular file (a device, a pipe: written to as it is), or
 *        raises SIGPIPE (main ignores it).
 */
#ifndef ONSET_OUTPUT_H
#define ONSET_OUTPUT_H

#include "base/diag.h"
#include "base/text.h"
#include "cmd/interrupt.h"

enum output_mode {
	OUTPUT_COMMON,  /* as umask says */
	OUTPUT_PRIVATE, /* 0600: only the owner may read it */
};

static inline bool output_is_standard(const char *path)
{
	return !path || !strcmp(path, "-");
}
/* False with `d` when writing to `path` is bound to fail: to be asked before the work is done. */
bool output_ready(const char *path, struct diag *d);
/* True when both are names of one existing file. */
bool output_is_same(const char *path, const char *other);
bool output_is_terminal(const char *path);
/* False with `d`: nothing was written, or what was there before is still there. */
bool output_write(const char *path, struct span bytes, enum output_mode mode, struct diag *d);

/* The same for a result that comes piece by piece. Who opens a stream that replaces a file has called
 * interrupt_hold(). */
struct output_stream {
	const char *path; /* borrowed, as given; NULL: standard output */
	int fd;           /* -1: closed */
	char *target;     /* owned; what is replaced in the end; NULL: written through */
	struct text temporary;
};
bool output_open(struct output_stream *s, const char *path, enum output_mode mode, struct diag *d);
bool output_add(struct output_stream *s, struct span bytes, struct diag *d);
/* Puts the file in its place, unless an interrupt came (`held` may be NULL). The stream is closed either way. */
bool output_finish(struct output_stream *s, const struct interrupt *held, struct diag *d);
/* Removes the temporary file; what was written through stays. Also for a stream that is closed. */
void output_abandon(struct output_stream *s);

#endif
