/* input: bytes from the operating system. (May touch the operating system.)
 *
 * Takes  a path, or "-" for standard input; folders to walk.
 * Gives  bytes in file order; the list of regular files below a folder, sorted by name.
 * Holds  one open descriptor per struct; the size at open time, up to which it reads (a log may grow meanwhile).
 * Never  interprets bytes, follows a directory loop, opens a FIFO that a folder walk met, waits for a pipe longer than `stop`
 *        allows, maps files (a log truncated underneath would be a SIGBUS).
 */
#ifndef ONSET_INPUT_H
#define ONSET_INPUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"

enum { INPUT_PEEK_BYTES = 16 }; /* enough to tell a tally from a log */

struct input {
	int fd;
	const char *path;          /* borrowed, as given */
	int64_t size;              /* bytes at open time; -1 when unknown (a pipe) */
	int64_t position;          /* bytes given so far */
	_Atomic int64_t *progress; /* when not NULL: bytes read are added here, for the progress line */
	const atomic_bool *stop; /* when not NULL: no more bytes are given once it is true, also while a pipe is waited for */
	struct diag failed;        /* a read error, or fewer bytes than at open time: those before it were given */
	char head[INPUT_PEEK_BYTES]; /* read ahead by input_peek(), not given yet: head[head_at..head_len) */
	size_t head_at, head_len;
};

/* False with `d` set (path, reason, hint) when the path cannot be opened or is a folder. A FIFO without a writer is opened at once;
 * reading waits for one. */
bool input_open(struct input *in, const char *path, struct diag *d);
/* Up to `cap` bytes; 0 at the end, after `stop`, or on a read error (then in->failed is set). Retries EINTR. */
size_t input_read(struct input *in, void *buffer, size_t cap);
/* The first INPUT_PEEK_BYTES bytes, fewer when there are no more; input_read() gives them again. To be called before the first
 * input_read(); pipes can be looked into as well. Valid until input_close(). */
struct span input_peek(struct input *in);
/* The next byte is the one at `position`, one that was given before. False when the input cannot go back: only what has a size can. */
bool input_rewind(struct input *in, int64_t position);
void input_close(struct input *in);

struct input_file {
	char *path; /* owned */
	int64_t size;
};
struct input_list {
	struct input_file *files;
	size_t n, cap;
};
/* Adds `path` (a file, "-", or a folder walked recursively, entries sorted by byte order, hidden ones and non-regular ones
 * skipped with a note). What cannot be read is added to `trouble` (and makes the run incomplete) and the walk goes on. */
void input_walk(const char *path, struct input_list *list, struct diag_list *trouble);
/* The same of the files that lie in a folder, not in those below it. */
void input_folder(const char *path, struct input_list *list, struct diag_list *trouble);
/* Of all files, as they were when the list was made; -1 when one is not known (a pipe). */
int64_t input_list_bytes(const struct input_list *list);
void input_list_release(struct input_list *list);

#endif
