/* patterns: the built-in formats for tests, and lines that end where their memory ends.
 *
 * Takes  pattern_builtins.
 * Gives  a format set; exact copies of text, so that the sanitizer sees a read past the end.
 * Holds  nothing.
 * Never  outlives a test program.
 */
#ifndef ONSET_TEST_PATTERNS_H
#define ONSET_TEST_PATTERNS_H

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "parse/format.h"

/* Adds one file given as text; false with `d`. */
static inline bool patterns_add(struct format_set *set, const char *path, const char *text, struct diag *d)
{
	struct pattern_file file;
	if (!pattern_file_parse(&file, path, span_of(text), d))
		return false;
	if (format_set_add(set, &file, d))
		return true;
	pattern_file_release(&file);
	return false;
}

static inline bool patterns_builtin(struct format_set *set)
{
	bool fine = true;
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		const struct pattern_builtin *b = &pattern_builtins[i];
		struct pattern_file file;
		struct diag d = {0};
		if (!span_starts(span_of(b->path), SPAN("formats/")))
			continue;
		bool added = pattern_file_parse(&file, b->path, (struct span){b->bytes, b->len}, &d) &&
			     format_set_add(set, &file, &d);
		if (!added)
			pattern_file_release(&file);
		fine &= added;
	}
	return fine;
}

/* Appends "NAME=VALUE" when the record has the field, behind a blank when it is not the first. */
static inline void patterns_field(struct text *t, const struct record *r, enum field field, const char *name)
{
	if (record_has(r, field))
		text_format(t, "%s%s=%.*s", t->len ? " " : "", name, (int)r->field[field].len, r->field[field].at);
}

/* What patterns_kept() handed out, given back at exit. */
static void *patterns_copies[4096];
static size_t patterns_copies_n;

static inline void patterns_free_copies(void)
{
	while (patterns_copies_n)
		memory_free(patterns_copies[--patterns_copies_n]);
}

/* A copy of exactly s.len bytes, so that a sanitizer sees a read past them; free with memory_free((void *)result.at). */
static inline struct span patterns_exact(struct span s)
{
	char *copy = memory_new(s.len ? s.len : 1, 1);
	if (s.len)
		memcpy(copy, s.at, s.len);
	return (struct span){copy, s.len};
}

/* The same; it lives until the program ends. */
static inline struct span patterns_kept(struct span s)
{
	struct span copy = patterns_exact(s);
	if (!patterns_copies_n)
		atexit(patterns_free_copies);
	assert(patterns_copies_n < sizeof patterns_copies / sizeof *patterns_copies);
	patterns_copies[patterns_copies_n++] = (void *)copy.at;
	return copy;
}

#endif
