/* feed: bytes of a test as an open input.
 *
 * Takes  bytes, and how large the pieces are in which the input gives them.
 * Gives  a struct input: a regular file (piece 0), or a socket that gives exactly `piece` bytes per read.
 * Holds  one descriptor, and the child that writes to it.
 * Never  leaves a file behind.
 */
#ifndef ONSET_FEED_H
#define ONSET_FEED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "read/input.h"

struct feed {
	struct input in;
	pid_t writer; /* 0: none */
};

static inline void feed_fail(const char *what)
{
	perror(what);
	exit(1);
}

/* SOCK_SEQPACKET keeps the borders of writes, so that every read gives one piece: a pipe would glue them. */
static inline void feed_open(struct feed *f, const void *bytes, size_t len, size_t piece)
{
	*f = (struct feed){.in = {.fd = -1, .path = "feed", .size = -1}};
	if (!piece) {
		FILE *file = tmpfile();
		if (!file || fwrite(bytes, 1, len, file) != len || fflush(file))
			feed_fail("tmpfile");
		f->in.fd = dup(fileno(file));
		f->in.size = (int64_t)len;
		fclose(file);
		if (f->in.fd < 0 || lseek(f->in.fd, 0, SEEK_SET))
			feed_fail("lseek");
		return;
	}
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		feed_fail("socketpair");
	f->writer = fork();
	if (f->writer < 0)
		feed_fail("fork");
	if (!f->writer) {
		close(ends[0]);
		for (size_t at = 0; at < len; at += piece)
			if (send(ends[1], (const char *)bytes + at, len - at < piece ? len - at : piece, MSG_NOSIGNAL) < 0)
				break;
		_exit(0);
	}
	close(ends[1]);
	f->in.fd = ends[0];
}

static inline void feed_close(struct feed *f)
{
	input_close(&f->in);
	if (f->writer)
		waitpid(f->writer, NULL, 0);
}

#endif
