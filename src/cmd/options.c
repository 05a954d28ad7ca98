#include "cmd/options.h"

#include "base/memory.h"

enum option {
	OPTION_OUTPUT,
	OPTION_JOBS,
	OPTION_FORMAT,
	OPTION_PATTERNS,
	OPTION_ZONE,
	OPTION_TIER,
	OPTION_SOURCE,
	OPTION_DIGEST,
	OPTION_RECORDS,
	OPTION_EXPLAIN,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT
};

#define TAKES(verb) (1u << (verb))
#define TAKES_ALL (TAKES(VERB_NONE) | TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK))

struct option_spec {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what stands for its value in help; NULL: takes none */
	unsigned verbs;    /* TAKES() of the verbs that know it */
};

static const struct option_spec specs[OPTION_COUNT] = {
	[OPTION_OUTPUT] = {"output", 'o', "FILE", TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK)},
	[OPTION_JOBS] = {"jobs", 'j', "N", TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK)},
	[OPTION_FORMAT] = {"format", 0, "GLOB=FORMAT", TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK)},
	[OPTION_PATTERNS] = {"patterns", 0, "DIR", TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK)},
	[OPTION_ZONE] = {"zone", 0, "GLOB=ZONE", TAKES(VERB_DRAFT)},
	[OPTION_TIER] = {"tier", 0, "GLOB=TIER", TAKES(VERB_DRAFT)},
	[OPTION_SOURCE] = {"source", 0, "NAME", TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK)},
	[OPTION_DIGEST] = {"digest", 0, NULL, TAKES(VERB_DRAFT)},
	[OPTION_RECORDS] = {"records", 0, NULL, TAKES(VERB_CHECK)},
	[OPTION_EXPLAIN] = {"explain", 0, "FILE:LINE", TAKES(VERB_CHECK)},
	[OPTION_HELP] = {"help", 'h', NULL, TAKES_ALL},
	[OPTION_VERSION] = {"version", 'V', NULL, TAKES_ALL},
};

static const char *const verbs[VERB_COUNT] = {
	[VERB_NONE] = "", [VERB_DRAFT] = "draft", [VERB_SCAN] = "scan", [VERB_CHECK] = "check"};

const char *options_rule_name(enum glob_rule_kind kind)
{
	return kind == GLOB_FORMAT ? "--format" : kind == GLOB_ZONE ? "--zone" : "--tier";
}

/* Letters to change, add, drop or swap with their neighbour to come from `a` to `b` (optimal string alignment), for
 * words of up to 15 letters; 99 for longer ones. */
static unsigned distance(struct span a, struct span b)
{
	unsigned rows[16][16] = {{0}};
	if (a.len > 15 || b.len > 15)
		return 99;
	for (unsigned i = 0; i <= a.len; i++)
		for (unsigned k = 0; k <= b.len; k++) {
			if (!i || !k) {
				rows[i][k] = i + k;
				continue;
			}
			unsigned best = rows[i - 1][k - 1] + (a.at[i - 1] != b.at[k - 1]);
			if (rows[i - 1][k] + 1 < best)
				best = rows[i - 1][k] + 1;
			if (rows[i][k - 1] + 1 < best)
				best = rows[i][k - 1] + 1;
			if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1] &&
			    rows[i - 2][k - 2] + 1 < best)
				best = rows[i - 2][k - 2] + 1;
			rows[i][k] = best;
		}
	return rows[a.len][b.len];
}

static void hint_help(struct diag *d, enum verb verb)
{
	if (verb == VERB_NONE)
		diag_hint(d, "Try: onset --help");
	else
		diag_hint(d, "Try: onset %s --help", verbs[verb]);
}

static bool fail_unknown_option(struct diag *d, struct span name, enum verb verb)
{
	diag_set(d, "unknown option \"--%.*s\"", (int)name.len, name.at);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (distance(name, span_of(specs[i].name)) <= 2)
			diag_hint(d, "Did you mean --%s?", specs[i].name);
	hint_help(d, verb);
	return false;
}

static bool fail_unknown_verb(struct diag *d, struct span word)
{
	diag_set(d, "unknown verb \"%.*s\"", (int)word.len, word.at);
	for (enum verb v = VERB_DRAFT; v < VERB_COUNT; v++)
		if (distance(word, span_of(verbs[v])) <= 2)
			diag_hint(d, "Did you mean: onset %s?", verbs[v]);
	/* What looks like a path was most likely meant as one. */
	if (span_find_byte(word, '/') >= 0 || span_find_byte(word, '.') >= 0)
		diag_hint(d, "To draft a timeline from it: onset draft %.*s", (int)word.len, word.at);
	hint_help(d, VERB_NONE);
	return false;
}

static bool add_rule(struct options *o, enum glob_rule_kind kind, const char *text, const char *value_name,
		     struct diag *d)
{
	static const char *const examples[] = {[GLOB_FORMAT] = "pg*.log=postgresql:%m [%p] ",
					       [GLOB_ZONE] = "app*.log=Europe/Berlin",
					       [GLOB_TIER] = "app*.log=app"};
	struct span value = span_of(text);
	struct span glob = span_cut(&value, '=');
	if (!glob.len || !value.len || glob.at + glob.len == value.at) {
		const char *name = options_rule_name(kind);
		diag_set(d, "%s \"%s\": expected %s", name, text, value_name);
		diag_hint(d, "Such as: %s '%s'", name, examples[kind]);
		return false;
	}
	o->rules = memory_grow(o->rules, &o->rules_cap, o->rules_n + 1, sizeof *o->rules);
	o->rules[o->rules_n++] = (struct glob_rule){kind, glob, value, text};
	return true;
}

static bool set_jobs(struct options *o, const char *text, struct diag *d)
{
	int64_t n = 0;
	if (!span_to_int(span_of(text), &n) || n < 1 || n > OPTIONS_MOST_JOBS) {
		diag_set(d, "-j \"%s\": expected a number from 1 to %d", text, OPTIONS_MOST_JOBS);
		diag_hint(d, "It says how many files are read at once; without it one per processor.");
		return false;
	}
	o->jobs = (unsigned)n;
	return true;
}

static bool set_once(const char **where, const char *option, const char *text, struct diag *d)
{
	if (*where) {
		diag_set(d, "%s is given twice: \"%s\" and \"%s\"", option, *where, text);
		return false;
	}
	*where = text;
	return true;
}

/* The last colon parts them: a path may hold others. */
static bool set_explain(struct options *o, const char *text, struct diag *d)
{
	const char *colon = strrchr(text, ':');
	int64_t line = 0;
	if (o->explain.len) {
		diag_set(d, "--explain is given twice");
		return false;
	}
	if (!colon || colon == text || !span_to_int(span_of(colon + 1), &line) || line < 1) {
		diag_set(d, "--explain \"%s\": expected FILE:LINE, lines from 1", text);
		diag_hint(d, "Such as: --explain app.log.gz:4711");
		return false;
	}
	o->explain = (struct span){text, (size_t)(colon - text)};
	o->explain_line = (uint64_t)line;
	return true;
}

static bool take_option(struct options *o, enum option which, const char *value, struct diag *d)
{
	switch (which) {
	case OPTION_OUTPUT:
		return set_once(&o->output, "-o", value, d);
	case OPTION_SOURCE:
		return set_once(&o->source, "--source", value, d);
	case OPTION_JOBS:
		return set_jobs(o, value, d);
	case OPTION_FORMAT:
		return add_rule(o, GLOB_FORMAT, value, specs[which].value, d);
	case OPTION_ZONE:
		return add_rule(o, GLOB_ZONE, value, specs[which].value, d);
	case OPTION_TIER:
		return add_rule(o, GLOB_TIER, value, specs[which].value, d);
	case OPTION_PATTERNS:
		o->folders = memory_grow(o->folders, &o->folders_cap, o->folders_n + 1, sizeof *o->folders);
		o->folders[o->folders_n++] = value;
		return true;
	case OPTION_DIGEST:
		o->digest = true;
		return true;
	case OPTION_RECORDS:
		o->records = true;
		return true;
	case OPTION_EXPLAIN:
		return set_explain(o, value, d);
	case OPTION_HELP:
		o->help = true;
		return true;
	case OPTION_VERSION:
	case OPTION_COUNT:
		break;
	}
	o->version = true;
	return true;
}

/* The words of the command line, and how far they were read. */
struct words {
	int argc, at;
	char *const *argv;
};

/* The option's value: behind "=" or letter, else the next word. NULL with `d` when it has none. */
static const char *value_of(struct words *w, const char *attached, const struct option_spec *spec, const char *shown,
			    struct diag *d)
{
	const char *value = attached ? attached : w->at < w->argc ? w->argv[w->at++] : NULL;
	if (value && *value)
		return value;
	diag_set(d, "option \"%s\" needs %s %s", shown, strchr("AEIOU", spec->value[0]) ? "an" : "a", spec->value);
	return NULL;
}

/* `seen`: TAKES()-like set of the options that were given, for the check against the verb. */
static bool take_long(struct options *o, struct words *w, const char *word, unsigned *seen, struct diag *d)
{
	struct span name = span_of(word + 2);
	const char *equals = strchr(word, '=');
	if (equals)
		name.len = (size_t)(equals - name.at);
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *spec = &specs[i];
		if (!span_equal(name, span_of(spec->name)))
			continue;
		*seen |= 1u << i;
		if (!spec->value && equals) {
			diag_set(d, "option \"--%s\" takes no value", spec->name);
			return false;
		}
		char shown[24] = "--";
		strncat(shown, spec->name, sizeof shown - 3);
		const char *value = spec->value ? value_of(w, equals ? equals + 1 : NULL, spec, shown, d) : "";
		return value && take_option(o, i, value, d);
	}
	return fail_unknown_option(d, name, o->verb);
}

static bool take_letter(struct options *o, struct words *w, const char *word, unsigned *seen, struct diag *d)
{
	for (enum option i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *spec = &specs[i];
		if (!spec->letter || word[1] != spec->letter || (!spec->value && word[2]))
			continue;
		*seen |= 1u << i;
		char shown[3] = {'-', spec->letter, 0};
		const char *attached = word[2] == '=' ? word + 3 : word[2] ? word + 2 : NULL;
		const char *value = spec->value ? value_of(w, attached, spec, shown, d) : "";
		return value && take_option(o, i, value, d);
	}
	diag_set(d, "unknown option \"%s\"", word);
	hint_help(d, o->verb);
	return false;
}

static bool take_word(struct options *o, const char *word, struct diag *d)
{
	if (o->verb != VERB_NONE) {
		if (!*word) {
			diag_set(d, "a path is empty");
			diag_hint(d, "Perhaps a shell variable is not set.");
			return false;
		}
		o->paths = memory_grow(o->paths, &o->paths_cap, o->paths_n + 1, sizeof *o->paths);
		o->paths[o->paths_n++] = word;
		return true;
	}
	for (enum verb v = VERB_DRAFT; v < VERB_COUNT; v++)
		if (!strcmp(word, verbs[v]))
			o->verb = v;
	return o->verb != VERB_NONE || fail_unknown_verb(d, span_of(word));
}

/* Whether the parts fit together. Help and version are given whatever else is said. */
static bool check_whole(const struct options *o, unsigned seen, struct diag *d)
{
	if (o->help || o->version)
		return true;
	if (o->verb == VERB_NONE) {
		diag_set(d, "no verb given");
		diag_hint(d, "To draft a timeline: onset draft PATH...; all verbs: onset --help");
		return false;
	}
	for (enum option i = 0; i < OPTION_COUNT; i++)
		if (seen >> i & 1 && !(specs[i].verbs & TAKES(o->verb))) {
			diag_set(d, "\"%s\" takes no option \"--%s\"", verbs[o->verb], specs[i].name);
			hint_help(d, o->verb);
			return false;
		}
	if (!o->paths_n && o->verb != VERB_CHECK) {
		diag_set(d, "\"%s\" needs at least one log, folder or tally", verbs[o->verb]);
		diag_hint(d, "For standard input say: onset %s -", verbs[o->verb]);
		return false;
	}
	if (o->verb == VERB_CHECK && o->output && !o->records) {
		diag_set(d, "\"check\" takes -o only with --records");
		diag_hint(d, "What it says of each file goes to standard output.");
		return false;
	}
	if (o->explain.len && (o->paths_n || o->records)) {
		diag_set(d, "--explain takes one line of one file, and nothing else");
		diag_hint(d, "Such as: onset check --explain app.log.gz:4711");
		return false;
	}
	if (o->records && !o->paths_n) {
		diag_set(d, "--records needs at least one log or folder");
		diag_hint(d, "For standard input say: onset check --records -");
		return false;
	}
	if (o->verb == VERB_SCAN && !o->output) {
		diag_set(d, "\"scan\" needs -o FILE");
		diag_hint(d, "A tally is not text. To send it through a pipe say: -o -");
		return false;
	}
	return true;
}

bool options_parse(struct options *o, int argc, char *const *argv, struct diag *d)
{
	*o = (struct options){0};
	struct words w = {argc, 1, argv};
	unsigned seen = 0;
	bool ended = false;
	while (w.at < w.argc) {
		const char *word = w.argv[w.at++];
		bool fine;
		if (ended || word[0] != '-' || !word[1])
			fine = take_word(o, word, d);
		else if (!strcmp(word, "--"))
			fine = ended = true;
		else if (word[1] == '-')
			fine = take_long(o, &w, word, &seen, d);
		else
			fine = take_letter(o, &w, word, &seen, d);
		if (!fine)
			return false;
	}
	return check_whole(o, seen, d);
}

void options_release(struct options *o)
{
	memory_free(o->paths);
	memory_free(o->folders);
	memory_free(o->rules);
	*o = (struct options){0};
}

static const char *const help_texts[VERB_COUNT] = {
	[VERB_NONE] =
		"Usage: onset VERB [OPTION]... [PATH]...\n"
		"Turn the logs of an outage into a draft of its postmortem timeline.\n"
		"\n"
		"  onset draft PATH...         logs, folders, tallies > timeline (JSON)\n"
		"  onset scan PATH... -o FILE  logs, folders, tallies > one tally: small, to be\n"
		"                              drafted later or on another host\n"
		"  onset check [PATH...]       what each file was taken for; without paths: do\n"
		"                              the patterns pass their own samples\n"
		"  onset VERB --help           the options of a verb\n"
		"  onset --version             version, hash of the patterns, libraries\n"
		"\n"
		"PATH is a file, a folder (read with all below it) or - for standard input.\n"
		"gzip is known by its content, not by its name; so is the format of a log.\n"
		"\n"
		"Example: onset draft /var/log/nginx /var/log/postgresql -o timeline.json\n"
		"\n"
		"Exit status: 0 complete; 1 written but incomplete, standard error says why;\n"
		"2 nothing written; 64 wrong usage.\n",
	[VERB_DRAFT] =
		"Usage: onset draft [OPTION]... PATH...\n"
		"Read logs, folders and tallies; write the timeline of what happened as JSON.\n"
		"\n"
		"  -o, --output FILE       write FILE, whole or not at all; else standard output\n"
		"  -j, --jobs N            read N files at once; else one per processor\n"
		"  --format GLOB=FORMAT    the format of these files: a NAME that `onset check`\n"
		"                          prints, nginx:LOG_FORMAT or postgresql:LOG_LINE_PREFIX\n"
		"  --zone GLOB=ZONE        the zone of stamps without one: UTC, +02:00,\n"
		"                          Europe/Berlin; else the neighbours'\n"
		"  --tier GLOB=TIER        lb, web, app, pool or db; else that of the format\n"
		"  --source NAME           put NAME: before the name of each source, to tell\n"
		"                          hosts apart\n"
		"  --patterns DIR          use a folder of *.pattern and *.signal files too\n"
		"  --digest                a digest on standard error, as on a terminal\n"
		"\n"
		"GLOB matches the path, or only its last part when it has no /. The last rule\n"
		"that matches counts. The JSON is described in timeline.schema.json.\n"
		"\n"
		"Example: onset draft nginx/ app.log pg.gz --zone app.log=Europe/Rome -o t.json\n",
	[VERB_SCAN] =
		"Usage: onset scan [OPTION]... PATH... -o FILE\n"
		"Read logs, folders and tallies; write one tally: all that a draft needs.\n"
		"The tallies of several hosts give the same draft as all their logs would.\n"
		"\n"
		"  -o, --output FILE       write FILE, whole or not at all; - is standard output\n"
		"  -j, --jobs N            read N files at once; else one per processor\n"
		"  --format GLOB=FORMAT    the format of these files: a NAME that `onset check`\n"
		"                          prints, nginx:LOG_FORMAT or postgresql:LOG_LINE_PREFIX\n"
		"  --source NAME           put NAME: before the name of each source, to tell\n"
		"                          hosts apart\n"
		"  --patterns DIR          use a folder of *.pattern and *.signal files too\n"
		"\n"
		"GLOB matches the path, or only its last part when it has no /. The last rule\n"
		"that matches counts. A tally holds addresses and user names: only its owner\n"
		"may read it.\n"
		"\n"
		"Example: ssh web1 onset scan /var/log/nginx --source web1 -o - > web1.tally\n"
		"         onset draft *.tally -o timeline.json\n",
	[VERB_CHECK] =
		"Usage: onset check [OPTION]... [PATH]...\n"
		"Say for each log what it was taken for and how surely, its zone and time\n"
		"range, how many records it has, and show lines that did not parse.\n"
		"Without a path: check that the patterns take their own samples.\n"
		"\n"
		"  --records               print the records instead, a JSON object a line, in\n"
		"                          the order of paths and lines; secrets in free text\n"
		"                          (message, URL, SQL) are masked, names and ids are not\n"
		"  --explain FILE:LINE     say how far each format gets on this line, and which\n"
		"                          signals it is or nearly is\n"
		"  -o, --output FILE       write the records to FILE, whole or not at all\n"
		"  -j, --jobs N            read N files at once; else one per processor\n"
		"  --format GLOB=FORMAT    the format of these files: a NAME that `onset check`\n"
		"                          prints, nginx:LOG_FORMAT or postgresql:LOG_LINE_PREFIX\n"
		"  --source NAME           put NAME: before the name of each source\n"
		"  --patterns DIR          use a folder of *.pattern and *.signal files too\n"
		"\n"
		"GLOB matches the path, or only its last part when it has no /. The last rule\n"
		"that matches counts.\n"
		"\n"
		"Example: onset check /var/log/myapp --patterns my-patterns\n"
		"         onset check --explain app.log.gz:4711\n"
		"         onset check --records pg.log.gz | jq 'select(.signals != [])'\n",
};

const char *options_help(enum verb verb)
{
	return help_texts[verb];
}
