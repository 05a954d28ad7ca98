/* conffiles: the files that a server's configuration includes.
 *
 * Takes  paths and patterns as the configuration writes them.
 * Gives  their bytes to config/nginxconf.h and config/postgresqlconf.h; their names to the options: they are no logs.
 * Holds  nothing between two calls.
 * Never  reads what is no regular file, more than SMALLFILE_MOST_BYTES of one, or anything outside of `within`.
 */
#ifndef ONSET_CONFFILES_H
#define ONSET_CONFFILES_H

#include "config/nginxconf.h"
#include "config/postgresqlconf.h"
#include "cmd/options.h"

struct conffiles {
	struct options *options;
	struct span folder; /* of the first file, with its last slash: what nginx's includes are relative to */
	const char *within; /* the folder that is not to be left, when the file came with the logs; NULL: none */
	struct diag_list *trouble;
};

/* Of a path: with its last slash; empty when it names no folder. */
struct span conffiles_folder(const char *path);
/* Whether a path stays in a folder, links followed. True for what does not exist: who opens it will say so. */
bool conffiles_inside(const char *path, const char *folder);

/* Whether the path of a log lies below a folder, as both are written. */
bool conffiles_below(const char *path, const char *folder);

/* For struct nginxconf_source and struct postgresqlconf_files; `self` is a struct conffiles. */
bool conffiles_include(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d);
bool conffiles_read(void *self, const char *path, struct text *bytes, struct diag *d);
bool conffiles_list(void *self, const char *folder, struct text *names, struct diag *d);

#endif
