#include "line/jsonescape.h"

/* `n` hexadecimal digits at the start of `s`, or -1. */
static int hex_of(struct span s, size_t n)
{
	int value = 0;
	if (s.len < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char digit = s.at[i], letter = (char)(digit | 0x20);
		if (digit >= '0' && digit <= '9')
			value = value * 16 + (digit - '0');
		else if (letter >= 'a' && letter <= 'f')
			value = value * 16 + (letter - 'a' + 10);
		else
			return -1;
	}
	return value;
}

static char *utf8_put(char *to, int point)
{
	if (point < 0x80) {
		*to++ = (char)point;
	} else if (point < 0x800) {
		*to++ = (char)(0xC0 | point >> 6);
		*to++ = (char)(0x80 | (point & 0x3F));
	} else if (point < 0x10000) {
		*to++ = (char)(0xE0 | point >> 12);
		*to++ = (char)(0x80 | (point >> 6 & 0x3F));
		*to++ = (char)(0x80 | (point & 0x3F));
	} else {
		*to++ = (char)(0xF0 | point >> 18);
		*to++ = (char)(0x80 | (point >> 12 & 0x3F));
		*to++ = (char)(0x80 | (point >> 6 & 0x3F));
		*to++ = (char)(0x80 | (point & 0x3F));
	}
	return to;
}

/* The \u escape at the start of `s` (behind the 'u'), with the second half of a surrogate pair; bytes used, 0 when the
 * digits are wrong. A half without its other half is U+FFFD. */
static size_t code_point(struct span s, int *point)
{
	int high = hex_of(s, 4);
	if (high < 0)
		return 0;
	*point = high;
	if (high < 0xD800 || high > 0xDFFF)
		return 4;
	*point = 0xFFFD;
	if (high > 0xDBFF || s.len < 10 || s.at[4] != '\\' || s.at[5] != 'u')
		return 4;
	int low = hex_of(span_from(s, 6), 4);
	if (low < 0xDC00 || low > 0xDFFF)
		return 4;
	*point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	return 10;
}

/* One escape at raw.at[i] == '\\': writes what it means, moves *i behind it. */
static char *escape_put(char *to, struct span raw, size_t *i)
{
	static const char from[] = "\"\\/bfnrtv", means[] = "\"\\/\b\f\n\r\t\v";
	char kind = raw.at[*i + 1]; /* a string never ends in a lone backslash */
	const char *simple = kind ? strchr(from, kind) : NULL;
	struct span rest = span_from(raw, *i + 2);
	int point;
	size_t used;
	if (simple) {
		*to++ = means[simple - from];
	} else if (kind == 'u' && (used = code_point(rest, &point)) > 0) {
		to = utf8_put(to, point);
		*i += used;
	} else if (kind == 'x' && (point = hex_of(rest, 2)) >= 0) {
		*to++ = (char)point;
		*i += 2;
	} else {
		*to++ = '\\';
		*to++ = kind;
	}
	*i += 2;
	return to;
}

size_t jsonescape_undo(struct span raw, char *to)
{
	char *start = to;
	for (size_t i = 0; i < raw.len;) {
		if (raw.at[i] == '\\' && i + 1 < raw.len) {
			to = escape_put(to, raw, &i);
			continue;
		}
		const char *plain = raw.at + i, *stop = memchr(plain + 1, '\\', raw.len - i - 1);
		size_t len = stop ? (size_t)(stop - plain) : raw.len - i;
		memcpy(to, plain, len);
		to += len;
		i += len;
	}
	return (size_t)(to - start);
}
