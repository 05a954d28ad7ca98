/* folder: an empty folder for a test that needs real files.
 *
 * Takes  contents.
 * Gives  files below a folder of its own, which is the working folder meanwhile.
 * Holds  the folder's name.
 * Never  leaves it behind: folder_leave() removes what is in it.
 */
#ifndef ONSET_FOLDER_H
#define ONSET_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static char folder_name[] = "/tmp/onset-unit-XXXXXX";

static inline void folder_must(int fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	exit(1);
}

static inline void folder_enter(void)
{
	folder_must(mkdtemp(folder_name) && !chdir(folder_name), folder_name);
}

/* Folders on the way to `path` are made. */
static inline void folder_write(const char *path, struct span content)
{
	char way[256];
	snprintf(way, sizeof way, "%s", path);
	for (char *slash = way; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		mkdir(way, 0700);
	}
	FILE *f = fopen(path, "wb");
	folder_must(f && fwrite(content.at, 1, content.len, f) == content.len && !fclose(f), path);
}

/* Removes what is below the working folder, at most `depth` folders deep. */
static inline void folder_clear(int depth)
{
	DIR *dir = opendir(".");
	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlink(e->d_name) && depth && !chdir(e->d_name)) {
			folder_clear(depth - 1);
			folder_must(!chdir(".."), "..");
			rmdir(e->d_name);
		}
	}
	if (dir)
		closedir(dir);
}

/* True when nothing is left. */
static inline bool folder_leave(void)
{
	folder_clear(4);
	return !chdir("/") && !rmdir(folder_name);
}

#endif
