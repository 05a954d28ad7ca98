#include "line/trace.h"

#include "unit.h"

/* Traces as their runtimes print them; behind each stands "|" and a line that is not theirs, or nothing. */
static const struct {
	const char *fact, *text, *language;
} traces[] = {
	{"java: a cause, frames that are left out",
	 "java.lang.IllegalStateException: no connection\n\tat com.a.B.c(B.java:3)\nCaused by: java.sql.SQLException: sorry\n\tat com.a.D.e(D.java:5)\n"
	 "\t... 7 more\n|2 requests",
	 "java"},
	{"java: an exception within a message, a blank line before the frames",
	 "java.lang.RuntimeException: javax.mail.SendFailedException: Invalid\n  nested exception is:\ncom.sun.mail.smtp.SMTPAddressFailedException: 550\n"
	 "\n\tat com.a.B.c(B.java:3)\n|next",
	 "java"},
	{"java: suppressed", "a.b.CException\n\tat a.b.C.d(C.java:1)\n\tSuppressed: a.b.EException: x\n\t\tat a.b.F.g(F.java:2)\n\t\t... 1 more\n|x", "java"},
	{"java: an uncaught one", "Exception in thread \"main\" java.lang.NullPointerException\n\tat Main.main(Main.java:5)\n|done", "java"},
	{"javascript: Node", "ReferenceError: myArray is not defined\n  at next (/app/node_modules/express/lib/router/index.js:256:14)\n  at /app/index.js:4:2\n|ok", "javascript"},
	{"javascript: a browser", "Error\n    at bls (<anonymous>:3:9)\n    at <anonymous>:6:4\n    at a_function_name\n|ok", "javascript"},
	{"javascript: V8", "V8 errors stack trace   \n  eval at Foo.a (eval at Bar.z (myscript.js:10:3))\n  at new Contructor.Name (native)\n|ok", "javascript"},
	{"javascript: what an error has beside its text", "Error: connect ECONNREFUSED\n    at f (net.js:1:2) {\n  code: 'ECONNREFUSED',\n  port: 5432\n}\n|ok", "javascript"},
	{"csharp: await", "System.InvalidOperationException: text\n   at A.B.C() in c:/A/B.cs:line 36\n--- End of stack trace from previous location where "
			  "exception was thrown ---\n   at System.Runtime.CompilerServices.TaskAwaiter.GetResult()\n|ok", "csharp"},
	{"csharp: one in another", "System.InvalidOperationException: outer ---> System.InvalidOperationException: inner\n  at A.B() in c:/B.cs:line 33\n"
				   "  --- End of inner exception stack trace ---\n  at A.C() in c:/B.cs:line 18\n|ok", "csharp"},
	{"csharp: Mono", "System.Collections.Generic.KeyNotFoundException: The given key was not present.\n  at System.Collections.Generic.Dictionary`2[System.String].get_Item "
			 "(System.String key) [0x00000] in <filename unknown>:0\n|ok", "csharp"},
	{"python", "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    return get()\nException: ('spam', 'eggs')\n|Exception: another", "python"},
	{"python: a chain", "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 1\n\nDuring handling of the above exception, another "
			    "exception occurred:\n\nTraceback (most recent call last):\n  File \"a.py\", line 2, in f\nValueError\n|x", "python"},
	{"python: libpq's second line", "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\npsycopg2.OperationalError: connection failed\n"
					"\tIs the server running there?\n|x", "python"},
	{"go", "panic: my panic\n\ngoroutine 4 [running]:\npanic(0x45cb40, 0x47ad70)\n\t/usr/local/go/src/runtime/panic.go:542 +0x46c\nmain.main.func1(...)\n\tfoo.go:6\n"
	       "created by main.main\n\tfoo.go:5 +0x58\n\ngoroutine 1 [chan receive]:\nmain.main()\n\tfoo.go:9 +0x4c\n|exit", "go"},
	{"go: a signal", "panic: runtime error: invalid memory address\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x7fd34f]\n\ngoroutine 5 [running]:\n"
			 "panics.nilPtr()\n\t/root/a.go:10 +0x1f\n|exit", "go"},
	{"go: net/http", "2019/01/15 07:48:05 http: panic serving [::1]:54143: test panic\ngoroutine 24 [running]:\nnet/http.(*conn).serve.func1(0xc00007eaa0)\n"
			 "\t/usr/local/go/src/net/http/server.go:1746 +0xd0\n|exit", "go"},
	{"ruby", "/app/routes.rb:6:in `/': divided by 0 (ZeroDivisionError)\n\tfrom /app/routes.rb:6:in `block in <main>'\n\tfrom /app/a.rb:1:in `<main>'\n|hello", "ruby"},
	{"ruby: Rails", " NoMethodError (undefined method `f' for #<A:0x007f8d>):\n  app/controllers/a.rb:69:in `f'\n  app/controllers/a.rb:75:in `g'\n|hello", "ruby"},
	{"ruby: Rails' line of blanks", "ActionController::RoutingError (No route matches [GET] \"/settings\"):\n  \n  actionpack (5.1.4) lib/a.rb:63:in `call'\n|hello", "ruby"},
	{"php", "PHP Fatal error:  Uncaught exception 'Exception' with message 'x' in /srv/a.php:5\nStack trace:\n#0 /srv/a.php(9): f()\n#1 {main}\n  thrown in /srv/a.php on "
		"line 5\n|ok", "php"},
	{"php: a message", "exception 'Exception' with message 'Custom' in /home/test.php:5\nStack trace:\n#0 /home/test.php(9): func1()\n#1 {main}\n|ok", "php"},
	{"dart", "Unhandled exception:\nInvalid argument(s): invalid\n#0      main.<anonymous closure> (file:///a/b.dart:23:20)\n<asynchronous suspension>\n"
		 "#1      _startIsolate.<anonymous closure> (dart:isolate-patch/isolate_patch.dart:265)\n|ok", "dart"},
	{"dart: what it says has blank lines", "Unhandled exception:\n'file:///a.dart': malformed type: line 7 pos 24\n  printError( () { new NoType(); } );\n"
					       "                       ^\n\n\n#0      f (dart:core-patch/errors_patch.dart:82)\n|ok", "dart"},
	{"rust", "thread 'main' panicked at src/main.rs:2:5:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n|ok", "rust"},
	{"rust: frames", "thread 'main' panicked at 'x', src/main.rs:2:5\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/a/panicking.rs:5\n|ok", "rust"},
	{"c++", "terminate called after throwing an instance of 'std::runtime_error'\n  what():  boom\nAborted (core dumped)\n|ok", "cpp"},
	{"any other dump", "Fatal Python error: Segmentation fault\n\nCurrent thread 0x7f (most recent call first):\n  File \"a.py\", line 1\n|2026-11-22 11:15:12 next", ""},
};
static const char *const prose[] = {"", "hello", "There was an Error", "the error: panic", "Exception handling is on", "goroutine of mine", "errors: 3",
				    "app.rb:3: warning", "12 Error: x", "See IllegalStateException in the manual"};

static void test_lines(void)
{
	for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
		struct span rest = span_of(traces[i].text), theirs = span_cut(&rest, '|');
		struct trace t;
		struct span lines = span_head(theirs, theirs.len - 1);
		FACT(trace_begins(&t, span_cut(&lines, '\n')), traces[i].fact);
		bool all = true;
		while (lines.len) {
			struct span line = span_cut(&lines, '\n');
			bool taken = trace_takes(&t, line);
			if (!taken)
				printf("not taken: %.*s\n", (int)line.len, line.at);
			all &= taken;
		}
		FACT(all, traces[i].fact);
		FACT(!trace_takes(&t, rest), traces[i].fact);
		struct span language = trace_language(theirs);
		FACT(span_equal(language, span_of(traces[i].language)), traces[i].fact);
	}
	for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) {
		struct trace t;
		FACT(!trace_begins(&t, span_of(prose[i])), prose[i]);
	}
}

static void test_ends(void)
{
	struct trace t;
	FACT(trace_begins(&t, SPAN("java.lang.Error: x")), "a trace");
	size_t lines = 0;
	while (lines < 1000 && trace_takes(&t, SPAN("  more")))
		lines++;
	FACT(lines == 32, "a message has an end");
	FACT(trace_begins(&t, SPAN("Traceback (most recent call last):")) && trace_takes(&t, SPAN("E: x")) && trace_takes(&t, SPAN("")) &&
		     !trace_takes(&t, SPAN("Traceback (most recent call last):")),
	     "a second traceback that no sentence joins is another one");
}

static void test_frame(void)
{
	struct extras extras = {0};
	trace_frame(SPAN("  at com.sample.StackTraceExample.aMethod(StackTraceExample.java:42)"), &extras);
	FACT(extras.n == 4 && span_equal(extras.items[0].value, SPAN("com.sample.StackTraceExample")) && span_equal(extras.items[1].value, SPAN("aMethod")) &&
		     span_equal(extras.items[2].value, SPAN("42")) && span_equal(extras.items[3].value, SPAN("StackTraceExample.java")),
	     "a frame says class, function, line and file");
	extras_clear(&extras);
	trace_frame(SPAN("\tat org.jruby.RubyMethod$INVOKER$i$call.call(RubyMethod$INVOKER$i$call.gen)"), &extras);
	FACT(extras.n == 3 && span_equal(extras.items[2].value, SPAN("RubyMethod$INVOKER$i$call.gen")), "a file without a line");
	static const char *const others[] = {"", "  at", "  at (", "at a.b(c)", "  at x(y)", "  at .x(y)", "  at a.(y)", "  at a b.c(d)", "\tat a.b(c"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		extras_clear(&extras);
		trace_frame(span_of(others[i]), &extras);
		FACT(!extras.n, others[i]);
	}
}

int main(void)
{
	test_lines();
	test_ends();
	test_frame();
	return unit_done();
}
