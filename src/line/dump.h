/* dump: what a runtime prints when a program ends by an exception that nobody caught.
 *
 * Takes  lines that are no record of the log they stand in.
 * Gives  whether such a dump begins, goes on or ends there; its text as a record without time.
 * Holds  nothing.
 * Never  takes what a logger prints behind its own line for a dump.
 *
 * Heads (documentation and sources of the runtimes; most were made to print them):
 *   Node      "node:events:502", "/srv/app.js:4" alone on a line: where it was thrown. The last line is "Node.js v20.20.2".
 *   V8        "FATAL ERROR: Reached heap limit ...", "<--- Last few GCs --->"
 *   Python    "Traceback (most recent call last):", "  + Exception Group Traceback (...)", "Fatal Python error: ",
 *             "Exception in thread Thread-1 (f):"
 *   Java      "Exception in thread "main" java.lang...", "# A fatal error has been detected by the Java Runtime Environment:"
 *   Go        "panic: ", "fatal error: ", "SIGSEGV: segmentation violation", "unexpected fault address "
 *   Ruby      "app.rb:3:in `f': text (Name)", "#<Thread:0x... run> terminated with exception"
 *   PHP       "PHP Fatal error:  ", "PHP Parse error:  " on standard error
 *   .NET      "Unhandled exception. "
 */
#ifndef ONSET_DUMP_H
#define ONSET_DUMP_H

#include "line/record.h"

/* What stands before the line. */
enum dump_place {
	DUMP_ALONE,  /* a record that is whole: any head counts */
	DUMP_BEHIND, /* a record that may have a trace behind it: a head that loggers print there, too, is its own */
	DUMP_INSIDE, /* a dump: so is a head that may follow another one in the same dump */
};
/* The line is the head of a dump. */
bool dump_begins(struct span line, enum dump_place place);
/* The line may belong to a dump that began before it: it begins with no time stamp. */
bool dump_goes_on(struct span line);
/* The line is the last one of its dump. */
bool dump_ends(struct span line);
/* Sets message (the first line), exception fields and severity: FATAL, ERROR where the program may go on. `r` is cleared;
 * its time is not set. The spans lie in `text`. */
void dump_record(struct span text, struct record *r);

#endif
