#include "cmd/optionfile.h"

#include "folder.h"
#include "unit.h"

static struct diag_list trouble;

/* The options of a run on up to three paths, with what was found beside them. */
static bool apply(struct options *o, const char *a, const char *b, const char *c)
{
	const char *const paths[] = {a, b, c};
	struct diag d = {0};
	diag_release(&trouble);
	for (size_t i = 0; i < 3 && paths[i]; i++)
		options_add_path(o, paths[i], &d);
	return optionfile_apply(o, &trouble, &d);
}

/* The texts of all rules, in their order. */
static void rules_are(struct options *o, const char *wanted, const char *name)
{
	struct text t = {0};
	for (size_t i = 0; i < o->rules_n; i++)
		text_format(&t, "%s%s", i ? " " : "", o->rules[i].from.text);
	TEXT_IS(t.at, wanted, name);
	text_release(&t);
	options_release(o);
	*o = (struct options){0};
}

static void globs(void)
{
	struct options o = {0};
	folder_write("logs/onset.conf", SPAN("tier = *.log=app\ntier = deep/x=db\nsource = s\n"));
	folder_write("logs/deep/x", SPAN("x"));
	folder_write("other/y.log", SPAN("y"));
	folder_write("od[d*/onset.conf", SPAN("tier = a/*.log=app\n"));
	folder_write("z.log", SPAN("z"));
	FACT(apply(&o, "logs", NULL, NULL) && trouble.n == 1 && trouble.items[0].level == DIAG_NOTICE, "what is found is said");
	FACT(o.used_n == 1 && !strcmp(o.used[0], "logs/onset.conf"), "and is no log");
	rules_are(&o, "*.log=app logs/deep/x=db s", "alone: as on the command line; with a slash: relative to the folder");
	FACT(apply(&o, "logs/deep", NULL, NULL) && !trouble.n, "only the folder that is given is looked into, not the one above");
	rules_are(&o, "", "then there are none");
	apply(&o, "logs/onset.conf", NULL, NULL);
	rules_are(&o, "*.log=app logs/deep/x=db s", "beside a file: those of its folder");
	apply(&o, "logs/", "logs", "./logs/deep");
	rules_are(&o, "*.log=app logs/deep/x=db s", "a folder is looked into once, and all of this lies below it");
	apply(&o, "logs", "other", NULL);
	rules_are(&o, "logs/**/*.log=app logs/deep/x=db logs/**/*=s", "beside others: of what is below the folder only");
	apply(&o, "od[d*", NULL, NULL);
	rules_are(&o, "od[[]d[*]/a/*.log=app", "a folder's name is no glob");
	folder_write("onset.conf", SPAN("tier = *.log=web\n"));
	apply(&o, "z.log", "/nowhere/a.log", NULL);
	rules_are(&o, "./**/*.log=web", "of the working folder");
	apply(&o, "z.log", "logs/deep/x", NULL);
	rules_are(&o, "*.log=web", "all of this lies below it");
	apply(&o, "-", NULL, NULL);
	rules_are(&o, "", "nothing lies beside standard input");
	unlink("onset.conf");
}

static void merged(void)
{
	struct options o = {0};
	struct diag d = {0};
	bool unknown;
	folder_write("m/onset.conf", SPAN("tier = a=app\nsince = 2026-11-22\nmargin = 5m\njobs = 3\npatterns = p\nevents = e\n"));
	struct option_value tier = {.text = "a=db"}, since = {.text = "2026-11-23"}, patterns = {.text = "q"};
	options_set(&o, SPAN("tier"), tier, &unknown, &d);
	options_set(&o, SPAN("since"), since, &unknown, &d);
	options_set(&o, SPAN("patterns"), patterns, &unknown, &d);
	FACT(apply(&o, "m", NULL, NULL), "two sources of options");
	FACT(!strcmp(o.since.text, "2026-11-23") && !o.margin.text && o.jobs == 3, "the window of the command line is all of it");
	FACT(o.folders.n == 2 && !strcmp(o.folders.items[0].text, "m/p") && !strcmp(o.folders.items[1].text, "q"),
	     "folders of patterns: the command line's come later, and win");
	FACT(o.events.n == 1 && !strcmp(o.events.items[0].text, "m/e") && o.events.items[0].within &&
		     !strcmp(o.events.items[0].within, "m/"),
	     "files are named from the folder, which they must not leave");
	rules_are(&o, "a=app a=db", "the command line's rules stand last, and win");
	o.config.text = "m/onset.conf";
	apply(&o, "logs", NULL, NULL);
	FACT(o.used_n == 2 && !trouble.n && o.events.n == 1 && !o.events.items[0].within,
	     "a stated file is read instead of a found one, which still is no log; it may name what it likes");
	rules_are(&o, "a=app", "its rules");
	o.no_config = true;
	apply(&o, "logs", NULL, NULL);
	FACT(o.used_n == 1 && !trouble.n, "no file at all");
	rules_are(&o, "", "no rules");
	folder_write("n/onset.conf", SPAN("jobs = 3\nsince = 2026-11-22\n"));
	FACT(apply(&o, "m", "n", NULL), "two files that agree");
	options_release(&o);
	folder_write("n/onset.conf", SPAN("since = 2026-11-21\n"));
	o = (struct options){0};
	FACT(!apply(&o, "m", "n", NULL), "two that do not");
	options_release(&o);
}

int main(void)
{
	folder_enter();
	globs();
	merged();
	diag_release(&trouble);
	FACT(folder_leave(), "nothing is left behind");
	return unit_done();
}
