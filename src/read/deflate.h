/* deflate: the bytes of one DEFLATE stream (RFC 1951).
 *
 * Takes  compressed bytes from where the stream begins, in pieces.
 * Gives  uncompressed bytes, and how the stream ended.
 * Holds  the last 32 KiB and a chunk of text that was not asked for yet; the codes of the block at hand.
 * Never  reads before the stream's first byte, or past the bytes that it is given; gives what stands behind a code that no encoder
 *        writes. What is refused is what zlib refuses, at the same place (tests/unit/test_deflate.c compares).
 *
 * Why not zlib alone: most of the time that a log takes was zlib's inflate. This one reads 64 bits at a time and copies 16 bytes at
 * a time, and takes some 0.4 of that.
 */
#ifndef ONSET_DEFLATE_H
#define ONSET_DEFLATE_H

#include <stddef.h>

struct deflate;
struct deflate *deflate_new(void);
void deflate_free(struct deflate *d);
/* A stream begins with the next byte. */
void deflate_begin(struct deflate *d);

enum deflate_result {
	DEFLATE_GOES_ON, /* `out` is full */
	DEFLATE_WANTS,   /* more bytes behind those that were given; at the end of the input the stream was cut */
	DEFLATE_END,     /* in[*at] is the first byte behind the stream */
	DEFLATE_BROKEN,  /* found before in[*at]; all that stands before is given */
};
/* Reads from in[*at..n), writes at most `cap` bytes to `out`; `*at` moves on, `*given` is what was written. The next call begins with
 * in[*at]. DEFLATE_WANTS may leave up to 600 bytes: the head of a block is read as a whole. */
enum deflate_result deflate_read(struct deflate *d, const unsigned char *in, size_t n, size_t *at, unsigned char *out, size_t cap,
				 size_t *given);

#endif
