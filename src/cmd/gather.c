#include "cmd/gather.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cmd/conffiles.h"
#include "cmd/optionfile.h"
#include "cmd/output.h"
#include "cmd/remarks.h"

static int compare_paths(const void *a, const void *b)
{
	const struct input_file *const *x = a, *const *y = b;
	int order = strcmp((*x)->path, (*y)->path);
	return order ? order : *x < *y ? -1 : *x > *y;
}

/* Drops files whose `drop` is set, keeping the order. */
static void drop_files(struct input_list *list, const bool *drop)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (drop[i])
			memory_free(list->files[i].path);
		else
			list->files[kept++] = list->files[i];
	}
	list->n = kept;
}

/* A path given twice, or a folder and a file in it, is read once. */
static void drop_repeats(struct input_list *list)
{
	if (list->n < 2)
		return;
	struct input_file **sorted = memory_new(list->n, sizeof *sorted);
	bool *drop = memory_new(list->n, sizeof *drop);
	for (size_t i = 0; i < list->n; i++)
		sorted[i] = &list->files[i];
	qsort(sorted, list->n, sizeof *sorted, compare_paths);
	for (size_t i = 1; i < list->n; i++)
		if (!strcmp(sorted[i]->path, sorted[i - 1]->path))
			drop[sorted[i] - list->files] = true;
	drop_files(list, drop);
	memory_free(sorted);
	memory_free(drop);
}

static bool is_given(const struct options *o, const char *path)
{
	for (size_t i = 0; i < o->paths_n; i++)
		if (!strcmp(o->paths[i], path))
			return true;
	return false;
}

/* Whether the output of a run before may be replaced: a tally by one with more in it; a draft, which is no log although it
 * lies in a folder of logs. Never a log. */
static bool is_own_output(const struct options *o, const char *path)
{
	struct input in;
	struct diag ignored = {0};
	if (!input_open(&in, path, &ignored))
		return false;
	struct span head = in.size < 0 ? SPAN("?") : input_peek(&in); /* a pipe: nothing is taken from it */
	bool is = o->verb == VERB_SCAN ? tally_is(head) :
		  !is_given(o, path) && (!head.len || span_starts(head, SPAN("{\n  \"schema\": \"")));
	input_close(&in);
	return is;
}

/* What is to be written must not be read. False with `d`. */
static bool keep_output_apart(const struct options *o, struct input_list *list, struct diag_list *trouble,
			      struct diag *d)
{
	if (output_is_standard(o->output.text))
		return true;
	bool *drop = memory_new(list->n, sizeof *drop);
	bool fine = true;
	for (size_t i = 0; i < list->n && fine; i++) {
		const char *path = list->files[i].path;
		if (!strcmp(path, "-") || !output_is_same(o->output.text, path))
			continue;
		if (!is_own_output(o, path)) {
			diag_set(d, "-o \"%s\" would replace \"%s\", which is to be read", o->output.text, path);
			diag_hint(d, "Write to another file.");
			fine = false;
		} else if (o->verb != VERB_SCAN) {
			diag_add(trouble, DIAG_NOTE, NULL, "skipped \"%s\": it is the output", path);
			drop[i] = true;
		}
	}
	drop_files(list, drop);
	memory_free(drop);
	return fine;
}

/* Options files and what else says something about logs, and is none. */
static void drop_used(const struct options *o, struct input_list *list, struct diag_list *trouble)
{
	bool *drop = memory_new(list->n, sizeof *drop);
	for (size_t i = 0; i < list->n; i++) {
		const char *path = list->files[i].path;
		for (size_t k = 0; k < o->used_n && !drop[i]; k++)
			drop[i] = strcmp(path, "-") && output_is_same(o->used[k], path);
		if (drop[i])
			diag_add(trouble, DIAG_NOTE, NULL, "skipped \"%s\": it says what logs are, and is none", path);
		struct span below = span_from(span_of(path), conffiles_folder(path).len);
		if (drop[i] || !span_equal(below, SPAN(OPTIONFILE_NAME)))
			continue;
		drop[i] = true;
		diag_add(trouble, DIAG_WARNING, "Options are found in a PATH, not in the folders below it: give this folder, too.",
			 "\"%s\" is not used", path);
	}
	drop_files(list, drop);
	memory_free(drop);
}

static void unite(struct worker_result *results, size_t n, struct tally *tally, struct diag_list *trouble)
{
	for (size_t i = 0; i < n; i++) {
		struct worker_result *r = &results[i];
		if (r->is_tally)
			tally_merge(tally, &r->tally, trouble);
		for (size_t k = 0; k < r->scanned.n; k++) {
			tally_add(tally, r->scanned.parts[k], &r->where, trouble);
			r->scanned.parts[k] = NULL;
		}
		diag_merge(trouble, &r->trouble);
		worker_result_release(r);
	}
}

/* Reported from the tally, so that a file says the same whether it was read here or on another host. */
static enum content remark_all(const struct tally *tally, struct diag_list *trouble)
{
	struct remarks remarks = {0};
	for (size_t i = 0, end; i < tally->n; i = end) {
		const struct tally_entry *entry = &tally->entries[i];
		struct remarks_streams streams = {0};
		for (end = i; end < tally->n && !part_compare_files(entry->part, tally->entries[end].part); end++) {
			const struct part *p = tally->entries[end].part;
			remarks_stream(&streams, *p->format, p->rank, p->counts.lines, p->counts.records);
		}
		for (size_t k = 0; k < entry->n; k++) { /* all streams of a file are at the same places */
			remarks_damage(entry->locations[k].path, &entry->locations[k].damage, trouble);
			remarks_file(&remarks, entry->locations[k].path, &streams);
		}
	}
	remarks_finish(&remarks, trouble);
	return remarks.content;
}

enum outcome gather_files(const struct options *o, const struct library *lib, const struct watcher *who, const struct input_list *list,
			  const struct worker_instead *instead, struct tally *tally, struct diag_list *trouble, struct diag *d)
{
	struct worker_result *results = memory_new(list->n, sizeof *results);
	bool finished = workers_run_instead(o, lib, list, instead, who, results);
	unite(results, list->n, tally, trouble);
	memory_free(results);
	enum content content = finished ? remark_all(tally, trouble) : CONTENT_EMPTY;
	if (!finished)
		diag_set(d, "interrupted; nothing was written");
	else if (content == CONTENT_UNKNOWN)
		diag_set(d, "no file has a known format");
	else if (content == CONTENT_EMPTY && tally->n && (o->verb == VERB_DRAFT || o->verb == VERB_CHECK))
		diag_set(d, "there is no line to read");
	/* An empty file is a part like any other: the union of tallies must be the tally of all files. */
	else if (content == CONTENT_EMPTY && tally->n)
		content = CONTENT_KNOWN;
	return content == CONTENT_KNOWN ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

enum outcome gather_list(const struct options *o, struct input_list *list, struct diag_list *trouble, struct diag *d)
{
	*list = (struct input_list){0};
	for (size_t i = 0; i < o->paths_n; i++)
		input_walk(o->paths[i], list, trouble);
	drop_repeats(list);
	drop_used(o, list, trouble);
	if (!keep_output_apart(o, list, trouble, d))
		return OUTCOME_USAGE;
	if (!list->n && !trouble->incomplete)
		diag_set(d, "nothing to read: the folder has no files");
	return list->n ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

bool gather_has_lines(const struct tally *tally)
{
	for (size_t i = 0; i < tally->n; i++)
		if (tally->entries[i].part->counts.lines)
			return true;
	return false;
}

/* What says how a file is to be read means all of it; the others may mean one stream. */
static bool matches(const struct glob_rule *rule, const struct tally_entry *e, const struct location *where)
{
	bool of_files = rule->kind == GLOB_FORMAT || rule->kind == GLOB_SOURCE;
	return options_rule_matches(rule, where->path) || (!of_files && tally_matches(rule->glob, where, e->part->stream));
}

static bool matches_any(const struct tally *tally, const struct glob_rule *rule)
{
	for (size_t i = 0; i < tally->n; i++)
		for (size_t k = 0; k < tally->entries[i].n; k++)
			if (matches(rule, &tally->entries[i], &tally->entries[i].locations[k]))
				return true;
	return false;
}

/* A shared options file may speak of many hosts' logs: then the names of some are enough. */
enum { IDLE_RULES_SHOWN = 16 };

/* A rule that nothing came of is most likely misspelt, and what it should have mended is wrong in the draft. */
static void report_rules(const struct options *o, const struct tally *tally, struct diag_list *trouble)
{
	size_t idle = 0;
	for (size_t i = 0; i < o->rules_n; i++) {
		if (matches_any(tally, &o->rules[i]) || ++idle > IDLE_RULES_SHOWN)
			continue;
		diag_add(trouble, DIAG_WARNING,
			 "A GLOB without / is matched against the last part of a path, one with / against all of it.",
			 "%s \"%s\" matches no file", options_rule_name(o->rules[i].kind), o->rules[i].from.text);
	}
	if (idle > IDLE_RULES_SHOWN)
		diag_add(trouble, DIAG_WARNING, NULL, "%zu more rules match no file", idle - IDLE_RULES_SHOWN);
}

enum outcome gather(const struct options *o, const struct library *lib, const struct watcher *who, struct tally *tally,
		    struct diag_list *trouble, struct diag *d)
{
	struct input_list list;
	enum outcome outcome = gather_list(o, &list, trouble, d);
	if (outcome == OUTCOME_COMPLETE)
		outcome = gather_files(o, lib, who, &list, NULL, tally, trouble, d);
	if (outcome == OUTCOME_COMPLETE)
		report_rules(o, tally, trouble);
	input_list_release(&list);
	return outcome;
}
