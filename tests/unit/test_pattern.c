#include "parse/pattern.h"

#include <string.h>

#include "unit.h"

static bool parses(struct pattern_file *file, const char *text, struct diag *d)
{
	*d = (struct diag){0};
	return pattern_file_parse(file, "patterns/formats/my.app.pattern", span_of(text), d);
}

static bool entry_is(const struct pattern_file *file, size_t i, const char *key, const char *value, unsigned line)
{
	return i < file->n && span_equal(file->entries[i].key, span_of(key)) &&
	       span_equal(file->entries[i].value, span_of(value)) && file->entries[i].line == line;
}

static void test_entries(void)
{
	struct pattern_file f;
	struct diag d;
	FACT(parses(&f, "# head\nformat = x\n\ntemplate = postgresql:%m [%p] \nexpect db.namespace = a = b\n", &d),
	     "comments, empty lines and values parse");
	FACT(!strcmp(f.name, "my.app"), "the name is the file's without folder and suffix");
	FACT(f.n == 3 && entry_is(&f, 0, "format", "x", 2), "a key and a value");
	FACT(entry_is(&f, 1, "template", "postgresql:%m [%p] ", 4), "blanks at the end belong to the value");
	FACT(entry_is(&f, 2, "expect db.namespace", "a = b", 5), "a value may contain an equals sign");
	pattern_file_release(&f);

	FACT(parses(&f, "sample = one\r\n two\r\n \r\n   three\nreject =\nregex = \\d = [a]\\\n\t# kept", &d),
	     "continuations, CRLF, an empty value and a missing final newline parse");
	FACT(entry_is(&f, 0, "sample", "one\ntwo\n\n  three", 1), "one blank of the indentation is removed");
	FACT(entry_is(&f, 1, "reject", "", 5), "a value may be empty");
	FACT(entry_is(&f, 2, "regex", "\\d = [a]\\\n# kept", 6), "nothing is an escape");
	pattern_file_release(&f);

	FACT(parses(&f, "", &d) && !f.n, "an empty file has no entries");
	pattern_file_release(&f);
	FACT(parses(&f,
		    "\xEF\xBB\xBF"
		    "format = x",
		    &d) &&
		     entry_is(&f, 0, "format", "x", 1),
	     "a byte order mark is skipped");
	pattern_file_release(&f);
	pattern_file_release(&f);
	FACT(!f.bytes, "releasing twice is fine");
}

static void test_errors(void)
{
	struct pattern_file f;
	struct diag d;
	FACT(!parses(&f, "format = x\nregex: a\n", &d), "a line without an equals sign is an error");
	FACT(!strncmp(d.what, "patterns/formats/my.app.pattern:2: ", 35), "the error names file and line");
	FACT(strstr(d.what, "\n  2 | regex: a\n    |         ^"), "the error shows the line and a caret");
	FACT(d.hint[0], "the error has a hint");
	FACT(!parses(&f, "format = x\n\n more\n", &d) && strstr(d.what, ":3: "), "an empty line ends a value");
	FACT(!parses(&f, "Format = x\n", &d) && strstr(d.what, "\n    | ^"), "a key is lower case");
	FACT(!parses(&f, " = x\n", &d), "an indented first line continues nothing");
	d = (struct diag){0};
	FACT(!pattern_file_parse(&f, "x.pattern", SPAN("a = \0b"), &d) && strstr(d.what, "NUL"),
	     "a NUL byte is an error");
}

static void test_carets(void)
{
	struct pattern_file f;
	struct diag d;
	FACT(parses(&f, "format = x\nregex = ab\n\tc(d\n", &d), "a regex over two lines parses as an entry");
	FACT(!pattern_regex(&f, &f.entries[1], f.entries[1].value, &d), "a regex that does not compile is refused");
	FACT(strstr(d.what, "my.app.pattern:3: regex does not compile"), "the error is on the continuation line");
	FACT(strstr(d.what, "\n  3 |  c(d\n    |     ^"), "the caret stands under the error, tabs as one column");
	pattern_file_release(&f);

	char text[600] = "sample = ";
	for (size_t i = 9; i < 500; i++)
		text[i] = (char)('a' + i % 26);
	FACT(parses(&f, text, &d), "a long sample parses");
	pattern_error(&f, &f.entries[0], 400, &d, "no match", "Hint.");
	const char *caret = strrchr(d.what, '\n');
	const char *line = strchr(d.what, '\n');
	FACT(caret && line && caret[1 + strlen("    | ")] == ' ', "a caret far to the right stays in sight");
	size_t column = caret ? strlen(caret) - 2 : 0;
	FACT(line && line[1 + column] == text[9 + 400], "and under its byte");
	pattern_file_release(&f);

	FACT(parses(&f, "sample = \xC3\xA4\xC3\xB6x", &d), "UTF-8 in a value parses");
	pattern_error(&f, &f.entries[0], 4, &d, "no match", NULL);
	FACT(strstr(d.what, "\n    |            ^") && !d.hint[0], "letters of two bytes take one column");
	pattern_error(&f, &f.entries[0], 99999, &d, "second", NULL);
	FACT(!strstr(d.what, "second"), "the first error wins, and a column out of range is harmless");
	pattern_file_release(&f);
}

int main(void)
{
	test_entries();
	test_errors();
	test_carets();
	return unit_done();
}
