/* text: borrowed and owned bytes, and the few things that are done to them.
 *
 * Takes  bytes; never assumes a terminating NUL in a span, never assumes UTF-8.
 * Gives  `struct span` (borrowed, always) and `struct text` (owned, always, NUL-terminated for convenience).
 * Holds  nothing outside the structs.
 * Never  looks at the locale, prints, or fails.
 */
#ifndef ONSET_TEXT_H
#define ONSET_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes. Valid as long as whoever handed it out says. at may be NULL when len is 0. */
struct span {
	const char *at;
	size_t len;
};

/* Owned bytes: at[len] is NUL when at is not NULL. Zeroed is a valid empty text. */
struct text {
	char *at;
	size_t len, cap;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
/* ASCII's, whatever the locale. */
static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}
static inline bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}
#define SPAN_NONE ((struct span){NULL, 0})

static inline struct span span_of(const char *string)
{
	return (struct span){string, string ? strlen(string) : 0};
}
static inline struct span span_from(struct span s, size_t start)
{
	return start >= s.len ? (struct span){s.at + s.len, 0} : (struct span){s.at + start, s.len - start};
}
static inline struct span span_head(struct span s, size_t len)
{
	return (struct span){s.at, len < s.len ? len : s.len};
}
static inline bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}
static inline bool span_starts(struct span s, struct span with)
{
	return s.len >= with.len && (!with.len || !memcmp(s.at, with.at, with.len));
}
static inline bool span_ends(struct span s, struct span with)
{
	return s.len >= with.len && (!with.len || !memcmp(s.at + s.len - with.len, with.at, with.len));
}

/* Moves `*s` past its first byte when that is `c`. */
static inline bool span_take_byte(struct span *s, char c)
{
	if (!s->len || s->at[0] != c)
		return false;
	*s = span_from(*s, 1);
	return true;
}

/* Byte order, shorter first when one is a prefix of the other: <0, 0, >0. The one order for everything that is sorted. */
int span_compare(struct span a, struct span b);
/* Position of the first `what` in `s`, or -1. An empty `what` is at 0. */
ptrdiff_t span_find(struct span s, struct span what);
/* The first `what` in `s`, ASCII letters of either case alike, or -1. An empty `what` is nowhere. */
ptrdiff_t span_find_nocase(struct span s, struct span what);
/* Position of the first byte `c` in `s`, or -1. */
ptrdiff_t span_find_byte(struct span s, char c);
/* Without ASCII blanks (space, tab, CR, LF, VT, FF) at both ends. */
struct span span_trim(struct span s);
/* Cuts `*s` at the first byte `c`: returns what stands before it and moves `*s` behind it; all of it when there is none. */
struct span span_cut(struct span *s, char c);
/* The whole of `s` as a decimal integer with an optional '-'. False (and *value untouched) on anything else or overflow. */
bool span_to_int(struct span s, int64_t *value);
/* A non-negative decimal number in units of `unit_us` microseconds ("0.192" seconds: unit_us = 1000000), digits below the
 * microsecond cut off. False on anything else or overflow. */
bool span_to_duration(struct span s, int64_t unit_us, int64_t *us);
/* ASCII case-insensitive equality. */
bool span_equal_nocase(struct span a, struct span b);

/* Shell pattern over the whole of `name`: `*` and `?` do not cross '/', `**` does (between slashes it stands for folders, or
 * none), [a-z] and [!a-z] are classes. A pattern without '/' is matched against the last component of `name`. "./" before a name
 * means nothing; before a pattern, that `name` is relative. */
bool glob_match(struct span pattern, struct span name);

void text_release(struct text *t);
void text_clear(struct text *t);
void text_append(struct text *t, struct span s);
void text_append_byte(struct text *t, char c);
void text_append_string(struct text *t, const char *string);
void text_append_int(struct text *t, int64_t value);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends `s` as valid UTF-8 (each invalid byte becomes U+FFFD; NUL too). The one place where log bytes become UTF-8. */
void text_append_utf8(struct text *t, struct span s);
/* True when `s` is valid UTF-8 without NUL: what text_append_utf8() would leave as it is. */
bool span_is_utf8(struct span s);
/* Appends `s` so that it is safe on a terminal and stays on one line: valid UTF-8, control characters (C0, C1, DEL, bidi
 * overrides and isolates, line and paragraph separators, whatever shows nothing) as \xNN or \u{NNNN}. */
void text_append_printable(struct text *t, struct span s);
/* True when the character that `s` begins with may stand on a terminal as it is: no DEL, no C1, nothing that hides or turns. *len: its
 * bytes; 0: it is not UTF-8. Of C0 nothing is said. */
bool span_begins_seen(struct span s, size_t *len);
/* Appends the character that valid UTF-8 begins with as JSON's \uNNNN, above U+FFFF two of them. */
void text_append_json_rune(struct text *t, struct span s);
/* Appends JSON with all characters that are not to be seen escaped: the same values, safe to look at. */
void text_append_json(struct text *t, struct span json);
static inline struct span text_span(const struct text *t)
{
	return (struct span){t->at, t->len};
}
/* A NUL-terminated copy that the caller frees with memory_free(). The one crossing from borrowed to owned strings. */
char *span_copy(struct span s);

#endif
