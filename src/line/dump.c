#include "line/dump.h"

#include "line/exception.h"
#include "line/stamp.h"

struct dump_head {
	const char *text; /* the line starts with it */
	bool behind;      /* no logger writes it behind its own line */
	bool inside;      /* it follows no other head in one dump */
	bool goes_on;     /* the program may go on: a thread's end, a request's */
};

static const struct dump_head heads[] = {
	{"Traceback (most recent call last):", false, false, false},
	{"  + Exception Group Traceback (most recent call last):", false, false, false},
	{"Exception in thread ", true, true, true},
	{"Fatal Python error: ", true, true, false},
	{"panic: ", true, true, false},
	{"fatal error: ", true, false, false},
	{"unexpected fault address ", true, true, false},
	{"SIGSEGV: segmentation violation", true, true, false},
	{"SIGABRT: abort", true, true, false},
	{"SIGQUIT: quit", true, true, false},
	{"SIGBUS: bus error", true, true, false},
	{"FATAL ERROR: ", true, false, false},
	{"<--- Last few GCs --->", true, true, false},
	{"# A fatal error has been detected by the Java Runtime Environment:", true, true, false},
	{"#<Thread:0x", true, true, true},
	{"PHP Fatal error: ", true, true, true},
	{"PHP Parse error: ", true, true, true},
	{"Unhandled exception. ", true, true, false},
};
static const struct dump_head node_place = {"", true, true, false};
static const struct dump_head ruby_end = {"", false, false, false};

/* "node:events:502", "/srv/app/server.js:4", "file:///srv/app.mjs:1": where Node's exception was thrown. */
static bool is_node_place(struct span line)
{
	static const char *const suffixes[] = {".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"};
	size_t digits = 0;
	while (digits < line.len && (unsigned char)(line.at[line.len - 1 - digits] - '0') < 10)
		digits++;
	if (!digits || digits > 9 || digits + 4 > line.len || line.at[line.len - 1 - digits] != ':')
		return false;
	struct span file = span_head(line, line.len - 1 - digits);
	if (span_find_byte(file, ' ') >= 0)
		return false;
	if (span_starts(file, SPAN("node:")))
		return true;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (span_ends(file, span_of(suffixes[i])))
			return true;
	}
	return false;
}

/* "app.rb:3:in `f': text (Name)": the first line only, so that the name may stand in a later one is left out. */
static bool is_ruby_end(struct span line)
{
	struct exception e;
	ptrdiff_t in = span_find(line, SPAN(".rb:"));
	return in > 0 && span_find_byte(span_head(line, (size_t)in), ' ') < 0 && span_ends(line, SPAN(")")) &&
	       span_find(line, SPAN(":in ")) > in && exception_last(line, &e);
}

static const struct dump_head *head_of(struct span line)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		if (line.len && line.at[0] == heads[i].text[0] && span_starts(line, span_of(heads[i].text)))
			return &heads[i];
	}
	return is_node_place(line) ? &node_place : is_ruby_end(line) ? &ruby_end : NULL;
}

bool dump_begins(struct span line, enum dump_place place)
{
	const struct dump_head *head = head_of(line);
	return head && (place == DUMP_ALONE || (place == DUMP_BEHIND && head->behind) || (place == DUMP_INSIDE && head->inside));
}

bool dump_goes_on(struct span line)
{
	struct stamp stamp;
	if (line.len && line.at[0] == '[')
		line = span_from(line, 1);
	return !line.len || (unsigned char)(line.at[0] - '0') >= 10 || !stamp_scan(line, NULL, &stamp);
}

bool dump_ends(struct span line)
{
	return span_starts(line, SPAN("Node.js v")) && line.len > 9 && (unsigned char)(line.at[9] - '0') < 10;
}

void dump_record(struct span text, struct record *r)
{
	struct span rest = text, first = span_cut(&rest, '\n');
	const struct dump_head *head = head_of(first);
	struct exception e = {SPAN_NONE, SPAN_NONE, SPAN_NONE};
	record_clear(r);
	r->raw = text;
	r->severity = !head || head->goes_on ? SEVERITY_ERROR : SEVERITY_FATAL;
	record_set(r, FIELD_MESSAGE, first);
	if (rest.len)
		record_set(r, FIELD_STACK, text);
	if (!exception_last(text, &e))
		return;
	record_set(r, FIELD_ERROR_TYPE, e.type);
	if (e.message.len)
		record_set(r, FIELD_ERROR_MESSAGE, e.message);
	if (e.code.len)
		record_set(r, FIELD_ERROR_CODE, e.code);
}
