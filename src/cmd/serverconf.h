/* serverconf: what the configurations of servers say about their logs: how lines look, how many connections there may be.
 *
 * Takes  --nginx-conf and --postgresql-conf; the formats in force.
 * Gives  for a log the format that its server writes it in, or formats to look for in it; settings for the story.
 * Holds  formats made of log_format and log_line_prefix, and sets of formats with them; immutable once read, shared by all
 *        threads.
 * Never  believes a configuration more than the lines of a log.
 *
 * A log belongs to the access_log with which its source key has the longest common end, whole parts of the path counted;
 * "access.log.2.gz" belongs to "/var/log/nginx/access.log". It is in that log_format when at least half of its first lines
 * are. The formats of a configuration are looked for in every other log, together with the known ones.
 */
#ifndef ONSET_SERVERCONF_H
#define ONSET_SERVERCONF_H

#include "config/nginxconf.h"
#include "config/postgresqlconf.h"
#include "parse/format.h"
#include "cmd/options.h"

struct serverconf_log {
	char *path, *name;           /* of the access_log and its log_format; owned */
	const char *conf;            /* borrowed from the options */
	const char *within;          /* it speaks of logs below this folder; NULL: of all; borrowed */
	const struct format *format; /* borrowed from `made` */
	uint64_t hash;
};
struct serverconf_postgresql {
	const struct glob_rule *rule; /* borrowed from the options; its value is the path */
	struct postgresqlconf conf;
};
/* A layout that is looked for besides those of the patterns. */
struct serverconf_layout {
	char *text; /* owned */
	const struct format *base; /* which format of the patterns it is a layout of; borrowed */
	uint64_t hash;
};

struct serverconf {
	struct serverconf_log *logs;
	size_t logs_n, logs_cap;
	struct serverconf_postgresql *postgresql; /* in the order given: the last that matches counts */
	size_t postgresql_n, postgresql_cap;
	struct format **made; /* owned */
	size_t made_n, made_cap;
	struct serverconf_layout *layouts;
	size_t layouts_n, layouts_cap;
	/* The folders that the nginx configurations speak of, NULL: all; borrowed. */
	const char **folders;
	size_t folders_n, folders_cap;
	/* The formats in force, with what is looked for: [0] where no rule of `postgresql` matches, [i + 1] where rule i
	 * does; [1] where a nginx configuration speaks of the log. NULL: no configuration was stated. */
	struct format_set (*sets)[2];
};

/* False with `d`: a configuration cannot be read. What it says and cannot be used is told in `trouble`. */
bool serverconf_read(struct serverconf *c, struct options *o, const struct format_set *formats, struct diag_list *trouble,
		     struct diag *d);
void serverconf_release(struct serverconf *c);

/* What the configurations say of a log. */
struct serverconf_choice {
	const struct format *stated; /* NULL: to be detected */
	uint64_t hash;               /* of `stated` */
	const struct format_set *set; /* among these formats; NULL: those in force */
};
/* Opens the log to see whether its lines are as the configuration says. `trouble`: when they are not, or two
 * access_logs claim it. */
struct serverconf_choice serverconf_choose(const struct serverconf *c, const char *path, struct diag_list *trouble);
/* What a log was taken for, once it was read: a warning when it is a PostgreSQL log whose lines do not begin as its
 * configuration says. It is then likely that of another server, and what it says of limits is not this one's. */
void serverconf_compare(const struct serverconf *c, const char *path, const char *format, const char *layout,
			struct diag_list *trouble);
/* The hash of a layout that was found because a configuration has it; 0: it was not. */
uint64_t serverconf_layout_hash(const struct serverconf *c, const char *layout);

#endif
