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
#include "cmd/interrupt.h"

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

/* Standard output, devices and pipes: no second name to write to, so no second thoughts. */
static bool write_through(int fd, const char *shown, struct span bytes, struct diag *d)
{
	int error = write_all(fd, bytes);
	if (!error)
		return true;
	if (shown)
		return fail(d, shown, error);
	diag_set(d, "could not write to standard output: %s", strerror(error));
	return false;
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

/* 0, or an errno; EINTR: interrupted. */
static int fill_and_rename(int fd, const char *temporary, const char *target, struct span bytes, mode_t mode,
			   const struct interrupt *held)
{
	int error = fchmod(fd, mode) ? errno : write_all(fd, bytes);
	if (!error && fsync(fd))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	if (!error && interrupt_came(held))
		error = EINTR;
	if (!error && rename(temporary, target))
		error = errno;
	return error;
}

static bool write_file(const char *path, struct span bytes, enum output_mode mode, struct diag *d)
{
	char *target = target_of(path);
	char *folder = folder_of(target);
	struct text temporary = {0};
	/* Hidden: a walk through the folder at the same time does not take it for a log. */
	text_format(&temporary, "%s/.onset-XXXXXX", folder);
	memory_free(folder);
	struct interrupt held;
	interrupt_hold(&held);
	int fd = mkstemp(temporary.at);
	int error = fd < 0 ? errno : fill_and_rename(fd, temporary.at, target, bytes, mode_of(mode, target), &held);
	if (fd >= 0 && error)
		unlink(temporary.at);
	if (!error)
		sync_folder(target);
	interrupt_release(&held);
	if (error == EINTR)
		diag_set(d, "interrupted; nothing was written");
	else if (error)
		fail(d, path, error);
	text_release(&temporary);
	memory_free(target);
	return !error;
}

bool output_write(const char *path, struct span bytes, enum output_mode mode, struct diag *d)
{
	if (output_is_standard(path))
		return write_through(STDOUT_FILENO, NULL, bytes, d);
	struct stat st;
	if (stat(path, &st) || S_ISREG(st.st_mode))
		return write_file(path, bytes, mode, d);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(d, path, errno);
	bool fine = write_through(fd, path, bytes, d);
	if (close(fd) && fine)
		return fail(d, path, errno);
	return fine;
}
