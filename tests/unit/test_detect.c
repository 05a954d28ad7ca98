#include "parse/detect.h"

#include "base/limits.h"
#include "base/memory.h"
#include "patterns.h"
#include "unit.h"

/* What a head is taken for; "" when unknown. `also` and `layout` may be NULL. */
static bool detects(const struct format_set *set, const char *head, const char *name, const char *also,
		    const char *layout)
{
	struct format_scratch *s = format_scratch_new();
	struct span copy = patterns_exact(span_of(head));
	struct detection d;
	format_detect(set, copy, s, &d);
	bool right = !strcmp(d.format ? d.format->name : "", name) &&
		     !strcmp(d.also ? d.also->name : "", also ? also : "") &&
		     (!layout || (d.format && d.format->layout && !strcmp(d.format->layout, layout)));
	if (!right)
		printf("taken for \"%s\", also \"%s\", layout \"%s\", %u of %u\n", d.format ? d.format->name : "",
		       d.also ? d.also->name : "", d.format && d.format->layout ? d.format->layout : "", d.taken,
		       d.lines);
	format_free(d.own);
	memory_free((void *)copy.at);
	format_scratch_free(s);
	return right;
}

static void test_content(const struct format_set *set)
{
	FACT(detects(set, "", "", NULL, NULL), "an empty file is unknown");
	FACT(detects(set, "\n\n\n", "", NULL, NULL), "empty lines are unknown");
	FACT(detects(set, "hello\nworld\n", "", NULL, NULL), "prose is unknown");
	FACT(detects(set, "\x7F" "ELF\x02\x01\x01", "", NULL, NULL), "a program is unknown");
	FACT(detects(set, "[WARNING]  (15985) : Server be/app is DOWN, reason: x\n", "", NULL, NULL),
	     "a line without a time is of no format");
	FACT(detects(set,
		     "\tcontinued\n2026-11-22 11:15:12.836 UTC [1] LOG:  a\n2026-11-22 11:15:12.836 UTC [2] a@b/c LOG: "
		     " x\n"
		     "\tmore\n\tand more\n",
		     "postgresql", NULL, "%m [%p] %q%u@%d/%a "),
	     "indented lines do not count against a format");
	FACT(detects(set,
		     "2026-11-22 11:15:12,836 ERROR [MainThread] shop: failed\nTraceback (most recent call last):\n"
		     "  File \"a.py\", line 1, in f\npsycopg2.OperationalError: x\n\nThe above exception was the "
		     "direct cause\n\n"
		     "Traceback (most recent call last):\nshop.Error: y\nDETAIL:  z\n2026-11-22 11:15:13,836 INFO "
		     "[MainThread] shop: ok\n",
		     "python_logging", NULL, NULL),
	     "the lines of a traceback do not count against a format");
	FACT(detects(set, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200 5\nrubbish\nrubbish\n",
		     "nginx_access", NULL, NULL),
	     "a third of the lines is a format when no other line has a stamp");
	FACT(detects(set, "\"GET / HTTP/1.1\" 200 5\nrubbish\nrubbish\n", "", NULL, NULL), "without a stamp nothing is");
	FACT(detects(set, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200 5\nrubbish\n",
		     "nginx_access", NULL, NULL),
	     "half of them is a format");
	FACT(detects(set,
		     "2026-11-22 11:15:12.836 UTC,\"a\",\"b\",1,\"[local]\",1.2,3,\"SELECT\",2026-11-22 11:15:12 "
		     "UTC,3/0,0,ERROR,42601,"
		     "\"syntax\",,,,,,\"SELECT\n'two\nlines', \"\"x\"\"\",,,\"psql\"\n",
		     "postgresql_csv", NULL, NULL),
	     "a record over several lines is joined");
	FACT(detects(set, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200 5\r\n", "nginx_access",
		     NULL, NULL),
	     "CRLF");
}

static void test_json(const struct format_set *set)
{
	FACT(detects(set, "{\"time\":\"2026-11-22T11:52:43+00:00\",\"request\":\"GET / HTTP/1.1\",\"status\":200}\n",
		     "nginx_json", NULL, NULL),
	     "JSON with a request and a status, but no message, is nginx's");
	FACT(detects(set,
		     "{\"time\":1795346180955,\"level\":30,\"req\":{\"method\":\"GET\"},\"status\":200,\"msg\":\"x\"}"
		     "\n",
		     "app_json", NULL, NULL),
	     "with a level it is an application's");
	FACT(detects(set,
		     "{\"timestamp\":\"2026-11-22 11:21:41.597 UTC\",\"error_severity\":\"LOG\",\"message\":\"x\"}\n",
		     "postgresql_json", NULL, NULL),
	     "error_severity is PostgreSQL's");
	FACT(detects(set, "{\"a\":1}\n", "", NULL, NULL), "any other JSON is unknown");
}

static void test_layouts(const struct format_set *set)
{
	FACT(detects(set, "2026-11-22 11:15:12 CET [7]: [1-1] user=bob,db=shop,app=x,client=1.2.3.4 LOG:  a\n",
		     "postgresql", NULL, "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h "),
	     "pgBadger's prefix is well known");
	FACT(detects(set,
		     "2026-11-22 11:15:12 CET <7> db=shop;u=bob LOG:  a\n2026-11-22 11:15:12 CET <8> db=;u= LOG:  a\n",
		     "postgresql", NULL, "%t <%p> db=%d;u=%u "),
	     "another one is learned");
	FACT(detects(set,
		     "2026-11-22 11:52:38.985 UTC [15969] LOG:  starting\n"
		     "2026-11-22 11:52:55.188 UTC [16516] app@shop [unknown] 127.0.0.1 FATAL:  x\n"
		     "2026-11-22 11:52:57.793 UTC [16163] app@shop shop 127.0.0.1 LOG:  y\n"
		     "2026-11-22 11:52:57.843 UTC [16462] app@shop shop 127.0.0.1 LOG:  z\n",
		     "postgresql", NULL, "%m [%p] %q%u@%d %0i %h "),
	     "a known prefix that would put application and host into the database's name is not taken");
	/* Background processes alone: nothing tells the layouts apart, so all that fit stay. */
	struct format_scratch *s = format_scratch_new();
	struct detection d;
	struct record r;
	format_detect(set, SPAN("2026-11-22 11:15:12.836 UTC [1] LOG:  a\n"), s, &d);
	FACT(d.own &&
		     format_parse(d.format, SPAN("2026-11-22 11:15:12.836 UTC [1] bob@shop LOG:  a"), s, &r) ==
			     PARSE_OK &&
		     span_equal(record_get(&r, FIELD_DATABASE), SPAN("shop")),
	     "a file that begins with the server's start takes sessions later, without an application name");
	FACT(d.own &&
		     format_parse(d.format, SPAN("2026-11-22 11:15:12.836 UTC [1] bob@shop/my psql LOG:  a"), s, &r) ==
			     PARSE_OK &&
		     span_equal(record_get(&r, FIELD_APPLICATION), SPAN("my psql")),
	     "or with one");
	format_free(d.own);
	const struct format *stated = format_set_find(set, SPAN("postgresql"));
	format_detect_layout(stated, SPAN("2026-11-22 11:15:12.836 UTC [1] LOG:  a\nx\ny\nz\n"), s, &d);
	FACT(d.own && d.format == d.own && d.taken == 1 && d.lines == 4,
	     "of a stated format only the layout is looked for");
	format_free(d.own);
	format_detect_layout(format_set_find(set, SPAN("haproxy")), SPAN("x\n"), s, &d);
	FACT(!d.own && d.format && !d.taken, "a format without layouts stays as it is");
	format_scratch_free(s);
}

static void test_ties(void)
{
	struct format_set two = {0};
	struct diag d = {0};
	bool added = patterns_add(&two, "a.pattern",
				  "format = a\ntier = app\nregex = ^(?<timestamp>\\S+)[ ](?<message>.*)$\n", &d) &&
		     patterns_add(&two, "b.pattern",
				  "format = b\ntier = app\nregex = ^(?<timestamp>\\S+)[ ](?<message>.*)$\n", &d);
	FACT(added && detects(&two, "2026-11-22T11:15:12Z x\n", "a", "b", NULL), "a tie is told");
	FACT(added && detects(&two, "2026-11-22T11:15:12Z x\n2026-11-22T11:15:12Z\n2026-11-22T11:15:12Z\n", "", NULL,
			      NULL),
	     "below half nothing is");
	format_set_release(&two);
}

/* A full head is cut at its last line; one that has no line end at all is read as it is. */
static void test_heads(const struct format_set *set)
{
	size_t n = LIMIT_DETECT_BYTES;
	char *head = memory_new(n + 1, 1);
	static const char line[] = "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200 5\n";
	for (size_t i = 0; i < n; i++)
		head[i] = line[i % (sizeof line - 1)];
	FACT(detects(set, head, "nginx_access", NULL, NULL), "a cut last line does not count");
	memset(head, 'x', n);
	FACT(detects(set, head, "", NULL, NULL), "256 KiB without a line end");
	memset(head, '"', n);
	memcpy(head, "2026-11-22 11:15:12.836 UTC,", 28);
	FACT(detects(set, head, "stamped", NULL, NULL), "256 KiB of quotes");
	memset(head, '{', n);
	FACT(detects(set, head, "", NULL, NULL), "256 KiB of brackets");
	memory_free(head);
}

static void test_long_statement(const struct format_set *set)
{
	struct text head = {0};
	text_append_string(&head, "2026-11-22 11:15:12.836 UTC,\"a\",\"b\",1,\"[local]\",1.2,3,\"SELECT\",2026-11-22 11:15:12 "
				  "UTC,3/0,0,LOG,00000,\"x\",,,,,,,,,\"psql\"\n"
				  "2026-11-22 11:15:12.836 UTC,\"a\",\"b\",1,\"[local]\",1.2,3,\"INSERT\",2026-11-22 11:15:12 "
				  "UTC,3/0,0,LOG,00000,\"INSERT\n");
	for (int i = 0; i < 20000; i++)
		text_append_string(&head, "(1, 2),\n");
	FACT(detects(set, head.at, "postgresql_csv", NULL, NULL),
	     "a statement longer than what is looked at does not count against a csvlog");
	text_release(&head);
}

/* Lines of eight programs, as each writes them; none of them is a line of another one's format. */
static const struct {
	const char *format, *line;
} programs[] = {
	{"nginx_access", "192.0.2.7 - - [22/Nov/2026:11:15:01 +0000] \"GET /a HTTP/1.1\" 200 101 \"-\" \"curl/8\""},
	{"mysql_error", "2026-11-22T11:15:02.123456Z 8 [Warning] [MY-010055] [Server] IP address could not be resolved"},
	{"redis", "1:M 22 Nov 2026 11:15:03.123 * Background saving started by pid 17"},
	{"klog", "I1122 11:15:04.123456       1 server.go:42] Started"},
	{"app_json", "{\"level\":30,\"time\":1795346105000,\"pid\":7,\"hostname\":\"h\",\"msg\":\"x\"}"},
	{"postgresql", "2026-11-22 11:15:06.123 UTC [501] app@shop/api ERROR:  relation \"x\" does not exist"},
	{"haproxy", "Nov 22 11:15:07 lb1 haproxy[99]: 10.0.0.5:50121 [22/Nov/2026:11:15:07.123] fe be/s1 0/0/1/20/21 200 512 - - ---- 1/1/1/1/0 0/0 "
		    "\"GET /x HTTP/1.1\""},
	{"logfmt", "time=2026-11-22T11:15:08Z level=info msg=\"hello\" component=x"},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };

/* Lines of the first `n` programs in turn, and so many of none behind each turn. How many of those programs' formats are found, or -1: another one. */
static int found_in_turn(const struct format_set *set, size_t n, size_t strange)
{
	struct format_scratch *s = format_scratch_new();
	struct candidates *c = memory_new(1, sizeof *c);
	struct detection found[DETECT_FORMATS];
	struct text head = {0};
	int right = 0;
	for (size_t i = 0; i < 12; i++) {
		for (size_t k = 0; k < n; k++)
			text_format(&head, "%s\n", programs[k].line);
		for (size_t k = 0; k < strange; k++)
			text_format(&head, "2026-11-22 11:15:09 what nobody knows\n");
	}
	candidates_of(c, text_span(&head));
	size_t all = detect(set, c, DETECT_KNOWN | DETECT_CARRIED | DETECT_STAMPED, s, found);
	for (size_t i = 0; i < all; i++) {
		bool one = false;
		for (size_t k = 0; k < n; k++)
			one |= !strcmp(found[i].format->name, programs[k].format);
		right = one && right >= 0 ? right + 1 : -1;
		format_free(found[i].own);
	}
	text_release(&head);
	memory_free(c);
	format_scratch_free(s);
	return right;
}

static void test_in_turn(const struct format_set *set)
{
	for (size_t n = 1; n <= PROGRAMS; n++) {
		char name[64];
		snprintf(name, sizeof name, "%zu formats in turn are told apart", n);
		FACT(found_in_turn(set, n, 0) == (int)n, name);
	}
	FACT(found_in_turn(set, 6, 1) == 6, "six beside lines of none");
	FACT(found_in_turn(set, 5, 5) == -1, "five that take half of the lines are not what the file is");
	FACT(found_in_turn(set, 2, 1) == 2, "two that take two thirds are");
}

int main(void)
{
	struct format_set set = {0};
	FACT(patterns_builtin(&set), "the built-in formats compile");
	test_content(&set);
	test_long_statement(&set);
	test_json(&set);
	test_layouts(&set);
	test_ties();
	test_in_turn(&set);
	test_heads(&set);
	format_set_release(&set);
	return unit_done();
}
