#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/check_verb.h"
#include "cmd/draft_verb.h"
#include "cmd/output.h"
#include "cmd/scan_verb.h"
#include "tell/value.h"

/* The one place that prints what went wrong. Paths and log text in it are escaped, line by line; the lines of a pattern
 * error that show the place (they begin with two blanks) stay lines. */
static void append_message(struct text *out, const char *what)
{
	struct span rest = span_of(what);
	while (rest.len) {
		struct span line = rest;
		for (size_t i = 0; i + 2 < rest.len; i++)
			if (rest.at[i] == '\n' && rest.at[i + 1] == ' ' && rest.at[i + 2] == ' ') {
				line.len = i;
				break;
			}
		text_append_printable(out, line);
		text_append_byte(out, '\n');
		rest = span_from(rest, line.len + 1);
	}
}

static void append_diag(struct text *out, enum diag_level level, const char *what, const char *hint)
{
	static const char *const names[] = {[DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};
	text_format(out, "onset: %s: ", names[level]);
	append_message(out, what);
	if (hint && *hint) {
		text_append_string(out, "hint: ");
		append_message(out, hint);
	}
}

/* Nobody is left to tell when standard error cannot be written to. */
static void print_error(const struct text *text)
{
	if (text->len)
		(void)!fwrite(text->at, 1, text->len, stderr);
}

static void print_trouble(struct diag_list *trouble, bool notes)
{
	struct text out = {0};
	diag_sort(trouble);
	for (size_t i = 0; i < trouble->n; i++)
		if (notes || trouble->items[i].level != DIAG_NOTE)
			append_diag(&out, trouble->items[i].level, trouble->items[i].what, trouble->items[i].hint);
	print_error(&out);
	text_release(&out);
}

static enum outcome fail(const struct diag *d, enum outcome outcome)
{
	struct text out = {0};
	append_diag(&out, DIAG_ERROR, d->what, d->hint);
	print_error(&out);
	text_release(&out);
	return outcome;
}

static enum outcome print_text(struct span text)
{
	struct diag d = {0};
	return output_write(NULL, text, OUTPUT_COMMON, &d) ? OUTCOME_COMPLETE : fail(&d, OUTCOME_NOTHING);
}

static enum outcome print_version(const struct library *lib)
{
	char pcre2[REGEX_VERSION_BYTES];
	regex_library_version(pcre2);
	struct text out = {0};
	text_format(&out, "onset %s\npatterns %016llx\nzlib %s, PCRE2 %s, jansson %s\n", ONSET_VERSION,
		    (unsigned long long)lib->patterns.hash, inflate_library_version(), pcre2, value_library_version());
	enum outcome outcome = print_text(text_span(&out));
	text_release(&out);
	return outcome;
}

static enum outcome run_verb(const struct options *o, const struct library *lib, struct diag_list *trouble,
			     struct text *digest)
{
	switch (o->verb) {
	case VERB_DRAFT:
		return draft_verb(o, lib, trouble, digest);
	case VERB_SCAN:
		return scan_verb(o, lib, trouble);
	case VERB_CHECK:
		return check_verb(o, lib, trouble);
	case VERB_NONE:
	case VERB_COUNT:
		break;
	}
	return OUTCOME_USAGE;
}

static enum outcome run(const struct options *o)
{
	struct library lib;
	struct diag_list trouble = {0};
	struct diag d = {0};
	struct text digest = {0};
	enum outcome outcome = OUTCOME_NOTHING;
	bool terminal = isatty(STDERR_FILENO);
	if (!library_load(&lib, o, &trouble))
		print_trouble(&trouble, terminal);
	else if (o->version)
		outcome = print_version(&lib);
	else if (!library_state(&lib, o, &d))
		outcome = fail(&d, OUTCOME_USAGE);
	else {
		outcome = run_verb(o, &lib, &trouble, &digest);
		print_trouble(&trouble, terminal);
		if (terminal || o->digest)
			print_error(&digest);
	}
	text_release(&digest);
	diag_release(&trouble);
	library_release(&lib);
	return outcome;
}

int main(int argc, char **argv)
{
	/* A closed pipe and a file over its size limit are errors like any other: a message and exit 2, no temporary
	 * file left. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	struct options o;
	struct diag d = {0};
	enum outcome outcome;
	if (!options_parse(&o, argc, argv, &d))
		outcome = fail(&d, OUTCOME_USAGE);
	else if (o.help)
		outcome = print_text(span_of(options_help(o.verb)));
	else
		outcome = run(&o);
	options_release(&o);
	return (int)outcome;
}
