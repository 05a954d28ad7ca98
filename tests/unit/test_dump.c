/* dump: heads as node 20, python 3.11, java 17, ruby 3.1, php 8.2 and Go's runtime print them, and lines that look like them. */
#include "line/dump.h"

#include "patterns.h"
#include "unit.h"

struct head {
	const char *line;
	bool alone, behind, inside;
};

static const struct head heads[] = {
	{"node:events:502", true, true, true},
	{"node:internal/process/promises:389", true, true, true},
	{"/srv/shop/server.js:4", true, true, true},
	{"file:///srv/shop/server.mjs:12", true, true, true},
	{"Exception in thread \"main\" java.lang.IllegalStateException: x", true, true, true},
	{"Exception in thread Thread-1 (f):", true, true, true},
	{"panic: runtime error: index out of range [5] with length 3", true, true, true},
	{"fatal error: all goroutines are asleep - deadlock!", true, true, false},
	{"FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", true, true, false},
	{"PHP Fatal error:  Uncaught Error: x in /srv/x.php:9", true, true, true},
	{"#<Thread:0x00007f45409f2478 r.rb:10 run> terminated with exception (report_on_exception is true):", true, true, true},
	{"Traceback (most recent call last):", true, false, false},
	{"  + Exception Group Traceback (most recent call last):", true, false, false},
	{"r.rb:4:in `rescue in outer': could not obtain a connection (PoolError)", true, false, false},
	{"", false, false, false},
	{":1", false, false, false},
	{"a:1", false, false, false},
	{".js:4", true, true, true},
	{"node:events:", false, false, false},
	{"12:30:15", false, false, false},
	{"localhost:5432", false, false, false},
	{"see /srv/shop/server.js:4", false, false, false},
	{"/srv/shop/server.json:4", false, false, false},
	{"npm ERR! code ELIFECYCLE", false, false, false},
	{"(node:71) DeprecationWarning: x", false, false, false},
	{"no panic: all is well", false, false, false},
	{"app/models/a.rb:5:in `index'", false, false, false},
	{"Traceback: none", false, false, false},
};

static void test_heads(void)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct span line = patterns_exact(span_of(heads[i].line));
		FACT(dump_begins(line, DUMP_ALONE) == heads[i].alone, heads[i].line);
		FACT(dump_begins(line, DUMP_BEHIND) == heads[i].behind, heads[i].line);
		FACT(dump_begins(line, DUMP_INSIDE) == heads[i].inside, heads[i].line);
		memory_free((void *)line.at);
	}
}

static void test_ends(void)
{
	FACT(dump_ends(SPAN("Node.js v20.20.2")), "Node says its version last");
	FACT(!dump_ends(SPAN("Node.js version")) && !dump_ends(SPAN("Node.js v")), "other words about Node are none");
	FACT(dump_goes_on(SPAN("")) && dump_goes_on(SPAN("    at f (a.js:1:2)")) && dump_goes_on(SPAN("20 goroutines")),
	     "what has no stamp goes on");
	FACT(!dump_goes_on(SPAN("2026-11-22 11:15:10 x")) && !dump_goes_on(SPAN("[2026-11-22T11:15:10Z] x")) &&
		     !dump_goes_on(SPAN("2026/11/22 11:15:10 x")),
	     "a line with a stamp is another log's");
}

static void test_record(void)
{
	struct span text = SPAN("node:events:502\n      throw er; // Unhandled 'error' event\n      ^\n\nerror: connection terminated\n"
				"    at parse (/srv/parser.js:306:11)\n    at TCP.onStreamRead (node:internal/stream_base_commons:191:23) {\n"
				"  length: 116,\n  code: '57P01'\n}");
	struct record r = {.has = ~UINT64_C(0), .duration_us = 7};
	dump_record(text, &r);
	FACT(r.severity == SEVERITY_FATAL && r.duration_us < 0, "Node ends: FATAL");
	FACT(span_equal(record_get(&r, FIELD_MESSAGE), SPAN("node:events:502")), "the message is the first line");
	FACT(span_equal(record_get(&r, FIELD_STACK), text) && span_equal(r.raw, text), "the trace is all of it");
	FACT(span_equal(record_get(&r, FIELD_ERROR_TYPE), SPAN("error")) &&
		     span_equal(record_get(&r, FIELD_ERROR_MESSAGE), SPAN("connection terminated")) &&
		     span_equal(record_get(&r, FIELD_ERROR_CODE), SPAN("57P01")),
	     "type, message and code are read");
	FACT(!record_has(&r, FIELD_TIMESTAMP), "it has no stamp");
	dump_record(SPAN("Exception in thread \"w-1\" java.lang.Error"), &r);
	FACT(r.severity == SEVERITY_ERROR && span_equal(record_get(&r, FIELD_ERROR_TYPE), SPAN("java.lang.Error")) &&
		     !record_has(&r, FIELD_STACK) && !record_has(&r, FIELD_ERROR_MESSAGE),
	     "a thread's end is an ERROR; one line has no trace");
}

int main(void)
{
	test_heads();
	test_ends();
	test_record();
	return unit_done();
}
