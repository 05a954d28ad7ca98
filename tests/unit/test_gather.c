#include "cmd/gather.h"

#include "folder.h"
#include "unit.h"

#define LINE "10.0.0.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n"
#define LATER "10.0.0.1 - - [22/Nov/2026:11:15:11 +0000] \"GET /b HTTP/1.1\" 502 5 \"-\" \"x\"\n"

static struct library lib;
static const struct watcher nobody;

/* One run: what was given, what came of it. */
struct run {
	const char *paths[4];
	struct options options;
	struct tally tally;
	struct diag_list trouble;
	struct diag d;
	enum outcome outcome;
};

static void gather_again(struct run *r, enum verb verb, const char *output, const char *a, const char *b, const char *c)
{
	tally_release(&r->tally);
	diag_release(&r->trouble);
	*r = (struct run){.paths = {a, b, c}, .options = {.verb = verb, .output = {.text = output}, .jobs = 2}};
	r->options.paths = r->paths;
	while (r->options.paths_n < 4 && r->paths[r->options.paths_n])
		r->options.paths_n++;
	tally_init(&r->tally, lib.patterns.hash);
	r->outcome = gather(&r->options, &lib, &nobody, &r->tally, &r->trouble, &r->d);
}

static bool said(const struct run *r, enum diag_level level, const char *text)
{
	for (size_t i = 0; i < r->trouble.n; i++)
		if (r->trouble.items[i].level == level && strstr(r->trouble.items[i].what, text))
			return true;
	return false;
}

static size_t locations(const struct run *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->tally.n; i++)
		n += r->tally.entries[i].n;
	return n;
}

static void reads(struct run *r)
{
	gather_again(r, VERB_DRAFT, NULL, "logs", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 2 && !r->d.set && !r->trouble.incomplete,
	     "a folder's logs become parts");
	FACT(r->tally.patterns == lib.patterns.hash, "of the patterns in force");
	gather_again(r, VERB_DRAFT, NULL, "logs/a.log", "logs", "logs/a.log");
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 2 && locations(r) == 2,
	     "a path given twice, and again in its folder, is read once");
	struct input_list list = {0};
	FACT(gather_list(&r->options, &list, &r->trouble, &r->d) == OUTCOME_COMPLETE && list.n == 2 &&
		     !strcmp(list.files[0].path, "logs/a.log") && !strcmp(list.files[1].path, "logs/b.log"),
	     "it stands where it stood first");
	input_list_release(&list);
	gather_again(r, VERB_DRAFT, NULL, "logs/a.log", "copy.log", NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 1 && locations(r) == 2,
	     "the same bytes in two files are one part with two places");
	struct text bytes = {0}, again = {0};
	gather_again(r, VERB_SCAN, "x.tally", "logs", NULL, NULL);
	tally_encode(&r->tally, &bytes);
	folder_write("x.tally", text_span(&bytes));
	gather_again(r, VERB_SCAN, "x.tally", "x.tally", "logs/b.log", NULL);
	tally_encode(&r->tally, &again);
	FACT(r->outcome == OUTCOME_COMPLETE && span_equal(text_span(&bytes), text_span(&again)),
	     "a tally and a log in it are the tally; scan may add to it");
	text_release(&bytes);
	text_release(&again);
}

static void goes_on(struct run *r)
{
	gather_again(r, VERB_DRAFT, NULL, "logs/a.log", "none.log", NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 1 && r->trouble.incomplete &&
		     said(r, DIAG_ERROR, "\"none.log\""),
	     "a missing file is an error, and the others are read");
	gather_again(r, VERB_DRAFT, NULL, "none.log", NULL, NULL);
	FACT(r->outcome == OUTCOME_NOTHING && r->trouble.incomplete && said(r, DIAG_ERROR, "\"none.log\""),
	     "alone it leaves nothing");
	gather_again(r, VERB_DRAFT, NULL, "logs/a.log", "poem.txt", "void.log");
	FACT(r->outcome == OUTCOME_COMPLETE && said(r, DIAG_WARNING, "\"poem.txt\" has no known format") &&
		     said(r, DIAG_NOTE, "\"void.log\" is empty") && !r->trouble.incomplete,
	     "unknown and empty files are told");
	gather_again(r, VERB_DRAFT, NULL, "poems", NULL, NULL);
	FACT(r->outcome == OUTCOME_NOTHING && strstr(r->d.what, "no file has a known format") &&
		     said(r, DIAG_WARNING, " and 2 more have no known format") && r->trouble.n == 1,
	     "many of them in one line");
	gather_again(r, VERB_DRAFT, NULL, "void.log", NULL, NULL);
	FACT(r->outcome == OUTCOME_NOTHING && strstr(r->d.what, "there is no line to read"),
	     "of an empty file there is no draft");
	gather_again(r, VERB_SCAN, NULL, "void.log", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 1, "but a tally");
	gather_again(r, VERB_DRAFT, NULL, "nothing", NULL, NULL);
	FACT(r->outcome == OUTCOME_NOTHING && strstr(r->d.what, "nothing to read"), "a folder without files");
	gather_again(r, VERB_DRAFT, NULL, "cut.tally", "logs/a.log", NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 1 && r->trouble.incomplete &&
		     said(r, DIAG_ERROR, "\"cut.tally\""),
	     "a damaged tally is an error, and the others are read");
	gather_again(r, VERB_DRAFT, NULL, "logs/a.log", "broken.gz", NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->trouble.incomplete &&
		     said(r, DIAG_WARNING, "\"broken.gz\": compressed data"),
	     "damage makes the result incomplete");
}

static void output_apart(struct run *r)
{
	gather_again(r, VERB_DRAFT, "logs/a.log", "logs/a.log", NULL, NULL);
	FACT(r->outcome == OUTCOME_USAGE && strstr(r->d.what, "would replace \"logs/a.log\""),
	     "the output is none of the paths given");
	gather_again(r, VERB_DRAFT, "./logs/../logs/a.log", "logs/a.log", NULL, NULL);
	FACT(r->outcome == OUTCOME_USAGE, "under no name");
	gather_again(r, VERB_DRAFT, "logs/a.log", "logs", NULL, NULL);
	FACT(r->outcome == OUTCOME_USAGE, "nor is it a log in a folder that is read");
	gather_again(r, VERB_SCAN, "logs/a.log", "logs", NULL, NULL);
	FACT(r->outcome == OUTCOME_USAGE, "for no verb");
	folder_write("runs/a.log", SPAN(LINE));
	folder_write("runs/draft.json", SPAN("{\n  \"schema\": \"urn:onset:timeline:1\",\n"));
	folder_write("runs/void.json", SPAN(""));
	gather_again(r, VERB_DRAFT, "runs/draft.json", "runs", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && said(r, DIAG_NOTE, "skipped \"runs/draft.json\": it is the output") &&
		     locations(r) == 2,
	     "last run's draft in a folder of logs is passed over");
	gather_again(r, VERB_DRAFT, "runs/void.json", "runs", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && said(r, DIAG_NOTE, "skipped \"runs/void.json\""), "an empty file too");
	gather_again(r, VERB_DRAFT, "runs/draft.json", "runs/draft.json", "runs/a.log", NULL);
	FACT(r->outcome == OUTCOME_USAGE, "but not one that was given by its name");
	gather_again(r, VERB_DRAFT, "new.json", "logs", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 2, "a new file is no input");
	gather_again(r, VERB_DRAFT, "-", "logs", NULL, NULL);
	FACT(r->outcome == OUTCOME_COMPLETE && r->tally.n == 2, "nor is standard output");
}

int main(void)
{
	struct options o = {0};
	struct run r = {0};
	folder_enter();
	FACT(library_load(&lib, &o, &r.trouble), "the built-in patterns load");
	folder_write("logs/a.log", SPAN(LINE));
	folder_write("logs/b.log", SPAN(LINE LATER));
	folder_write("copy.log", SPAN(LINE));
	folder_write("void.log", SPAN(""));
	folder_write("poem.txt", SPAN("The fog comes\non little cat feet.\n"));
	for (char name[] = "poems/1.txt"; name[6] <= '5'; name[6]++)
		folder_write(name, (struct span){name, sizeof name});
	folder_write("nothing/.hidden", SPAN("x"));
	/* RFC 1952: magic, deflate, no flags; then nothing. */
	folder_write("broken.gz", SPAN("\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b"));
	reads(&r);
	struct text bytes = {0};
	tally_encode(&r.tally, &bytes);
	folder_write("cut.tally", span_head(text_span(&bytes), bytes.len - 9));
	text_release(&bytes);
	goes_on(&r);
	output_apart(&r);
	tally_release(&r.tally);
	diag_release(&r.trouble);
	library_release(&lib);
	FACT(folder_leave(), "nothing is left behind");
	return unit_done();
}
