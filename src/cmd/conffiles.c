/* realpath() is an extension of X/Open to POSIX. */
#define _XOPEN_SOURCE 700
#include "cmd/conffiles.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cmd/smallfile.h"

enum { WILD_PARTS_MOST = 4 }; /* of a path: in use are one and two */

struct span conffiles_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	return (struct span){path, slash ? (size_t)(slash - path) + 1 : 0};
}

bool conffiles_inside(const char *path, const char *folder)
{
	char *real = realpath(path, NULL), *root = realpath(*folder ? folder : ".", NULL);
	size_t len = root ? strlen(root) : 0;
	bool inside = !real || (root && !strncmp(real, root, len) && (len == 1 || !real[len] || real[len] == '/'));
	free(real);
	free(root);
	return inside;
}

bool conffiles_below(const char *path, const char *folder)
{
	struct span p = span_of(path), f = span_of(folder);
	while (span_starts(p, SPAN("./")))
		p = span_from(p, 2);
	while (span_starts(f, SPAN("./")))
		f = span_from(f, 2);
	return f.len ? span_starts(p, f) : !span_starts(p, SPAN("/")) && !span_starts(p, SPAN("../"));
}

/* A file outside of the folder is passed over: absolute paths are usual in a configuration that was copied. */
static bool may_read(struct conffiles *c, const char *path)
{
	if (!c->within || conffiles_inside(path, c->within))
		return true;
	diag_add(c->trouble, DIAG_WARNING,
		 "It was named by options that were found beside the logs; state them: --config FILE",
		 "\"%s\" lies outside of \"%s\": not read", path, *c->within ? c->within : ".");
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_file(struct conffiles *c, const char *path, struct nginxconf_files *files, struct diag *d)
{
	struct stat st;
	struct text bytes = {0};
	/* glob() gives the pattern itself where nothing matches; nginx opens it and fails, we do without. */
	if (stat(path, &st) || !may_read(c, path))
		return true;
	bool fine = smallfile_read(path, SMALLFILE_REGULAR, &bytes, d);
	if (fine) {
		nginxconf_files_add(files, span_of(path), text_span(&bytes));
		options_use(c->options, path);
	}
	text_release(&bytes);
	return fine;
}

/* Whether glob() ends in the time that its folders take: in "a*" "/../b*" and so on each part multiplies what the one before it
 * found, and so do folders that are links to themselves. */
static bool glob_ends(struct span pattern)
{
	size_t wild = 0;
	bool up = false;
	while (pattern.len) {
		struct span part = span_cut(&pattern, '/');
		up |= wild && span_equal(part, SPAN(".."));
		for (size_t i = 0; i < part.len; i++) {
			if (strchr("*?[", part.at[i])) {
				wild++;
				break;
			}
		}
	}
	return wild <= WILD_PARTS_MOST && !up;
}

bool conffiles_include(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d)
{
	struct conffiles *c = self;
	if (!glob_ends(pattern)) {
		diag_set(d, "cannot follow \"%.*s\": its wildcards stand in more than %d parts, or before \"..\"",
			 (int)(pattern.len < 100 ? pattern.len : 100), pattern.at, WILD_PARTS_MOST);
		return false;
	}
	struct text path = {0};
	glob_t found = {0};
	if (pattern.len && pattern.at[0] != '/')
		text_append(&path, c->folder);
	text_append(&path, pattern);
	bool fine = true;
	size_t bytes = 0; /* the reader of the configuration refuses more, but only when it has them */
	if (path.len && glob(path.at, GLOB_NOSORT, NULL, &found) == 0) {
		/* By byte, not as the locale of who links the library sorts. */
		qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, compare_names);
		for (size_t i = 0; i < found.gl_pathc && fine; i++) {
			size_t before = files->n;
			if (before > NGINXCONF_MOST_FILES || bytes > NGINXCONF_MOST_BYTES)
				break;
			fine = add_file(c, found.gl_pathv[i], files, d);
			bytes += files->n > before ? files->files[before].len : 0;
		}
	}
	globfree(&found);
	text_release(&path);
	return fine;
}

bool conffiles_read(void *self, const char *path, struct text *bytes, struct diag *d)
{
	struct conffiles *c = self;
	if (!may_read(c, path))
		return true;
	options_use(c->options, path);
	return smallfile_read(path, SMALLFILE_REGULAR, bytes, d);
}

bool conffiles_list(void *self, const char *folder, struct text *names, struct diag *d)
{
	struct conffiles *c = self;
	if (!may_read(c, folder))
		return true;
	DIR *dir = opendir(folder);
	if (!dir) {
		diag_set(d, "could not open \"%s\": %s", folder, strerror(errno));
		return false;
	}
	for (struct dirent *entry; (entry = readdir(dir));)
		text_append(names, (struct span){entry->d_name, strlen(entry->d_name) + 1});
	closedir(dir);
	return true;
}
