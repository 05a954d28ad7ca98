#include "cmd/gather.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cmd/output.h"
#include "cmd/workers.h"

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

static bool is_tally_file(const char *path)
{
	struct input in;
	struct diag ignored = {0};
	if (!input_open(&in, path, &ignored))
		return false;
	bool is = tally_is(input_peek(&in));
	input_close(&in);
	return is;
}

/* What is to be written must not be read: but `scan` may add to a tally, and last run's draft in a folder of logs is no
 * log. False with `d`. */
static bool keep_output_apart(const struct options *o, struct input_list *list, struct diag_list *trouble,
			      struct diag *d)
{
	if (output_is_standard(o->output))
		return true;
	bool *drop = memory_new(list->n, sizeof *drop);
	bool fine = true;
	for (size_t i = 0; i < list->n && fine; i++) {
		const char *path = list->files[i].path;
		if (!strcmp(path, "-") || !output_is_same(o->output, path) ||
		    (o->verb == VERB_SCAN && is_tally_file(path)))
			continue;
		if (o->verb == VERB_SCAN || is_given(o, path)) {
			diag_set(d, "-o \"%s\" would replace \"%s\", which is to be read", o->output, path);
			diag_hint(d, "Write to another file.");
			fine = false;
		} else {
			diag_add(trouble, DIAG_NOTE, NULL, "skipped \"%s\": it is the output", path);
			drop[i] = true;
		}
	}
	drop_files(list, drop);
	memory_free(drop);
	return fine;
}

static void unite(struct worker_result *results, size_t n, struct tally *tally, struct diag_list *trouble)
{
	for (size_t i = 0; i < n; i++) {
		struct worker_result *r = &results[i];
		if (r->is_tally)
			tally_merge(tally, &r->tally, trouble);
		else if (r->part)
			tally_add(tally, r->part, &r->where, trouble);
		r->part = NULL;
		diag_merge(trouble, &r->trouble);
		worker_result_release(r);
	}
}

static void report_damage(const struct location *where, struct diag_list *trouble)
{
	const struct damage_report *damage = &where->damage;
	const long long given = (long long)damage->uncompressed_offset, at = (long long)damage->compressed_offset;
	const char *hint = damage->more ? "There is more damage behind it." : NULL;
	switch (damage->kind) {
	case DAMAGE_NONE:
		return;
	case DAMAGE_TRUNCATED:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": compressed data ends early; read %lld bytes before the break", where->path, given);
		break;
	case DAMAGE_CORRUPT:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": compressed data is damaged at byte %lld; read %lld bytes before it", where->path, at,
			 given);
		break;
	case DAMAGE_TRAILING:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": ignored what follows the compressed data from byte %lld on", where->path, at);
		return;
	case DAMAGE_READ:
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": reading failed; read %lld bytes before that",
			 where->path, given);
		break;
	}
	trouble->incomplete = true;
}

/* Files of which the same is to be said. */
struct named {
	const char *first[3]; /* borrowed paths */
	size_t n;
};

static void add_name(struct named *named, const char *path)
{
	if (named->n < sizeof named->first / sizeof *named->first)
		named->first[named->n] = path;
	named->n++;
}

/* One line for all of them: a folder may hold thousands. */
static void report_named(const struct named *named, enum diag_level level, const char *one, const char *many,
			 const char *hint, struct diag_list *trouble)
{
	const size_t most = sizeof named->first / sizeof *named->first;
	struct text t = {0};
	for (size_t i = 0; i < named->n && i < most; i++)
		text_format(&t, "%s\"%s\"", !i ? "" : i + 1 == named->n ? " and " : ", ", named->first[i]);
	if (named->n > most)
		text_format(&t, " and %zu more", named->n - most);
	if (named->n)
		diag_add(trouble, level, hint, "%s %s", t.at, named->n == 1 ? one : many);
	text_release(&t);
}

/* Whether anything can be told of these parts. */
enum content { CONTENT_EMPTY, CONTENT_UNKNOWN, CONTENT_KNOWN };

/* Reported from the tally, so that a file says the same whether it was read here or on another host. */
static enum content report(const struct tally *tally, struct diag_list *trouble)
{
	struct named unknown = {0}, silent = {0}, empty = {0};
	enum content content = CONTENT_EMPTY;
	for (size_t i = 0; i < tally->n; i++) {
		const struct tally_entry *entry = &tally->entries[i];
		enum content is = *entry->part->format ? CONTENT_KNOWN :
				  entry->part->counts.lines ? CONTENT_UNKNOWN : CONTENT_EMPTY;
		content = is > content ? is : content;
		for (size_t k = 0; k < entry->n; k++) {
			report_damage(&entry->locations[k], trouble);
			if (is == CONTENT_UNKNOWN)
				add_name(&unknown, entry->locations[k].path);
			else if (is == CONTENT_EMPTY)
				add_name(&empty, entry->locations[k].path);
			else if (!entry->part->counts.records)
				add_name(&silent, entry->locations[k].path);
		}
	}
	report_named(&unknown, DIAG_WARNING, "has no known format", "have no known format",
		     "To see the lines: onset check PATH; to state the format: --format GLOB=FORMAT", trouble);
	report_named(&silent, DIAG_WARNING, "has no record of its format", "have no record of their format",
		     "To see the lines: onset check PATH; the format may be stated wrongly.", trouble);
	/* An error log without errors is no trouble. */
	report_named(&empty, DIAG_NOTE, "is empty", "are empty", NULL, trouble);
	return content;
}

/* Reads all files into the tally. */
static enum outcome gather_files(const struct options *o, const struct library *lib, const struct input_list *list,
				 struct tally *tally, struct diag_list *trouble, struct diag *d)
{
	struct worker_result *results = memory_new(list->n, sizeof *results);
	bool finished = workers_run(o, lib, list, results);
	unite(results, list->n, tally, trouble);
	memory_free(results);
	enum content content = finished ? report(tally, trouble) : CONTENT_EMPTY;
	if (!finished)
		diag_set(d, "interrupted; nothing was written");
	else if (content == CONTENT_UNKNOWN)
		diag_set(d, "no file has a known format");
	else if (content == CONTENT_EMPTY && tally->n && o->verb != VERB_SCAN)
		diag_set(d, "there is no line to read");
	/* An empty file is a part like any other: the union of tallies must be the tally of all files. */
	else if (content == CONTENT_EMPTY && tally->n)
		content = CONTENT_KNOWN;
	return content == CONTENT_KNOWN ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

enum outcome gather(const struct options *o, const struct library *lib, struct tally *tally, struct diag_list *trouble,
		    struct diag *d)
{
	struct input_list list = {0};
	enum outcome outcome = OUTCOME_NOTHING;
	tally_init(tally, lib->patterns.hash);
	for (size_t i = 0; i < o->paths_n; i++)
		input_walk(o->paths[i], &list, trouble);
	drop_repeats(&list);
	if (!keep_output_apart(o, &list, trouble, d))
		outcome = OUTCOME_USAGE;
	else if (list.n)
		outcome = gather_files(o, lib, &list, tally, trouble, d);
	else if (!trouble->incomplete)
		diag_set(d, "nothing to read: the folder has no files");
	input_list_release(&list);
	return outcome;
}
