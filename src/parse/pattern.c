#include "parse/pattern.h"

#include <string.h>

#include "base/memory.h"

enum {
	SHOWN_BYTES = 150,    /* of a line in an error: two lines of a terminal; diag.what holds 400 */
	MAX_FILE_BYTES = 1 << 20,
	MAX_KEY_BYTES = 80,
};

/* The file's name without folder and suffix. */
static struct span name_of(struct span path)
{
	for (size_t i = path.len; i > 0; i--) {
		if (path.at[i - 1] == '/') {
			path = span_from(path, i);
			break;
		}
	}
	for (size_t i = path.len; i > 1; i--) {
		if (path.at[i - 1] == '.')
			return span_head(path, i - 1);
	}
	return path;
}

static struct span original_line(const struct pattern_file *file, unsigned number)
{
	struct span rest = {file->bytes, file->bytes_len};
	struct span line = SPAN_NONE;
	for (unsigned i = 0; i < number && rest.len; i++)
		line = span_cut(&rest, '\n');
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Appends `line` so that every byte takes one column (the caret must stand under its byte), and where the caret stands.
 */
static void show_line(struct text *out, struct span line, size_t column, size_t *caret)
{
	size_t start = column > SHOWN_BYTES * 2 / 3 && line.len > SHOWN_BYTES ? column - SHOWN_BYTES * 2 / 3 : 0;
	while (start && start < line.len && ((unsigned char)line.at[start] & 0xC0) == 0x80)
		start++;
	struct span shown = span_head(span_from(line, start), SHOWN_BYTES);
	*caret = 0;
	if (start) {
		text_append(out, SPAN("..."));
		*caret = 3;
	}
	for (size_t i = 0; i < shown.len; i++) {
		unsigned char c = (unsigned char)shown.at[i];
		text_append_byte(out, c < ' ' || c == 0x7F ? ' ' : (char)c);
		*caret += i + start < column && (c & 0xC0) != 0x80;
	}
}

static void error_at(const struct pattern_file *file, unsigned number, size_t column, struct diag *d, const char *what,
		     const char *hint)
{
	if (d->set)
		return;
	struct text shown = {0};
	size_t caret = 0;
	show_line(&shown, original_line(file, number), column, &caret);
	/* The path's tail says more than its start. */
	struct span path = span_of(file->path ? file->path : "");
	path = path.len > 80 ? span_from(path, path.len - 80) : path;
	struct text digits = {0};
	text_append_int(&digits, number);
	diag_set(d, "%.*s:%s: %.120s\n  %s | %s\n  %*s | %*s^", (int)path.len, path.at, digits.at, what, digits.at,
		 shown.at ? shown.at : "", (int)digits.len, "", (int)caret, "");
	if (hint)
		diag_hint(d, "%s", hint);
	text_release(&digits);
	text_release(&shown);
}

/* How far from the start of its line the value's first byte stands. */
static size_t value_start(const struct pattern_file *file, const struct pattern_entry *entry)
{
	struct span line = original_line(file, entry->line);
	ptrdiff_t at = span_find(line, SPAN(" = "));
	return at < 0 ? line.len : (size_t)at + 3;
}

void pattern_error(const struct pattern_file *file, const struct pattern_entry *entry, size_t column, struct diag *d,
		   const char *what, const char *hint)
{
	unsigned below = 0;
	size_t line_start = 0;
	if (column > entry->value.len)
		column = entry->value.len;
	for (size_t i = 0; i < column; i++) {
		if (entry->value.at[i] == '\n') {
			below++;
			line_start = i + 1;
		}
	}
	size_t indent = below ? 1 : value_start(file, entry);
	error_at(file, entry->line + below, column - line_start + indent, d, what, hint);
}

void pattern_key_error(const struct pattern_file *file, const struct pattern_entry *entry, size_t offset, struct diag *d,
		       const char *what, const char *hint)
{
	error_at(file, entry->line, offset, d, what, hint);
}

bool pattern_key_once(const struct pattern_file *file, const struct pattern_entry *entry, struct diag *d)
{
	for (const struct pattern_entry *e = file->entries; e < entry; e++)
		if (span_equal(e->key, entry->key)) {
			struct text hint = {0};
			text_format(&hint, "It stands in line %u too: keep one.", e->line);
			pattern_key_error(file, entry, 0, d, "this key may stand once", hint.at);
			text_release(&hint);
			return false;
		}
	return true;
}

struct regex *pattern_regex(const struct pattern_file *file, const struct pattern_entry *entry, struct span value,
			    struct diag *d)
{
	struct diag inner = {0};
	size_t offset = 0;
	struct regex *re = file->built_in ? regex_new_later(value) : regex_new_at(value, &inner, &offset);
	if (!re) {
		size_t base = value.at >= entry->value.at && value.at <= entry->value.at + entry->value.len ?
				      (size_t)(value.at - entry->value.at) : 0;
		pattern_error(file, entry, base + offset, d, inner.what,
			      inner.hint[0] ? inner.hint
					    : "Blanks in a regex mean nothing: write [ ] or \\s for a blank.");
	}
	return re;
}

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == ' ';
}

static bool key_valid(struct span key, size_t *bad)
{
	*bad = 0;
	if (!key.len || key.len > MAX_KEY_BYTES)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		if (!is_key_byte(key.at[i])) {
			*bad = i;
			return false;
		}
	}
	return true;
}

/* Where the values with joined lines are built: behind the original bytes, in the same block. */
struct joined {
	char *at;
	struct pattern_entry
		*open; /* the entry that an indented line continues; NULL after an empty line or a comment */
};

static bool add_entry(struct pattern_file *file, struct span line, unsigned number, struct joined *joined,
		      struct diag *d)
{
	ptrdiff_t at = span_find(line, SPAN(" = "));
	struct span key, value;
	if (at >= 0) {
		key = span_head(line, (size_t)at);
		value = span_from(line, (size_t)at + 3);
	} else if (span_ends(line, SPAN(" ="))) {
		key = span_head(line, line.len - 2);
		value = SPAN_NONE;
	} else {
		error_at(file, number, line.len, d, "this line is no \"key = value\"",
			 "Write a key, one blank, an equals sign, one blank and the value; indent a line that "
			 "continues a value.");
		return false;
	}
	key = span_trim(key);
	size_t bad;
	if (!key_valid(key, &bad)) {
		error_at(file, number, bad, d, "this is no key",
			 "Keys are words of lower-case letters, digits, '.', '-' and '_' before \" = \".");
		return false;
	}
	file->entries = memory_grow(file->entries, &file->cap, file->n + 1, sizeof *file->entries);
	joined->open = &file->entries[file->n++];
	if (value.len)
		memcpy(joined->at, value.at, value.len);
	*joined->open = (struct pattern_entry){key, {joined->at, value.len}, number};
	joined->at += value.len;
	return true;
}

static bool add_line(struct pattern_file *file, struct span line, unsigned number, struct joined *joined,
		     struct diag *d)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (!line.len || line.at[0] == '#') {
		joined->open = NULL;
		return true;
	}
	if (line.at[0] != ' ' && line.at[0] != '\t')
		return add_entry(file, line, number, joined, d);
	if (!joined->open) {
		if (!span_trim(line).len)
			return true;
		error_at(file, number, 0, d, "an indented line continues the value before it, but there is none",
			 "Remove the blanks at its start, or the empty line or comment before it.");
		return false;
	}
	*joined->at++ = '\n';
	memcpy(joined->at, line.at + 1, line.len - 1);
	joined->at += line.len - 1;
	joined->open->value.len += line.len;
	return true;
}

bool pattern_file_parse(struct pattern_file *file, const char *path, struct span bytes, struct diag *d)
{
	*file = (struct pattern_file){0};
	file->path = span_copy(span_of(path));
	file->name = span_copy(name_of(span_of(path)));
	if (bytes.len > MAX_FILE_BYTES) {
		diag_set(d, "%s: larger than 1 MiB", path);
		diag_hint(d, "A pattern file holds a few lines of text. Is this the right file?");
		pattern_file_release(file);
		return false;
	}
	/* Values never grow: removing "key = " or one blank pays for each joining newline. */
	file->bytes = memory_unset(2 * bytes.len + 2);
	if (bytes.len)
		memcpy(file->bytes, bytes.at, bytes.len);
	file->bytes_len = bytes.len;
	struct span rest = {file->bytes, bytes.len};
	/* U+FEFF at the start is what some editors leave there; it is no part of the first key. */
	if (span_starts(rest, SPAN("\xEF\xBB\xBF")))
		rest = span_from(rest, 3);
	struct joined joined = {file->bytes + bytes.len + 1, NULL};
	unsigned number = 0;
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		number++;
		if (span_find_byte(line, '\0') >= 0) {
			error_at(file, number, (size_t)span_find_byte(line, '\0'), d, "this line has a NUL byte",
				 "This file is to be text.");
			pattern_file_release(file);
			return false;
		}
		if (!add_line(file, line, number, &joined, d)) {
			pattern_file_release(file);
			return false;
		}
	}
	return true;
}

void pattern_file_release(struct pattern_file *file)
{
	memory_free(file->name);
	memory_free(file->path);
	memory_free(file->bytes);
	memory_free(file->entries);
	*file = (struct pattern_file){0};
}
