#include "parse/exception.h"

#include "patterns.h"
#include "unit.h"

/* The lines behind an entry's first one; the exception's type (NULL: none) and message; whether they are a traceback. */
struct trace {
	const char *fact, *lines, *type, *message;
	bool is_trace;
};

static const struct trace traces[] = {
	{"nothing", "", NULL, NULL, false},
	{"a message that goes on", "and more\n  of it", NULL, NULL, false},
	{"Python",
	 "Traceback (most recent call last):\n  File \"app.py\", line 3, in get\n    raise "
	 "ValueError(\"no\")\nValueError: no",
	 "ValueError", "no", true},
	{"a name of one's own behind a traceback",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\n    x()\npool_is_empty: all 5 taken",
	 "pool_is_empty", "all 5 taken", true},
	{"without a message", "Traceback (most recent call last):\n  File \"a.py\", line 1\n    x()\nKeyboardInterrupt",
	 "KeyboardInterrupt", "", true},
	{"chained: the last one reached the log",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n\nDuring handling of the above "
	 "exception, "
	 "another exception occurred:\n\nTraceback (most recent call last):\n  File \"b.py\", line 2\napp.NotFound: x "
	 "is gone",
	 "app.NotFound", "x is gone", true},
	{"psycopg2's message with its indented lines",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\npsycopg2.OperationalError: connection to server "
	 "failed: "
	 "FATAL:  sorry\n\tToo many clients\nDETAIL:  x\nHINT:  y",
	 "psycopg2.OperationalError",
	 "connection to server failed: FATAL:  sorry\n\tToo many clients\nDETAIL:  x\nHINT:  y", true},
	{"Java",
	 "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available\n\tat "
	 "a.B.c(B.java:3)\n\t... 7 more",
	 "java.sql.SQLTransientConnectionException", "HikariPool-1 - Connection is not available", true},
	{"Java's cause comes last",
	 "java.lang.RuntimeException: x\n\tat a.B.c(B.java:3)\nCaused by: org.postgresql.util.PSQLException: FATAL: "
	 "sorry\n\tat d.E.f(E.java:4)",
	 "org.postgresql.util.PSQLException", "FATAL: sorry", true},
	{"of a thread", "Exception in thread \"main\" java.lang.OutOfMemoryError: heap", "java.lang.OutOfMemoryError",
	 "heap", true},
	{"a name with dots and a capital is one", "pq.Refused: x", "pq.Refused", "x", true},
	{"a plain word is none", "note: x", NULL, NULL, false},
	{"nor is one that a number begins", "5Error: x", NULL, NULL, false},
	{"a time is none", "12:30:01 Error", NULL, NULL, false},
	{"a source line is none",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\n    ValueError: not this", NULL, NULL, true},
	{"a colon without a blank is none", "ValueError:x", NULL, NULL, false},
	{"a name that ends in a dot is none", "Traceback (most recent call last):\nValueError.: x", NULL, NULL, true},
	{"a frame alone is a traceback", "  File \"a.py\", line 1, in <module>", NULL, NULL, true},
	{"a frame is no part of the message", "TypeError: x is null\n    at get (/a.js:1:2)\n    at run (/b.js:3:4)",
	 "TypeError", "x is null", true},
	{"an SQL statement in a traceback is none",
	 "Traceback (most recent call last):\n  File \"a.py\"\nsqlalchemy.exc.TimeoutError: QueuePool limit\n[SQL: "
	 "SELECT 1]\n(Background on this error at: x)",
	 "sqlalchemy.exc.TimeoutError", "QueuePool limit", true},
	{"frames of a language that prints none of these", "    at Object.<anonymous> (/a.js:1:2)", NULL, NULL, true},
	{"a message of nothing", "ValueError:", "ValueError", "", true},
	{"Caused by nothing", "Caused by: ", NULL, NULL, true},
};

int main(void)
{
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		const struct trace *t = &traces[i];
		struct span lines = patterns_exact(span_of(t->lines));
		struct exception e = {SPAN_NONE, SPAN_NONE};
		bool found = exception_last(lines, &e);
		bool same = found == (t->type != NULL) && (!found || (span_equal(e.type, span_of(t->type)) &&
								      span_equal(e.message, span_of(t->message))));
		if (!FACT(same, t->fact))
			printf("got \"%.*s\" and \"%.*s\"\n", (int)e.type.len, e.type.at, (int)e.message.len,
			       e.message.at);
		FACT(!found || (e.type.at >= lines.at && e.type.at + e.type.len <= lines.at + lines.len),
		     "it stands in the lines");
		FACT(exception_is_trace(lines) == t->is_trace, t->fact);
		memory_free((void *)lines.at);
	}
	return unit_done();
}
