#include "parse/exception.h"

static inline bool is_word_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_' || c == '$';
}

/* "psycopg2.errors.TooManyConnections" at the start of `line`: its bytes, 0 when there is no dotted name. */
static size_t name_len(struct span line)
{
	size_t n = 0;
	if (!line.len || (unsigned char)(line.at[0] - '0') < 10 || !is_word_byte(line.at[0]))
		return 0;
	while (n < line.len &&
	       (is_word_byte(line.at[n]) || (line.at[n] == '.' && n + 1 < line.len && is_word_byte(line.at[n + 1]))))
		n++;
	return n;
}

/* Names that exceptions have wherever they are printed. Behind a traceback any name will do. */
static bool names_exception(struct span name)
{
	static const char *const ends[] = {"Error",   "Exception", "Warning", "Timeout",
					   "Failure", "Interrupt", "Exit",    "Fault"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (span_ends(name, span_of(ends[i])))
			return true;
	}
	size_t last = name.len;
	while (last && name.at[last - 1] != '.')
		last--;
	return last && last < name.len && (unsigned char)(name.at[last] - 'A') < 26;
}

/* "Name: text", or "Name" alone. */
static bool exception_line(struct span line, bool after_trace, struct exception *e)
{
	if (span_starts(line, SPAN("Caused by: ")))
		line = span_from(line, 11);
	else if (span_starts(line, SPAN("Exception in thread ")) && span_find(line, SPAN("\" ")) >= 0)
		line = span_from(line, (size_t)span_find(line, SPAN("\" ")) + 2);
	size_t n = name_len(line);
	struct span name = span_head(line, n);
	if (!n || (!after_trace && !names_exception(name)))
		return false;
	if (n == line.len) {
		*e = (struct exception){name, SPAN_NONE};
		return true;
	}
	if (line.at[n] != ':' || (n + 1 < line.len && line.at[n + 1] != ' '))
		return false;
	*e = (struct exception){name, span_from(line, n + 2)};
	return true;
}

/* Lines behind an exception's first one that are still its text: libpq's indented ones and the server's attachments. */
static bool continues(struct span line)
{
	return line.len && (line.at[0] == '\t' || line.at[0] == ' ' || span_starts(line, SPAN("DETAIL:")) ||
			    span_starts(line, SPAN("HINT:")));
}

bool exception_last(struct span lines, struct exception *e)
{
	bool found = false, in_trace = false, open = false;
	while (lines.len) {
		struct span line = span_cut(&lines, '\n');
		struct exception next;
		if (span_starts(line, SPAN("Traceback (most recent call last)"))) {
			in_trace = true;
			open = false;
			continue;
		}
		bool indented = line.len && (line.at[0] == ' ' || line.at[0] == '\t');
		bool frame = span_starts(line, SPAN("\tat ")) || span_starts(line, SPAN("    at ")) ||
			     span_starts(line, SPAN("\t... "));
		if (open && continues(line) && !frame && e->message.at) {
			e->message.len = (size_t)(line.at + line.len - e->message.at);
			continue;
		}
		open = false;
		if (indented || !line.len || !exception_line(line, in_trace, &next))
			continue;
		*e = next;
		found = open = true;
		in_trace = false;
	}
	return found;
}

bool exception_is_trace(struct span lines)
{
	while (lines.len) {
		struct span line = span_cut(&lines, '\n');
		struct exception e;
		if (span_starts(line, SPAN("Traceback (")) || span_starts(line, SPAN("  File \"")) ||
		    span_starts(line, SPAN("\tat ")) || span_starts(line, SPAN("    at ")) ||
		    span_starts(line, SPAN("Caused by: ")) || exception_line(line, false, &e))
			return true;
	}
	return false;
}
