/* realpath() is an extension of X/Open to POSIX. */
#define _XOPEN_SOURCE 700
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static bool fail(struct diag *d, const char *path, int error)
{
	diag_set(d, "could not write \"%s\": %s", path, strerror(error));
	if (error == ENOSPC || error == EDQUOT)
		diag_hint(d, "Nothing was written; make room, or write to another disk.");
	return false;
}

/* The folder of a path, "." when it names none. The caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return span_copy(SPAN("."));
	size_t len = (size_t)(slash - path);
	return span_copy((struct span){path, len ? len : 1});
}

/* Where the bytes shall lie in the end: behind symbolic links, so that a link stays one. The caller frees. */
static char *target_of(const char *path)
{
	struct stat st;
	char *real = !lstat(path, &st) && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;
	char *target = span_copy(span_of(real ? real : path));
	free(real);
	return target;
}

bool output_ready(const char *path, struct diag *d)
{
	if (output_is_standard(path))
		return true;
	struct stat st;
	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		diag_set(d, "cannot write \"%s\": it is a folder", path);
		diag_hint(d, "Name a file in it.");
		return false;
	}
	char *target = target_of(path);
	char *folder = folder_of(target);
	bool special = !stat(path, &st) && !S_ISREG(st.st_mode);
	int error = 0;
	if (special ? access(path, W_OK) : stat(folder, &st))
		error = errno;
	else if (!special && !S_ISDIR(st.st_mode))
		error = ENOTDIR;
	else if (!special && access(folder, W_OK | X_OK))
		error = errno;
	if (error)
		fail(d, path, error);
	memory_free(folder);
	memory_free(target);
	return !error;
}

bool output_is_same(const char *path, const char *other)
{
	struct stat a, b;
	return !stat(path, &a) && !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool output_is_terminal(const char *path)
{
	return output_is_standard(path) && isatty(STDOUT_FILENO);
}

/* 0, or an errno. */
static int write_all(int fd, struct span bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes = span_from(bytes, (size_t)n);
	}
	return 0;
}

static mode_t mode_of(enum output_mode mode, const char *target)
{
	struct stat st;
	if (mode == OUTPUT_PRIVATE)
		return 0600;
	if (!stat(target, &st))
		return st.st_mode & 0777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static void sync_folder(const char *target)
{
	char *folder = folder_of(target);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* The file is complete either way; some file systems cannot sync a folder. */
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	memory_free(folder);
}

bool output_open(struct output_stream *s, const char *path, enum output_mode mode, struct diag *d)
{
	struct stat st;
	*s = (struct output_stream){.path = path, .fd = STDOUT_FILENO};
	if (output_is_standard(path)) {
		s->path = NULL;
		return true;
	}
	/* Devices and pipes: no second name to write to, so no second thoughts. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		s->fd = open(path, O_WRONLY | O_CLOEXEC);
		return s->fd >= 0 || fail(d, path, errno);
	}
	s->target = target_of(path);
	char *folder = folder_of(s->target);
	/* Hidden: a walk through the folder at the same time does not take it for a log. */
	text_format(&s->temporary, "%s/.onset-XXXXXX", folder);
	memory_free(folder);
	s->fd = mkstemp(s->temporary.at);
	int error = s->fd < 0 || fchmod(s->fd, mode_of(mode, s->target)) ? errno : 0;
	if (error)
		output_abandon(s);
	return !error || fail(d, path, error);
}

bool output_add(struct output_stream *s, struct span bytes, struct diag *d)
{
	int error = write_all(s->fd, bytes);
	if (!error)
		return true;
	if (s->path)
		return fail(d, s->path, error);
	diag_set(d, "could not write to standard output: %s", strerror(error));
	return false;
}

bool output_finish(struct output_stream *s, const struct interrupt *held, struct diag *d)
{
	if (!s->path)
		return true;
	int error = s->target && fsync(s->fd) ? errno : 0;
	if (close(s->fd) && !error)
		error = errno;
	s->fd = -1;
	bool interrupted = !error && s->target && held && interrupt_came(held);
	if (interrupted)
		diag_set(d, "interrupted; nothing was written");
	else if (!error && s->target && rename(s->temporary.at, s->target))
		error = errno;
	if (error)
		fail(d, s->path, error);
	else if (s->target && !interrupted) {
		text_clear(&s->temporary); /* the name is gone */
		sync_folder(s->target);
	}
	output_abandon(s);
	return !error && !interrupted;
}

void output_abandon(struct output_stream *s)
{
	if (s->fd >= 0 && s->path)
		close(s->fd);
	if (s->temporary.len)
		unlink(s->temporary.at);
	memory_free(s->target);
	text_release(&s->temporary);
	*s = (struct output_stream){.fd = -1};
}

bool output_write(const char *path, struct span bytes, enum output_mode mode, struct diag *d)
{
	struct stat st;
	struct output_stream s;
	struct interrupt held;
	bool file = !output_is_standard(path) && (stat(path, &st) || S_ISREG(st.st_mode));
	if (file)
		interrupt_hold(&held);
	bool fine = output_open(&s, path, mode, d) && output_add(&s, bytes, d) &&
		    output_finish(&s, file ? &held : NULL, d);
	if (!fine)
		output_abandon(&s);
	if (file)
		interrupt_release(&held);
	return fine;
}
