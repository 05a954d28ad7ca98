/* postgresqlconf: what postgresql.conf says about the log and the limits.
 *
 * Takes  the bytes of postgresql.conf and of the files that it includes, which the caller's functions give.
 * Gives  the settings that matter to a reader of the log, each with the file and line that stated it; the last one wins.
 * Holds  struct postgresqlconf: copies of the values.
 * Never  opens a file; follows more than 10 includes of includes (the server's limit) or reads more than
 *        POSTGRESQLCONF_FILES_MOST files; recurses.
 *
 * Syntax and meaning are the server's (manual 20.1.2 "Parameter Interaction via the Configuration File" and 20.1.5 "Managing
 * Configuration File Contents"; src/backend/utils/misc/guc-file.l): `name = value` or `name value`, '#' comments, 'quoted'
 * values with '' or \' inside and C escapes, names in any case, units ("1min", '1.5 s'), hexadecimal and octal integers,
 * include, include_if_exists and include_dir (names that end in ".conf" and do not start with '.', in byte order), relative
 * to the folder of the file that includes. Settings that are none of the below are checked for syntax only.
 */
#ifndef ONSET_POSTGRESQLCONF_H
#define ONSET_POSTGRESQLCONF_H

#include "base/diag.h"
#include "base/text.h"

enum { POSTGRESQLCONF_FILES_MOST = 1000 };

/* X(enum suffix, the server's name, kind, default of PostgreSQL 10 to 18). log_connections is a boolean up to 17 and a list
 * of words from 18 on: TEXT. log_timezone's default is initdb's choice, else GMT. */
#define POSTGRESQLCONF_SETTINGS(X) \
	X(LOG_LINE_PREFIX, "log_line_prefix", TEXT, "%m [%p] ") \
	X(LOG_TIMEZONE, "log_timezone", TEXT, "GMT") \
	X(LOG_DESTINATION, "log_destination", TEXT, "stderr") \
	X(LOG_DIRECTORY, "log_directory", TEXT, "log") \
	X(LOG_FILENAME, "log_filename", TEXT, "postgresql-%Y-%m-%d_%H%M%S.log") \
	X(LC_MESSAGES, "lc_messages", TEXT, "") \
	X(LOG_CONNECTIONS, "log_connections", TEXT, "off") \
	X(LOG_DISCONNECTIONS, "log_disconnections", BOOL, "off") \
	X(LOG_LOCK_WAITS, "log_lock_waits", BOOL, "off") \
	X(LOG_MIN_DURATION_STATEMENT, "log_min_duration_statement", MILLISECONDS, "-1") \
	X(MAX_CONNECTIONS, "max_connections", INTEGER, "100") \
	X(SUPERUSER_RESERVED_CONNECTIONS, "superuser_reserved_connections", INTEGER, "3") \
	X(RESERVED_CONNECTIONS, "reserved_connections", INTEGER, "0")

enum postgresqlconf_setting {
#define X(suffix, name, kind, standard) POSTGRESQLCONF_##suffix,
	POSTGRESQLCONF_SETTINGS(X)
#undef X
	POSTGRESQLCONF_COUNT
};
const char *postgresqlconf_name(enum postgresqlconf_setting setting);
/* What the server takes when nothing states it. */
const char *postgresqlconf_default(enum postgresqlconf_setting setting);

struct postgresqlconf_value {
	bool stated;
	struct text text;   /* without quotes and escapes */
	int64_t number;     /* INTEGER as it is, MILLISECONDS in ms (-1: off), BOOL 0 or 1; TEXT: 0 */
	struct text file;   /* where it was stated last */
	unsigned line;
};

/* Zeroed is one in which nothing was stated yet. */
struct postgresqlconf {
	struct postgresqlconf_value values[POSTGRESQLCONF_COUNT];
	unsigned files; /* read so far */
};

/* How the files are reached. Paths are as written in the file, put behind the folder of the including file when relative. */
struct postgresqlconf_files {
	void *context;
	/* Appends the whole file to `bytes`; false with `d` when it cannot be read. */
	bool (*read)(void *context, const char *path, struct text *bytes, struct diag *d);
	/* Appends the names of a folder's entries, each followed by a NUL, in any order; false with `d`. */
	bool (*list)(void *context, const char *folder, struct text *names, struct diag *d);
};

/* Reads `path` and what it includes on top of what `conf` holds (so postgresql.auto.conf, which the server reads last, is a
 * second call). False with `d`: file, line, hint; `conf` then holds what was read before the error. */
bool postgresqlconf_read(struct postgresqlconf *conf, const char *path, const struct postgresqlconf_files *files,
			 struct diag *d);
/* The text stated, else the default; valid until `conf` is read again or released. */
struct span postgresqlconf_text(const struct postgresqlconf *conf, enum postgresqlconf_setting setting);
void postgresqlconf_release(struct postgresqlconf *conf);

#endif
