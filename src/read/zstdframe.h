/* zstdframe: one Zstandard frame after the other (RFC 8878), through libzstd where that was there at build time.
 *
 * Takes  compressed bytes from where a frame begins.
 * Gives  uncompressed bytes, and how the frame ended. Skippable frames (section 3.1.2) are frames without content.
 * Holds  libzstd's state: a window of at most ZSTDFRAME_WINDOW_LOG (the only module that knows libzstd).
 * Never  reads what needs more memory than that; needs a dictionary (a frame that does is broken here); takes frames of zstd
 *        before 0.8 (2016), which no log rotation wrote.
 */
#ifndef ONSET_ZSTDFRAME_H
#define ONSET_ZSTDFRAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ZSTDFRAME_MAGIC_BYTES = 4,
	ZSTDFRAME_FIRST = 0x28, /* of the magic of a frame with content */
	ZSTDFRAME_WINDOW_LOG = 27, /* 128 MiB: `zstd --long` without a number; what zstd itself reads without being told to */
};

/* Whether this program was built with libzstd; its version, "" without it. */
bool zstdframe_built(void);
const char *zstdframe_library_version(void);

/* `n` bytes are, or may be the beginning of, the magic of a frame. */
bool zstdframe_starts(const unsigned char *bytes, size_t n);

struct zstdframe;
/* NULL when built without libzstd. */
struct zstdframe *zstdframe_new(void);
void zstdframe_free(struct zstdframe *z);
/* A frame begins with the next byte. */
void zstdframe_begin(struct zstdframe *z);

enum zstdframe_result {
	ZSTDFRAME_GOES_ON,
	ZSTDFRAME_END,    /* of the frame, its checksum right if it has one; unread bytes are behind it */
	ZSTDFRAME_BROKEN,
	ZSTDFRAME_WIDE,   /* it asks for a larger window */
};
/* Reads from in[*at..n), writes to `out`; `*at` moves on, `*given` is what was written. */
enum zstdframe_result zstdframe_read(struct zstdframe *z, const unsigned char *in, size_t n, size_t *at, unsigned char *out,
				     size_t cap, size_t *given);

#endif
