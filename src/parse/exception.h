/* exception: what a traceback says in its end.
 *
 * Takes  the lines that follow an entry's first line.
 * Gives  the type and message of the last exception that they name.
 * Holds  nothing.
 * Never  takes a source line, a frame or an SQL statement printed in a traceback for an exception.
 *
 * Python prints chained exceptions root cause first, so the last one is what reached the log; Java prints "Caused by:"
 * last.
 */
#ifndef ONSET_EXCEPTION_H
#define ONSET_EXCEPTION_H

#include "base/text.h"

struct exception {
	struct span type;    /* "psycopg2.OperationalError" */
	struct span message; /* with the lines that belong to it: indented ones, "DETAIL: ...", "HINT: ..." */
};

/* False when there is none. */
bool exception_last(struct span lines, struct exception *e);
/* The lines look like a traceback: not just a message that goes on. */
bool exception_is_trace(struct span lines);

#endif
