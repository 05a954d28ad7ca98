#include "cmd/recount.h"

#include <stdio.h>

#include "base/memory.h"
#include "fold/source.h"
#include "redact/redact.h"
#include "story/story.h"
#include "tell/json.h"
#include "verify/standins.h"
#include "cmd/gather.h"
#include "cmd/setup.h"

/* The files under the names that they had, and what is read in place of each. */
struct stand_ins {
	struct input_list list;
	struct worker_instead *items;
	char **keys; /* owned */
	size_t cap, keys_cap;
};

/* Whether a path is what is told of it. */
static bool is_path(const char *path, const char *told)
{
	struct standins standins = {0};
	bool is = path && standins_agree(&standins, span_of(path), span_of(told));
	standins_release(&standins);
	return is;
}

/* The path that a content had: as told; or, when something was taken out of that, as it has now, if that agrees. NULL: it is not known. */
static const char *path_of(const struct recount *r, const char *told, size_t content)
{
	const struct input_list *files = &r->sights->files;
	const char *now = r->sights->items[content].path;
	if (!standins_in(span_of(told)))
		return told;
	for (size_t i = 0; i < files->n && !r->claims->contents[content].bytes; i++) /* empty files are one content of many paths */
		if (is_path(files->files[i].path, told))
			return files->files[i].path;
	return is_path(now, told) ? now : NULL;
}

static size_t content_of(const struct claims *c, const struct json_t *object)
{
	uint64_t bytes;
	uint32_t crc;
	return claims_fingerprint(value_member_text(object, "fingerprint"), &bytes, &crc) ? claims_content(c, bytes, crc) : c->contents_n;
}

/* Whether a told key is that of a path: when something was taken out of it, as it may have been. */
static bool is_key(struct span told, struct span of_path)
{
	struct standins standins = {0};
	bool is = standins_agree(&standins, of_path, told);
	standins_release(&standins);
	return is;
}

/* The key that the path had as a source's: with the name that --source gave, if that stands before it. */
static char *key_of(const struct claim_file *file, const char *path)
{
	char *own = tally_source_key(NULL, path);
	struct span rest = span_of(file->key), name = span_cut(&rest, ':');
	if (!strcmp(path, "-")) {
		memory_free(own);
		return span_copy(span_of(file->key));
	}
	if (is_key(span_of(file->key), span_of(own)) || !rest.len || !is_key(rest, span_of(own)))
		return own;
	struct text key = {0};
	text_append(&key, name);
	text_append_byte(&key, ':');
	text_append_string(&key, own);
	memory_free(own);
	return key.at;
}

/* Whether a path that a content may have had gives the id that the draft tells: of each source in whose key something is missing. */
static bool has_id(const struct recount *r, size_t index)
{
	const struct json_t *source = value_at(value_get(r->claims->root, "sources"), index), *first = value_at(value_get(source, "files"), 0);
	struct span stream = value_member_text(source, "stream");
	const char *told = value_member_text(first, "path").at;
	size_t content = content_of(r->claims, first);
	if (!standins_in(span_of(r->claims->keys[index])))
		return true;
	const char *path = told && content < r->claims->contents_n ? path_of(r, told, content) : NULL;
	if (!path)
		return !told || (content < r->claims->contents_n && !r->sights->items[content].path);
	char id[13], *key = key_of(&(struct claim_file){.path = told, .key = r->claims->keys[index]}, path);
	struct text whole = {0};
	text_format(&whole, stream.len ? "%s#%.*s" : "%s", key, (int)stream.len, stream.len ? stream.at : "");
	source_id(whole.at, id);
	memory_free(key);
	text_release(&whole);
	return span_equal(span_of(id), value_member_text(source, "id"));
}

/* Paths, from which come keys, ids and dates. */
static bool are_whole(const struct recount *r, struct diag *why)
{
	const struct claims *c = r->claims;
	const char *lost = NULL;
	for (size_t i = 0; i < c->files_n && !lost; i++)
		if (r->sights->items[c->files[i].content].path && !path_of(r, c->files[i].path, c->files[i].content))
			lost = c->files[i].path;
	for (size_t i = 0; i < c->keys_n && !lost; i++)
		lost = has_id(r, i) ? NULL : c->keys[i];
	if (!lost)
		return true;
	diag_set(why, "something was taken out of a path, \"%s\"", lost);
	diag_hint(why, "With --logs and a path that is as it was it can be.");
	return false;
}

/* The option's name without dashes. NULL: it is none that a draft names. */
static const char *option_name(const struct json_t *option)
{
	struct span name = value_member_text(option, "name");
	return name.len > 2 && span_starts(name, SPAN("--")) ? name.at + 2 : NULL;
}

static bool state_all(const struct recount *r, struct options *o, struct diag *why)
{
	const struct json_t *options = value_get(value_get(r->claims->root, "generator"), "options");
	bool unknown;
	*o = (struct options){.verb = VERB_DRAFT, .no_config = true, .jobs = r->given->jobs};
	for (size_t i = 0; i < r->given->folders.n; i++)
		if (!options_set(o, SPAN("patterns"), r->given->folders.items[i], &unknown, why))
			return false;
	for (size_t i = 0; i < value_count(options); i++) {
		const struct json_t *option = value_at(options, i);
		const char *name = option_name(option), *value = value_member_text(option, "value").at;
		struct option_value text = {.text = value};
		if (!name || !value) {
			diag_set(why, "an option of it is none");
			return false;
		}
		if (standins_in(span_of(value))) { /* it stands for what a recount needs */
			diag_set(why, "something was taken out of an option, --%s \"%s\"", name, value);
			return false;
		}
		/* Read from where their contents are now: add_events(). */
		if (strcmp(name, "events") && !options_set(o, span_of(name), text, &unknown, why))
			return false;
	}
	return true;
}

static bool same_patterns(const struct recount *r, const struct library *lib, struct diag *why)
{
	struct span told = value_member_text(value_get(r->claims->root, "generator"), "patterns");
	char here[17];
	snprintf(here, sizeof here, "%016llx", (unsigned long long)lib->patterns.hash);
	if (span_equal(told, span_of(here)))
		return true;
	diag_set(why, "it was made with other patterns: %.*s, here %s", told.len < 20 ? (int)told.len : 20, told.at ? told.at : "", here);
	diag_hint(why, "Say which with --patterns DIR, or verify with the version that made it.");
	return false;
}

static bool read_content(const struct recount *r, size_t content, struct text *out, struct diag *why)
{
	enum { CHUNK = 64 << 10, MOST = 16 << 20 /* smallfile.h */ };
	const struct sight *sight = &r->sights->items[content];
	struct input in;
	size_t n = 1;
	if (r->claims->contents[content].bytes > MOST || !input_open(&in, sight->path, why))
		return false;
	struct inflate *inflate = inflate_new(&in);
	char *buffer = memory_unset(CHUNK);
	inflate_confine(inflate, sight->start, r->claims->contents[content].bytes);
	while ((n = inflate_read(inflate, buffer, CHUNK)))
		text_append(out, (struct span){buffer, n});
	memory_free(buffer);
	inflate_free(inflate);
	input_close(&in);
	return true;
}

/* The files of --events, in the order given, from where they are now. */
static bool add_events(const struct recount *r, struct library *lib, struct diag *why)
{
	const struct json_t *events = value_get(r->claims->root, "events");
	struct story_options *story = &lib->story;
	for (size_t i = 0; i < value_count(events); i++) {
		const struct json_t *file = value_at(events, i);
		const char *path = value_member_text(file, "path").at;
		size_t content = content_of(r->claims, file);
		struct text bytes = {0};
		if (!path || content == r->claims->contents_n || !r->sights->items[content].path) {
			diag_set(why, "a file of --events is missing: \"%s\"", path ? path : "");
			return false;
		}
		path = path_of(r, path, content);
		story->events = memory_grow(story->events, &lib->events_cap, story->events_n + 1, sizeof *story->events);
		bool fine = read_content(r, content, &bytes, why) &&
			    eventfile_read(text_span(&bytes), r->claims->contents[content].crc, path, &story->events[story->events_n], why);
		text_release(&bytes);
		if (!fine)
			return false;
		story->events_n++;
	}
	return true;
}

static void add_files(const struct recount *r, struct stand_ins *s)
{
	const struct claims *c = r->claims;
	for (size_t i = 0; i < c->files_n; i++) {
		const struct claim_file *file = &c->files[i];
		const struct sight *sight = &r->sights->items[file->content];
		if (!sight->path || !file->key)
			continue;
		size_t n = s->list.n;
		s->list.files = memory_grow(s->list.files, &s->list.cap, n + 1, sizeof *s->list.files);
		s->items = memory_grow(s->items, &s->cap, n + 1, sizeof *s->items);
		s->keys = memory_grow(s->keys, &s->keys_cap, n + 1, sizeof *s->keys);
		const char *path = path_of(r, file->path, file->content);
		s->keys[n] = key_of(file, path);
		/* Of a whole file what its container is like is told again, too. */
		uint64_t bytes = sight->start || sight->more ? c->contents[file->content].bytes : UINT64_MAX;
		s->items[n] = (struct worker_instead){sight->path, s->keys[n], sight->start, bytes,
						      file->mtime_us == INSTANT_NONE ? 0 : file->mtime_us / SECOND_US};
		int64_t size = c->contents[file->content].bytes > INT64_MAX ? INT64_MAX : (int64_t)c->contents[file->content].bytes;
		s->list.files[s->list.n++] = (struct input_file){span_copy(span_of(path)), size};
	}
}

static void stand_ins_release(struct stand_ins *s)
{
	for (size_t i = 0; i < s->list.n; i++)
		memory_free(s->keys[i]);
	memory_free(s->keys);
	memory_free(s->items);
	input_list_release(&s->list);
}

/* What was taken out of the draft is taken out of this one, too. */
static unsigned told_kinds(const struct json_t *root)
{
	const struct json_t *told = value_get(value_get(root, "redaction"), "kinds");
	unsigned kinds = 0;
	for (size_t i = 0; i < value_count(told); i++) {
		enum redact_kind kind;
		kinds |= redact_kind_named(value_text(value_at(told, i)), &kind) ? 1u << kind : 0;
	}
	return kinds;
}

static struct json_t *tell(const struct recount *r, const struct library *lib, const struct tally *tally, struct diag_list *trouble)
{
	struct draft *draft = story_tell(tally, lib->patterns.signals, &lib->story, trouble);
	struct json_t *tree = json_tree(draft, ONSET_VERSION);
	redact_free(redact_document(tree, told_kinds(r->claims->root)));
	draft_free(draft);
	return tree;
}

static struct json_t *read_and_tell(const struct recount *r, const struct options *o, const struct library *lib, struct diag_list *trouble,
				    struct diag *why)
{
	struct stand_ins s = {0};
	struct tally tally;
	struct json_t *tree = NULL;
	add_files(r, &s);
	tally_init(&tally, lib->patterns.hash);
	if (!s.list.n)
		diag_set(why, "no file of it was found");
	else if (gather_files(o, lib, r->who, &s.list, s.items, &tally, trouble, why) == OUTCOME_COMPLETE)
		tree = tell(r, lib, &tally, trouble);
	tally_release(&tally);
	stand_ins_release(&s);
	return tree;
}

struct json_t *recount_draft(const struct recount *r, struct diag *why)
{
	struct options o = {0};
	struct library lib = {0};
	struct diag_list trouble = {0};
	struct json_t *tree = NULL;
	if (!r->claims->files_known)
		diag_set(why, "it does not say which path had which content: an older version made it");
	else if (are_whole(r, why) && state_all(r, &o, why)) {
		if (setup(&o, &lib, &trouble) != OUTCOME_COMPLETE)
			diag_set(why, "%s", trouble.n ? trouble.items[0].what : "its options are of no use here");
		else if (same_patterns(r, &lib, why) && add_events(r, &lib, why))
			tree = read_and_tell(r, &o, &lib, &trouble, why);
		library_release(&lib);
	}
	options_release(&o);
	diag_release(&trouble);
	return tree;
}
