/* options: what the user wants: the command line, and the same options from elsewhere (optionfile.h, onset.h).
 *
 * Takes  argc and argv; names and values.
 * Gives  `struct options`: verb, paths, options.
 * Holds  arrays of pointers into argv or into what options_keep() keeps; argv must outlive the struct.
 * Never  opens anything, looks at the environment, or prints.
 *
 * Options may stand before or after paths, as `--name value` or `--name=value`, `-j 2` or `-j2`; `--` ends them;
 * `-` is a path.
 */
#ifndef ONSET_OPTIONS_H
#define ONSET_OPTIONS_H

#include "parse/pattern.h"

/* Exit statuses; there are no others. */
enum outcome {
	OUTCOME_COMPLETE = 0,
	OUTCOME_INCOMPLETE = 1, /* written, but something is missing, damaged or double; standard error says what */
	OUTCOME_NOTHING = 2,    /* nothing was written: there is nothing to write, or a file that an option names is wrong */
	OUTCOME_USAGE = 64,     /* an option is wrong, whether on the command line or in an options file */
};

enum verb { VERB_NONE, VERB_DRAFT, VERB_SCAN, VERB_CHECK, VERB_REPORT, VERB_VERIFY, VERB_COUNT };

/* One option's value as given, and the place in an options file that it came from (NULL: from the command line). */
struct option_value {
	const char *text; /* NULL: not given */
	const struct pattern_file *file;
	const struct pattern_entry *entry;
	const char *within; /* the folder that the value must not lead out of; NULL: anywhere */
};
struct option_list {
	struct option_value *items;
	size_t n, cap;
};

enum glob_rule_kind { GLOB_FORMAT, GLOB_ZONE, GLOB_YEAR, GLOB_TIER, GLOB_SOURCE, GLOB_POSTGRESQL_CONF, GLOB_KINDS };
/* One GLOB=VALUE. Of the rules of a kind that match a path the last one counts. */
struct glob_rule {
	enum glob_rule_kind kind;
	struct span glob, value; /* glob: empty matches every path (of kinds that may be given without one) */
	struct option_value from;
};

struct option_given {
	const char *name, *value;
};

struct options {
	enum verb verb;
	bool help, version;
	bool digest;        /* --digest: also when standard error is no terminal */
	bool records;       /* --records */
	bool no_mask;       /* --no-mask */
	bool no_config;     /* --no-config */
	struct span explain; /* --explain: the file; empty: not given */
	uint64_t explain_line;
	const char **paths;
	size_t paths_n, paths_cap;
	struct glob_rule *rules; /* in the order given */
	size_t rules_n, rules_cap;
	struct option_list folders;     /* --patterns */
	struct option_list events;      /* --events */
	struct option_list nginx_confs; /* --nginx-conf */
	struct option_value output;     /* -o; NULL: standard output; "-" too */
	struct option_value config;     /* --config */
	struct option_value since, until, around, margin;
	struct option_value topology;
	struct option_value redact; /* what leaves; read it by options_redacts() */
	struct option_list logs;   /* --logs, of verify */
	struct option_value show;  /* --show */
	struct option_value form, template, display_zone, keep; /* of a report */
	struct option_value jobs_given;
	unsigned jobs;             /* 0: one per processor */
	struct option_given *given; /* of the command line: what options_set() takes */
	size_t given_n, given_cap;
	char **kept; /* by options_keep() */
	size_t kept_n, kept_cap;
	struct pattern_file **files; /* options files: optionfile.h */
	size_t files_n, files_cap;
	/* Files that were read for what they say of logs; none of them is a log (gather.h). Owned. */
	char **used;
	size_t used_n, used_cap;
};

enum { OPTIONS_MOST_JOBS = 256 };

/* False with `d` (what is wrong, and a hint) when the command line makes no sense. `o` is released either way by
 * options_release(). */
bool options_parse(struct options *o, int argc, char *const *argv, struct diag *d);
void options_release(struct options *o);

/* One option by its name without dashes, as it may stand in an options file: those that say what logs are. False with
 * `d`: there is no such option, or the value makes no sense; `*unknown` then says which. The value (its text, and its
 * place) must outlive the struct. */
bool options_set(struct options *o, struct span name, struct option_value value, bool *unknown, struct diag *d);
/* Adds a path; false with `d` when it is empty. */
bool options_add_path(struct options *o, const char *path, struct diag *d);
/* A copy that lives as long as the struct. */
const char *options_keep(struct options *o, struct span text);
/* Notes that a file is no log. */
void options_use(struct options *o, const char *path);
/* --redact, --no-redact: the kinds as bits (redact/names.h); all when nothing was said. */
unsigned options_redacts(const struct options *o);
/* What is wrong with a value, as `d`: with file, line and caret when it came from an options file. `column`: bytes from
 * the start of the value. */
void options_fail(const struct option_value *value, size_t column, struct diag *d, const char *what, const char *hint);

/* "--format", "--zone", "--year", "--tier", "--source", "--postgresql-conf" */
const char *options_rule_name(enum glob_rule_kind kind);
bool options_rule_matches(const struct glob_rule *rule, const char *path);
/* The last rule of a kind that matches; NULL: none. */
const struct glob_rule *options_rule_for(const struct options *o, enum glob_rule_kind kind, const char *path);

#endif
