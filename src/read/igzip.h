/* igzip: one DEFLATE stream after the other (RFC 1951), through ISA-L where that was there at build time.
 *
 * Takes  compressed bytes from where a stream begins.
 * Gives  uncompressed bytes, and how the stream ended.
 * Holds  ISA-L's state (the only module that knows ISA-L).
 * Never  says what is damaged and where: whoever meets IGZIP_BROKEN asks zlib, whose word counts (inflate.c).
 */
#ifndef ONSET_IGZIP_H
#define ONSET_IGZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Whether this program was built with ISA-L; its version, "" without it. */
bool igzip_built(void);
const char *igzip_library_version(void);

struct igzip;
/* NULL when built without ISA-L. */
struct igzip *igzip_new(void);
void igzip_free(struct igzip *z);
/* A stream begins with the next byte. */
void igzip_begin(struct igzip *z);

enum igzip_result { IGZIP_GOES_ON, IGZIP_END, IGZIP_BROKEN };
/* Reads from in[0..n), writes at most `cap` bytes to `out`. `*used` is how far the reading moves on: less than 0 at the end of a
 * stream when bytes of the call before lie behind it (at most 8). `*given` is what was written. */
enum igzip_result igzip_read(struct igzip *z, const unsigned char *in, size_t n, ptrdiff_t *used, unsigned char *out, size_t cap,
			     size_t *given);

#endif
