/* exception: what a trace says in its end.
 *
 * Takes  the lines that follow an entry's first line; a first line.
 * Gives  the type, message and code of the last exception that they name.
 * Holds  nothing.
 * Never  takes a source line, a frame or an SQL statement printed in a trace for an exception.
 *
 * Which one of a chain is last is the language's choice: Python and PHP print the root cause first, so the last one is what
 * reached the log; Java ("Caused by:"), Node ("[cause]:") and Ruby print the root cause last. All of them stay in the trace,
 * where signals look.
 *
 *   Python   Name: text                      Name alone behind "Traceback (most recent call last):"; groups: the outer one
 *   Java     Name: text                      behind "Caused by: ", "Wrapped by: ", 'Exception in thread "x" ' too; suppressed
 *                                            ones (indented) are passed over
 *   Node     Name: text, Name [CODE]: text   any name when frames ("    at f (a.js:1:2)") follow; `code: 'X'` of the object
 *   Ruby     FILE:N:in `f': text (Name)      and "text (Name)" (Logger), "Name (text):" (Rails), when frames follow
 *   PHP      Uncaught Name: text in FILE:N   and "Next Name: ...", "[object] (Name(code: N): text at FILE:N)" (Monolog)
 *   Go       panic: text, fatal error: text  of type "panic" and "fatal error"
 */
#ifndef ONSET_EXCEPTION_H
#define ONSET_EXCEPTION_H

#include "base/text.h"

struct exception {
	struct span type;    /* "psycopg2.OperationalError" */
	struct span message; /* with the lines that belong to it: indented ones, "DETAIL: ...", "HINT: ...", those before a frame */
	struct span code;    /* "ECONNREFUSED"; empty when none is printed */
};

/* False when there is none. */
bool exception_last(struct span lines, struct exception *e);
/* The exception that the first line of an entry ends in, when a trace follows it: "request failed: Error: x". False when
 * there is none. */
bool exception_of_first(struct span line, struct exception *e);
/* The lines look like a trace: not just a message that goes on. */
bool exception_is_trace(struct span lines);

#endif
