#include "line/exception.h"

#include "patterns.h"
#include "unit.h"

/* The lines behind an entry's first one; the exception's type (NULL: none) and message; whether they are a traceback. */
struct trace {
	const char *fact, *lines, *type, *message;
	bool is_trace;
	const char *code;
};

static const struct trace traces[] = {
	{"nothing", "", NULL, NULL, false, NULL},
	{"a message that goes on", "and more\n  of it", NULL, NULL, false, NULL},
	{"Python",
	 "Traceback (most recent call last):\n  File \"app.py\", line 3, in get\n    raise "
	 "ValueError(\"no\")\nValueError: no",
	 "ValueError", "no", true, NULL},
	{"a name of one's own behind a traceback",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\n    x()\npool_is_empty: all 5 taken",
	 "pool_is_empty", "all 5 taken", true, NULL},
	{"without a message", "Traceback (most recent call last):\n  File \"a.py\", line 1\n    x()\nKeyboardInterrupt",
	 "KeyboardInterrupt", "", true, NULL},
	{"chained: the last one reached the log",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n\nDuring handling of the above "
	 "exception, "
	 "another exception occurred:\n\nTraceback (most recent call last):\n  File \"b.py\", line 2\napp.NotFound: x "
	 "is gone",
	 "app.NotFound", "x is gone", true, NULL},
	{"psycopg2's message with its indented lines",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\npsycopg2.OperationalError: connection to server "
	 "failed: "
	 "FATAL:  sorry\n\tToo many clients\nDETAIL:  x\nHINT:  y",
	 "psycopg2.OperationalError",
	 "connection to server failed: FATAL:  sorry\n\tToo many clients\nDETAIL:  x\nHINT:  y", true, NULL},
	{"Java",
	 "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available\n\tat "
	 "a.B.c(B.java:3)\n\t... 7 more",
	 "java.sql.SQLTransientConnectionException", "HikariPool-1 - Connection is not available", true, NULL},
	{"Java's cause comes last",
	 "java.lang.RuntimeException: x\n\tat a.B.c(B.java:3)\nCaused by: org.postgresql.util.PSQLException: FATAL: "
	 "sorry\n\tat d.E.f(E.java:4)",
	 "org.postgresql.util.PSQLException", "FATAL: sorry", true, NULL},
	{"of a thread", "Exception in thread \"main\" java.lang.OutOfMemoryError: heap", "java.lang.OutOfMemoryError",
	 "heap", true, NULL},
	{"a name with dots and a capital is one", "pq.Refused: x", "pq.Refused", "x", true, NULL},
	{"a plain word is none", "note: x", NULL, NULL, false, NULL},
	{"nor is one that a number begins", "5Error: x", NULL, NULL, false, NULL},
	{"a time is none", "12:30:01 Error", NULL, NULL, false, NULL},
	{"a source line is none",
	 "Traceback (most recent call last):\n  File \"a.py\", line 1\n    ValueError: not this", NULL, NULL, true, NULL},
	{"a colon without a blank is none", "ValueError:x", NULL, NULL, false, NULL},
	{"a name that ends in a dot is none", "Traceback (most recent call last):\nValueError.: x", NULL, NULL, true, NULL},
	{"a frame alone is a traceback", "  File \"a.py\", line 1, in <module>", NULL, NULL, true, NULL},
	{"a frame is no part of the message", "TypeError: x is null\n    at get (/a.js:1:2)\n    at run (/b.js:3:4)",
	 "TypeError", "x is null", true, NULL},
	{"an SQL statement in a traceback is none",
	 "Traceback (most recent call last):\n  File \"a.py\"\nsqlalchemy.exc.TimeoutError: QueuePool limit\n[SQL: "
	 "SELECT 1]\n(Background on this error at: x)",
	 "sqlalchemy.exc.TimeoutError", "QueuePool limit", true, NULL},
	{"frames of a language that prints none of these", "    at Object.<anonymous> (/a.js:1:2)", NULL, NULL, true, NULL},
	{"a message of nothing", "ValueError:", "ValueError", "", true, NULL},
	{"Caused by nothing", "Caused by: ", NULL, NULL, true, NULL},
	{"SQL is no Ruby frame", "select 1\n\tfrom orders\n  at least 5", NULL, NULL, false, NULL},
	/* Written by node 20, ruby 3.1, java 17, php 8.2 and python 3.11; names of files shortened. */
	{"Node's pg error, whose name is not capital",
	 "    at parse (/srv/a.js:1:2)\nerror: sorry, too many clients already\n    at parseErrorMessage (/srv/parser.js:306:11)\n"
	 "    at node:internal/main/run_main_module:28:49 {\n  length: 116,\n  code: '53300',\n  client: {\n    code: 'no'\n  }\n}",
	 "error", "sorry, too many clients already", true, "53300"},
	{"a word and a colon without frames is none", "error: sorry, too many clients already\n  length: 116", NULL, NULL, false, NULL},
	{"Node's cause",
	 "Error: outer failed\n    at Timeout._onTimeout (/a.js:4:46)\n    at process.processTimers (node:internal/timers:519:7) {\n"
	 "  [cause]: error: sorry, too many clients already\n      at Object.<anonymous> (/a.js:2:11) {\n    code: '53300',\n"
	 "    severity: 'FATAL'\n  }\n}",
	 "error", "sorry, too many clients already", true, "53300"},
	{"Node's name with a code",
	 "TypeError [ERR_INVALID_ARG_TYPE]: The \"path\" argument must be of type string\n    at open (node:fs:1:2) {\n  code: 'x'\n}",
	 "TypeError", "The \"path\" argument must be of type string", true, "ERR_INVALID_ARG_TYPE"},
	{"Node's message of three lines", "Error: line one\nline two\n  line three\n    at Timeout._onTimeout (/a.js:11:46)", "Error",
	 "line one\nline two\n  line three", true, NULL},
	{"Java's message of two lines, suppressed ones, cause",
	 "java.lang.RuntimeException: could not\n  open session\n\tat J.b(J.java:4)\n\t... 9 more\n\tSuppressed: java.io.IOException: "
	 "close failed\n\t\tat J.b(J.java:4)\n\tCaused by: java.lang.Error: x\n\t\t... 9 more",
	 "java.lang.RuntimeException", "could not\n  open session", true, NULL},
	{"Java's nested message and its cause",
	 "java.lang.RuntimeException: javax.mail.SendFailedException: Invalid Addresses;\n\tat a.B.c(B.java:236)\nCaused by: "
	 "com.sun.mail.SMTPAddressFailedException: 550 5.7.1 denied\n",
	 "com.sun.mail.SMTPAddressFailedException", "550 5.7.1 denied", true, NULL},
	{"Ruby's cause comes last",
	 "r.rb:4:in `rescue in outer': could not obtain a connection (PoolError)\nwithin 5 s\n\tfrom r.rb:4:in `outer'\n"
	 "r.rb:3:in `inner': divided by 0 (ZeroDivisionError)\n\tfrom r.rb:8:in `<main>'\n",
	 "ZeroDivisionError", "divided by 0", true, NULL},
	{"Ruby 3.4's quotes", "r.rb:6:in 'Integer#/': divided by 0 (ZeroDivisionError)\n\tfrom r.rb:8:in '<main>'", "ZeroDivisionError",
	 "divided by 0", true, NULL},
	{"Ruby's Logger", "within 5 s (PoolError)\nr.rb:4:in `rescue in outer'\nr.rb:8:in `<main>'", "PoolError", "within 5 s", true, NULL},
	{"Rails", "  \nActionController::RoutingError (No route matches [GET] \"/settings\"):\n  \nactionpack (5.1.4) lib/a.rb:63:in `call'",
	 "ActionController::RoutingError", "No route matches [GET] \"/settings\"", true, NULL},
	{"PHP's chain: the last one reached the top",
	 "PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] FATAL:  sorry, too many clients already in /srv/x.php:4\n"
	 "Stack trace:\n#0 /srv/x.php(5): App\\Db\\inner()\n#1 {main}\n\nNext App\\Db\\PoolException: no session in /srv/x.php:5\n"
	 "Stack trace:\n#0 {main}\n  thrown in /srv/x.php on line 5",
	 "App\\Db\\PoolException", "no session", true, NULL},
	{"Monolog's previous exception",
	 "[stacktrace]\n#0 /srv/x.php(5): inner()\n\n[previous exception] [object] (PDOException(code: 7): FATAL:  sorry at /srv/a.php:70)\n"
	 "[stacktrace]\n#0 {main}",
	 "PDOException", "FATAL:  sorry", true, NULL},
	{"Go's panic",
	 "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.f(...)\n\t/srv/main.go:4\nexit status 2",
	 "panic", "runtime error: index out of range [5] with length 3", true, NULL},
	{"Go's fatal error", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:", "fatal error",
	 "all goroutines are asleep - deadlock!", true, NULL},
	{"Python's group: the outer one reached the log",
	 "  + Exception Group Traceback (most recent call last):\n  |   File \"p.py\", line 12, in <module>\n  |     raise x\n"
	 "  | ExceptionGroup: many (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: x\n"
	 "    +---------------- 2 ----------------\n    | TypeError: y\n    +------------------------------------",
	 "ExceptionGroup", "many (2 sub-exceptions)", true, NULL},
};

/* The first line of an entry that a trace follows. */
static const struct trace firsts[] = {
	{"text alone", "request failed", NULL, NULL, false, NULL},
	{"a field of the text is none", "status: 500 path: /x", NULL, NULL, false, NULL},
	{"Node's console.log(text, error)", "query failed TypeError: x is null", "TypeError", "x is null", false, NULL},
	{"Java's cause in the message", "request failed; nested: java.sql.SQLException: no", "java.sql.SQLException", "no", false, NULL},
	{"Ruby's Logger", "divided by 0 (ZeroDivisionError)", "ZeroDivisionError", "divided by 0", false, NULL},
	{"PHP", "PHP Fatal error:  Uncaught Error: Call to undefined function f() in /srv/x.php:9", "Error",
	 "Call to undefined function f()", false, NULL},
	{"Laravel", "no session {\"exception\":\"[object] (App\\Db\\PoolException(code: 3): no session at /srv/x.php:5)",
	 "App\\Db\\PoolException", "no session", false, NULL},
	{"Laravel's caught line without one", "slow query {\"exception\":\"none\"}", NULL, NULL, false, NULL},
};

static void check(const struct trace *t, struct span lines, bool found, const struct exception *e)
{
	bool same = found == (t->type != NULL) &&
		    (!found || (span_equal(e->type, span_of(t->type)) && span_equal(e->message, span_of(t->message)) &&
				span_equal(e->code, span_of(t->code))));
	if (!FACT(same, t->fact))
		printf("got \"%.*s\", \"%.*s\" and \"%.*s\"\n", (int)e->type.len, e->type.at, (int)e->message.len,
		       e->message.at, (int)e->code.len, e->code.at);
	FACT(!found || (e->type.at >= lines.at && e->type.at + e->type.len <= lines.at + lines.len), "it stands in the lines");
}

int main(void)
{
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct span lines = patterns_exact(span_of(traces[i].lines));
		struct exception e = {SPAN_NONE, SPAN_NONE, SPAN_NONE};
		bool found = exception_last(lines, &e);
		check(&traces[i], lines, found, &e);
		FACT(exception_is_trace(lines) == traces[i].is_trace, traces[i].fact);
		memory_free((void *)lines.at);
	}
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
		struct span line = patterns_exact(span_of(firsts[i].lines));
		struct exception e = {SPAN_NONE, SPAN_NONE, SPAN_NONE};
		bool found = exception_of_first(line, &e);
		check(&firsts[i], line, found, &e);
		memory_free((void *)line.at);
	}
	return unit_done();
}
