#include "line/trace.h"

#include "line/dump.h"

enum {
	MESSAGE_LINES = 32, /* before the first frame */
	NAME_BYTES = 512,   /* where an exception's name is looked for */
};

static inline bool is_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '$' || c == '.' || c == '/';
}

static inline bool is_indented(struct span line)
{
	return line.len && (line.at[0] == ' ' || line.at[0] == '\t');
}

static bool has(struct span line, struct span what)
{
	return span_find(line, what) >= 0;
}

/* ---- java, csharp, javascript: frames begin with "at" ---- */

enum { AT_MESSAGE, AT_NESTED, AT_FRAMES, AT_OBJECT };

/* "IllegalStateException: x", "Error", "... RangeError: x": the end of a name that exceptions have, before ':' or the line's end. */
static bool names_exception(struct span line)
{
	static const char *const ends[] = {"Exception", "Error", "Throwable"};
	line = span_head(line, NAME_BYTES);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct span end = span_of(ends[i]);
		for (size_t from = 0;;) {
			ptrdiff_t hit = span_find(span_from(line, from), end);
			if (hit < 0)
				break;
			from += (size_t)hit + end.len;
			struct span behind = span_from(line, from);
			/* ": text", its end, C#'s "(0x80004005): text", and " [ERR_X]: text" of Node */
			if (!behind.len || behind.at[0] == ':' || span_starts(behind, SPAN(" (0x")) || span_starts(behind, SPAN(" [ERR_")))
				return true;
		}
	}
	return span_starts(line, SPAN("V8 errors stack trace"));
}

/* A line that is the name of an exception, or begins with one: not prose that ends in "Error". */
static bool at_begins(struct span line)
{
	struct span text = span_trim(line);
	size_t word = 0;
	static const char *const leads[] = {"Exception in thread ", "Caused by: ", "Unhandled exception. ", "Unhandled Exception: ", "Uncaught "};
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
		if (span_starts(text, span_of(leads[i])))
			return true;
	}
	while (word < text.len && is_word(text.at[word]))
		word++;
	if (!word || is_digit(text.at[0]))
		return span_starts(text, SPAN("V8 errors stack trace"));
	/* A generic's arguments: "MyException`1[T]: text". */
	return names_exception(span_head(text, word)) ? names_exception(text) : span_starts(text, SPAN("V8 errors stack trace"));
}

static bool is_at_frame(struct span line)
{
	struct span text = span_trim(line);
	if (!is_indented(line))
		return false;
	return span_starts(text, SPAN("at ")) || span_starts(text, SPAN("eval at ")) || span_starts(text, SPAN("... ")) ||
	       span_starts(text, SPAN("--- End of "));
}

static bool is_cause(struct span line)
{
	struct span text = span_trim(line);
	return span_starts(text, SPAN("Caused by: ")) || span_starts(text, SPAN("Suppressed: ")) || span_starts(text, SPAN("Wrapped by: ")) ||
	       span_starts(text, SPAN("[cause]: ")) || span_starts(text, SPAN("[CIRCULAR REFERENCE")) || span_starts(text, SPAN("---> "));
}

static bool at_takes(struct trace *t, struct span line)
{
	struct span text = span_trim(line);
	if (t->state == AT_OBJECT) { /* "at f (a.js:1:2) {": its properties, down to "}" */
		if (!is_indented(line) && text.len && text.at[0] != '}')
			return false;
		if (!is_indented(line) && text.len)
			t->state = AT_FRAMES;
		return true;
	}
	if (is_at_frame(line) || span_starts(text, SPAN("--- End of "))) {
		t->state = span_ends(text, SPAN("{")) ? AT_OBJECT : AT_FRAMES;
		return true;
	}
	if (is_cause(line)) {
		t->state = AT_MESSAGE;
		t->lines = 0;
		return true;
	}
	if (t->state == AT_FRAMES)
		return false;
	if (++t->lines > MESSAGE_LINES)
		return false;
	if (t->state == AT_NESTED) {
		t->state = AT_MESSAGE;
		return true;
	}
	if (span_starts(text, SPAN("nested exception is:"))) {
		t->state = AT_NESTED;
		return true;
	}
	return !text.len || is_indented(line);
}

/* ---- python ---- */

enum { PY_FRAMES, PY_RAISED, PY_BETWEEN, PY_CHAINED };

static bool is_traceback(struct span line)
{
	return span_ends(span_trim(line), SPAN("Traceback (most recent call last):"));
}

static bool python_takes(struct trace *t, struct span line)
{
	struct span text = span_trim(line);
	if (is_traceback(line)) {
		bool follows = t->state == PY_CHAINED || t->state == PY_FRAMES; /* the latter: an exception group */
		t->state = PY_FRAMES;
		return follows;
	}
	switch (t->state) {
	case PY_FRAMES:
		if (text.len && !is_indented(line))
			t->state = PY_RAISED;
		return text.len > 0;
	case PY_RAISED:
		if (!text.len)
			t->state = PY_BETWEEN;
		return !text.len || is_indented(line);
	case PY_BETWEEN:
		t->state = PY_CHAINED;
		return span_starts(line, SPAN("During handling of the above exception")) ||
		       span_starts(line, SPAN("The above exception was the direct cause"));
	default:
		return !text.len;
	}
}

/* ---- go ---- */

enum { GO_PANIC, GO_CALL, GO_PLACE, GO_BETWEEN };

static bool go_begins(struct span line)
{
	return span_starts(line, SPAN("panic: ")) || span_starts(line, SPAN("fatal error: ")) || has(line, SPAN("http: panic serving ")) ||
	       has(span_head(line, NAME_BYTES), SPAN(" panic: ")) ||
	       (span_starts(line, SPAN("goroutine ")) && span_ends(line, SPAN("]:")));
}

static bool is_go_call(struct span line)
{
	return span_starts(line, SPAN("created by ")) || span_starts(line, SPAN("runtime stack:")) || span_ends(line, SPAN(")")) ||
	       span_ends(line, SPAN("...")) || span_starts(line, SPAN("panic("));
}

static bool go_takes(struct trace *t, struct span line)
{
	struct span text = span_trim(line);
	if (span_starts(line, SPAN("goroutine ")) || span_starts(line, SPAN("runtime stack:"))) {
		t->state = GO_CALL;
		return true;
	}
	if (t->state == GO_BETWEEN) /* registers of a signal: "rax    0x0" */
		return span_find_byte(span_head(line, 8), ' ') > 0 && has(span_head(line, 16), SPAN(" 0x"));
	if (!text.len) {
		if (t->state != GO_PANIC)
			t->state = GO_BETWEEN;
		return true;
	}
	switch (t->state) {
	case GO_PANIC: /* the message goes on; another panic */
		return ++t->lines <= MESSAGE_LINES && (is_indented(line) || line.at[0] == '[' || go_begins(line));
	case GO_CALL:
		if (!is_indented(line) && !is_go_call(line))
			return false;
		if (!is_indented(line))
			t->state = GO_PLACE;
		return true;
	default:
		if (!is_indented(line))
			return false;
		t->state = GO_CALL;
		return true;
	}
}

/* ---- ruby, php, dart, rust, cpp ---- */

static bool is_ruby_frame(struct span line)
{
	ptrdiff_t in = span_find(line, SPAN(":in "));
	return in > 0 && is_digit(line.at[in - 1]) && in + 4 < (ptrdiff_t)line.len && (line.at[in + 4] == '`' || line.at[in + 4] == '\'');
}

static bool ruby_begins(struct span line)
{
	struct span text = span_trim(line);
	ptrdiff_t rails = span_find(text, SPAN("Error ("));
	if (rails > 0 && span_ends(text, SPAN("):")) && span_find_byte(span_head(text, (size_t)rails), ' ') < 0)
		return true;
	return !is_indented(line) && has(line, SPAN(".rb:")) && is_ruby_frame(line) && span_ends(line, SPAN(")"));
}

static bool ruby_takes(struct trace *t, struct span line)
{
	struct span text = span_trim(line);
	if (is_ruby_frame(line) || (is_indented(line) && span_starts(text, SPAN("... ")))) {
		t->state = 1;
		return true;
	}
	/* Rails' line of blanks; lines of the message. */
	return !t->state && ++t->lines <= MESSAGE_LINES && (!text.len || is_indented(line));
}

static bool php_begins(struct span line)
{
	static const char *const words[] = {"PHP Fatal error: ", "PHP Parse error: ", "Fatal error: Uncaught ", "PHP Warning: ", "PHP Notice: "};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_starts(line, span_of(words[i])))
			return true;
	}
	ptrdiff_t at = span_find(line, SPAN("exception '"));
	return at >= 0 && has(span_from(line, (size_t)at), SPAN("' with message '"));
}

static bool php_takes(struct trace *t, struct span line)
{
	struct span text = span_trim(line);
	(void)t;
	if (span_starts(text, SPAN("#")) && text.len > 1 && is_digit(text.at[1]))
		return true;
	return span_starts(text, SPAN("Stack trace:")) || span_starts(text, SPAN("thrown in ")) || span_starts(text, SPAN("PHP Stack trace:")) ||
	       span_starts(line, SPAN("Next ")) || (span_starts(line, SPAN("PHP   ")) && has(line, SPAN("() ")));
}

static bool is_dart_frame(struct span line)
{
	size_t n = 1;
	if (line.len < 4 || line.at[0] != '#')
		return false;
	while (n < line.len && is_digit(line.at[n]))
		n++;
	return n > 1 && n < line.len && line.at[n] == ' ' && span_ends(line, SPAN(")"));
}

static bool dart_takes(struct trace *t, struct span line)
{
	if (is_dart_frame(line) || span_starts(line, SPAN("<asynchronous suspension>"))) {
		t->state = 1;
		return true;
	}
	return !t->state && ++t->lines <= MESSAGE_LINES;
}

static bool rust_begins(struct span line)
{
	return span_starts(line, SPAN("thread '")) && has(line, SPAN("' panicked at "));
}

static bool rust_takes(struct trace *t, struct span line)
{
	if (span_starts(line, SPAN("note: ")) || span_starts(line, SPAN("stack backtrace:"))) {
		t->state = 1;
		return true;
	}
	if (t->state)
		return is_indented(line);
	return ++t->lines <= 4 && span_trim(line).len > 0; /* of the message */
}

static bool cpp_takes(struct trace *t, struct span line)
{
	(void)t;
	return is_indented(line) || span_starts(line, SPAN("Aborted"));
}

/* ---- all of them ---- */

static enum trace_kind kind_of(struct span line)
{
	if (is_traceback(line))
		return TRACE_PYTHON;
	if (span_equal(span_trim(line), SPAN("Unhandled exception:")))
		return TRACE_DART;
	if (rust_begins(line))
		return TRACE_RUST;
	if (span_starts(line, SPAN("terminate called after throwing ")))
		return TRACE_CPP;
	if (php_begins(line))
		return TRACE_PHP;
	if (go_begins(line))
		return TRACE_GO;
	if (ruby_begins(line))
		return TRACE_RUBY;
	if (at_begins(line))
		return TRACE_AT;
	return dump_begins(line, DUMP_ALONE) ? TRACE_DUMP : TRACE_NONE;
}

bool trace_begins(struct trace *t, struct span line)
{
	*t = (struct trace){.kind = kind_of(line)};
	if (t->kind == TRACE_GO && (has(line, SPAN("http: panic serving ")) || span_starts(line, SPAN("goroutine "))))
		t->state = span_starts(line, SPAN("goroutine ")) ? GO_CALL : GO_PANIC;
	return t->kind != TRACE_NONE;
}

bool trace_takes(struct trace *t, struct span line)
{
	switch (t->kind) {
	case TRACE_AT:
		return at_takes(t, line);
	case TRACE_PYTHON:
		return python_takes(t, line);
	case TRACE_GO:
		return go_takes(t, line);
	case TRACE_RUBY:
		return ruby_takes(t, line);
	case TRACE_PHP:
		return php_takes(t, line);
	case TRACE_DART:
		return dart_takes(t, line);
	case TRACE_RUST:
		return rust_takes(t, line);
	case TRACE_CPP:
		return cpp_takes(t, line);
	case TRACE_DUMP:
		return dump_goes_on(line) && !dump_begins(line, DUMP_INSIDE);
	default:
		return false;
	}
}

/* Of frames that begin with "at": by what they name; empty when that is not said. */
static struct span at_language(struct span line)
{
	static const struct {
		const char *text, *language;
	} marks[] = {
		{".java:", "java"}, {".kt:", "java"}, {".scala:", "java"}, {".groovy:", "java"}, {"(Native Method)", "java"},
		{"(Unknown Source)", "java"}, {":line ", "csharp"}, {"<filename unknown>", "csharp"}, {"] in <", "csharp"},
		{".js:", "javascript"}, {".mjs:", "javascript"}, {".cjs:", "javascript"}, {".ts:", "javascript"}, {".js?", "javascript"},
		{"<anonymous>", "javascript"}, {"(node:", "javascript"}, {"at node:", "javascript"}, {"(native)", "javascript"},
		{"(internal/", "javascript"}, {"(unknown location)", "javascript"}, {"at async ", "javascript"}, {"eval at ", "javascript"},
	};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (has(line, span_of(marks[i].text)))
			return span_of(marks[i].language);
	}
	return SPAN_NONE;
}

/* A head that no frame tells more of. */
static struct span at_head_language(struct span line)
{
	struct span text = span_trim(line);
	if (span_starts(text, SPAN("Unhandled exception. ")) || span_starts(text, SPAN("System.")) || span_starts(text, SPAN("Microsoft.")))
		return SPAN("csharp");
	if (span_starts(text, SPAN("V8 errors")))
		return SPAN("javascript");
	ptrdiff_t dot = span_find_byte(text, '.'), colon = span_find_byte(text, ':');
	return dot > 0 && (colon < 0 || dot < colon) ? SPAN("java") : SPAN("javascript");
}

static struct span kind_language(enum trace_kind kind)
{
	static const char *const names[] = {[TRACE_PYTHON] = "python", [TRACE_GO] = "go",     [TRACE_RUBY] = "ruby",
					    [TRACE_PHP] = "php",       [TRACE_DART] = "dart", [TRACE_RUST] = "rust",
					    [TRACE_CPP] = "cpp"};
	return (size_t)kind < sizeof names / sizeof *names ? span_of(names[kind]) : SPAN_NONE;
}

struct span trace_language(struct span text)
{
	struct span head = SPAN_NONE, rest = text;
	bool frames = false;
	while (rest.len) {
		struct span line = span_cut(&rest, '\n'), name;
		if (is_at_frame(line)) {
			name = at_language(line);
			frames = true;
			if (name.len)
				return name;
			continue;
		}
		if (is_ruby_frame(line))
			return SPAN("ruby");
		enum trace_kind kind = kind_of(line);
		name = kind_language(kind);
		if (name.len)
			return name;
		if (kind == TRACE_AT && !head.len)
			head = line;
		if (php_takes(NULL, line) && span_starts(line, SPAN("#")))
			return is_dart_frame(line) && has(line, SPAN(".dart:")) ? SPAN("dart") : SPAN("php");
	}
	return frames && head.len ? at_head_language(head) : SPAN_NONE;
}

void trace_frame(struct span line, struct extras *extras)
{
	struct span text = span_trim(line);
	if (!is_at_frame(line) || !span_starts(text, SPAN("at ")) || !span_ends(text, SPAN(")")))
		return;
	ptrdiff_t open = span_find_byte(text, '(');
	if (open < 4)
		return;
	struct span name = {text.at + 3, (size_t)open - 3}, place = {text.at + open + 1, text.len - (size_t)open - 2};
	size_t dot = name.len, digits = 0;
	while (dot && name.at[dot - 1] != '.')
		dot--;
	if (dot < 2 || dot >= name.len || span_find_byte(name, ' ') >= 0)
		return;
	extras_add(extras, SPAN("code.namespace"), span_head(name, dot - 1));
	extras_add(extras, SPAN("code.function"), span_from(name, dot));
	while (digits < place.len && is_digit(place.at[place.len - 1 - digits]))
		digits++;
	if (digits && digits < place.len && place.at[place.len - 1 - digits] == ':') {
		extras_add(extras, SPAN("code.line.number"), span_from(place, place.len - digits));
		place.len -= digits + 1;
	}
	extras_add(extras, SPAN("code.file.path"), place);
}
