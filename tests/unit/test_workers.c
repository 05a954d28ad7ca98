#include "cmd/workers.h"

#include <fcntl.h>

#include "folder.h"
#include "unit.h"

enum { FILES = 7 };

static struct library lib;
static const struct watcher nobody;

/* A log of `lines` requests, a second each. */
static void write_log(const char *path, int lines, int status)
{
	struct text t = {0};
	for (int i = 0; i < lines; i++)
		text_format(&t, "10.0.0.1 - - [22/Nov/2026:11:%02d:%02d +0000] \"GET /a HTTP/1.1\" %d 5 \"-\" \"x\"\n",
			    i / 60 % 60, i % 60, status);
	folder_write(path, text_span(&t));
	text_release(&t);
}

static struct input_list list_of(const char *const *paths, size_t n)
{
	struct input_list list = {0};
	struct diag_list notes = {0};
	for (size_t i = 0; i < n; i++)
		input_walk(paths[i], &list, &notes);
	diag_release(&notes);
	return list;
}

/* All that came of the files, as one text; releases the results. */
static void all_of(struct worker_result *results, size_t n, struct text *out)
{
	for (size_t i = 0; i < n; i++) {
		struct worker_result *r = &results[i];
		text_format(out, "%zu %s %s %d\n", i, r->where.key ? r->where.key : "?",
			    r->where.path ? r->where.path : "?", r->is_tally);
		if (r->scanned.n)
			part_encode(r->scanned.parts[0], out);
		if (r->is_tally)
			tally_encode(&r->tally, out);
		for (size_t k = 0; k < r->trouble.n; k++)
			text_append_string(out, r->trouble.items[k].what);
		worker_result_release(r);
	}
}

static const char *const paths[FILES] = {"small.log",  "large.log", "empty.log", "rubbish.tally",
					 "middle.log", "gone.log",  "good.tally"};

static void results_in_order(void)
{
	write_log("small.log", 3, 200);
	write_log("large.log", 30000, 200); /* long enough that a thread without a file helps */
	write_log("middle.log", 300, 502);
	write_log("gone.log", 3, 200);
	folder_write("empty.log", SPAN(""));

	/* A tally of one of them, and one that is cut. */
	struct options o = {.jobs = 1};
	const char *const one[] = {"small.log"};
	struct input_list list = list_of(one, 1);
	struct worker_result results[FILES] = {{.is_tally = false}};
	FACT(workers_run(&o, &lib, &list, &nobody, results) && results[0].scanned.n && results[0].scanned.parts[0]->counts.records == 3,
	     "a file becomes a part");
	FACT(!strcmp(results[0].where.key, "small.log") && !strcmp(results[0].where.path, "small.log") &&
		     !results[0].is_tally && !results[0].trouble.n,
	     "which knows where it was");
	struct tally tally;
	struct text bytes = {0};
	tally_init(&tally, lib.patterns.hash);
	struct diag_list trouble = {0};
	tally_add(&tally, results[0].scanned.parts[0], &results[0].where, &trouble);
	results[0].scanned.parts[0] = NULL;
	tally_encode(&tally, &bytes);
	folder_write("good.tally", text_span(&bytes));
	folder_write("rubbish.tally", span_head(text_span(&bytes), bytes.len / 2));
	text_release(&bytes);
	tally_release(&tally);
	diag_release(&trouble);
	worker_result_release(&results[0]);
	input_list_release(&list);

	list = list_of(paths, FILES);
	unlink("gone.log"); /* after the walk */
	struct text first = {0};
	static const unsigned jobs[] = {1, 2, 3, 8, OPTIONS_MOST_JOBS, 0};
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
		o.jobs = jobs[i];
		FACT(workers_run(&o, &lib, &list, &nobody, results), "all files are read");
		if (!i) {
			FACT(results[1].scanned.n && results[1].scanned.parts[0]->counts.lines == 30000 &&
				     results[4].scanned.parts[0]->counts.lines == 300,
			     "results stand in the order of the list, not of the sizes");
			FACT(results[2].scanned.n && !results[2].scanned.parts[0]->counts.lines, "an empty file is a part");
			FACT(results[6].is_tally && !results[6].scanned.n && results[6].tally.n == 1 &&
				     !results[6].trouble.n,
			     "a tally is known by its bytes");
			FACT(!results[3].tally.n && results[3].trouble.n == 1 && results[3].trouble.incomplete &&
				     strstr(results[3].trouble.items[0].what, "rubbish.tally"),
			     "one that is cut is told, and nothing of it is taken");
			FACT(!results[5].scanned.n && results[5].trouble.incomplete &&
				     strstr(results[5].trouble.items[0].what, "gone.log"),
			     "so is a file that cannot be opened");
		}
		struct text t = {0};
		all_of(results, FILES, i ? &t : &first);
		if (i)
			FACT(span_equal(text_span(&t), text_span(&first)), "how many worked does not show");
		text_release(&t);
	}
	text_release(&first);
	input_list_release(&list);
	FACT(workers_run(&o, &lib, &(struct input_list){0}, &nobody, results), "no files are read at once");
}

static void sources_and_patterns(void)
{
	struct glob_rule rules[] = {{GLOB_SOURCE, SPAN_NONE, SPAN("web1"), {.text = "web1"}},
				    {GLOB_SOURCE, SPAN("x*"), SPAN("web2"), {.text = "x*=web2"}}};
	struct options o = {.jobs = 2, .rules = rules, .rules_n = 2};
	struct input_list list = list_of(&paths[6], 1);
	struct worker_result r = {0};
	lib.patterns.hash++;
	workers_run(&o, &lib, &list, &nobody, &r);
	lib.patterns.hash--;
	FACT(r.tally.n == 1 && r.trouble.n == 1 && r.trouble.incomplete &&
		     strstr(r.trouble.items[0].what, "other patterns"),
	     "a tally of other patterns is taken, with a warning");
	FACT(!strcmp(r.tally.entries[0].locations[0].key, "small.log"), "its files keep their sources");
	worker_result_release(&r);
	input_list_release(&list);
	list = list_of(paths, 1);
	workers_run(&o, &lib, &list, &nobody, &r);
	FACT(!strcmp(r.where.key, "web1:small.log"), "a log gets the source's name that was stated");
	worker_result_release(&r);
	FACT(!r.scanned.n && !r.where.key && !r.trouble.n, "a released result is empty");
	worker_result_release(&r);
	input_list_release(&list);
}

static int stop_at_once(void *context, int64_t done, int64_t total)
{
	(void)context, (void)done, (void)total;
	return 1;
}

static void stopped(void)
{
	struct options o = {.jobs = 2};
	struct worker_result results[2] = {{.is_tally = false}};
	struct input_list list = {0};
	FACT(!mkfifo("pipe", 0600), "a pipe that nobody writes to");
	static const char *const two[] = {"small.log", "pipe"};
	list = list_of(two, 2);
	FACT(!workers_run(&o, &lib, &list, &(struct watcher){stop_at_once, NULL}, results),
	     "who looks ends the reading, also while a pipe is waited for");
	FACT(!results[1].scanned.n, "nothing came of the pipe");
	worker_result_release(&results[0]);
	worker_result_release(&results[1]);
	input_list_release(&list);
}

int main(void)
{
	struct options o = {0};
	struct diag_list trouble = {0};
	folder_enter();
	FACT(library_load(&lib, &o, &trouble), "the built-in patterns load");
	results_in_order();
	sources_and_patterns();
	stopped();
	library_release(&lib);
	diag_release(&trouble);
	FACT(folder_leave(), "nothing is left behind");
	return unit_done();
}
