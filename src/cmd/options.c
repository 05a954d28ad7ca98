#include "cmd/options.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "redact/redact.h"

enum option {
	OPTION_OUTPUT,
	OPTION_JOBS,
	OPTION_FORMAT,
	OPTION_PATTERNS,
	OPTION_ZONE,
	OPTION_YEAR,
	OPTION_TIER,
	OPTION_SOURCE,
	OPTION_NGINX_CONF,
	OPTION_POSTGRESQL_CONF,
	OPTION_EVENTS,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_AROUND,
	OPTION_MARGIN,
	OPTION_TOPOLOGY,
	OPTION_REDACT,
	OPTION_NO_REDACT,
	OPTION_CONFIG,
	OPTION_NO_CONFIG,
	OPTION_DIGEST,
	OPTION_RECORDS,
	OPTION_NO_MASK,
	OPTION_EXPLAIN,
	OPTION_FORM,
	OPTION_TEMPLATE,
	OPTION_DISPLAY_ZONE,
	OPTION_KEEP,
	OPTION_LOGS,
	OPTION_SHOW,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT
};

_Static_assert(OPTION_COUNT <= 32, "the options that were seen are bits of an unsigned");
#define TAKES(verb) (1u << (verb))
#define TAKES_ALL (TAKES(VERB_NONE) | TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK) | TAKES(VERB_REPORT) | TAKES(VERB_VERIFY))

#define TAKES_READING (TAKES(VERB_DRAFT) | TAKES(VERB_SCAN) | TAKES(VERB_CHECK))

struct option_spec {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what stands for its value in help; NULL: takes none */
	unsigned verbs;    /* TAKES() of the verbs that know it */
	bool settable;     /* says what logs are, or how to read them: may stand in an options file */
};

static const struct option_spec specs[OPTION_COUNT] = {
	[OPTION_OUTPUT] = {"output", 'o', "FILE", TAKES_READING | TAKES(VERB_REPORT), false},
	[OPTION_JOBS] = {"jobs", 'j', "N", TAKES_READING | TAKES(VERB_VERIFY), true},
	[OPTION_FORMAT] = {"format", 0, "GLOB=FORMAT", TAKES_READING, true},
	[OPTION_PATTERNS] = {"patterns", 0, "DIR", TAKES_READING | TAKES(VERB_VERIFY), true},
	[OPTION_ZONE] = {"zone", 0, "GLOB=ZONE", TAKES(VERB_DRAFT) | TAKES(VERB_CHECK), true},
	[OPTION_YEAR] = {"year", 0, "[GLOB=]YYYY", TAKES(VERB_DRAFT) | TAKES(VERB_CHECK), true},
	[OPTION_TIER] = {"tier", 0, "GLOB=TIER", TAKES(VERB_DRAFT), true},
	[OPTION_SOURCE] = {"source", 0, "[GLOB=]NAME", TAKES_READING, true},
	[OPTION_NGINX_CONF] = {"nginx-conf", 0, "FILE", TAKES_READING, true},
	[OPTION_POSTGRESQL_CONF] = {"postgresql-conf", 0, "[GLOB=]FILE", TAKES_READING, true},
	[OPTION_EVENTS] = {"events", 0, "FILE", TAKES(VERB_DRAFT), true},
	[OPTION_SINCE] = {"since", 0, "TIME", TAKES(VERB_DRAFT), true},
	[OPTION_UNTIL] = {"until", 0, "TIME", TAKES(VERB_DRAFT), true},
	[OPTION_AROUND] = {"around", 0, "TIME", TAKES(VERB_DRAFT), true},
	[OPTION_MARGIN] = {"margin", 0, "DURATION", TAKES(VERB_DRAFT), true},
	[OPTION_TOPOLOGY] = {"topology", 0, "CHAIN", TAKES(VERB_DRAFT), true},
	[OPTION_REDACT] = {"redact", 0, "KIND,...", TAKES(VERB_DRAFT) | TAKES(VERB_REPORT), true},
	[OPTION_NO_REDACT] = {"no-redact", 0, NULL, TAKES(VERB_DRAFT) | TAKES(VERB_REPORT), false},
	[OPTION_CONFIG] = {"config", 0, "FILE", TAKES_READING, false},
	[OPTION_NO_CONFIG] = {"no-config", 0, NULL, TAKES_READING, false},
	[OPTION_DIGEST] = {"digest", 0, NULL, TAKES(VERB_DRAFT), false},
	[OPTION_RECORDS] = {"records", 0, NULL, TAKES(VERB_CHECK), false},
	[OPTION_NO_MASK] = {"no-mask", 0, NULL, TAKES(VERB_CHECK), false},
	[OPTION_EXPLAIN] = {"explain", 0, "FILE:LINE", TAKES(VERB_CHECK), false},
	[OPTION_FORM] = {"form", 'f', "html|markdown", TAKES(VERB_REPORT), false},
	[OPTION_TEMPLATE] = {"template", 0, "NAME", TAKES(VERB_REPORT), false},
	[OPTION_DISPLAY_ZONE] = {"display-zone", 0, "ZONE", TAKES(VERB_REPORT), false},
	[OPTION_KEEP] = {"keep", 0, "FILE", TAKES(VERB_REPORT), false},
	[OPTION_LOGS] = {"logs", 0, "PATH", TAKES(VERB_VERIFY), false},
	[OPTION_SHOW] = {"show", 0, "ID", TAKES(VERB_VERIFY), false},
	[OPTION_HELP] = {"help", 'h', NULL, TAKES_ALL, false},
	[OPTION_VERSION] = {"version", 'V', NULL, TAKES_ALL, false},
};

static const char *const verbs[VERB_COUNT] = {
	[VERB_NONE] = "", [VERB_DRAFT] = "draft", [VERB_SCAN] = "scan", [VERB_CHECK] = "check", [VERB_REPORT] = "report", [VERB_VERIFY] = "verify"};

const char *options_rule_name(enum glob_rule_kind kind)
{
	static const char *const names[GLOB_KINDS] = {[GLOB_FORMAT] = "--format",
						      [GLOB_ZONE] = "--zone",
						      [GLOB_YEAR] = "--year",
						      [GLOB_TIER] = "--tier",
						      [GLOB_SOURCE] = "--source",
						      [GLOB_POSTGRESQL_CONF] = "--postgresql-conf"};
	return names[kind];
}

bool options_rule_matches(const struct glob_rule *rule, const char *path)
{
	return !rule->glob.len || glob_match(rule->glob, span_of(path));
}

const struct glob_rule *options_rule_for(const struct options *o, enum glob_rule_kind kind, const char *path)
{
	for (size_t i = o->rules_n; i > 0; i--)
		if (o->rules[i - 1].kind == kind && options_rule_matches(&o->rules[i - 1], path))
			return &o->rules[i - 1];
	return NULL;
}

void options_fail(const struct option_value *value, size_t column, struct diag *d, const char *what, const char *hint)
{
	if (value->file) {
		pattern_error(value->file, value->entry, column, d, what, hint);
		return;
	}
	diag_set(d, "%s", what);
	if (hint && *hint)
		diag_hint(d, "%s", hint);
}

static void hint_help(struct diag *d, enum verb verb)
{
	if (verb == VERB_NONE)
		diag_hint(d, "Try: onset --help");
	else
		diag_hint(d, "Try: onset %s --help", verbs[verb]);
}

/* The name nearest to one that is none; empty: none is near. */
static struct span nearest_option(struct span name, bool settable)
{
	struct nearest n = nearest_to(name);
	for (enum option i = 0; i < OPTION_COUNT; i++)
		if (!settable || specs[i].settable)
			nearest_try(&n, span_of(specs[i].name));
	return n.best;
}

static bool fail_unknown_option(struct diag *d, struct span name, enum verb verb)
{
	diag_set(d, "unknown option \"--%.*s\"", (int)name.len, name.at);
	struct span near = nearest_option(name, false);
	if (near.len)
		diag_hint(d, "Did you mean --%.*s?", (int)near.len, near.at);
	hint_help(d, verb);
	return false;
}

static bool fail_unknown_verb(struct diag *d, struct span word)
{
	diag_set(d, "unknown verb \"%.*s\"", (int)word.len, word.at);
	struct nearest n = nearest_to(word);
	for (enum verb v = VERB_DRAFT; v < VERB_COUNT; v++)
		nearest_try(&n, span_of(verbs[v]));
	if (n.best.len)
		diag_hint(d, "Did you mean: onset %.*s?", (int)n.best.len, n.best.at);
	/* What looks like a path was most likely meant as one. */
	if (span_find_byte(word, '/') >= 0 || span_find_byte(word, '.') >= 0)
		diag_hint(d, "To draft a timeline from it: onset draft %.*s", (int)word.len, word.at);
	hint_help(d, VERB_NONE);
	return false;
}

/* "--zone", or "zone" where an options file is read. */
static const char *shown_name(enum option which, const struct option_value *value, char shown[static 24])
{
	shown[0] = 0;
	strncat(shown, value->file ? "" : "--", 23);
	strncat(shown, specs[which].name, 23 - strlen(shown));
	return shown;
}

static bool add_rule(struct options *o, enum option which, enum glob_rule_kind kind, struct option_value from,
		     struct diag *d)
{
	static const char *const examples[GLOB_KINDS] = {[GLOB_FORMAT] = "pg*.log=postgresql:%m [%p] ",
							 [GLOB_ZONE] = "app*.log=Europe/Berlin",
							 [GLOB_YEAR] = "messages*=2026",
							 [GLOB_TIER] = "app*.log=app",
							 [GLOB_SOURCE] = "web1/*=web1",
							 [GLOB_POSTGRESQL_CONF] = "pg*.log=postgresql.conf"};
	bool needs_glob = kind != GLOB_SOURCE && kind != GLOB_POSTGRESQL_CONF && kind != GLOB_YEAR;
	struct span value = span_of(from.text), glob = SPAN_NONE;
	bool parted = span_find_byte(value, '=') >= 0;
	if (parted)
		glob = span_cut(&value, '=');
	if (!value.len || (parted ? !glob.len : needs_glob)) {
		char name[24], hint[120];
		struct text what = {0};
		text_format(&what, "%s \"%s\": expected %s", shown_name(which, &from, name), from.text, specs[which].value);
		snprintf(hint, sizeof hint, from.file ? "Such as: %s = %s" : "Such as: %s '%s'", name, examples[kind]);
		options_fail(&from, 0, d, what.at, hint);
		text_release(&what);
		return false;
	}
	o->rules = memory_grow(o->rules, &o->rules_cap, o->rules_n + 1, sizeof *o->rules);
	o->rules[o->rules_n++] = (struct glob_rule){kind, glob, value, from};
	return true;
}

static void add_value(struct option_list *list, struct option_value value)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = value;
}

/* Said twice the same is said once: the options files of two folders may agree. */
static bool set_once(struct option_value *where, enum option which, struct option_value value, struct diag *d)
{
	if (where->text && (!value.file || strcmp(where->text, value.text))) {
		char name[24];
		struct text what = {0};
		shown_name(which, &value, name);
		text_format(&what, "%s is given twice: \"%s\" and \"%s\"",
			    specs[which].letter && !value.file ? (char[]){'-', specs[which].letter, 0} : name, where->text,
			    value.text);
		options_fail(&value, 0, d, what.at, NULL);
		text_release(&what);
		return false;
	}
	*where = value;
	return true;
}

static bool set_jobs(struct options *o, struct option_value value, struct diag *d)
{
	int64_t n = 0;
	if (!span_to_int(span_of(value.text), &n) || n < 1 || n > OPTIONS_MOST_JOBS) {
		struct text what = {0};
		text_format(&what, "%s \"%s\": expected a number from 1 to %d", value.file ? "jobs" : "-j", value.text,
			    OPTIONS_MOST_JOBS);
		options_fail(&value, 0, d, what.at,
			     "It says how many files are read at once; without it one per processor.");
		text_release(&what);
		return false;
	}
	if (value.file && !set_once(&o->jobs_given, OPTION_JOBS, value, d))
		return false;
	o->jobs_given = value;
	o->jobs = (unsigned)n;
	return true;
}

#define REDACT_ALL_WORD "all"
#define REDACT_NONE_WORD "none"

/* 0 with `*wrong`: what is no kind; else bits, of which "none" has none. */
static bool read_redact(const char *text, unsigned *kinds, struct span *wrong)
{
	*kinds = !strcmp(text, REDACT_ALL_WORD) ? REDACT_ALL : 0;
	return *kinds || !strcmp(text, REDACT_NONE_WORD) || redact_read_kinds(span_of(text), kinds, wrong);
}

static bool set_redact(struct options *o, enum option which, struct option_value value, struct diag *d)
{
	unsigned kinds;
	struct span wrong;
	if (read_redact(value.text, &kinds, &wrong))
		return set_once(&o->redact, which, value, d);
	char name[24];
	struct text what = {0}, hint = {0};
	text_format(&what, "%s \"%s\": there is no kind \"%.*s\"", shown_name(which, &value, name), value.text, (int)wrong.len, wrong.at);
	text_append_string(&hint, REDACT_ALL_WORD ", " REDACT_NONE_WORD " or some of ");
	for (enum redact_kind k = 0; k < REDACT_KIND_COUNT; k++)
		text_format(&hint, k ? ", %s" : "%s", redact_kind_name(k));
	text_append_byte(&hint, '.');
	options_fail(&value, 0, d, what.at, hint.at);
	text_release(&what);
	text_release(&hint);
	return false;
}

unsigned options_redacts(const struct options *o)
{
	unsigned kinds = REDACT_ALL;
	struct span wrong;
	if (o->redact.text)
		read_redact(o->redact.text, &kinds, &wrong);
	return kinds;
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

static bool take_option(struct options *o, enum option which, struct option_value value, struct diag *d)
{
	switch (which) {
	case OPTION_OUTPUT:
		return set_once(&o->output, which, value, d);
	case OPTION_SOURCE:
		return add_rule(o, which, GLOB_SOURCE, value, d);
	case OPTION_JOBS:
		return set_jobs(o, value, d);
	case OPTION_FORMAT:
		return add_rule(o, which, GLOB_FORMAT, value, d);
	case OPTION_ZONE:
		return add_rule(o, which, GLOB_ZONE, value, d);
	case OPTION_YEAR:
		return add_rule(o, which, GLOB_YEAR, value, d);
	case OPTION_TIER:
		return add_rule(o, which, GLOB_TIER, value, d);
	case OPTION_POSTGRESQL_CONF:
		return add_rule(o, which, GLOB_POSTGRESQL_CONF, value, d);
	case OPTION_PATTERNS:
		add_value(&o->folders, value);
		return true;
	case OPTION_NGINX_CONF:
		add_value(&o->nginx_confs, value);
		return true;
	case OPTION_EVENTS:
		add_value(&o->events, value);
		return true;
	case OPTION_SINCE:
		return set_once(&o->since, which, value, d);
	case OPTION_UNTIL:
		return set_once(&o->until, which, value, d);
	case OPTION_AROUND:
		return set_once(&o->around, which, value, d);
	case OPTION_MARGIN:
		return set_once(&o->margin, which, value, d);
	case OPTION_TOPOLOGY:
		return set_once(&o->topology, which, value, d);
	case OPTION_REDACT:
		return set_redact(o, which, value, d);
	case OPTION_NO_REDACT:
		return set_once(&o->redact, which, (struct option_value){.text = REDACT_NONE_WORD}, d);
	case OPTION_CONFIG:
		return set_once(&o->config, which, value, d);
	case OPTION_NO_CONFIG:
		o->no_config = true;
		return true;
	case OPTION_DIGEST:
		o->digest = true;
		return true;
	case OPTION_RECORDS:
		o->records = true;
		return true;
	case OPTION_NO_MASK:
		o->no_mask = true;
		return true;
	case OPTION_FORM:
		return set_once(&o->form, which, value, d);
	case OPTION_TEMPLATE:
		return set_once(&o->template, which, value, d);
	case OPTION_DISPLAY_ZONE:
		return set_once(&o->display_zone, which, value, d);
	case OPTION_KEEP:
		return set_once(&o->keep, which, value, d);
	case OPTION_LOGS:
		add_value(&o->logs, value);
		return true;
	case OPTION_SHOW:
		return set_once(&o->show, which, value, d);
	case OPTION_EXPLAIN:
		return set_explain(o, value.text, d);
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

bool options_set(struct options *o, struct span name, struct option_value value, bool *unknown, struct diag *d)
{
	*unknown = false;
	for (enum option i = 0; i < OPTION_COUNT; i++)
		if (specs[i].settable && span_equal(name, span_of(specs[i].name))) {
			if (*value.text)
				return take_option(o, i, value, d);
			options_fail(&value, 0, d, "this option has no value", NULL);
			return false;
		}
	*unknown = true;
	struct text what = {0}, hint = {0};
	text_format(&what, "unknown option \"%.*s\"", (int)(name.len < 60 ? name.len : 60), name.at);
	struct span near = nearest_option(name, true);
	if (span_equal(nearest_option(name, false), name))
		text_append_string(&hint, "This one is for the command line.");
	else if (near.len)
		text_format(&hint, "Did you mean %.*s?", (int)near.len, near.at);
	else {
		text_append_string(&hint, "One of");
		for (enum option i = 0; i < OPTION_COUNT; i++)
			if (specs[i].settable)
				text_format(&hint, "%s %s", hint.len > 6 ? "," : "", specs[i].name);
		text_append_byte(&hint, '.');
	}
	if (value.file)
		pattern_key_error(value.file, value.entry, 0, d, what.at, hint.at);
	else
		options_fail(&value, 0, d, what.at, hint.at);
	text_release(&what);
	text_release(&hint);
	return false;
}

bool options_add_path(struct options *o, const char *path, struct diag *d)
{
	if (!*path) {
		diag_set(d, "a path is empty");
		diag_hint(d, "Perhaps a shell variable is not set.");
		return false;
	}
	o->paths = memory_grow(o->paths, &o->paths_cap, o->paths_n + 1, sizeof *o->paths);
	o->paths[o->paths_n++] = path;
	return true;
}

const char *options_keep(struct options *o, struct span text)
{
	o->kept = memory_grow(o->kept, &o->kept_cap, o->kept_n + 1, sizeof *o->kept);
	return o->kept[o->kept_n++] = span_copy(text);
}

void options_use(struct options *o, const char *path)
{
	o->used = memory_grow(o->used, &o->used_cap, o->used_n + 1, sizeof *o->used);
	o->used[o->used_n++] = span_copy(span_of(path));
}

/* An option of the command line, and a note of it for who passes it on. */
static bool take_given(struct options *o, enum option which, const char *value, struct diag *d)
{
	if (!take_option(o, which, (struct option_value){.text = value}, d))
		return false;
	if (!specs[which].settable && which != OPTION_OUTPUT && which != OPTION_CONFIG && which != OPTION_NO_CONFIG &&
	    which != OPTION_NO_REDACT)
		return true;
	o->given = memory_grow(o->given, &o->given_cap, o->given_n + 1, sizeof *o->given);
	o->given[o->given_n++] = (struct option_given){specs[which].name, value};
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
		return value && take_given(o, i, value, d);
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
		return value && take_given(o, i, value, d);
	}
	diag_set(d, "unknown option \"%s\"", word);
	hint_help(d, o->verb);
	return false;
}

static bool take_word(struct options *o, const char *word, struct diag *d)
{
	/* A shell makes many words of --logs 'app*'. */
	if (o->verb == VERB_VERIFY && o->paths_n && o->logs.n && *word) {
		add_value(&o->logs, (struct option_value){.text = word});
		return true;
	}
	if (o->verb != VERB_NONE)
		return options_add_path(o, word, d);
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
	if (o->config.text && o->no_config) {
		diag_set(d, "--config and --no-config do not go together");
		diag_hint(d, "--config FILE is read instead of the onset.conf beside the logs.");
		return false;
	}
	if (o->verb == VERB_REPORT && o->paths_n != 1) {
		diag_set(d, o->paths_n ? "\"report\" takes one file" : "\"report\" needs the JSON of a draft");
		diag_hint(d, "To make one: onset draft PATH... -o timeline.json");
		return false;
	}
	if (o->verb == VERB_VERIFY && o->paths_n != 1) {
		diag_set(d, o->paths_n ? "\"verify\" takes one draft; its logs come behind --logs" : "\"verify\" needs the JSON of a draft");
		diag_hint(d, "Such as: onset verify timeline.json --logs /var/log/nginx app.log.1.gz");
		return false;
	}
	if (!o->paths_n && o->verb != VERB_CHECK) {
		diag_set(d, "\"%s\" needs at least one log, folder or tally", verbs[o->verb]);
		diag_hint(d, "For standard input say: onset %s -", verbs[o->verb]);
		return false;
	}
	if (o->verb == VERB_CHECK && o->output.text && !o->records) {
		diag_set(d, "\"check\" takes -o only with --records");
		diag_hint(d, "What it says of each file goes to standard output.");
		return false;
	}
	if (o->no_mask && !o->records) {
		diag_set(d, "--no-mask belongs to --records");
		hint_help(d, o->verb);
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
	if (o->verb == VERB_SCAN && !o->output.text) {
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
	for (size_t i = 0; i < o->kept_n; i++)
		memory_free(o->kept[i]);
	for (size_t i = 0; i < o->used_n; i++)
		memory_free(o->used[i]);
	for (size_t i = 0; i < o->files_n; i++) {
		pattern_file_release(o->files[i]);
		memory_free(o->files[i]);
	}
	memory_free(o->kept);
	memory_free(o->used);
	memory_free(o->files);
	memory_free(o->paths);
	memory_free(o->rules);
	memory_free(o->folders.items);
	memory_free(o->events.items);
	memory_free(o->nginx_confs.items);
	memory_free(o->logs.items);
	memory_free(o->given);
	*o = (struct options){0};
}
