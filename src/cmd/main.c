#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "read/igzip.h"
#include "read/zstdframe.h"
#include "tell/value.h"
#include "cmd/check_verb.h"
#include "cmd/draft_verb.h"
#include "cmd/help.h"
#include "cmd/message.h"
#include "cmd/output.h"
#include "cmd/report_verb.h"
#include "cmd/scan_verb.h"
#include "cmd/setup.h"
#include "cmd/verify_verb.h"

/* The one place that prints what went wrong. Nobody is left to tell when standard error cannot be written to. */
static void print_error(const struct text *text)
{
	if (text->len)
		(void)!fwrite(text->at, 1, text->len, stderr);
}

static void append_diag(struct text *out, enum diag_level level, const char *what, const char *hint)
{
	struct text text = {0}, more = {0};
	message_lines(&text, what);
	message_lines(&more, hint ? hint : "");
	message_append(out, level, text.at, more.at);
	text_release(&text);
	text_release(&more);
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
	const char *isal = igzip_built() ? igzip_library_version() : "none";
	const char *zstd = zstdframe_built() ? zstdframe_library_version() : "none";
	text_format(&out, "onset %s\npatterns %016llx\nzlib %s, ISA-L %s, zstd %s, PCRE2 %s, jansson %s\n", ONSET_VERSION,
		    (unsigned long long)lib->patterns.hash, inflate_library_version(), isal, zstd, pcre2, value_library_version());
	enum outcome outcome = print_text(text_span(&out));
	text_release(&out);
	return outcome;
}

/* What needs a library of patterns and no scan. */
static enum outcome run_check(struct options *o, bool notes, struct text *messages)
{
	struct library lib;
	struct diag_list trouble = {0};
	enum outcome outcome = setup(o, &lib, &trouble);
	if (outcome == OUTCOME_COMPLETE)
		outcome = o->version ? print_version(&lib) : check_verb(o, &lib, &trouble);
	diag_sort(&trouble);
	for (size_t i = 0; i < trouble.n; i++)
		if (notes || trouble.items[i].level != DIAG_NOTE)
			append_diag(messages, trouble.items[i].level, trouble.items[i].what, trouble.items[i].hint);
	diag_release(&trouble);
	library_release(&lib);
	return outcome;
}

static enum outcome run(struct options *o)
{
	struct text messages = {0}, digest = {0};
	bool terminal = isatty(STDERR_FILENO);
	enum outcome outcome = o->version	       ? run_check(o, terminal, &messages) :
			       o->verb == VERB_DRAFT ? draft_verb(o, terminal, &messages, &digest) :
			       o->verb == VERB_SCAN  ? scan_verb(o, terminal, &messages) :
			       o->verb == VERB_REPORT ? report_verb(o, &messages) :
			       o->verb == VERB_VERIFY ? verify_verb(o, terminal, &messages) :
						       run_check(o, terminal, &messages);
	print_error(&messages);
	if (terminal || o->digest)
		print_error(&digest);
	text_release(&messages);
	text_release(&digest);
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
		outcome = print_text(span_of(help_text(o.verb)));
	else
		outcome = run(&o);
	options_release(&o);
	return (int)outcome;
}
