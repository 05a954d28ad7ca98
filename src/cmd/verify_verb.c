#include "cmd/verify_verb.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/contract.h"
#include "verify/around.h"
#include "verify/compare.h"
#include "verify/reread.h"
#include "verify/walk.h"
#include "cmd/attend.h"
#include "cmd/conffiles.h"
#include "cmd/message.h"
#include "cmd/output.h"
#include "cmd/recount.h"
#include "cmd/smallfile.h"

enum { SHOWN_PLACES = 100 }; /* of one item */

/* One run: what is read in a thread of its own, so that the one that waits can hear signals. */
struct run {
	const struct options *options;
	struct json_t *root;
	struct claims claims;
	bool *only; /* contents of the item that is shown; NULL: all */
	struct sights sights;
	struct reread_outcome *outcomes; /* as many as claims.lines; of lines whose file is there */
	struct excerpt excerpt;
	bool *altered;                   /* as many as contents: not found, but its path has some of its lines */
	struct result result;
	struct diag_list trouble;
	struct watch watch;
	struct attend attend;
	struct diag d;
};

static bool is_here(const struct run *run, size_t content)
{
	return run->sights.items[content].path;
}

/* ---- in the thread ---- */

static bool reread(struct run *run, const char *path, uint64_t start, size_t from, size_t n)
{
	struct input in;
	struct diag d = {0};
	const struct claim_line *lines = &run->claims.lines[from];
	if (!sight_open(&in, path, &run->watch.stop, &run->watch.read, &d))
		return false;
	bool fine = reread_lines(&in, start, run->claims.contents[lines->content].bytes, lines, n, &run->excerpt, &run->outcomes[from]);
	input_close(&in);
	return fine;
}

/* A log whose bytes are nowhere: when its path has some of its lines it was altered, else something else has its name. */
static void reread_altered(struct run *run, size_t content, size_t from, size_t n)
{
	const char *path = run->claims.contents[content].path;
	/* With --logs it was not looked into, unless it is one of these. */
	bool looked = !run->options->logs.n;
	for (size_t i = 0; i < run->sights.files.n && !looked; i++)
		looked = path && !strcmp(path, run->sights.files.files[i].path);
	if (!path || !looked || !strcmp(path, "-") || !reread(run, path, 0, from, n))
		return;
	for (size_t i = from; i < from + n; i++)
		if (run->outcomes[i].word == REREAD_HOLDS && value_kind(run->claims.lines[i].excerpt) == VALUE_STRING)
			run->altered[content] = true;
}

static void reread_all(struct run *run)
{
	const struct claims *c = &run->claims;
	for (size_t i = 0, end; i < c->lines_n && !run->watch.stop; i = end) {
		size_t content = c->lines[i].content;
		for (end = i; end < c->lines_n && c->lines[end].content == content;)
			end++;
		if (is_here(run, content))
			reread(run, run->sights.items[content].path, run->sights.items[content].start, i, end - i);
		else
			reread_altered(run, content, i, end - i);
	}
}

static void *work(void *shared)
{
	struct run *run = shared;
	const struct options *o = run->options;
	const char **logs = memory_new(o->logs.n, sizeof *logs);
	for (size_t i = 0; i < o->logs.n; i++)
		logs[i] = o->logs.items[i].text;
	if (sight_all(&run->claims, run->only, logs, o->logs.n, &run->watch.stop, &run->watch.read, &run->sights, &run->trouble) && !o->show.text)
		reread_all(run);
	memory_free(logs);
	watch_leave(&run->watch);
	return NULL;
}

/* False when it was stopped. */
static bool look(struct run *run)
{
	pthread_t thread;
	struct watcher who = {attend_look, &run->attend};
	watch_init(&run->watch, 1);
	bool started = !pthread_create(&thread, NULL, work, run);
	if (!started)
		work(run);
	bool finished = watch_wait(&run->watch, -1, &who, -1) == WATCH_DONE;
	if (started)
		pthread_join(thread, NULL);
	watch_release(&run->watch);
	return finished;
}

/* ---- what it came to ---- */

static struct span base_name(const char *path)
{
	return span_from(span_of(path), conffiles_folder(path).len);
}

/* Notes what is not where it was; returns whether only its folder is another one. */
static bool say_moved(struct run *run, size_t content)
{
	const struct claim_content *was = &run->claims.contents[content];
	const struct sight *is = &run->sights.items[content];
	const char *path = was->path ? was->path : "";
	struct text t = {0};
	bool same = !strcmp(path, is->path), part = is->start || is->more;
	if (!part && (same || span_equal(base_name(path), base_name(is->path))))
		return !same;
	text_format(&t, "\"%s\"", path);
	if (!same)
		text_format(&t, " is now %s\"%s\"", is->start ? "in " : "", is->path);
	if (is->start)
		text_format(&t, ", from byte %llu on", (unsigned long long)is->start);
	if (is->more)
		text_format(&t, "%s goes on behind its %llu bytes", same && !is->start ? "" : ", which", (unsigned long long)was->bytes);
	result_moved(&run->result, t.at);
	text_release(&t);
	return false;
}

static void say_missing(struct run *run, size_t content)
{
	const struct claim_content *was = &run->claims.contents[content];
	struct text t = {0};
	const char *hint = "Say where it is now with --logs PATH";
	bool altered = run->altered[content];
	text_format(&t, "\"%s\" (%llu-%08x): ", was->path ? was->path : "", (unsigned long long)was->bytes, was->crc);
	if (altered) {
		text_append_string(&t, "its bytes are others now, although some of its evidence is there");
		hint = "It was altered, or cut and written again; a copy of before may be named with --logs PATH";
	} else if (was->path && !strcmp(was->path, "-")) {
		text_append_string(&t, "it was standard input");
		hint = "If it was saved, say where with --logs PATH";
	} else if (standins_in(span_of(was->path))) {
		text_append_string(&t, "something was taken out of its path");
	} else {
		text_format(&t, "no file with these bytes among the %zu that were looked into", run->sights.looked);
	}
	result_trouble(&run->result, RESULT_FILES, altered ? RESULT_DIFFERS : RESULT_MISSING, hint, t.at);
	text_release(&t);
}

static int by_path(const void *a, const void *b)
{
	const struct claim_content *const *x = a, *const *y = b;
	int order = strcmp((*x)->path ? (*x)->path : "", (*y)->path ? (*y)->path : "");
	return order ? order : *x < *y ? -1 : *x > *y;
}

static void say_files(struct run *run)
{
	const struct claims *c = &run->claims;
	const struct claim_content **sorted = memory_new(c->contents_n, sizeof *sorted);
	size_t elsewhere = 0;
	for (size_t i = 0; i < c->contents_n; i++)
		sorted[i] = &c->contents[i];
	if (c->contents_n)
		qsort(sorted, c->contents_n, sizeof *sorted, by_path);
	for (size_t k = 0; k < c->contents_n; k++) {
		size_t i = (size_t)(sorted[k] - c->contents);
		if (!sorted[k]->bytes) /* no bytes are no proof */
			continue;
		if (is_here(run, i)) {
			result_hold(&run->result, RESULT_FILES, 1);
			elsewhere += say_moved(run, i);
		} else {
			say_missing(run, i);
		}
	}
	if (elsewhere) {
		struct text t = {0};
		text_format(&t, "%zu %s in another folder, under the same name", elsewhere, elsewhere == 1 ? "file" : "files");
		result_moved(&run->result, t.at);
		text_release(&t);
	}
	memory_free(sorted);
}

static void say_line(struct run *run, const struct claim_line *c, const struct reread_outcome *outcome)
{
	struct text t = {0};
	text_format(&t, "%s: \"%s\" line %llu: ", c->place, c->path ? c->path : "", (unsigned long long)c->line);
	switch (outcome->word) {
	case REREAD_HOLDS:
		break;
	case REREAD_BEYOND:
		text_format(&t, "offset %llu and length %llu lead behind the file's %llu bytes", (unsigned long long)c->offset,
			    (unsigned long long)c->length, (unsigned long long)run->claims.contents[c->content].bytes);
		break;
	case REREAD_AMID:
		text_format(&t, "no line begins at offset %llu: it lies within line %llu", (unsigned long long)c->offset, (unsigned long long)outcome->line);
		break;
	case REREAD_LINE:
		text_format(&t, "at offset %llu line %llu begins", (unsigned long long)c->offset, (unsigned long long)outcome->line);
		break;
	case REREAD_LENGTH:
		text_format(&t, "no line ends %llu bytes behind offset %llu; the one that begins there has %llu", (unsigned long long)c->length,
			    (unsigned long long)c->offset, (unsigned long long)outcome->length);
		break;
	case REREAD_EXCERPT:
		text_append_string(&t, "the excerpt is not what stands there");
		break;
	}
	result_trouble(&run->result, RESULT_LINES, RESULT_DIFFERS, NULL, t.at);
	text_release(&t);
}

/* Whether the draft that was made again has the same line with the same excerpt: the reading of a record may leave out lines of
 * others that stand between its own, and then its bytes in the file do not tell. */
static bool was_read_so(const struct claims *again, const struct claims *told, const struct claim_line *line)
{
	const struct claim_content *content = &told->contents[line->content];
	size_t wanted = claims_content(again, content->bytes, content->crc), low = 0, high = again->lines_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct claim_line *l = &again->lines[middle];
		if (l->content < wanted || (l->content == wanted && l->offset < line->offset))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < again->lines_n && again->lines[low].content == wanted && again->lines[low].offset == line->offset; low++) {
		const struct claim_line *l = &again->lines[low];
		if (l->line == line->line && l->length == line->length && span_equal(value_text(l->excerpt), value_text(line->excerpt)))
			return true;
	}
	return false;
}

/* `again`: NULL when it was not recounted. */
static void say_lines(struct run *run, const struct json_t *again)
{
	struct claims other = {0};
	struct result ignored = {0};
	const struct claims *c = &run->claims;
	if (again)
		claims_read(&other, again, &ignored);
	for (size_t i = 0; i < c->lines_n; i++) {
		const struct claim_line *line = &c->lines[i];
		const struct reread_outcome *outcome = &run->outcomes[i];
		if (!is_here(run, line->content) && !run->altered[line->content])
			run->result.n[RESULT_LINES][RESULT_MISSING]++;
		else if (outcome->word == REREAD_HOLDS || (outcome->word == REREAD_EXCERPT && is_here(run, line->content) && was_read_so(&other, c, line)))
			result_hold(&run->result, RESULT_LINES, 1);
		else
			say_line(run, line, outcome);
	}
	claims_release(&other);
	result_release(&ignored);
}

/* Which sources have all of their files. */
static bool *whole_sources(const struct run *run)
{
	const struct json_t *sources = value_get(run->root, "sources");
	bool *whole = memory_new(value_count(sources), sizeof *whole);
	for (size_t i = 0; i < value_count(sources); i++) {
		const struct json_t *prints = value_get(value_at(sources, i), "fingerprints");
		whole[i] = true;
		for (size_t k = 0; k < value_count(prints) && whole[i]; k++) {
			uint64_t bytes;
			uint32_t crc;
			whole[i] = claims_fingerprint(value_text(value_at(prints, k)), &bytes, &crc) &&
				   is_here(run, claims_content(&run->claims, bytes, crc));
		}
	}
	return whole;
}

static void say_values(struct run *run, const struct json_t *again, const struct diag *why)
{
	struct text t = {0};
	size_t all = run->claims.contents_n, left = all - run->sights.found - run->sights.found_empty;
	if (!again) {
		text_format(&t, "the draft cannot be made again: %s%s%s", why->what, why->hint[0] ? ". " : "", why->hint);
		result_aside(&run->result, RESULT_VALUES, t.at);
	} else if (left) {
		bool *whole = whole_sources(run);
		text_format(&t, "of %zu files %zu %s not as the draft read them: only what each whole source says of its own lines was recounted", all,
			    left, left == 1 ? "is" : "are");
		result_aside(&run->result, RESULT_VALUES, t.at);
		compare_sources(run->root, again, whole, &run->result);
		memory_free(whole);
	} else {
		compare_drafts(run->root, again, &run->result);
	}
	text_release(&t);
}

static bool verify(struct run *run, struct text *out)
{
	struct json_t *again = NULL;
	struct diag why = {0};
	run->outcomes = memory_new(run->claims.lines_n, sizeof *run->outcomes);
	run->altered = memory_new(run->claims.contents_n, sizeof *run->altered);
	bool finished = look(run);
	if (finished && run->sights.found) {
		struct watcher who = {attend_look, &run->attend};
		struct recount recount = {run->options, &run->claims, &run->sights, &who};
		again = recount_draft(&recount, &why);
		finished = !run->attend.ended_by;
	}
	if (finished) {
		say_files(run);
		say_lines(run, again);
		if (run->sights.found)
			say_values(run, again, &why);
		result_append(&run->result, out);
	}
	value_free(again);
	memory_free(run->outcomes);
	memory_free(run->altered);
	excerpt_release(&run->excerpt);
	return finished;
}

/* ---- --show ---- */

static const struct json_t *item_of(const struct json_t *root, struct span id)
{
	struct walk w;
	const struct json_t *value;
	walk_begin(&w, root);
	while ((value = walk_next(&w)))
		if (value_kind(value) == VALUE_OBJECT && span_equal(value_member_text(value, "id"), id))
			break;
	walk_release(&w);
	return value;
}

/* The places of one content; returns the index behind them. */
static size_t show_content(struct run *run, size_t from, struct text *out)
{
	const struct claims *c = &run->claims;
	const struct claim_line *lines[SHOWN_PLACES];
	size_t content = c->lines[from].content, n = 0, i = from;
	const struct sight *sight = &run->sights.items[content];
	const char *was = c->contents[content].path;
	struct input in;
	struct diag d = {0};
	for (; i < c->lines_n && c->lines[i].content == content; i++)
		if (n < SHOWN_PLACES && i < SHOWN_PLACES)
			lines[n++] = &c->lines[i];
	if (from >= SHOWN_PLACES)
		return i;
	text_append_string(out, from ? "\n" : "");
	text_append_printable(out, span_of(sight->path ? sight->path : was ? was : ""));
	if (sight->path && was && strcmp(was, sight->path)) {
		text_append_string(out, " (was ");
		text_append_printable(out, span_of(was));
		text_append_byte(out, ')');
	}
	text_append_string(out, sight->path ? "\n" : ": not found\n");
	if (sight->path && sight_open(&in, sight->path, &run->watch.stop, NULL, &d)) {
		around_append(&in, sight->start, c->contents[content].bytes, lines, n, out);
		input_close(&in);
	}
	return i;
}

static enum outcome show(struct run *run, struct text *out)
{
	const char *id = run->options->show.text;
	const struct json_t *item = item_of(run->root, span_of(id));
	struct claims *c = &run->claims;
	bool whole = true;
	if (!item) {
		diag_set(&run->d, "no item of the draft has the id \"%s\"", id);
		diag_hint(&run->d, "Ids stand in the JSON beside incidents, bursts, entries, changes, findings and sources.");
		return OUTCOME_NOTHING;
	}
	claims_keep(c, item);
	if (!c->lines_n) {
		diag_set(&run->d, "\"%s\" names no line of a log", id);
		return OUTCOME_NOTHING;
	}
	run->only = memory_new(c->contents_n, sizeof *run->only);
	for (size_t i = 0; i < c->lines_n; i++)
		run->only[c->lines[i].content] = true;
	bool finished = look(run), any = false;
	for (size_t i = 0; i < c->lines_n && finished; i = show_content(run, i, out))
		any = any || is_here(run, c->lines[i].content);
	for (size_t i = 0; i < c->lines_n; i++)
		whole = whole && is_here(run, c->lines[i].content);
	if (c->lines_n > SHOWN_PLACES)
		text_format(out, "\nand %zu more places\n", c->lines_n - SHOWN_PLACES);
	memory_free(run->only);
	return !finished || !any ? OUTCOME_NOTHING : whole ? OUTCOME_COMPLETE : OUTCOME_INCOMPLETE;
}

/* ---- the verb ---- */

static bool read_draft(struct run *run)
{
	const char *path = run->options->paths[0];
	struct text json = {0};
	bool fine = smallfile_read(path, SMALLFILE_DRAFT, &json, &run->d);
	if (fine)
		run->root = value_read(text_span(&json), path, &run->d);
	text_release(&json);
	return run->root && contract_is_draft(run->root, path, &run->d);
}

static enum outcome run_all(struct run *run)
{
	struct text out = {0};
	enum outcome outcome;
	claims_read(&run->claims, run->root, &run->result);
	attend_begin(&run->attend);
	if (run->options->show.text)
		outcome = show(run, &out);
	else if (!verify(run, &out))
		outcome = OUTCOME_NOTHING;
	else
		outcome = result_is_none(&run->result) ? OUTCOME_NOTHING : result_is_whole(&run->result) ? OUTCOME_COMPLETE : OUTCOME_INCOMPLETE;
	if (attend_end(&run->attend)) {
		outcome = OUTCOME_NOTHING;
		diag_set(&run->d, "interrupted; nothing was checked");
	} else if (out.len && !output_write(NULL, text_span(&out), OUTPUT_COMMON, &run->d)) {
		outcome = OUTCOME_NOTHING;
	}
	text_release(&out);
	return outcome;
}

static void tell(struct text *messages, enum diag_level level, const char *what, const char *hint)
{
	struct text lines = {0}, more = {0};
	message_lines(&lines, what);
	message_lines(&more, hint ? hint : "");
	message_append(messages, level, lines.at, more.at);
	text_release(&lines);
	text_release(&more);
}

enum outcome verify_verb(const struct options *o, bool notes, struct text *messages)
{
	struct run *run = memory_new(1, sizeof *run);
	enum outcome outcome = OUTCOME_NOTHING;
	run->options = o;
	if (read_draft(run))
		outcome = run_all(run);
	if (run->d.set)
		tell(messages, DIAG_ERROR, run->d.what, run->d.hint);
	diag_sort(&run->trouble);
	for (size_t i = 0; i < run->trouble.n; i++)
		if (notes || run->trouble.items[i].level != DIAG_NOTE)
			tell(messages, run->trouble.items[i].level, run->trouble.items[i].what, run->trouble.items[i].hint);
	diag_release(&run->trouble);
	claims_release(&run->claims);
	sights_release(&run->sights);
	result_release(&run->result);
	value_free(run->root);
	memory_free(run);
	return outcome;
}
