/* nginxconf: which logs an nginx configuration writes, and how their lines look.
 *
 * Takes  the text of nginx.conf, or of a part of it (a file of conf.d without its http { }); through the caller's
 *        function the files that `include` names.
 * Gives  the logs: access_log and error_log of http, server, location, if and stream; each with its path as written,
 *        a glob for it, and for access logs the log_format as `--format GLOB='nginx:FORMAT'` takes it. In the order
 *        of the text, the same log written the same way only once: at its first place.
 * Holds  copies of everything it gives; nothing of what it was given.
 * Never  opens a file (include does), follows symbolic links or variables, recurses, or checks what nginx would
 *        reject in directives that do not log.
 *
 * The text is read as ngx_conf_read_token() does: words, '...' and "..." (which must be followed by a blank, ';', '{'
 * or ')'), \" \' \\ \t \r \n, other backslashes as they stand, # comments at the start of a word, "${name}" is no
 * block. Unknown directives are passed over. What stands in a block of data (map, geo, types, split_clients, match,
 * charset_map) is no directive. Code in *_by_lua_block { } is passed over with Lua's own strings, comments and long
 * brackets.
 *
 * A log_format is found wherever it stands in the http (or stream) part: nginx wants it before its use. "combined" is
 * known. nginx has no bound on nested includes but the number of open files, on which a loop ends with EMFILE; here
 * it is NGINXCONF_MOST_FILES and NGINXCONF_DEEPEST. A file must close the blocks that it opens, as in nginx.
 * Not given: the log that nginx writes when no access_log stands anywhere (its path is compiled in, its format is
 * combined).
 */
#ifndef ONSET_NGINXCONF_H
#define ONSET_NGINXCONF_H

#include "base/diag.h"
#include "base/text.h"

enum {
	NGINXCONF_DEEPEST = 32,          /* includes inside includes: ten times what is in use */
	NGINXCONF_MOST_FILES = 4096,     /* files read in all */
	NGINXCONF_MOST_BYTES = 64 << 20, /* of them in all: the largest generated ones (ingress) have 10 MB */
	NGINXCONF_MOST_LOGS = 16384,
	NGINXCONF_MOST_FORMATS = 1024,
};

/* Files that an include named, in the order in which they are to be read (glob(3) sorts by byte). */
struct nginxconf_file {
	char *path;  /* for messages; owned */
	char *bytes; /* owned; may be NULL when len is 0 */
	size_t len;
};
struct nginxconf_files {
	struct nginxconf_file *files;
	size_t n, cap;
};
/* Appends a file; takes copies. */
void nginxconf_files_add(struct nginxconf_files *list, struct span path, struct span bytes);

/* What `include PATTERN` names: `pattern` as written (relative to the folder of the first file, as in nginx; may hold
 * * ? [ ]). Appends the files that there are; none is fine (mime.types is seldom beside a copied nginx.conf). False
 * with `d` stops all. */
struct nginxconf_source {
	bool (*include)(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d);
	void *self;
};

enum nginxconf_kind { NGINXCONF_ACCESS, NGINXCONF_STREAM, NGINXCONF_ERROR };
enum nginxconf_sink {
	NGINXCONF_FILE,
	NGINXCONF_SYSLOG, /* path is "syslog:server=..."; the lines lie where the syslog daemon writes, behind its own header */
	NGINXCONF_DEVICE, /* "stderr", "/dev/stdout": a container's log */
};

struct nginxconf_log {
	enum nginxconf_kind kind;
	enum nginxconf_sink sink;
	char *path;    /* as written; relative ones are relative to nginx's prefix, not to the configuration; owned */
	char *glob;    /* the last part of the path, each $variable a '*', each of * ? [ in it a '?'; owned; NULL when sink is
			  not FILE */
	char *name;    /* of the log_format; NULL for error logs; owned */
	char *format;  /* what stands behind "nginx:" ("nginx-stream:" when kind is STREAM) in --format: "escape=json " first where it
			  says so; NULL for error logs; owned */
	bool has_variables; /* in the path: one log for each of their values */
	bool conditional;   /* if=...: not every request is logged */
	bool compressed;    /* gzip=...: gzip whatever the name says */
	char *file;    /* where the directive stands; owned */
	unsigned line;
};

/* A log_format: also those that no access_log uses here. */
struct nginxconf_format {
	char *name, *format; /* as in struct nginxconf_log; owned */
	enum nginxconf_kind kind; /* ACCESS or STREAM */
	char *file;
	unsigned line; /* 0: predefined */
};

struct nginxconf {
	struct nginxconf_log *logs;
	size_t n, cap;
	struct nginxconf_format *formats;
	size_t formats_n, formats_cap;
};

/* `source->include` may be NULL: includes are passed over, each with a warning. False with `d` ("FILE:LINE: what",
 * hint) when the text is no nginx configuration or include failed; `conf` then holds what was read before. Warnings
 * (a format that is not defined, or defined twice; a bound was met) leave out what they name. Whether a format's text
 * can be read is for format_stated() to say. */
bool nginxconf_read(struct nginxconf *conf, const char *path, struct span bytes, const struct nginxconf_source *source,
		    struct diag_list *warnings, struct diag *d);
void nginxconf_release(struct nginxconf *conf);

#endif
