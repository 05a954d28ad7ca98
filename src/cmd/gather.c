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

/* What is to be written must not be read: but `scan` may add to a tally, and last run's draft in a folder of logs is no log.
 * False with `d`. */
static bool keep_output_apart(const struct options *o, struct input_list *list, struct diag_list *trouble, struct diag *d)
{
	if (output_is_standard(o->output))
		return true;
	bool *drop = memory_new(list->n, sizeof *drop);
	bool fine = true;
	for (size_t i = 0; i < list->n && fine; i++) {
		const char *path = list->files[i].path;
		if (!strcmp(path, "-") || !output_is_same(o->output, path) || (o->verb == VERB_SCAN && is_tally_file(path)))
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
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": compressed data ends early; read %lld bytes before the break",
			 where->path, given);
		break;
	case DAMAGE_CORRUPT:
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": compressed data is damaged at byte %lld; read %lld bytes before it",
			 where->path, at, given);
		break;
	case DAMAGE_TRAILING:
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": ignored what follows the compressed data from byte %lld on",
			 where->path, at);
		return;
	case DAMAGE_READ:
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": reading failed; read %lld bytes before that", where->path, given);
		break;
	}
	trouble->incomplete = true;
}

static void report_format(const struct part *part, const struct location *where, struct diag_list *trouble)
{
	if (*part->format)
		return;
	if (!part->counts.lines) {
		diag_add(trouble, DIAG_WARNING, NULL, "\"%s\" is empty", where->path);
		return;
	}
	struct text hint = {0};
	text_append_string(&hint, "To see its lines: onset check ");
	text_append_string(&hint, where->path);
	text_append_string(&hint, "; to state its format: --format");
	diag_add(trouble, DIAG_WARNING, hint.at, "\"%s\" has no known format; none of its %llu lines was understood", where->path,
		 (unsigned long long)part->counts.lines);
	text_release(&hint);
}

/* Reported from the tally, so that a file says the same whether it was read here or on another host. Returns how many parts are
 * of a known format. */
static size_t report(const struct tally *tally, struct diag_list *trouble)
{
	size_t known = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const struct tally_entry *entry = &tally->entries[i];
		known += *entry->part->format != 0;
		for (size_t k = 0; k < entry->n; k++) {
			report_damage(&entry->locations[k], trouble);
			report_format(entry->part, &entry->locations[k], trouble);
		}
	}
	return known;
}

static enum outcome nothing(struct diag *d, const char *what, const char *hint)
{
	diag_set(d, "%s", what);
	if (hint)
		diag_hint(d, "%s", hint);
	return OUTCOME_NOTHING;
}

enum outcome gather(const struct options *o, const struct library *lib, struct tally *tally, struct diag_list *trouble,
		    struct diag *d)
{
	struct input_list list = {0};
	tally_init(tally, lib->patterns.hash);
	for (size_t i = 0; i < o->paths_n; i++)
		input_walk(o->paths[i], &list, trouble);
	drop_repeats(&list);
	enum outcome outcome = OUTCOME_COMPLETE;
	if (!keep_output_apart(o, &list, trouble, d))
		outcome = OUTCOME_USAGE;
	else if (!list.n)
		outcome = nothing(d, "nothing to read", NULL);
	else {
		struct worker_result *results = memory_new(list.n, sizeof *results);
		bool finished = workers_run(o, lib, &list, results);
		unite(results, list.n, tally, trouble);
		memory_free(results);
		if (!finished)
			outcome = nothing(d, "interrupted; nothing was written", NULL);
		else if (!report(tally, trouble))
			outcome = nothing(d, "no file has a known format", NULL);
	}
	input_list_release(&list);
	return outcome;
}
