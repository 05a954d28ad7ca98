/* source: the bytes of one fuzz run as an open input, without a second process.
 *
 * Takes  bytes.
 * Gives  a struct input: a regular file, or (source_pieces) a socket that gives them in 64 pieces or fewer.
 * Holds  one descriptor; a check() that aborts, for promises that no sanitizer knows.
 * Never  waits: what does not fit into the socket's buffer is refused before.
 */
#ifndef ONSET_FUZZ_SOURCE_H
#define ONSET_FUZZ_SOURCE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "read/input.h"

enum { SOURCE_PIECES = 64, SOURCE_PIECES_MAX_BYTES = 64 << 10 };

static inline void check(bool holds, const char *promise)
{
	if (holds)
		return;
	fprintf(stderr, "broken promise: %s\n", promise);
	abort();
}

static inline struct input source_file(const void *bytes, size_t size)
{
	FILE *file = tmpfile();
	check(file && fwrite(bytes, 1, size, file) == size && !fflush(file), "a temporary file can be written");
	struct input in = {.fd = dup(fileno(file)), .path = "fuzz", .size = (int64_t)size};
	fclose(file);
	check(in.fd >= 0 && lseek(in.fd, 0, SEEK_SET) == 0, "a temporary file can be read");
	return in;
}

/* SOCK_SEQPACKET keeps the borders of the pieces. `size` is at most SOURCE_PIECES_MAX_BYTES. */
static inline struct input source_pieces(const unsigned char *bytes, size_t size)
{
	int ends[2];
	check(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), "a socket can be made");
	size_t piece = size / SOURCE_PIECES + 1;
	for (size_t at = 0; at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;
		check(send(ends[1], bytes + at, n, MSG_DONTWAIT) == (ssize_t)n, "the pieces fit into the socket");
	}
	close(ends[1]);
	return (struct input){.fd = ends[0], .path = "fuzz", .size = -1};
}

#endif
