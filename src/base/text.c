#include "base/text.h"

#include <stdio.h>

#include "base/memory.h"

int span_compare(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;
	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

ptrdiff_t span_find_byte(struct span s, char c)
{
	const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;
	return hit ? hit - s.at : -1;
}

/* memmem() would do, but it is a GNU extension; memchr on the first byte is as fast on log text. */
ptrdiff_t span_find(struct span s, struct span what)
{
	if (!what.len)
		return 0;
	for (size_t at = 0; what.len <= s.len - at;) {
		const char *hit = memchr(s.at + at, what.at[0], s.len - at - what.len + 1);
		if (!hit)
			return -1;
		if (!memcmp(hit, what.at, what.len))
			return hit - s.at;
		at = (size_t)(hit - s.at) + 1;
	}
	return -1;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_trim(struct span s)
{
	while (s.len && is_blank(s.at[0]))
		s.at++, s.len--;
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct span span_cut(struct span *s, char c)
{
	ptrdiff_t at = span_find_byte(*s, c);
	struct span head = *s;
	if (at < 0) {
		*s = span_from(*s, s->len);
		return head;
	}
	head.len = (size_t)at;
	*s = span_from(*s, (size_t)at + 1);
	return head;
}

bool span_to_int(struct span s, int64_t *value)
{
	bool negative = s.len && s.at[0] == '-';
	if (negative)
		s = span_from(s, 1);
	if (!s.len)
		return false;
	int64_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
		if (digit > 9 || (i >= 18 && n > (INT64_MAX - (int64_t)digit) / 10)) /* 18 digits always fit */
			return false;
		n = n * 10 + (int64_t)digit;
	}
	*value = negative ? -n : n;
	return true;
}

/* Once a request in access logs: eight digits of hours do not overflow, so that most need no division. */
static bool scales(int64_t n, size_t digits, int64_t unit_us)
{
	return (digits <= 8 && unit_us <= 3600 * INT64_C(1000000)) || n <= INT64_MAX / unit_us - 1;
}

bool span_to_duration(struct span s, int64_t unit_us, int64_t *us)
{
	int64_t n = 0;
	size_t i = 0;
	for (; i < s.len && s.at[i] != '.'; i++) {
		unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
		if (digit > 9 || (i >= 18 && n > (INT64_MAX - (int64_t)digit) / 10)) /* 18 digits always fit */
			return false;
		n = n * 10 + (int64_t)digit;
	}
	if (!i || !scales(n, i, unit_us))
		return false;
	n *= unit_us;
	int64_t scale = unit_us;
	for (i++; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
		if (digit > 9)
			return false;
		if (scale) /* digits below the microsecond only have to be some */
			n += (int64_t)digit * (scale /= 10);
	}
	*us = n;
	return true;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool span_equal_nocase(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

ptrdiff_t span_find_nocase(struct span s, struct span what)
{
	for (size_t i = 0; what.len && i + what.len <= s.len; i++)
		if (lower(s.at[i]) == lower(what.at[0]) && span_equal_nocase((struct span){s.at + i, what.len}, what))
			return (ptrdiff_t)i;
	return -1;
}

/* One class "[...]" at p.at[0]; sets *used to its length, 0 when it is not closed (then '[' is itself). */
static bool class_match(struct span p, char c, size_t *used)
{
	size_t i = 1;
	bool negated = i < p.len && (p.at[i] == '!' || p.at[i] == '^'), hit = false;
	i += negated;
	for (size_t start = i; i < p.len && (p.at[i] != ']' || i == start); i++) {
		if (i + 2 < p.len && p.at[i + 1] == '-' && p.at[i + 2] != ']') {
			hit |= c >= p.at[i] && c <= p.at[i + 2];
			i += 2;
		} else {
			hit |= c == p.at[i];
		}
	}
	*used = i < p.len ? i + 1 : 0;
	return hit != negated && c != '/';
}

/* Iterative with one point of return per kind of star: time is bounded by pattern * name, whatever the pattern. */
static bool glob_whole(struct span p, struct span s)
{
	size_t pi = 0, si = 0, star_p = SIZE_MAX, star_s = 0, deep_p = SIZE_MAX, deep_s = 0;
	bool folders = false; /* the last `**` stands before a slash: for folders, or for none */
	while (si < s.len || pi < p.len) {
		if (pi < p.len && p.at[pi] == '*') {
			if (pi + 1 < p.len && p.at[pi + 1] == '*') {
				folders = pi + 2 < p.len && p.at[pi + 2] == '/' && (!pi || p.at[pi - 1] == '/');
				deep_p = pi += folders ? 3 : 2;
				deep_s = si;
				star_p = SIZE_MAX;
			} else {
				star_p = ++pi;
				star_s = si;
			}
			continue;
		}
		if (pi < p.len && si < s.len) {
			size_t used = 1;
			bool hit = p.at[pi] == '?' ? s.at[si] != '/' : p.at[pi] == s.at[si];
			if (p.at[pi] == '[') {
				bool in = class_match(span_from(p, pi), s.at[si], &used);
				if (used)
					hit = in;
				else
					used = 1;
			}
			if (hit) {
				pi += used;
				si++;
				continue;
			}
		}
		if (star_p != SIZE_MAX && star_s < s.len && s.at[star_s] != '/') {
			pi = star_p;
			si = ++star_s;
		} else if (deep_p != SIZE_MAX && deep_s < s.len) {
			while (folders && deep_s < s.len && s.at[deep_s] != '/')
				deep_s++;
			if (deep_s == s.len)
				return false;
			pi = deep_p;
			si = ++deep_s;
			star_p = SIZE_MAX;
		} else {
			return false;
		}
	}
	return true;
}

bool glob_match(struct span pattern, struct span name)
{
	bool relative = span_starts(pattern, SPAN("./"));
	if (relative && (span_starts(name, SPAN("/")) || span_starts(name, SPAN("../"))))
		return false;
	while (span_starts(pattern, SPAN("./")))
		pattern = span_from(pattern, 2);
	while (span_starts(name, SPAN("./")))
		name = span_from(name, 2);
	if (!relative && span_find_byte(pattern, '/') < 0)
		for (size_t i = name.len; i--;)
			if (name.at[i] == '/') {
				name = span_from(name, i + 1);
				break;
			}
	return glob_whole(pattern, name);
}

void text_release(struct text *t)
{
	memory_free(t->at);
	*t = (struct text){0};
}

void text_clear(struct text *t)
{
	t->len = 0;
	if (t->at)
		t->at[0] = 0;
}

void text_append(struct text *t, struct span s)
{
	t->at = memory_grow(t->at, &t->cap, t->len + s.len + 1, 1);
	if (s.len)
		memcpy(t->at + t->len, s.at, s.len);
	t->len += s.len;
	t->at[t->len] = 0;
}

void text_append_byte(struct text *t, char c)
{
	text_append(t, (struct span){&c, 1});
}

void text_append_string(struct text *t, const char *string)
{
	text_append(t, span_of(string));
}

void text_append_int(struct text *t, int64_t value)
{
	text_format(t, "%lld", (long long)value);
}

void text_format(struct text *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		t->at = memory_grow(t->at, &t->cap, t->len + (size_t)len + 1, 1);
		vsnprintf(t->at + t->len, (size_t)len + 1, format, again);
		t->len += (size_t)len;
	}
	va_end(again);
}

/* Length of the well-formed UTF-8 sequence at `s` (Unicode 15, table 3-7), 0 when it is ill-formed. */
static size_t utf8_len(struct span s, uint32_t *rune)
{
	const unsigned char *b = (const unsigned char *)s.at;
	if (b[0] < 0x80) {
		*rune = b[0];
		return 1;
	}
	size_t n = b[0] >= 0xC2 && b[0] <= 0xDF ? 2 : (b[0] & 0xF0) == 0xE0 ? 3 : b[0] >= 0xF0 && b[0] <= 0xF4 ? 4 : 0;
	if (!n || n > s.len)
		return 0;
	uint32_t r = b[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((b[i] & 0xC0) != 0x80)
			return 0;
		r = r << 6 | (b[i] & 0x3F);
	}
	if ((n == 3 && r < 0x800) || (n == 4 && r < 0x10000) || r > 0x10FFFF || (r >= 0xD800 && r <= 0xDFFF))
		return 0;
	*rune = r;
	return n;
}

bool span_is_utf8(struct span s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t rune;
		size_t n = s.at[i] ? utf8_len(span_from(s, i), &rune) : 0;
		if (!n)
			return false;
		i += n;
	}
	return true;
}

void text_append_utf8(struct text *t, struct span s)
{
	while (s.len) {
		uint32_t rune;
		size_t ascii = 0; /* nearly all of it is */
		while (ascii < s.len && (unsigned char)(s.at[ascii] - 1) < 0x7F)
			ascii++;
		if (ascii) {
			text_append(t, span_head(s, ascii));
			s = span_from(s, ascii);
			continue;
		}
		size_t n = s.at[0] ? utf8_len(s, &rune) : 0;
		text_append(t, n ? span_head(s, n) : SPAN("\xEF\xBF\xBD"));
		s = span_from(s, n ? n : 1);
	}
}

/* Characters that show nothing, or that change how others are shown: bidi marks, zero widths, fillers, tags; and what Unicode says is
 * no character, which XML does not take. Variation selectors are left: emoji have them. */
static bool is_unseen(uint32_t rune)
{
	return rune == 0x00AD || rune == 0x034F || rune == 0x061C || rune == 0x115F || rune == 0x1160 || rune == 0x180E ||
	       (rune >= 0x200B && rune <= 0x200F) || (rune >= 0x2028 && rune <= 0x202E) || (rune >= 0x2060 && rune <= 0x206F) ||
	       rune == 0x3164 || rune == 0xFEFF || rune == 0xFFA0 || (rune >= 0xFFF9 && rune <= 0xFFFB) ||
	       (rune >= 0xE0000 && rune <= 0xE0FFF) || (rune >= 0xFDD0 && rune <= 0xFDEF) || (rune & 0xFFFE) == 0xFFFE;
}

void text_append_printable(struct text *t, struct span s)
{
	while (s.len) {
		uint32_t rune;
		size_t n = utf8_len(s, &rune);
		if (!n)
			text_format(t, "\\x%02X", (unsigned)(unsigned char)s.at[0]);
		else if (rune < 0x20 || (rune >= 0x7F && rune < 0xA0))
			text_format(t, "\\x%02X", (unsigned)rune);
		else if (is_unseen(rune))
			text_format(t, "\\u{%04X}", (unsigned)rune);
		else
			text_append(t, span_head(s, n));
		s = span_from(s, n ? n : 1);
	}
}

bool span_begins_seen(struct span s, size_t *len)
{
	uint32_t rune = 0;
	*len = utf8_len(s, &rune);
	return *len && rune != 0x7F && !(rune >= 0x80 && rune < 0xA0) && !is_unseen(rune);
}

void text_append_json_rune(struct text *t, struct span s)
{
	uint32_t rune = 0;
	utf8_len(s, &rune);
	if (rune > 0xFFFF)
		text_format(t, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((rune - 0x10000) >> 10)), (unsigned)(0xDC00 + ((rune - 0x10000) & 0x3FF)));
	else
		text_format(t, "\\u%04x", (unsigned)rune);
}

void text_append_json(struct text *t, struct span json)
{
	size_t start = 0, len = 1;
	for (size_t i = 0; i < json.len; i += len) {
		len = 1;
		if ((unsigned char)json.at[i] < 0x7F)
			continue;
		bool seen = span_begins_seen(span_from(json, i), &len);
		if (!seen && len) {
			text_append(t, (struct span){json.at + start, i - start});
			text_append_json_rune(t, span_from(json, i));
			start = i + len;
		}
		len = len ? len : 1;
	}
	text_append(t, span_from(json, start));
}

char *span_copy(struct span s)
{
	char *copy = memory_new(s.len + 1, 1);
	if (s.len)
		memcpy(copy, s.at, s.len);
	return copy;
}
