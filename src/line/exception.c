#include "line/exception.h"

static inline bool is_word_byte(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '$';
}

/* The bytes between two words of a name at `n`: 1 for "." and "\", 2 for "::", else 0. */
static size_t joint_len(struct span line, size_t n)
{
	size_t len = line.at[n] == '.' || line.at[n] == '\\' ? 1 : span_starts(span_from(line, n), SPAN("::")) ? 2 : 0;
	return len && n + len < line.len && is_word_byte(line.at[n + len]) ? len : 0;
}

/* "psycopg2.errors.TooManyConnections", "PG::ConnectionBad", "App\Db\Refused" at the start of `line`: its bytes, 0 when there
 * is no name. */
static size_t name_len(struct span line)
{
	size_t n = 0, joint;
	if (!line.len || is_digit(line.at[0]) || !is_word_byte(line.at[0]))
		return 0;
	while (n < line.len) {
		if (is_word_byte(line.at[n]))
			n++;
		else if ((joint = joint_len(line, n)))
			n += joint;
		else
			break;
	}
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
	while (last && is_word_byte(name.at[last - 1]))
		last--;
	return last && last < name.len && (unsigned char)(name.at[last] - 'A') < 26;
}

/* A class name as Ruby and Java have them. */
static bool is_class_name(struct span name)
{
	return name.len && name_len(name) == name.len && (unsigned char)(name.at[0] - 'A') < 26;
}

/* ---- one line ---- */

static bool take(struct span *line, struct span prefix)
{
	if (!span_starts(*line, prefix))
		return false;
	*line = span_from(*line, prefix.len);
	return true;
}

/* Without " in /srv/a.php:12" and " in /srv/a.php on line 12" at its end. */
static struct span without_place(struct span message)
{
	size_t at = message.len, found = at;
	while (at && message.at[at - 1] != ' ')
		at--;
	if (span_find(span_from(message, at), SPAN(".php:")) < 0)
		return message;
	if (at >= 4 && !memcmp(message.at + at - 4, " in ", 4))
		found = at - 4;
	return span_head(message, found);
}

/* "[object] (Name(code: 7): text at /srv/a.php:12)", Monolog's. */
static bool monolog_line(struct span line, struct exception *e)
{
	ptrdiff_t at = span_find(line, SPAN("[object] ("));
	if (at < 0)
		return false;
	line = span_from(line, (size_t)at + 10);
	struct span name = span_head(line, name_len(line)), rest = span_from(line, name.len);
	if (!name.len || !take(&rest, SPAN("(code: ")))
		return false;
	span_cut(&rest, ')');
	if (!take(&rest, SPAN(": ")))
		return false;
	ptrdiff_t place = -1;
	for (size_t i = 0; i + 5 < rest.len; i++) {
		if (!memcmp(rest.at + i, " at /", 5))
			place = (ptrdiff_t)i;
	}
	*e = (struct exception){.type = name, .message = place < 0 ? rest : span_head(rest, (size_t)place)};
	return true;
}

/* "text (Name)" at the end of a line. */
static bool name_in_brackets(struct span line, struct exception *e)
{
	if (!span_ends(line, SPAN(")")))
		return false;
	size_t open = line.len - 1;
	while (open && line.at[open - 1] != '(')
		open--;
	struct span name = {line.at + open, line.len - 1 - open};
	if (open < 2 || line.at[open - 2] != ' ' || !is_class_name(name))
		return false;
	*e = (struct exception){.type = name, .message = span_head(line, open - 2)};
	return true;
}

/* "/srv/a.rb:6:in `f': " at the start of `line`: its bytes; 0 when it is none. Ruby 3.4 writes 'f'. */
static size_t ruby_place(struct span line)
{
	ptrdiff_t in = span_find(line, SPAN(":in "));
	if (in <= 0 || !is_digit(line.at[in - 1]))
		return 0;
	struct span rest = span_from(line, (size_t)in + 4);
	if (!rest.len || (rest.at[0] != '`' && rest.at[0] != '\''))
		return 0;
	ptrdiff_t end = span_find(span_from(rest, 1), SPAN("': "));
	return end < 0 ? 0 : (size_t)(rest.at + 1 + end + 3 - line.at);
}

/* "Name: text", "Name [CODE]: text", or "Name" alone. `sure`: any name is one. */
static bool named_line(struct span line, bool sure, struct exception *e)
{
	size_t n = name_len(line);
	struct span name = span_head(line, n), rest = span_from(line, n);
	if (!n || (!sure && !names_exception(name)))
		return false;
	*e = (struct exception){.type = name};
	if (take(&rest, SPAN(" ["))) {
		e->code = span_cut(&rest, ']');
		if (!rest.len || !e->code.len)
			return false;
	}
	if (!rest.len)
		return true;
	if (rest.at[0] != ':' || (rest.len > 1 && rest.at[1] != ' '))
		return false;
	e->message = span_from(rest, 2);
	return true;
}

/* What stands before an exception's name. True when the name may be any. */
static bool take_lead(struct span *line)
{
	if (take(line, SPAN("Caused by: ")) || take(line, SPAN("Wrapped by: ")) || take(line, SPAN("[cause]: ")) ||
	    take(line, SPAN("Next ")))
		return false;
	if (take(line, SPAN("Exception in thread "))) {
		ptrdiff_t end = span_find(*line, SPAN("\" "));
		*line = span_from(*line, end < 0 ? line->len : (size_t)end + 2);
		return false;
	}
	take(line, SPAN("PHP "));
	take(line, SPAN("Fatal error: "));
	take(line, SPAN(" "));
	return take(line, SPAN("Uncaught "));
}

/* A line that names an exception. `after_trace`: Python's traceback stands before it. */
static bool exception_line(struct span line, bool after_trace, struct exception *e)
{
	if (span_starts(line, SPAN("panic: ")) || span_starts(line, SPAN("fatal error: "))) {
		size_t colon = (size_t)span_find_byte(line, ':');
		*e = (struct exception){.type = span_head(line, colon), .message = span_from(line, colon + 2)};
		return true;
	}
	size_t place = ruby_place(line);
	if (place)
		return name_in_brackets(span_from(line, place), e);
	if (monolog_line(line, e))
		return true;
	struct span rest = line;
	bool sure = take_lead(&rest);
	if (!named_line(rest, sure || after_trace, e))
		return false;
	if (rest.at != line.at)
		e->message = without_place(e->message);
	return true;
}

/* ---- many lines ---- */

/* "    at f (a.js:1:2)", "\tat a.B.c(B.java:3)", "\t... 7 more", "\tfrom a.rb:3:in `f'", '  File "a.py", line 3'. */
static bool is_frame(struct span line)
{
	struct span text = span_trim(line);
	if (!line.len || (line.at[0] != ' ' && line.at[0] != '\t'))
		return false;
	if (take(&text, SPAN("at ")))
		return span_find_byte(text, '(') >= 0 || span_find_byte(text, ':') >= 0;
	if (take(&text, SPAN("... ")))
		return text.len && is_digit(text.at[0]);
	if (take(&text, SPAN("from ")))
		return span_find(text, SPAN(":in ")) >= 0;
	return span_starts(text, SPAN("File \""));
}

/* Ruby's and Rails' frames stand at the start of the line: "app/a.rb:5:in `index'". */
static bool is_ruby_frame(struct span line)
{
	ptrdiff_t in = span_find(line, SPAN(":in "));
	return in > 0 && is_digit(line.at[in - 1]) && span_ends(line, SPAN("'")) &&
	       (span_find(line, SPAN(":in `")) == in || span_find(line, SPAN(":in '")) == in);
}

static bool is_php_frame(struct span line)
{
	return line.len > 2 && line.at[0] == '#' && is_digit(line.at[1]);
}

/* Lines behind an exception's first one that are still its text: libpq's indented ones and the server's attachments. */
static bool continues(struct span line)
{
	return line.len && (line.at[0] == '\t' || line.at[0] == ' ' || span_starts(line, SPAN("DETAIL:")) ||
			    span_starts(line, SPAN("HINT:")));
}

/* The value of `code: 'X'`, a property of an inspected error. */
static struct span code_of(struct span text)
{
	if (!take(&text, SPAN("code: ")) || text.len < 3 || (text.at[0] != '\'' && text.at[0] != '"'))
		return SPAN_NONE;
	char quote = text.at[0];
	text = span_from(text, 1);
	return span_cut(&text, quote);
}

struct trace {
	struct exception *e;
	bool found;
	bool in_trace;        /* behind Python's "Traceback (most recent call last):" */
	bool open;            /* lines may belong to the last exception's message */
	size_t indent;        /* of the last exception */
	struct exception maybe; /* an exception when a frame follows: "error: sorry"; type empty: none */
	const char *text_end; /* of lines behind an exception that are its message if a frame follows; NULL: none */
};

static void extend(struct span *message, const char *end)
{
	if (message->at)
		message->len = (size_t)(end - message->at);
}

static void take_frame(struct trace *t)
{
	if (t->maybe.type.len) {
		*t->e = t->maybe;
		t->found = true;
		t->indent = 0;
	}
	if (t->text_end && t->found)
		extend(&t->e->message, t->text_end);
	t->maybe = (struct exception){0};
	t->text_end = NULL;
	t->open = false;
}

static void take_exception(struct trace *t, const struct exception *e, size_t indent)
{
	*t->e = *e;
	t->found = t->open = true;
	t->in_trace = false;
	t->indent = indent;
	t->maybe = (struct exception){0};
	t->text_end = NULL;
}

/* An unindented line that names no exception by itself. */
static void take_text(struct trace *t, struct span line)
{
	struct exception e;
	size_t n = name_len(line);
	if (t->open || t->text_end) {
		t->text_end = line.at + line.len;
		t->open = false;
	} else if (t->maybe.type.len) {
		t->maybe = (struct exception){0};
	} else if (named_line(line, true, &e)) {
		t->maybe = e;
		t->text_end = line.at + line.len;
	} else if (name_in_brackets(line, &e)) {
		t->maybe = e;
	} else if (span_ends(line, SPAN("):")) && is_class_name(span_head(line, n)) && !memcmp(line.at + n, " (", 2)) {
		/* Rails: "Name (text):". */
		t->maybe = (struct exception){.type = span_head(line, n), .message = {line.at + n + 2, line.len - n - 4}};
	}
}

/* Lines between exceptions, behind which no message goes on. */
static bool is_boundary(struct span text)
{
	return !text.len || span_starts(text, SPAN("Stack trace:")) || span_starts(text, SPAN("[stacktrace]")) ||
	       span_starts(text, SPAN("+-")) || span_starts(text, SPAN("| "));
}

static void take_line(struct trace *t, struct span line)
{
	struct exception e;
	take(&line, SPAN("  | ")); /* of a group's outer exception */
	struct span text = span_trim(line);
	size_t indent = text.len ? (size_t)(text.at - line.at) : 0;
	if (span_ends(line, SPAN("Traceback (most recent call last):"))) {
		t->in_trace = true;
		t->open = false;
		t->text_end = NULL;
		return;
	}
	if (is_frame(line) || is_ruby_frame(line) || is_php_frame(line)) {
		take_frame(t);
		return;
	}
	if (is_boundary(text)) {
		t->text_end = NULL; /* `maybe` stays: Rails' frames come behind an empty line */
		t->open = false;
		return;
	}
	if (indent && t->found && !t->e->code.len && indent == t->indent + 2)
		t->e->code = code_of(text);
	if (indent && span_starts(text, SPAN("[cause]: ")) && exception_line(span_from(text, 9), true, &e)) {
		take_exception(t, &e, indent);
	} else if (!indent && exception_line(line, t->in_trace, &e)) {
		take_exception(t, &e, 0);
	} else if (t->open && continues(line)) {
		extend(&t->e->message, line.at + line.len);
	} else if (t->text_end && indent) {
		t->text_end = line.at + line.len;
	} else if (!indent) {
		take_text(t, line);
	}
}

bool exception_last(struct span lines, struct exception *e)
{
	struct trace t = {.e = e};
	while (lines.len)
		take_line(&t, span_cut(&lines, '\n'));
	return t.found;
}

bool exception_of_first(struct span line, struct exception *e)
{
	if (exception_line(line, false, e) || name_in_brackets(line, e))
		return true;
	/* "text Error: x", "text: pkg.Error: x": the first name of an exception that a colon follows. */
	for (size_t i = 1; i + 2 < line.len; i++) {
		if (line.at[i] == ':' && line.at[i + 1] == ' ' && is_word_byte(line.at[i - 1])) {
			size_t start = i;
			while (start && (is_word_byte(line.at[start - 1]) || line.at[start - 1] == '.'))
				start--;
			struct span rest = span_from(line, start);
			if ((!start || line.at[start - 1] == ' ') && named_line(rest, false, e))
				return true;
		}
	}
	return false;
}

bool exception_is_trace(struct span lines)
{
	while (lines.len) {
		struct span line = span_cut(&lines, '\n');
		struct exception e;
		if (span_starts(line, SPAN("Traceback (")) || is_frame(line) || is_ruby_frame(line) ||
		    span_starts(line, SPAN("Caused by: ")) || span_starts(line, SPAN("  + Exception Group Traceback (")) ||
		    span_starts(line, SPAN("goroutine ")) || span_starts(line, SPAN("Stack trace:")) ||
		    span_starts(line, SPAN("[stacktrace]")) || exception_line(line, false, &e))
			return true;
	}
	return false;
}
