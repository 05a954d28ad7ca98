#include "onset/onset.h"

#include "base/memory.h"
#include "tell/digest.h"
#include "tell/json.h"
#include "tell/value.h"
#include "redact/redact.h"
#include "cmd/gather.h"
#include "cmd/message.h"
#include "cmd/setup.h"

_Static_assert((int)ONSET_COMPLETE == (int)OUTCOME_COMPLETE && (int)ONSET_INCOMPLETE == (int)OUTCOME_INCOMPLETE &&
		       (int)ONSET_NOTHING == (int)OUTCOME_NOTHING && (int)ONSET_USAGE == (int)OUTCOME_USAGE,
	       "the statuses are the program's");
_Static_assert((int)ONSET_NOTE == (int)DIAG_NOTE && (int)ONSET_NOTICE == (int)DIAG_NOTICE &&
		       (int)ONSET_WARNING == (int)DIAG_WARNING && (int)ONSET_ERROR == (int)DIAG_ERROR,
	       "so are the levels");

struct onset_scan {
	struct options options;
	struct library library;
	struct tally tally;
	struct diag_list trouble;
	struct watcher watcher;
	struct draft *draft;   /* the last one; NULL: none yet */
	struct redact *redact; /* what its placeholders stand for; NULL with it */
	bool prepared, was_read;
	enum outcome setup; /* once prepared */
	/* The texts of a message, built when it is asked for. */
	struct onset_message message;
	struct text message_text, message_hint;
	size_t sorted; /* so many of the troubles are sorted: all of them, until there are more */
};

const char *onset_version(void)
{
	return ONSET_VERSION;
}

struct onset_scan *onset_open(void)
{
	return memory_new(1, sizeof(struct onset_scan));
}

/* What is done, is it all? */
static enum onset_status status_of(const struct onset_scan *scan, enum outcome outcome)
{
	bool incomplete = outcome == OUTCOME_COMPLETE && scan->trouble.incomplete;
	return (enum onset_status)(incomplete ? OUTCOME_INCOMPLETE : outcome);
}

static enum onset_status fail(struct onset_scan *scan, enum onset_status status, const struct diag *d)
{
	if (d->set)
		diag_add(&scan->trouble, DIAG_ERROR, d->hint[0] ? d->hint : NULL, "%s", d->what);
	return status;
}

static enum onset_status too_late(struct onset_scan *scan, const char *what)
{
	struct diag d = {0};
	diag_set(&d, "%s after the scan was prepared", what);
	diag_hint(&d, "Open another scan, and merge it.");
	return fail(scan, ONSET_USAGE, &d);
}

enum onset_status onset_set(struct onset_scan *scan, const char *name, const char *value)
{
	struct options *o = &scan->options;
	struct diag d = {0};
	bool unknown;
	if (scan->prepared)
		return too_late(scan, "an option was stated");
	struct option_value kept = {.text = options_keep(o, span_of(value))};
	bool tally = !strcmp(name, "tally-output");
	if (tally || !strcmp(name, "output")) {
		o->output = kept;
		o->verb = tally ? VERB_SCAN : VERB_DRAFT;
	} else if (!strcmp(name, "config")) {
		o->config = kept;
	} else if (!strcmp(name, "no-config")) {
		o->no_config = true;
	} else if (!strcmp(name, "no-redact")) {
		o->redact = (struct option_value){.text = "none"};
	} else if (!options_set(o, span_of(options_keep(o, span_of(name))), kept, &unknown, &d)) {
		return fail(scan, ONSET_USAGE, &d);
	}
	return ONSET_COMPLETE;
}

enum onset_status onset_add(struct onset_scan *scan, const char *path)
{
	struct diag d = {0};
	if (scan->prepared)
		return too_late(scan, "a path was added");
	bool fine = options_add_path(&scan->options, options_keep(&scan->options, span_of(path)), &d);
	return fine ? ONSET_COMPLETE : fail(scan, ONSET_USAGE, &d);
}

enum onset_status onset_prepare(struct onset_scan *scan)
{
	if (!scan->prepared) {
		scan->prepared = true;
		scan->setup = setup(&scan->options, &scan->library, &scan->trouble);
		tally_init(&scan->tally, scan->library.patterns.hash);
	}
	return (enum onset_status)scan->setup;
}

void onset_watch(struct onset_scan *scan, int (*look)(void *context, int64_t done, int64_t total), void *context)
{
	scan->watcher = (struct watcher){look, context};
}

enum onset_status onset_read(struct onset_scan *scan)
{
	struct diag d = {0};
	enum onset_status ready = onset_prepare(scan);
	if (ready != ONSET_COMPLETE)
		return ready;
	if (scan->was_read)
		return too_late(scan, "a scan was read again");
	scan->was_read = true;
	enum outcome outcome = gather(&scan->options, &scan->library, &scan->watcher, &scan->tally, &scan->trouble, &d);
	return fail(scan, status_of(scan, outcome), &d);
}

enum onset_status onset_load(struct onset_scan *scan, const void *bytes, size_t len)
{
	struct diag d = {0};
	struct tally loaded;
	struct span all = {bytes, len};
	enum onset_status ready = onset_prepare(scan);
	if (ready != ONSET_COMPLETE)
		return ready;
	struct diag_list trouble = {0};
	tally_init(&loaded, scan->tally.patterns);
	bool fine = false;
	if (!tally_is(all)) {
		diag_set(&d, "what was to be loaded is no tally");
		diag_hint(&d, "Tallies are made by onset_save() and by: onset scan");
	} else if ((fine = tally_decode(&loaded, all, &d))) {
		if (loaded.n && loaded.patterns != scan->tally.patterns) {
			diag_add(&trouble, DIAG_WARNING, "Scan its logs again with the patterns in force here.",
				 "a tally was scanned with other patterns: %016llx, here %016llx",
				 (unsigned long long)loaded.patterns, (unsigned long long)scan->tally.patterns);
			trouble.incomplete = true;
		}
		tally_merge(&scan->tally, &loaded, &trouble);
	}
	tally_release(&loaded);
	bool incomplete = trouble.incomplete;
	diag_merge(&scan->trouble, &trouble);
	return !fine ? fail(scan, ONSET_NOTHING, &d) : incomplete ? ONSET_INCOMPLETE : ONSET_COMPLETE;
}

enum onset_status onset_merge(struct onset_scan *scan, struct onset_scan *from)
{
	enum onset_status ready = onset_prepare(scan);
	if (ready == ONSET_COMPLETE && scan != from)
		ready = onset_prepare(from);
	if (ready != ONSET_COMPLETE || scan == from)
		return ready;
	struct diag_list trouble = {0};
	if (from->tally.n && from->tally.patterns != scan->tally.patterns) {
		diag_add(&trouble, DIAG_WARNING, "Scan its logs again with the patterns in force here.",
			 "a scan with other patterns was merged: %016llx, here %016llx",
			 (unsigned long long)from->tally.patterns, (unsigned long long)scan->tally.patterns);
		trouble.incomplete = true;
	}
	tally_merge(&scan->tally, &from->tally, &trouble);
	/* What is missing there is missing here. */
	bool incomplete = trouble.incomplete || from->trouble.incomplete;
	diag_merge(&scan->trouble, &trouble);
	scan->trouble.incomplete |= incomplete;
	return incomplete ? ONSET_INCOMPLETE : ONSET_COMPLETE;
}

enum onset_status onset_save(struct onset_scan *scan, void **bytes, size_t *len)
{
	struct text out = {0};
	*bytes = NULL;
	*len = 0;
	enum onset_status ready = onset_prepare(scan);
	if (ready != ONSET_COMPLETE)
		return ready;
	tally_encode(&scan->tally, &out);
	*bytes = out.at;
	*len = out.len;
	return status_of(scan, OUTCOME_COMPLETE);
}

/* The time that damage took away, which only the story knows: gather() said where the break is. */
static void report_lost(const struct source *source, struct diag_list *trouble)
{
	for (size_t i = 0; i < source->truncated_n; i++) {
		const struct source_truncated *t = &source->truncated[i];
		const char *of = source->stream ? source->stream : "", *part = *of ? ", " : "";
		char from[32], until[32];
		if (t->lost_from_us == INSTANT_NONE)
			continue;
		instant_format(t->lost_from_us, from);
		if (t->lost_until_us == INSTANT_NONE)
			diag_add(trouble, DIAG_WARNING, NULL, "\"%s\"%s%s: lost what it said from %s on", t->path, part, of, from);
		else
			diag_add(trouble, DIAG_WARNING, NULL, "\"%s\"%s%s: lost what it said from %s to %s", t->path, part, of,
				 from, instant_format(t->lost_until_us, until));
	}
}

enum onset_status onset_draft(struct onset_scan *scan, char **json, size_t *len)
{
	struct text out = {0};
	struct diag d = {0};
	*json = NULL;
	*len = 0;
	enum onset_status ready = onset_prepare(scan);
	if (ready != ONSET_COMPLETE)
		return ready;
	redact_free(scan->redact);
	scan->redact = NULL;
	draft_free(scan->draft);
	scan->draft = NULL;
	if (!gather_has_lines(&scan->tally)) {
		diag_set(&d, "there is no line to read");
		return fail(scan, ONSET_NOTHING, &d);
	}
	const struct library *lib = &scan->library;
	scan->draft = story_tell(&scan->tally, lib->patterns.signals, &lib->story, &scan->trouble);
	for (size_t i = 0; i < scan->draft->sources_n; i++)
		report_lost(&scan->draft->sources[i], &scan->trouble);
	struct json_t *root = json_tree(scan->draft, ONSET_VERSION);
	scan->redact = redact_document(root, options_redacts(&scan->options));
	value_append(root, &out);
	value_free(root);
	*json = out.at;
	*len = out.len;
	return status_of(scan, OUTCOME_COMPLETE);
}

static void write_redacted(void *redact, struct span sentence, struct text *out)
{
	redact_text(redact, sentence, out);
}

enum onset_status onset_digest(struct onset_scan *scan, size_t columns, char **text)
{
	struct text out = {0};
	*text = NULL;
	if (!scan->draft)
		return ONSET_NOTHING;
	struct digest_pen pen = {write_redacted, scan->redact};
	digest_from_draft(scan->draft, columns, &pen, &out);
	*text = out.at;
	return ONSET_COMPLETE;
}

const struct onset_message *onset_message(struct onset_scan *scan, size_t index)
{
	/* Sorted once, not for each of them: an options file can name ten thousand logs that there are not. */
	if (scan->trouble.n != scan->sorted) {
		diag_sort(&scan->trouble);
		scan->sorted = scan->trouble.n;
	}
	if (index >= scan->trouble.n)
		return NULL;
	const struct diag_item *item = &scan->trouble.items[index];
	text_clear(&scan->message_text);
	text_clear(&scan->message_hint);
	message_lines(&scan->message_text, item->what);
	message_lines(&scan->message_hint, item->hint ? item->hint : "");
	scan->message = (struct onset_message){(enum onset_level)item->level, scan->message_text.at, scan->message_hint.at};
	return &scan->message;
}

void onset_free(void *memory)
{
	memory_free(memory);
}

void onset_close(struct onset_scan *scan)
{
	if (!scan)
		return;
	redact_free(scan->redact);
	draft_free(scan->draft);
	tally_release(&scan->tally);
	library_release(&scan->library);
	options_release(&scan->options);
	diag_release(&scan->trouble);
	text_release(&scan->message_text);
	text_release(&scan->message_hint);
	memory_free(scan);
}
