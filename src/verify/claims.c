#include "verify/claims.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/instant.h"
#include "base/memory.h"
#include "verify/walk.h"

bool claims_fingerprint(struct span text, uint64_t *bytes, uint32_t *crc)
{
	struct span head = span_cut(&text, '-');
	int64_t n;
	if (!span_to_int(head, &n) || n < 0 || !is_digit(head.at[0]) || text.len != 8)
		return false;
	uint32_t sum = 0;
	for (size_t i = 0; i < 8; i++) {
		char c = text.at[i];
		if (!is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		sum = sum << 4 | (uint32_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	*bytes = (uint64_t)n;
	*crc = sum;
	return true;
}

static int content_order(const void *a, const void *b)
{
	const struct claim_content *x = a, *y = b;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? -1 : 1;
	return x->crc < y->crc ? -1 : x->crc > y->crc;
}

size_t claims_content(const struct claims *c, uint64_t bytes, uint32_t crc)
{
	struct claim_content wanted = {bytes, crc, NULL};
	const struct claim_content *hit =
		c->contents_n ? bsearch(&wanted, c->contents, c->contents_n, sizeof wanted, content_order) : NULL;
	return hit ? (size_t)(hit - c->contents) : c->contents_n;
}

static void say(struct result *r, enum result_kind kind, const char *place, const char *what)
{
	struct text t = {0};
	text_format(&t, "%s: %s", place, what);
	result_trouble(r, kind, RESULT_DIFFERS, "This was not written by onset draft", t.at);
	text_release(&t);
}

/* ---- contents: each fingerprint that a source, a file of events or a piece of evidence names ---- */

static void add_content(struct claims *c, struct span fingerprint)
{
	uint64_t bytes;
	uint32_t crc;
	if (!claims_fingerprint(fingerprint, &bytes, &crc))
		return;
	c->contents = memory_grow(c->contents, &c->contents_cap, c->contents_n + 1, sizeof *c->contents);
	c->contents[c->contents_n++] = (struct claim_content){bytes, crc, NULL};
}

static void add_contents(struct claims *c)
{
	const struct json_t *sources = value_get(c->root, "sources"), *events = value_get(c->root, "events");
	for (size_t i = 0; i < value_count(sources); i++) {
		const struct json_t *prints = value_get(value_at(sources, i), "fingerprints");
		for (size_t k = 0; k < value_count(prints); k++)
			add_content(c, value_text(value_at(prints, k)));
	}
	for (size_t i = 0; i < value_count(events); i++)
		add_content(c, value_member_text(value_at(events, i), "fingerprint"));
	if (c->contents_n)
		qsort(c->contents, c->contents_n, sizeof *c->contents, content_order);
	size_t kept = 0;
	for (size_t i = 0; i < c->contents_n; i++)
		if (!kept || content_order(&c->contents[kept - 1], &c->contents[i]))
			c->contents[kept++] = c->contents[i];
	c->contents_n = kept;
}

/* ---- files: which path had which of them ---- */

static size_t content_of(const struct claims *c, const struct json_t *object)
{
	uint64_t bytes;
	uint32_t crc;
	if (!claims_fingerprint(value_member_text(object, "fingerprint"), &bytes, &crc))
		return c->contents_n;
	return claims_content(c, bytes, crc);
}

static void add_file(struct claims *c, size_t content, const char *path, const char *key, int64_t mtime_us)
{
	if (content == c->contents_n || !path)
		return;
	c->files = memory_grow(c->files, &c->files_cap, c->files_n + 1, sizeof *c->files);
	c->files[c->files_n++] = (struct claim_file){content, path, key, mtime_us};
}

/* The key without "#STREAM". */
static char *base_key(const struct json_t *source)
{
	struct span key = value_member_text(source, "key"), stream = value_member_text(source, "stream");
	if (stream.len && stream.len < key.len && span_ends(key, stream) && key.at[key.len - stream.len - 1] == '#')
		key.len -= stream.len + 1;
	return span_copy(key);
}

static int64_t stamp_of(const struct json_t *object, const char *member)
{
	int64_t us;
	struct span text = value_member_text(object, member);
	return text.len && instant_parse(text, &us) ? us : INSTANT_NONE;
}

static void add_pair(struct claims *c, struct span id, size_t content)
{
	c->pairs = memory_grow(c->pairs, &c->pairs_cap, c->pairs_n + 1, sizeof *c->pairs);
	c->pairs[c->pairs_n++] = hash_pair(hash_bytes(id), content);
}

static bool has_pair(const struct claims *c, struct span id, size_t content)
{
	uint64_t wanted = hash_pair(hash_bytes(id), content);
	return c->pairs_n && bsearch(&wanted, c->pairs, c->pairs_n, sizeof wanted, hash_order);
}

static void add_source(struct claims *c, const struct json_t *source, struct result *r)
{
	const struct json_t *files = value_get(source, "files"), *prints = value_get(source, "fingerprints"), *paths = value_get(source, "paths");
	char *key = base_key(source);
	size_t paths_n = value_count(paths);
	c->keys = memory_grow(c->keys, &c->keys_cap, c->keys_n + 1, sizeof *c->keys);
	c->keys[c->keys_n++] = key;
	c->files_known &= files != NULL;
	for (size_t k = 0; k < value_count(prints); k++) {
		uint64_t bytes;
		uint32_t crc;
		if (!claims_fingerprint(value_text(value_at(prints, k)), &bytes, &crc)) {
			say(r, RESULT_FILES, key, "a fingerprint of it is none");
			continue;
		}
		size_t content = claims_content(c, bytes, crc);
		add_pair(c, value_member_text(source, "id"), content);
		if (!files && paths_n)
			add_file(c, content, value_text(value_at(paths, k < paths_n ? k : paths_n - 1)).at, key, INSTANT_NONE);
	}
	for (size_t k = 0; k < value_count(files); k++) {
		const struct json_t *file = value_at(files, k);
		add_file(c, content_of(c, file), value_member_text(file, "path").at, key, stamp_of(file, "mtime"));
	}
}

static int file_order(const void *a, const void *b)
{
	const struct claim_file *x = a, *y = b;
	if (x->content != y->content)
		return x->content < y->content ? -1 : 1;
	int order = strcmp(x->path, y->path);
	return order ? order : strcmp(x->key ? x->key : "", y->key ? y->key : "");
}

/* The streams of a file are sources of their own, and each names the file. */
static void drop_repeated_files(struct claims *c)
{
	size_t kept = 0;
	if (c->files_n)
		qsort(c->files, c->files_n, sizeof *c->files, file_order);
	for (size_t i = 0; i < c->files_n; i++)
		if (!kept || file_order(&c->files[kept - 1], &c->files[i]))
			c->files[kept++] = c->files[i];
	c->files_n = kept;
	for (size_t i = c->files_n; i-- > 0;)
		c->contents[c->files[i].content].path = c->files[i].path;
}

static void add_files(struct claims *c, struct result *r)
{
	const struct json_t *sources = value_get(c->root, "sources"), *events = value_get(c->root, "events");
	c->files_known = true;
	for (size_t i = 0; i < value_count(sources); i++)
		add_source(c, value_at(sources, i), r);
	for (size_t i = 0; i < value_count(events); i++) {
		const struct json_t *event = value_at(events, i);
		size_t content = content_of(c, event);
		add_file(c, content, value_member_text(event, "path").at, NULL, INSTANT_NONE);
		add_pair(c, value_member_text(event, "id"), content);
	}
	drop_repeated_files(c);
	if (c->pairs_n)
		qsort(c->pairs, c->pairs_n, sizeof *c->pairs, hash_order);
}

/* The first file of a content under a path; NULL: there is none. */
static const struct claim_file *file_at(const struct claims *c, size_t content, struct span path)
{
	size_t low = 0, high = c->files_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct claim_file *f = &c->files[middle];
		if (f->content < content || (f->content == content && span_compare(span_of(f->path), path) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	const struct claim_file *f = &c->files[low];
	return low < c->files_n && f->content == content && span_equal(span_of(f->path), path) ? f : NULL;
}

/* ---- lines ---- */

static bool is_evidence(const struct json_t *value)
{
	return value_get(value, "fingerprint") && value_get(value, "line") && value_get(value, "offset");
}

static bool count_of(const struct json_t *object, const char *member, uint64_t *n)
{
	int64_t value;
	bool is = value_int(value_get(object, member), &value) && value >= 0;
	*n = is ? (uint64_t)value : 0;
	return is;
}

static bool text_or_null(const struct json_t *value)
{
	enum value_kind kind = value_kind(value);
	return kind == VALUE_STRING || kind == VALUE_NULL;
}

static void add_line(struct claims *c, const struct claim_line *line)
{
	c->lines = memory_grow(c->lines, &c->lines_cap, c->lines_n + 1, sizeof *c->lines);
	c->lines[c->lines_n++] = *line;
}

/* What is wrong with a piece of evidence as such; NULL: nothing. */
static const char *read_evidence(const struct claims *c, const struct json_t *value, struct claim_line *line)
{
	struct span path = value_member_text(value, "path");
	*line = (struct claim_line){.content = content_of(c, value), .has_length = true, .excerpt = value_get(value, "excerpt")};
	if (!count_of(value, "line", &line->line) || !count_of(value, "offset", &line->offset) || !count_of(value, "length", &line->length) ||
	    !line->line || !text_or_null(line->excerpt))
		return "line, offset, length and excerpt are not as a draft has them";
	if (line->content == c->contents_n)
		return "no source has a file with its fingerprint";
	if (!has_pair(c, value_member_text(value, "source"), line->content))
		return "its source has no file with its fingerprint";
	const struct claim_file *file = file_at(c, line->content, path);
	if (c->files_known && !file)
		return "no file with its fingerprint had its path";
	line->is_event = file && !file->key;
	line->path = path.at;
	return NULL;
}

static void read_lines(struct claims *c, const struct json_t *root, struct result *r)
{
	struct walk w;
	struct text place = {0};
	const struct json_t *value;
	walk_begin(&w, root);
	while ((value = walk_next(&w))) {
		struct claim_line line;
		if (!is_evidence(value))
			continue;
		text_clear(&place);
		walk_place(&w, &place);
		const char *wrong = read_evidence(c, value, &line);
		if (wrong) {
			say(r, RESULT_LINES, place.at, wrong);
			continue;
		}
		line.place = span_copy(text_span(&place));
		add_line(c, &line);
	}
	walk_release(&w);
	text_release(&place);
}

static const char *source_id(const struct json_t *source)
{
	const char *id = value_member_text(source, "id").at;
	return id ? id : "";
}

/* Lines that did not parse, which a source shows: of which of its files is said by the path. */
static void read_samples(struct claims *c, const struct json_t *source, struct result *r)
{
	const struct json_t *samples = value_get(source, "samples"), *files = value_get(source, "files");
	for (size_t i = 0; i < value_count(samples); i++) {
		const struct json_t *sample = value_at(samples, i);
		struct span path = value_member_text(sample, "path");
		struct claim_line line = {.content = c->contents_n, .excerpt = value_get(sample, "excerpt"), .path = path.at};
		struct text place = {0};
		text_format(&place, "sources[%.40s].samples[%zu]", source_id(source), i);
		for (size_t k = 0; k < value_count(files) && line.content == c->contents_n; k++)
			if (span_equal(value_member_text(value_at(files, k), "path"), path))
				line.content = content_of(c, value_at(files, k));
		if (!count_of(sample, "line", &line.line) || !count_of(sample, "offset", &line.offset) || !text_or_null(line.excerpt) || !line.line ||
		    line.content == c->contents_n)
			say(r, RESULT_LINES, place.at, "line, offset, excerpt and path are not as a draft has them");
		else {
			line.place = span_copy(text_span(&place));
			add_line(c, &line);
		}
		text_release(&place);
	}
}

static int line_order(const void *a, const void *b)
{
	const struct claim_line *x = a, *y = b;
	if (x->content != y->content)
		return x->content < y->content ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->place, y->place);
}

void claims_read(struct claims *c, const struct json_t *root, struct result *r)
{
	*c = (struct claims){.root = root};
	add_contents(c);
	add_files(c, r);
	read_lines(c, root, r);
	for (size_t i = 0; c->files_known && i < value_count(value_get(root, "sources")); i++)
		read_samples(c, value_at(value_get(root, "sources"), i), r);
	if (c->lines_n)
		qsort(c->lines, c->lines_n, sizeof *c->lines, line_order);
}

static void drop_lines(struct claims *c)
{
	for (size_t i = 0; i < c->lines_n; i++)
		memory_free(c->lines[i].place);
	c->lines_n = 0;
}

void claims_keep(struct claims *c, const struct json_t *item)
{
	struct result ignored = {0};
	const struct json_t *files = value_get(item, "files");
	drop_lines(c);
	read_lines(c, item, &ignored);
	if (c->files_known)
		read_samples(c, item, &ignored);
	for (size_t i = 0; i < value_count(files); i++) {
		size_t content = content_of(c, value_at(files, i));
		if (content < c->contents_n && c->contents[content].bytes)
			add_line(c, &(struct claim_line){.content = content, .line = 1, .place = span_copy(SPAN_NONE),
							 .path = value_member_text(value_at(files, i), "path").at});
	}
	if (c->lines_n)
		qsort(c->lines, c->lines_n, sizeof *c->lines, line_order);
	result_release(&ignored);
}

void claims_release(struct claims *c)
{
	drop_lines(c);
	for (size_t i = 0; i < c->keys_n; i++)
		memory_free(c->keys[i]);
	memory_free(c->lines);
	memory_free(c->keys);
	memory_free(c->files);
	memory_free(c->contents);
	memory_free(c->pairs);
	*c = (struct claims){0};
}
