#include "tally/sqlverb.h"

static bool is_part(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || c == '-';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Does the word `what` stand among the next `words` words, before a comma or the end of a sentence? */
static bool comes_soon(struct span s, const char *what, size_t words)
{
	for (size_t i = 0; words && i < s.len; words--) {
		while (i < s.len && is_blank(s.at[i]))
			i++;
		size_t from = i;
		while (i < s.len && !is_blank(s.at[i]))
			i++;
		if (span_equal_nocase((struct span){s.at + from, i - from}, span_of(what)))
			return true;
		if (i > from && strchr(",;", s.at[i - 1]))
			words = words < 3 ? words : words - 1;
	}
	return false;
}

/* "name (", "name = ", "a.b in (": what stands behind "values", "call" and "where". */
static bool goes_on_with(struct span s, const char *signs)
{
	size_t i = 0;
	while (i < s.len && is_blank(s.at[i]))
		i++;
	while (i < s.len && (is_part(s.at[i]) || s.at[i] == '.' || s.at[i] == '"' || s.at[i] == '`'))
		i++;
	while (i < s.len && is_blank(s.at[i]))
		i++;
	return i < s.len && s.at[i] && strchr(signs, s.at[i]);
}

/* Capitals are SQL's; in small letters, which are people's too, it must go on as a statement does. */
bool sqlverb_begins(struct span text, size_t at)
{
	enum { SELECT, INSERT, UPDATE, DELETE, VALUES, WHERE, MERGE, CALL, COPY, SET, STATEMENT, PARAMETERS, QUERY, EXECUTE, PREPARE, VERBS };
	static const char *const verbs[VERBS] = {"select", "insert", "update", "delete", "values", "where", "merge", "call",
						 "copy",   "set",    "statement", "parameters", "query", "execute", "prepare"};
	struct span s = span_from(text, at);
	size_t verb = 0, end = 0, capitals = 0;
	while (end < s.len && is_part(s.at[end]))
		capitals += is_upper(s.at[end++]);
	while (verb < VERBS && !span_equal_nocase(span_head(s, end), span_of(verbs[verb])))
		verb++;
	char after = end < s.len ? s.at[end] : '\0';
	if (verb == VERBS || (!is_blank(after) && after != ':' && !(after == '(' && verb == VALUES) && !(after == '*' && verb == SELECT)))
		return false;
	struct span rest = span_head(span_from(s, end), 1024);
	if (span_starts(rest, SPAN(" last)"))) /* Python: "most recent call last" */
		return false;
	if (capitals == end)
		return true;
	switch (verb) {
	case SELECT:
		return comes_soon(rest, "from", 64) || goes_on_with(rest, "'*$");
	case INSERT:
	case MERGE:
		return comes_soon(rest, "into", 3);
	case DELETE:
		return comes_soon(rest, "from", 1);
	case UPDATE:
		return comes_soon(rest, "set", 4);
	case VALUES:
		return goes_on_with(rest, "(");
	case CALL:
		return goes_on_with(rest, "(");
	case WHERE:
		return goes_on_with(rest, "=<>!") || comes_soon(rest, "in", 2) || comes_soon(rest, "like", 2) || comes_soon(rest, "between", 2);
	case COPY:
	case SET:
		return false;
	case QUERY:
		return after == ':' && !(rest.len > 2 && is_digit(rest.at[2])); /* "the query: 5 s" */
	default:
		return after == ':' || goes_on_with(rest, ":(<");
	}
}
