#include "cmd/message.h"

void message_lines(struct text *out, const char *what)
{
	struct span rest = span_of(what);
	text_append(out, SPAN_NONE); /* an empty text is one too */
	while (rest.len) {
		struct span line = rest;
		for (size_t i = 0; i + 2 < rest.len; i++)
			if (rest.at[i] == '\n' && rest.at[i + 1] == ' ' && rest.at[i + 2] == ' ') {
				line.len = i;
				break;
			}
		text_append_printable(out, line);
		rest = span_from(rest, line.len);
		if (rest.len) {
			text_append_byte(out, '\n');
			rest = span_from(rest, 1);
		}
	}
}

void message_append(struct text *out, enum diag_level level, const char *text, const char *hint)
{
	static const char *const names[] = {
		[DIAG_NOTE] = "note", [DIAG_NOTICE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};
	text_format(out, "onset: %s: %s\n", names[level], text);
	if (*hint)
		text_format(out, "hint: %s\n", hint);
}
