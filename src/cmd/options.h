/* options: the command line.
 *
 * Takes  argc and argv.
 * Gives  `struct options`: verb, paths, options; the help texts.
 * Holds  arrays of pointers into argv, which must outlive the struct.
 * Never  opens anything, looks at the environment, or prints.
 *
 * Options may stand before or after paths, as `--name value` or `--name=value`, `-j 2` or `-j2`; `--` ends them;
 * `-` is a path.
 */
#ifndef ONSET_OPTIONS_H
#define ONSET_OPTIONS_H

#include "base/diag.h"
#include "base/text.h"

/* Exit statuses; there are no others. */
enum outcome {
	OUTCOME_COMPLETE = 0,
	OUTCOME_INCOMPLETE = 1, /* written, but something is missing, damaged or double; standard error says what */
	OUTCOME_NOTHING = 2,    /* nothing was written */
	OUTCOME_USAGE = 64,
};

enum verb { VERB_NONE, VERB_DRAFT, VERB_SCAN, VERB_CHECK, VERB_COUNT };

enum glob_rule_kind { GLOB_FORMAT, GLOB_ZONE, GLOB_TIER };
/* One GLOB=VALUE. Of the rules of a kind that match a path the last one counts. */
struct glob_rule {
	enum glob_rule_kind kind;
	struct span glob, value;
	const char *text; /* as given */
};

struct options {
	enum verb verb;
	bool help, version;
	bool digest;        /* --digest: also when standard error is no terminal */
	bool records;       /* --records */
	struct span explain; /* --explain: the file; empty: not given */
	uint64_t explain_line;
	const char **paths;
	size_t paths_n, paths_cap;
	const char **folders; /* --patterns */
	size_t folders_n, folders_cap;
	struct glob_rule *rules; /* in the order given */
	size_t rules_n, rules_cap;
	const char *output; /* NULL: standard output; "-" too */
	const char *source; /* --source; NULL: none */
	unsigned jobs;      /* 0: one per processor */
};

enum { OPTIONS_MOST_JOBS = 256 };

/* False with `d` (what is wrong, and a hint) when the command line makes no sense. `o` is released either way by
 * options_release(). */
bool options_parse(struct options *o, int argc, char *const *argv, struct diag *d);
void options_release(struct options *o);

/* "--format", "--zone", "--tier" */
const char *options_rule_name(enum glob_rule_kind kind);
/* At most 24 lines of 80 columns; VERB_NONE: about all verbs. */
const char *options_help(enum verb verb);

#endif
