/* trace: which lines belong to a stack trace that stands alone: no log around it says where it ends.
 *
 * Takes  lines, one after the other.
 * Gives  whether a trace begins with a line, and whether the next one belongs to it; the language of a trace.
 * Holds  where it is in the trace.
 * Never  looks back: a line is judged when it comes.
 *
 * Shapes (documentation and sources of the runtimes; the blank lines are theirs):
 *   java, csharp, javascript   a line with a name in ...Error, ...Exception or ...Throwable before ':' or its end; lines of the message,
 *               blank ones too; then frames "  at f(...)", "... 7 more", "Caused by: ", "Suppressed: ", "nested exception is:", "--- End of
 *               ... ---"; Node's object "{ ... }" behind them
 *   python      "Traceback (most recent call last):", indented lines, the exception; a chain: blank lines around "During handling ..."
 *               or "The above exception was ..."
 *   go          "panic: ", "fatal error: ", "... http: panic serving"; "[signal ...]"; blank; "goroutine N [...]:" and pairs of lines,
 *               the second indented; "created by "
 *   ruby        "a.rb:3:in `f': text (Name)" or Rails' "Name (text):", blank; frames with ":in `"
 *   php         "PHP Fatal error: ", "exception 'X' with message"; "Stack trace:", "#0 ...", "thrown in"
 *   dart        "Unhandled exception:", what it says, "#0   f (package:a/a.dart:3:5)", "<asynchronous suspension>"
 *   rust        "thread 'main' panicked at", the message, "note: ", "stack backtrace:", indented frames
 *   cpp         "terminate called after throwing", "  what():  "
 *   any other head of dump.h: down to a line with a stamp, or another head.
 */
#ifndef ONSET_TRACE_H
#define ONSET_TRACE_H

#include "line/extras.h"

enum trace_kind { TRACE_NONE, TRACE_AT, TRACE_PYTHON, TRACE_GO, TRACE_RUBY, TRACE_PHP, TRACE_DART, TRACE_RUST, TRACE_CPP, TRACE_DUMP };

struct trace {
	enum trace_kind kind;
	unsigned state; /* of its kind */
	unsigned lines; /* since it began, before the first frame */
};

/* False: the line begins none; `t` is TRACE_NONE then. */
bool trace_begins(struct trace *t, struct span line);
/* The line belongs to the trace that has begun. */
bool trace_takes(struct trace *t, struct span line);
/* The language of lines that are a trace, or that hold one: "java", "csharp", "javascript", "python", "go", "ruby", "php", "dart",
 * "rust", "cpp"; empty when none is recognised. Static. */
struct span trace_language(struct span text);

/* A frame "at CLASS.METHOD(FILE:LINE)": code.namespace, code.function, code.file.path, code.line.number. Nothing on other lines. */
void trace_frame(struct span line, struct extras *extras);

#endif
