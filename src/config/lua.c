#include "config/lua.h"

/* The level of the long bracket ("[[" 0, "[=[" 1, ...) at `at`, -1 when there is none. */
static int long_bracket(struct span s, size_t at, char bracket)
{
	size_t i = at;
	if (i >= s.len || s.at[i] != bracket)
		return -1;
	while (++i < s.len && s.at[i] == '=')
		;
	return i < s.len && s.at[i] == bracket ? (int)(i - at - 1) : -1;
}

/* Behind the bracket that closes one of `level` opened at `at`. */
static size_t long_end(struct span s, size_t at, int level)
{
	for (at += (size_t)level + 2; at < s.len; at++) {
		if (s.at[at] == ']' && long_bracket(s, at, ']') == level)
			return at + (size_t)level + 2;
	}
	return s.len;
}

static size_t lua_string_end(struct span s, size_t at)
{
	char quote = s.at[at];
	for (at++; at < s.len && s.at[at] != quote && s.at[at] != '\n'; at++)
		at += s.at[at] == '\\';
	return at < s.len ? at + 1 : s.len;
}

size_t lua_block_end(struct span s, size_t at, bool *closed)
{
	size_t depth = 1;
	while (at < s.len && depth) {
		char byte = s.at[at];
		bool comment = byte == '-' && at + 1 < s.len && s.at[at + 1] == '-';
		int level = long_bracket(s, comment ? at + 2 : at, '[');
		if (level >= 0) {
			at = long_end(s, comment ? at + 2 : at, level);
		} else if (comment) {
			const char *newline = memchr(s.at + at, '\n', s.len - at);
			at = newline ? (size_t)(newline - s.at) : s.len;
		} else if (byte == '"' || byte == '\'') {
			at = lua_string_end(s, at);
		} else {
			depth += byte == '{';
			depth -= byte == '}';
			at++;
		}
	}
	*closed = !depth;
	return at;
}
