#include "parse/compile.h"

#include "patterns.h"
#include "unit.h"

static void test_errors(void)
{
	static const struct {
		const char *name, *text, *what;
	} cases[] = {
		{"an unknown key", "format = x\ntier = web\ncolour = red\n", "x.pattern:3: unknown key"},
		{"a name that is not the file's", "format = y\n", "x.pattern:1: the format's name is not the file's"},
		{"an unknown tier", "format = x\ntier = cloud\n", "x.pattern:2: there is no such tier"},
		{"an unknown field in a regex", "format = x\ntier = web\nregex = (?<timestamp>a)(?<nonsense>b)\n",
		 "x.pattern:3: there is no field \"nonsense\""},
		{"a regex that does not compile", "format = x\ntier = web\nregex = (?<timestamp>a\n",
		 "x.pattern:3: regex does not compile"},
		{"two ways to split", "format = x\ntier = web\nregex = (?<timestamp>a)\njson message = m\n",
		 "x.pattern:4: a format has one way"},
		{"no time", "format = x\ntier = web\nregex = (?<message>a)\n",
		 "x.pattern: the format lacks a timestamp field"},
		{"no way to split", "format = x\ntier = web\n", "x.pattern: the format lacks a template"},
		{"a template of another server", "format = x\ntier = web\ntemplate = caddy: %h\n",
		 "x.pattern:3: a template begins"},
		{"a log_format without time", "format = x\ntier = web\ntemplate = nginx: $status\n",
		 "x.pattern:3: log_format has no"},
		{"a prefix with a wrong escape", "format = x\ntier = db\ntemplate = postgresql:%m %y \n",
		 "x.pattern:3: log_line_prefix"},
		{"a wrong unit", "format = x\ntier = web\nduration-unit = h\n", "x.pattern:3: a duration unit"},
		{"no name", "tier = web\nregex = (?<timestamp>a)\n", "x.pattern: the format lacks format = NAME"},
		{"no tier", "format = x\nregex = (?<timestamp>a)\n", "x.pattern: the format lacks tier"},
		{"columns that are not named", "format = x\ntier = db\ncsv-at-least = 3\n", "lacks a template"},
		{"a JSON format without a time", "format = x\ntier = app\njson message = m\n", "lacks a timestamp"},
		{"two regexes", "format = x\ntier = web\nregex = (?<timestamp>a)\nregex = (?<timestamp>b)\n",
		 "x.pattern:4: a format has one regex"},
		{"both servers' templates",
		 "format = x\ntier = db\ntemplate = postgresql:%m \ntemplate = nginx: combined\n",
		 "x.pattern:4: a format has one way"},
		{"a template over two lines", "format = x\ntier = db\ntemplate = postgresql:%m\n %p\n",
		 "a template is one line"},
		{"an unknown JSON field", "format = x\ntier = app\njson nonsense = m\n",
		 "x.pattern:3: there is no field \"nonsense\""},
		{"an unknown column", "format = x\ntier = db\ncsv = timestamp, nonsense\n",
		 "x.pattern:3: there is no field \"nonsense\""},
		{"an empty column", "format = x\ntier = db\ncsv = timestamp,,message\n",
		 "x.pattern:3: there is no field \"\""},
		{"no columns at all", "format = x\ntier = db\ncsv = timestamp\ncsv-at-least = 0\n",
		 "x.pattern:4: not a number of columns"},
		{"too many at least", "format = x\ntier = db\ncsv = timestamp\ncsv-at-least = 65\n",
		 "x.pattern:4: not a number of columns"},
		{"a wrong scale", "format = x\ntier = app\njson-number-severity = bunyan\n",
		 "x.pattern:3: a number scale"},
		{"a wrong kind of stamp", "format = x\ntier = web\nstamp = middle\n", "x.pattern:3: a stamp is"},
		{"a wrong multiline", "format = x\ntier = web\nmultiline = yes\n", "x.pattern:3: multiline is"},
		{"wrong message fields", "format = x\ntier = web\nmessage-fields = json\n",
		 "x.pattern:3: message-fields is"},
		{"a requirement of no field", "format = x\ntier = web\nrequires-any = message nonsense\n",
		 "x.pattern:3: there is no field \"nonsense\""},
		{"a key with a name that takes none", "format = x\ntier web = web\n", "x.pattern:2: unknown key"},
		{"a key without the name that it takes", "format = x\ntier = web\njson = m\n",
		 "x.pattern:3: unknown key"},
		{"an empty reject", "format = x\ntier = web\nregex = (?<timestamp>a)\nreject =\n",
		 "x.pattern:4: this line is empty"},
		{"an expectation of no field", "format = x\ntier = web\nregex = (?<timestamp>a)\nexpect foo = 1\n",
		 "x.pattern:4: there is no such field"},
		{"an empty sample", "format = x\ntier = web\nregex = (?<timestamp>a)\nsample =\n",
		 "x.pattern:4: this line is empty"},
		{"too many columns",
		 "format = x\ntier = db\ncsv = "
		 "-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-"
		 ",-,-,-,-,-,-,-,-,-,-,-,-,-,-\n",
		 "x.pattern:3: more than 64"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct format_set set = {0};
		struct diag d = {0};
		bool added = patterns_add(&set, "x.pattern", cases[i].text, &d);
		if (!FACT(!added && strstr(d.what, cases[i].what), cases[i].name))
			printf("  %s\n", d.what);
		format_set_release(&set);
	}
}

static struct format *compiled(const char *text, struct pattern_file *file)
{
	struct diag d = {0};
	struct format *f = NULL;
	*file = (struct pattern_file){0};
	if (pattern_file_parse(file, "x.pattern", span_of(text), &d))
		f = format_compile(file, &d);
	if (!f)
		printf("%s\n", d.what);
	return f;
}

static void test_defaults(void)
{
	struct pattern_file file;
	struct format *f = compiled("format = x\ntier = app\nregex = (?<timestamp>a)\n", &file);
	FACT(f && !strcmp(f->name, "x") && !strcmp(f->title, "x") && f->tier == TIER_APP && f->kind == FORMAT_REGEX,
	     "a format needs a name, a tier and a way to split; its name is its title");
	FACT(f && f->multiline == MULTILINE_NO && !f->stamp_is_start && f->meaning.duration_unit_us == SECOND_US &&
		     f->meaning.message == MESSAGE_PLAIN && f->meaning.scale == SCALE_NONE && !f->meaning.requires_any && !f->own && !f->layout,
	     "all else has a default");
	FACT(f && !f->file.bytes && file.bytes, "the file stays the caller's");
	pattern_file_release(&file);
	FACT(f && !strcmp(f->name, "x"), "the format borrows nothing from it");
	format_free(f);
	format_free(NULL);
}

static void test_keys(void)
{
	struct pattern_file file;
	struct format *f =
		compiled("format = x\ntitle = two\ntier = lb\nstamp = start\nmultiline = indent\n"
			 "duration-unit = ms\nmessage-fields = pairs\nrequires-any = message user.name\n"
			 "regex = (?<timestamp>a)(?<http_response_status_code>b)(?<remote_addr>c)(d)\n",
			 &file);
	FACT(f && !strcmp(f->title, "two"), "a format may have a title");
	FACT(f && f->stamp_is_start && f->multiline == MULTILINE_INDENT && f->meaning.duration_unit_us == 1000 &&
		     f->meaning.message == MESSAGE_PAIRS && f->tier == TIER_LB &&
		     f->meaning.requires_any == (UINT64_C(1) << FIELD_MESSAGE | UINT64_C(1) << FIELD_USER),
	     "every key is heard");
	const unsigned char *fields = f ? group_fields_of(f->groups, f->regex) : NULL;
	FACT(fields && fields[1] == FIELD_TIMESTAMP && fields[2] == FIELD_STATUS && fields[3] == FIELD_CLIENT &&
		     fields[4] == FIELD_IGNORED && group_fields_of(f->groups, f->regex) == fields,
	     "a group may have a field's name with underscores, or nginx's; one without a name is passed over");
	format_free(f);
	pattern_file_release(&file);

	f = compiled("format = x\ntier = db\ncsv = timestamp, user.name ,-,message\ncsv-at-least = 2\n", &file);
	FACT(f && f->kind == FORMAT_CSV && f->csv_columns == 4 && f->csv_at_least == 2 &&
		     f->csv_field[1] == FIELD_USER && f->csv_field[2] == FIELD_IGNORED &&
		     f->csv_field[3] == FIELD_MESSAGE,
	     "columns in their order, \"-\" for those that say nothing");
	format_free(f);
	pattern_file_release(&file);
	f = compiled("format = x\ntier = db\ncsv-at-least = 1\ncsv = timestamp,message\n", &file);
	FACT(f && f->csv_at_least == 1, "in any order");
	format_free(f);
	pattern_file_release(&file);
	f = compiled("format = x\ntier = db\ntemplate = postgresql:%m [%p] \ntemplate = postgresql:%u %m \n", &file);
	bool any = false;
	for (int c = 0; f && c < 256; c++)
		any |= f->starts[c];
	FACT(f && !any, "where one layout begins with any byte, all do");
	format_free(f);
	pattern_file_release(&file);
	f = compiled("format = x\ntier = db\ncsv = timestamp,message\n", &file);
	FACT(f && f->csv_at_least == 2, "all columns must be there unless it is said how many");
	format_free(f);
	pattern_file_release(&file);

	f = compiled(
		"format = x\ntier = app\njson timestamp = ts time\njson message = msg\njson-number-severity = pino\n",
		&file);
	FACT(f && f->kind == FORMAT_JSON && f->keys && f->meaning.scale == SCALE_PINO && f->starts['{'] && !f->starts['['],
	     "a JSON record begins with a brace");
	format_free(f);
	pattern_file_release(&file);

	f = compiled("format = x\ntier = db\ntemplate = postgresql:%m [%p] \ntemplate = postgresql:<%t> \n", &file);
	FACT(f && f->kind == FORMAT_POSTGRESQL && f->layouts_n == 2 && !strcmp(f->layout, "%m [%p] ") &&
		     !strcmp(f->layouts[1].text, "<%t> ") && f->meaning.message == MESSAGE_POSTGRESQL,
	     "several layouts, the first one names it; its messages are the server's");
	FACT(f && f->starts['2'] && f->starts['<'] && !f->starts['['], "a record begins as one of them does");
	format_free(f);
	pattern_file_release(&file);

	f = compiled("format = x\ntier = web\ntemplate = nginx: $msec $status\n", &file);
	FACT(f && f->kind == FORMAT_NGINX && !strcmp(f->layout, "$msec $status"),
	     "a blank behind the server's name is none of the template's");
	format_free(f);
	pattern_file_release(&file);
}

int main(void)
{
	test_errors();
	test_defaults();
	test_keys();
	return unit_done();
}
