#include "unit.h"

#include "cmd/help.h"

enum { MOST_WORDS = 12 };

/* A command line as one string, words separated by '|'. */
struct line {
	char words[400];
	char *argv[MOST_WORDS + 1];
	int argc;
};

static void line_split(struct line *l, const char *text)
{
	*l = (struct line){.argc = 1};
	l->argv[0] = l->words;
	strcpy(l->words, "onset");
	char *at = l->words + 6;
	if (!*text)
		return;
	strcpy(at, text);
	l->argv[l->argc++] = at;
	for (; *at; at++)
		if (*at == '|') {
			*at = 0;
			l->argv[l->argc++] = at + 1;
		}
}

struct usage_case {
	const char *name, *line, *what, *hint;
};

static const struct usage_case wrong[] = {
	{"no verb", "", "no verb given", "onset --help"},
	{"a path without a verb", "app.log", "unknown verb \"app.log\"", "onset draft app.log"},
	{"a misspelt verb", "darft|a", "unknown verb \"darft\"", "onset draft"},
	{"a misspelt option", "draft|--fromat|a=b|x", "unknown option \"--fromat\"", "--format"},
	{"an option without a value", "draft|x|-o", "option \"-o\" needs a FILE", ""},
	{"an empty value", "draft|x|--output=", "option \"--output\" needs a FILE", ""},
	{"a rule without a value", "draft|x|--zone|app.log", "--zone \"app.log\": expected GLOB=ZONE",
	 "Such as: --zone "},
	{"a rule without a glob", "draft|x|--tier==db", "--tier \"=db\": expected GLOB=TIER", ""},
	{"no jobs", "draft|x|-j0", "-j \"0\": expected a number from 1 to 256", ""},
	{"too many jobs", "draft|x|-j|257", "-j \"257\"", ""},
	{"jobs that overflow", "draft|x|-j|99999999999999999999", "-j \"99", ""},
	{"an output twice", "draft|x|-o|a|-o|b", "-o is given twice: \"a\" and \"b\"", ""},
	{"an option of another verb", "scan|x|-o|y|--zone|*=UTC", "\"scan\" takes no option \"--zone\"",
	 "onset scan --help"},
	{"a value for an option that takes none", "draft|--help=yes", "option \"--help\" takes no value", ""},
	{"an unknown letter", "draft|-x|a", "unknown option \"-x\"", "onset draft --help"},
	{"letters in one", "draft|-hV", "unknown option \"-hV\"", ""},
	{"a draft of nothing", "draft", "\"draft\" needs at least one log, folder or tally", "onset draft -"},
	{"a scan of nothing", "scan|-o|y", "\"scan\" needs at least one", ""},
	{"a scan to nowhere", "scan|x", "\"scan\" needs -o FILE", "-o -"},
	{"records of nothing", "check|--records", "--records needs at least one log", "onset check --records -"},
	{"an unmasked check", "check|x|--no-mask", "--no-mask belongs to --records", "onset check --help"},
	{"records of a draft", "draft|--records|x", "\"draft\" takes no option \"--records\"", "onset draft --help"},
	{"an output of a check", "check|x|-o|y", "\"check\" takes -o only with --records", "standard output"},
	{"a line to explain without a number", "check|--explain|a.log", "--explain \"a.log\": expected FILE:LINE",
	 "--explain app.log.gz:4711"},
	{"a line to explain before the first", "check|--explain|a.log:0", "expected FILE:LINE, lines from 1", ""},
	{"a line to explain of no file", "check|--explain|:3", "expected FILE:LINE", ""},
	{"a number that overflows", "check|--explain|a:99999999999999999999", "expected FILE:LINE", ""},
	{"two lines to explain", "check|--explain|a:1|--explain|b:2", "--explain is given twice", ""},
	{"a line to explain and a path", "check|--explain|a:1|b", "--explain takes one line of one file", ""},
	{"two ways with options files", "draft|x|--config|a|--no-config", "--config and --no-config", "instead"},
	{"a source without a name", "draft|x|--source|web1/*=", "--source \"web1/*=\": expected [GLOB=]NAME", "Such as: "},
	{"two beginnings", "draft|x|--since|a|--since|b", "--since is given twice: \"a\" and \"b\"", ""},
	{"a window for a scan", "scan|x|-o|y|--since|a", "\"scan\" takes no option \"--since\"", ""},
	{"an empty path", "draft||x", "a path is empty", "variable"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct line l;
		struct options o;
		struct diag d = {0};
		line_split(&l, wrong[i].line);
		FACT(!options_parse(&o, l.argc, l.argv, &d), wrong[i].name);
		FACT(strstr(d.what, wrong[i].what), wrong[i].name);
		FACT(!*wrong[i].hint || strstr(d.hint, wrong[i].hint), wrong[i].name);
		options_release(&o);
	}
}

static bool parse(struct line *l, struct options *o, const char *text)
{
	struct diag d = {0};
	line_split(l, text);
	return options_parse(o, l->argc, l->argv, &d);
}

static void test_right(void)
{
	struct line l;
	struct options o;
	FACT(parse(&l, &o, "draft|a|-o|out|b") && o.paths_n == 2 && !strcmp(o.paths[1], "b") &&
		     !strcmp(o.output.text, "out"),
	     "options stand between paths");
	options_release(&o);
	FACT(parse(&l, &o, "-j2|draft|a") && o.verb == VERB_DRAFT && o.jobs == 2, "options stand before the verb");
	options_release(&o);
	FACT(parse(&l, &o, "draft|--jobs=3|a") && o.jobs == 3, "a value stands behind =");
	options_release(&o);
	FACT(parse(&l, &o, "draft|-j=4|-oout|a") && o.jobs == 4 && !strcmp(o.output.text, "out"),
	     "a value stands behind its letter");
	options_release(&o);
	FACT(parse(&l, &o, "draft|-") && o.paths_n == 1 && !strcmp(o.paths[0], "-"), "- is a path");
	options_release(&o);
	FACT(parse(&l, &o, "scan|--|-o|--help") == false, "-- ends options: the scan has no output");
	options_release(&o);
	FACT(parse(&l, &o, "draft|--|--help|-") && !o.help && o.paths_n == 2, "-- ends options: the rest are paths");
	options_release(&o);
	FACT(parse(&l, &o, "check") && o.verb == VERB_CHECK && !o.paths_n, "check needs no path");
	options_release(&o);
	FACT(parse(&l, &o, "scan|a|-o|-") && !strcmp(o.output.text, "-"),
	     "a tally may go to standard output when it is said");
	options_release(&o);
	FACT(parse(&l, &o, "draft|--help") && o.help && o.verb == VERB_DRAFT, "help needs no path");
	options_release(&o);
	FACT(parse(&l, &o, "--version") && o.version, "version needs no verb");
	options_release(&o);
	FACT(parse(&l, &o, "draft|a|--format|*.log=nginx:$remote_addr rt=$request_time") && o.rules_n == 1 &&
		     span_equal(o.rules[0].glob, SPAN("*.log")) &&
		     span_equal(o.rules[0].value, SPAN("nginx:$remote_addr rt=$request_time")),
	     "a rule is cut at the first =");
	options_release(&o);
	FACT(parse(&l, &o, "draft|a|--zone|a=UTC|--tier|b=db|--zone|c=Z") && o.rules_n == 3 &&
		     o.rules[1].kind == GLOB_TIER && !strcmp(o.rules[2].from.text, "c=Z"),
	     "rules keep their order");
	options_release(&o);
	FACT(parse(&l, &o, "draft|a|--patterns|p|--patterns|q|--source|web1") && o.folders.n == 2 &&
		     o.rules_n == 1 && o.rules[0].kind == GLOB_SOURCE && span_equal(o.rules[0].value, SPAN("web1")) &&
		     options_rule_matches(&o.rules[0], "any/path"),
	     "folders of patterns add up");
	options_release(&o);
}

/* The same options from elsewhere. */
static void test_set(void)
{
	struct options o = {0};
	struct diag d = {0};
	bool unknown = true;
	FACT(options_set(&o, SPAN("zone"), (struct option_value){.text = "a=UTC"}, &unknown, &d) && !unknown && o.rules_n == 1,
	     "an option by its name");
	FACT(options_set(&o, SPAN("source"), (struct option_value){.text = "b/*=web1"}, &unknown, &d) &&
		     options_rule_for(&o, GLOB_SOURCE, "b/x.log") && !options_rule_for(&o, GLOB_SOURCE, "c/x.log") &&
		     !options_rule_for(&o, GLOB_TIER, "b/x.log"),
	     "a source of some files");
	FACT(!options_set(&o, SPAN("zoen"), (struct option_value){.text = "a=UTC"}, &unknown, &d) && unknown &&
		     strstr(d.what, "unknown option \"zoen\"") && !strcmp(d.hint, "Did you mean zone?"),
	     "a misspelt one");
	d = (struct diag){0};
	FACT(!options_set(&o, SPAN("output"), (struct option_value){.text = "x"}, &unknown, &d) && unknown &&
		     strstr(d.hint, "command line"),
	     "one that says nothing of logs");
	d = (struct diag){0};
	FACT(!options_set(&o, SPAN("colour"), (struct option_value){.text = "x"}, &unknown, &d) &&
		     strstr(d.hint, "One of jobs, format,"),
	     "one that is like none");
	options_release(&o);
	struct line l;
	FACT(parse(&l, &o, "draft|a|--zone|b=UTC|-j2|--digest|--no-config") && o.given_n == 3 &&
		     !strcmp(o.given[0].name, "zone") && !strcmp(o.given[0].value, "b=UTC") && o.no_config,
	     "what is passed on is noted");
	options_release(&o);
}

static void test_help(void)
{
	for (enum verb v = VERB_NONE; v < VERB_COUNT; v++) {
		struct span rest = span_of(help_text(v));
		size_t lines = 0, widest = 0;
		while (rest.len) {
			struct span line = span_cut(&rest, '\n');
			widest = line.len > widest ? line.len : widest;
			lines++;
		}
		/* The last of the 24 lines is for the prompt. */
		FACT(lines <= 23, "a help text fits a screen of 24 lines");
		FACT(widest <= 80, "a help text fits 80 columns");
		printf("%s", widest > 80 || lines > 23 ? help_text(v) : "");
	}
}

int main(void)
{
	test_wrong();
	test_right();
	test_set();
	test_help();
	return unit_done();
}
