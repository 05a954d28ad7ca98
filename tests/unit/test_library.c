#include "cmd/library.h"

#include "folder.h"
#include "unit.h"

#define SAMPLE "sample = 2026-11-22T11:15:12Z hello\n"
#define MINE "format = mine\ntier = app\nregex = ^(?<timestamp>\\S+)[ ](?<message>.*)$\n" SAMPLE

static struct option_value folders[4];
static struct diag_list trouble;

/* The library with up to three folders; its hash, 0 when it does not load. */
static uint64_t load(struct library *lib, const char *a, const char *b, const char *c)
{
	struct options o = {.folders = {folders, 0, 4}};
	const char *const given[] = {a, b, c};
	for (size_t i = 0; i < 3 && given[i]; i++)
		folders[o.folders.n++].text = given[i];
	diag_release(&trouble);
	bool fine = library_load(lib, &o, &trouble);
	o.folders = (struct option_list){0};
	options_release(&o);
	return fine ? lib->patterns.hash : 0;
}

/* The same when only the hash matters. */
static uint64_t hash_of(const char *a, const char *b, const char *c)
{
	struct library lib;
	uint64_t hash = load(&lib, a, b, c);
	library_release(&lib);
	return hash;
}

static bool said(const char *text)
{
	for (size_t i = 0; i < trouble.n; i++)
		if (strstr(trouble.items[i].what, text))
			return true;
	return false;
}

static const struct format *format_of(const struct library *lib, const char *name)
{
	return format_set_find(&lib->patterns.formats, span_of(name));
}

static void folders_of_patterns(void)
{
	struct library lib;
	uint64_t builtin = load(&lib, NULL, NULL, NULL);
	size_t formats = lib.patterns.formats.n, signals = signal_count(lib.patterns.signals);
	FACT(builtin && formats >= 10 && signals >= 10 && !trouble.n, "the built-in patterns load");
	library_release(&lib);
	FACT(hash_of(NULL, NULL, NULL) == builtin, "twice the same");

	folder_write("one/mine.pattern", span_of(MINE));
	folder_write("one/README.md", SPAN("not a pattern"));
	folder_write("one/.hidden.pattern", SPAN("nor this"));
	uint64_t one = load(&lib, "one", NULL, NULL);
	FACT(one && one != builtin && lib.patterns.formats.n == formats + 1 && format_of(&lib, "mine") &&
		     format_of(&lib, "mine")->tier == TIER_APP,
	     "a folder adds a format; what is no pattern file is passed over");
	library_release(&lib);

	folder_write("two/deep/down/mine.pattern",
		     SPAN("format = mine\ntier = lb\nregex = ^(?<timestamp>\\S+)[ ]X(?<message>.*)$\n"
			  "sample = 2026-11-22T11:15:12Z Xyz\n"));
	uint64_t two = load(&lib, "one", "two", NULL);
	FACT(two && lib.patterns.formats.n == formats + 1 && format_of(&lib, "mine")->tier == TIER_LB,
	     "of two folders the later one wins, at any depth");
	library_release(&lib);
	FACT(hash_of("two", NULL, NULL) == two && two != one, "what was replaced does not show in the hash");
	FACT(hash_of("two", "one", NULL) == one, "nor does where it lay");

	folder_write("three/nginx_access.pattern",
		     SPAN("format = nginx_access\ntier = lb\ntemplate = nginx: $msec $status\n"
			  "sample = 1795346112.836 502\n"));
	uint64_t three = load(&lib, "three", NULL, NULL);
	FACT(three && lib.patterns.formats.n == formats && format_of(&lib, "nginx_access")->tier == TIER_LB,
	     "a built-in format is replaced by its name");
	library_release(&lib);
	FACT(hash_of("one", "three", NULL) == hash_of("three", "one", NULL),
	     "the order of folders shows only where they have one name");
}

static void wrong_folders(void)
{
	struct library lib;
	folder_write("bad/a.pattern", SPAN("format = a\ntier = cloud\n"));
	folder_write("bad/b.signal", SPAN("signal = b\n"));
	folder_write("bad/c.pattern", SPAN("no key here\n"));
	FACT(!load(&lib, "bad", NULL, NULL) && trouble.n == 3 && said("bad/a.pattern:2") && said("bad/b.signal") &&
		     said("bad/c.pattern:1"),
	     "each wrong file is told, with its place");
	FACT(trouble.n && trouble.items[0].level == DIAG_ERROR && trouble.items[0].hint, "as an error, with a hint");
	FACT(format_of(&lib, "nginx_access"), "what is right is there all the same");
	library_release(&lib);
	FACT(!load(&lib, "none", NULL, NULL) && said("none"), "a folder that is not there");
	library_release(&lib);
	folder_write("empty/README", SPAN("x"));
	FACT(!load(&lib, "empty", NULL, NULL) && said("\"empty\" has no patterns"), "a folder without patterns");
	library_release(&lib);
	struct text large = {0};
	for (int i = 0; i < (16 << 20) / 16 + 1; i++)
		text_append_string(&large, "# fifteen bytes\n");
	folder_write("large/x.pattern", text_span(&large));
	FACT(!load(&lib, "large", NULL, NULL) && said("too long"), "a file of more than 16 MiB is no pattern");
	library_release(&lib);
	text_release(&large);
}

struct rules {
	struct glob_rule items[6];
	struct options options;
};

static void rule(struct rules *r, enum glob_rule_kind kind, const char *glob, const char *value, const char *text)
{
	r->items[r->options.rules_n++] = (struct glob_rule){kind, span_of(glob), span_of(value), {.text = text}};
	r->options.rules = r->items;
}

static bool refused(enum glob_rule_kind kind, const char *value, const char *what)
{
	struct library lib;
	struct rules r = {0};
	struct diag d = {0};
	load(&lib, NULL, NULL, NULL);
	rule(&r, kind, "*", value, "x");
	bool is = !library_state(&lib, &r.options, &d) && strstr(d.what, what) && d.hint[0];
	library_release(&lib);
	return is;
}

static void stated(void)
{
	struct library lib;
	struct rules r = {0};
	struct diag d = {0};
	load(&lib, NULL, NULL, NULL);
	rule(&r, GLOB_ZONE, "db/*", "+02:00", "db/*=+02:00");
	rule(&r, GLOB_SOURCE, "", "web1", "web1");
	rule(&r, GLOB_FORMAT, "*.log", "nginx_access", "*.log=nginx_access");
	rule(&r, GLOB_TIER, "lb*", "lb", "lb*=lb");
	rule(&r, GLOB_FORMAT, "pg*", "postgresql:%m [%p] ", "pg*=postgresql:%m [%p] ");
	rule(&r, GLOB_ZONE, "*", "CET", "*=CET");
	FACT(library_state(&lib, &r.options, &d) && !d.set, "formats, zones and tiers are stated");
	FACT(lib.formats_n == 2 && lib.story.zones_n == 2 && lib.story.tiers_n == 1, "each of them");
	struct library_choice a = library_choose(&lib, "logs/access.log", &trouble),
			      b = library_choose(&lib, "logs/pg.log", &trouble);
	FACT(a.stated && a.stated == format_of(&lib, "nginx_access") && a.hash, "a path's format by its name");
	FACT(b.stated && !strcmp(b.stated->layout, "%m [%p] ") && b.hash && b.hash != a.hash,
	     "the last one that matches counts");
	FACT(!library_choose(&lib, "app.json", &trouble).stated, "other paths are looked at");
	FACT(!strcmp(lib.story.zones[0].glob, "db/*") && !strcmp(zone_name(lib.story.zones[0].zone), "+02:00"),
	     "zones keep their order");
	FACT(lib.story.tiers[0].tier == TIER_LB, "a tier");
	struct text t = {0};
	for (size_t i = 0; i < lib.story.options_n; i++)
		text_format(&t, "%s %s\n", lib.story.options[i].name, lib.story.options[i].value);
	FACT(!strcmp(t.at,
		     "--format *.log=nginx_access\n--format pg*=postgresql:%m [%p] \n--source web1\n--tier lb*=lb\n"
		     "--zone db/*=+02:00\n--zone *=CET\n"),
	     "the draft names them by name, of one name in their order");
	text_release(&t);
	library_release(&lib);

	FACT(refused(GLOB_FORMAT, "iis", "\"iis\""), "an unknown format");
	FACT(refused(GLOB_FORMAT, "postgresql:%y", "%y"), "a layout that does not compile");
	FACT(refused(GLOB_TIER, "cloud", "unknown tier \"cloud\""), "an unknown tier");
	FACT(refused(GLOB_TIER, "unknown", "unknown tier"), "the unknown tier");
	FACT(refused(GLOB_ZONE, "Mars/Olympus", "unknown zone \"Mars/Olympus\""), "an unknown zone");
	FACT(refused(GLOB_ZONE, "IST", "unknown zone \"IST\""), "an abbreviation that means several");
	FACT(refused(GLOB_ZONE, "", "unknown zone"), "an empty one");
	static const char *const paths[] = {
		"/etc/passwd", "../../../etc/passwd", "Europe/../../../../etc/passwd", "Europe/", "Europe",
		"zone.tab",    "Europe//Berlin"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		FACT(refused(GLOB_ZONE, paths[i], "unknown zone"), "a zone's name does not lead to other files");
}

int main(void)
{
	folder_enter();
	folders_of_patterns();
	wrong_folders();
	stated();
	diag_release(&trouble);
	FACT(folder_leave(), "nothing is left behind");
	return unit_done();
}
