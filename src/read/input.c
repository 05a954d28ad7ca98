#include "read/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { STOP_EVERY_MS = 100 }; /* how soon a wait for a pipe notices `stop` */

static bool is_standard_input(const char *path)
{
	return !strcmp(path, "-");
}

/* The bytes a descriptor holds now, from where it stands (`onset draft - < file` may start in the middle); -1 when only
 * reading tells. */
static int64_t bytes_at_hand(int fd, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return -1;
	off_t at = lseek(fd, 0, SEEK_CUR);
	return at < 0 ? -1 : at < st->st_size ? (int64_t)(st->st_size - at) : 0;
}

static void close_descriptor(int fd)
{
	if (fd != STDIN_FILENO)
		close(fd);
}

bool input_open(struct input *in, const char *path, struct diag *d)
{
	*in = (struct input){.fd = -1, .path = path, .size = -1};
	bool standard = is_standard_input(path);
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		int error = errno;
		if (fd >= 0)
			close_descriptor(fd);
		diag_set(d, "could not open \"%s\": %s", path, strerror(error));
		if (error == EACCES)
			diag_hint(d, "Run it as a user that may read the file, or add that user to the file's group.");
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		close_descriptor(fd);
		diag_set(d, "cannot read \"%s\": it is a folder", path);
		return false;
	}
	in->fd = fd;
	in->size = bytes_at_hand(fd, &st);
	if (in->size >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return true;
}

/* Waits until a pipe, socket or terminal has bytes or has ended. False when the reading shall stop. */
static bool wait_for_bytes(const struct input *in)
{
	struct pollfd one = {.fd = in->fd, .events = POLLIN};
	int ready = 0;
	while (ready <= 0) {
		if (in->stop && *in->stop)
			return false;
		ready = poll(&one, 1, in->stop ? STOP_EVERY_MS : -1);
		if (ready < 0 && errno != EINTR)
			return true; /* read() says what is wrong */
	}
	return true;
}

/* Bytes from the system that were not given yet. */
static size_t read_more(struct input *in, void *buffer, size_t cap)
{
	int64_t read_so_far = in->position + (int64_t)(in->head_len - in->head_at);
	if (in->fd < 0 || in->failed.set)
		return 0;
	if (in->size >= 0 && (uint64_t)(in->size - read_so_far) < cap)
		cap = (size_t)(in->size - read_so_far);
	if (!cap)
		return 0;
	ssize_t n;
	do {
		if (in->size < 0 ? !wait_for_bytes(in) : in->stop && *in->stop)
			return 0;
		n = read(in->fd, buffer, cap);
	} while (n < 0 && (errno == EINTR || (in->size < 0 && errno == EAGAIN)));
	if (n < 0) {
		diag_set(&in->failed, "could not read \"%s\" after %lld bytes: %s", in->path, (long long)read_so_far,
			 strerror(errno));
		return 0;
	}
	/* copytruncate, most likely: what is missing now lies in the rotated copy. */
	if (!n && in->size >= 0) {
		diag_set(&in->failed, "\"%s\" became shorter while it was read: it ended after %lld of %lld bytes", in->path,
			 (long long)read_so_far, (long long)in->size);
		diag_hint(&in->failed, "Read it again, together with the rotated copy.");
	}
	return (size_t)n;
}

size_t input_read(struct input *in, void *buffer, size_t cap)
{
	size_t n = in->head_len - in->head_at;
	if (n) {
		n = n < cap ? n : cap;
		memcpy(buffer, in->head + in->head_at, n);
		in->head_at += n;
	} else {
		n = read_more(in, buffer, cap);
	}
	in->position += (int64_t)n;
	if (n && in->progress)
		atomic_fetch_add_explicit(in->progress, (int64_t)n, memory_order_relaxed);
	return n;
}

struct span input_peek(struct input *in)
{
	size_t n = 1;
	while (n && in->head_len < sizeof in->head) {
		n = read_more(in, in->head + in->head_len, sizeof in->head - in->head_len);
		in->head_len += n;
	}
	return (struct span){in->head, in->head_len};
}

bool input_rewind(struct input *in, int64_t position)
{
	if (in->size < 0 || lseek(in->fd, (off_t)position, SEEK_SET) < 0)
		return false;
	if (in->progress)
		atomic_fetch_sub_explicit(in->progress, in->position - position, memory_order_relaxed);
	in->position = position;
	in->failed = (struct diag){0}; /* what was wrong is met again */
	in->head_at = in->head_len;
	return true;
}

void input_close(struct input *in)
{
	if (in->fd >= 0)
		close_descriptor(in->fd);
	in->fd = -1;
}

/* A folder that is being walked: its entries in byte order, and which of them is next. */
struct folder {
	char *path;
	char **names;
	size_t n, cap, next;
	dev_t device;
	ino_t node;
};

/* One walk. The folders on the way down are `open`; `seen` remembers every folder, because folders that link to each other
 * crosswise have more paths than anybody can walk. */
struct walk {
	struct input_list *list;
	struct diag_list *trouble;
	bool shallow; /* folders in the folder are passed over */
	struct folder *open;
	size_t depth, open_cap;
	struct folder_id {
		dev_t device;
		ino_t node;
	} *seen;
	size_t seen_n, seen_cap;
};

static void add_file(struct input_list *list, const char *path, int64_t size)
{
	list->files = memory_grow(list->files, &list->cap, list->n + 1, sizeof *list->files);
	list->files[list->n++] = (struct input_file){span_copy(span_of(path)), size};
}

static void add_missing(struct diag_list *trouble, const char *path, int error)
{
	diag_add(trouble, DIAG_ERROR, NULL, "could not open \"%s\": %s", path, strerror(error));
	trouble->incomplete = true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Reads all names of a folder at once, so that one descriptor is open at a time, however deep the walk is. */
static bool read_names(struct folder *f, struct diag_list *trouble)
{
	DIR *dir = opendir(f->path);
	if (!dir) {
		add_missing(trouble, f->path, errno);
		return false;
	}
	unsigned long hidden = 0;
	for (;;) {
		errno = 0;
		struct dirent *entry = readdir(dir);
		if (!entry)
			break;
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (entry->d_name[0] == '.') {
			hidden++;
			continue;
		}
		f->names = memory_grow(f->names, &f->cap, f->n + 1, sizeof *f->names);
		f->names[f->n++] = span_copy(span_of(entry->d_name));
	}
	if (errno)
		add_missing(trouble, f->path, errno);
	closedir(dir);
	if (hidden)
		diag_add(trouble, DIAG_NOTE, NULL, "skipped %lu hidden %s in \"%s\"", hidden, hidden == 1 ? "entry" : "entries",
			 f->path);
	if (f->n)
		qsort(f->names, f->n, sizeof *f->names, compare_names);
	return true;
}

/* True when the folder was not met before. */
static bool mark_seen(struct walk *w, const char *path, const struct stat *st)
{
	for (size_t i = 0; i < w->depth; i++)
		if (w->open[i].device == st->st_dev && w->open[i].node == st->st_ino) {
			diag_add(w->trouble, DIAG_NOTICE, NULL, "skipped \"%s\": it leads back to \"%s\"", path, w->open[i].path);
			return false;
		}
	for (size_t i = 0; i < w->seen_n; i++)
		if (w->seen[i].device == st->st_dev && w->seen[i].node == st->st_ino) {
			diag_add(w->trouble, DIAG_NOTICE, NULL, "skipped \"%s\": the same folder was read under another name",
				 path);
			return false;
		}
	w->seen = memory_grow(w->seen, &w->seen_cap, w->seen_n + 1, sizeof *w->seen);
	w->seen[w->seen_n++] = (struct folder_id){st->st_dev, st->st_ino};
	return true;
}

static void folder_release(struct folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		memory_free(f->names[i]);
	memory_free(f->names);
	memory_free(f->path);
	*f = (struct folder){0};
}

static void enter_folder(struct walk *w, const char *path, const struct stat *st)
{
	if (!mark_seen(w, path, st))
		return;
	struct folder f = {.path = span_copy(span_of(path)), .device = st->st_dev, .node = st->st_ino};
	if (!read_names(&f, w->trouble)) {
		folder_release(&f);
		return;
	}
	w->open = memory_grow(w->open, &w->open_cap, w->depth + 1, sizeof *w->open);
	w->open[w->depth++] = f;
}

/* One entry inside a folder: only regular files and folders are logs; opening a FIFO would wait for a writer for ever. */
static void visit_entry(struct walk *w, const char *path)
{
	struct stat st;
	if (stat(path, &st)) {
		int error = errno;
		if (error == ELOOP)
			diag_add(w->trouble, DIAG_NOTICE, NULL, "skipped \"%s\": its symbolic link leads back to itself", path);
		else
			add_missing(w->trouble, path, error);
	} else if (S_ISDIR(st.st_mode)) {
		if (!w->shallow)
			enter_folder(w, path, &st);
	} else if (S_ISREG(st.st_mode)) {
		add_file(w->list, path, (int64_t)st.st_size);
	} else {
		diag_add(w->trouble, DIAG_NOTICE, NULL, "skipped \"%s\": neither a file nor a folder", path);
	}
}

static void walk_folders(struct walk *w)
{
	struct text path = {0};
	while (w->depth) {
		struct folder *f = &w->open[w->depth - 1];
		if (f->next == f->n) {
			folder_release(f);
			w->depth--;
			continue;
		}
		text_clear(&path);
		text_append_string(&path, f->path);
		if (path.len && path.at[path.len - 1] != '/')
			text_append_byte(&path, '/');
		text_append_string(&path, f->names[f->next++]);
		visit_entry(w, path.at);
	}
	text_release(&path);
}

static void walk_from(struct walk *w, const char *path, const struct stat *st)
{
	enter_folder(w, path, st);
	walk_folders(w);
	memory_free(w->open);
	memory_free(w->seen);
}

void input_walk(const char *path, struct input_list *list, struct diag_list *trouble)
{
	struct stat st;
	if (is_standard_input(path)) {
		int64_t size = fstat(STDIN_FILENO, &st) ? -1 : bytes_at_hand(STDIN_FILENO, &st);
		add_file(list, path, size);
		return;
	}
	if (stat(path, &st)) {
		add_missing(trouble, path, errno);
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		add_file(list, path, S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1);
		return;
	}
	struct walk w = {.list = list, .trouble = trouble};
	walk_from(&w, path, &st);
}

void input_folder(const char *path, struct input_list *list, struct diag_list *trouble)
{
	struct stat st;
	struct walk w = {.list = list, .trouble = trouble, .shallow = true};
	if (stat(path, &st))
		add_missing(trouble, path, errno);
	else if (S_ISDIR(st.st_mode))
		walk_from(&w, path, &st);
}

int64_t input_list_bytes(const struct input_list *list)
{
	int64_t total = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->files[i].size < 0)
			return -1;
		total += list->files[i].size;
	}
	return total;
}

void input_list_release(struct input_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		memory_free(list->files[i].path);
	memory_free(list->files);
	*list = (struct input_list){0};
}
