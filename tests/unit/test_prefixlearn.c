#include "split/prefixlearn.h"

#include "patterns.h"
#include "unit.h"

#define STAMP "2026-11-22 11:15:12.836 UTC"

static bool learns(const char *const *lines, size_t n, const char *prefix)
{
	struct span spans[8];
	struct text layout = {0};
	for (size_t i = 0; i < n; i++)
		spans[i] = span_of(lines[i]);
	bool same = prefix_learn(spans, n, SPAN_NONE, &layout) && span_equal(text_span(&layout), span_of(prefix));
	if (!same)
		printf("learned \"%s\"\n", layout.at ? layout.at : "");
	text_release(&layout);
	return same;
}

static void taught(void)
{
	static const char *const keyed[] = {
		"2026-11-22 11:15:12 UTC [7]: [1-1] user=bob,db=shop,app=psql,client=10.0.0.1 LOG:  a",
		"2026-11-22 11:15:12 UTC [8]: [2-1] user=eve,db=shop,app=my app,client=[local] LOG:  a",
	};
	FACT(learns(keyed, 2, "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h "), "keys name their escapes");
	static const char *const piped[] = {
		STAMP "|bob@shop|10.0.0.1(5555)|77|6b02cfde.610c|LOG:  a",
		STAMP "|eve@shop|10.0.0.2(5555)|78|6b02cfdf.611|ERROR:  b",
	};
	FACT(learns(piped, 2, "%m|%u@%d|%r|%p|%c|"), "values are known by their shape");
	static const char *const quit[] = {
		STAMP " <77> LOG:  started",
		STAMP " <78> bob@shop 53300 FATAL:  sorry",
		STAMP " <79> eve@shop 00000 LOG:  a",
	};
	FACT(learns(quit, 3, "%m <%p> %q%u@%d %e "), "%q is found where background processes stop");
	static const char *const amazon[] = {
		"2026-11-22 11:15:12 UTC::@:[7]:LOG:  checkpoint starting: time",
		"2026-11-22 11:15:13 UTC:10.0.0.7(5432):bob@shop:[8]:FATAL:  sorry",
	};
	FACT(learns(amazon, 2, "%t:%r:%u@%d:[%p]:"), "Amazon's background processes have no client");
	static const char *const app[] = {"2026-11-22 11:15:12,836 ERROR: a", "2026-11-22 11:15:12,836 INFO: b"};
	struct span spans[2] = {span_of(app[0]), span_of(app[1])};
	struct text layout = {0};
	FACT(!prefix_learn(spans, 2, SPAN_NONE, &layout), "an application's log teaches no prefix");
	FACT(!prefix_learn(NULL, 0, SPAN_NONE, &layout), "no lines teach none");
	FACT(!layout.len, "then there is no text either");
	text_release(&layout);
}

/* A log_line_prefix as the manual writes it, and what the server printed with it: one line each is enough. */
struct lesson {
	const char *fact, *prefix, *line;
};

static const struct lesson lessons[] = {
	{"Debian's", "%m [%p] ", STAMP " [5292] LOG:  x"},
	{"whole seconds are %t", "%t [%p] ", "2026-11-22 11:15:12 UTC [5292] LOG:  x"},
	{"the epoch is %n", "%n [%p] ", "1795346112.836 [5292] LOG:  x"},
	{"Amazon's", "%t:%r:%u@%d:[%p]:", "2026-11-22 11:15:12 UTC:10.0.0.7(5432):bob@shop:[5292]:LOG:  x"},
	{"pgBadger's", "%t [%p]: [%l-1] user=%u,db=%d ", "2026-11-22 11:15:12 UTC [7]: [3-1] user=bob,db=shop LOG:  x"},
	{"pid and line", "%m [%p-%l] ", STAMP " [3053-3] LOG:  x"},
	{"sessions and transactions", "%m %c %v ", STAMP " 6b02cfde.610c 3/42 LOG:  x"},
	{"an IPv6 client", "%m %p %h ", STAMP " 77 2001:db8::1 LOG:  x"},
	{"an IPv4 client", "%m %p %h ", STAMP " 77 10.0.0.7 LOG:  x"},
	{"five capitals are no SQL state", "%m %p %0i ", STAMP " 77 ADMIN LOG:  x"},
	{"a number too long for a pid is passed over", "%m %0l %p ", STAMP " 12345678901 77 LOG:  x"},
	{"a local one", "%m %p %h ", STAMP " 77 [local] LOG:  x"},
	{"a client with its port", "%m %p %r ", STAMP " 77 10.0.0.7(5432) LOG:  x"},
	{"an SQL state", "%m %p %e ", STAMP " 77 53300 FATAL:  x"},
	{"a key for the client says what it holds", "%m host=%r ", STAMP " host=10.0.0.7(5432) LOG:  x"},
	{"a second stamp is the session's start", "%m %s ", STAMP " 2026-11-22 09:00:00 UTC LOG:  x"},
	{"words whose meaning does not show are passed over", "%m [%p] %0i %0i ", STAMP " [7] bob shop LOG:  x"},
	{"Amazon's with an IPv6 client",
	 "%t:%r:%u@%d:[%p]:", "2026-11-22 11:15:12 UTC:2001:db8::7(5432):bob@shop:[5292]:LOG:  x"},
	{"or the shortest one", "%t:%r:%u@%d:[%p]:", "2026-11-22 11:15:12 UTC:::1(5432):bob@shop:[5292]:LOG:  x"},
	{"a word that may always be the same is passed over as well", "%m %0i [%p] ", STAMP " 100% [7] LOG:  x"},
	{"who is not known yet is somebody, too", "user=%u,db=%d ", "user=[unknown],db=[unknown] LOG:  x"},
	{"a user and a database that are not known yet", "%m [%p] %u@%d/%a ", STAMP " [7] [unknown]@[unknown]/[unknown] LOG:  x"},
	{"a local client behind a key", "%m user=%u,client=%h ", STAMP " user=bob,client=[local] LOG:  x"},
	{"no pid begins with a zero", "%e %u@%d ", "00000 bob@shop LOG:  x"},
	{"an unknown key is passed over", "%m colour=%0i [%p] ", STAMP " colour=red [7] LOG:  x"},
};

static void lessons_of_one_line(void)
{
	for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++)
		FACT(learns(&lessons[i].line, 1, lessons[i].prefix), lessons[i].fact);
}

/* A carrier prints the pid. */
static void carried(void)
{
	struct span line = SPAN("57014 bob@shop ERROR:  x"), other[] = {SPAN("[99] 57014 bob@shop ERROR:  x"), SPAN("[98] 57014 eve@shop ERROR:  x")};
	struct text layout = {0};
	FACT(prefix_learn(&line, 1, SPAN("99"), &layout) && span_equal(text_span(&layout), SPAN("%e %u@%d ")), "five digits that are not the pid");
	FACT(prefix_learn(&line, 1, SPAN("57014"), &layout) && span_equal(text_span(&layout), SPAN("%p %u@%d ")), "five digits that are");
	FACT(prefix_learn(other, 2, SPAN("99"), &layout) && span_equal(text_span(&layout), SPAN("[%p] %e %u@%d ")), "both");
	text_release(&layout);
}

static void majorities(void)
{
	struct span lines[] = {SPAN(STAMP " [1] LOG:  a"), SPAN("no log at all"), SPAN("nor this"),
			       SPAN(STAMP " [2] LOG:  b"), SPAN("nor that")};
	struct text layout = {0};
	FACT(prefix_learn(lines, 4, SPAN_NONE, &layout) && span_equal(text_span(&layout), SPAN("%m [%p] ")),
	     "half of the lines are enough");
	FACT(!prefix_learn(lines, 5, SPAN_NONE, &layout), "less is not");
	struct diag d = {0};
	size_t column;
	struct prefix *p = prefix_new(SPAN("%m [%p] "), &d, &column);
	FACT(prefix_taken(p, lines, 5) == 2 && prefix_taken(p, NULL, 0) == 0, "two of the five are taken");
	prefix_free(p);
	struct span unzoned = SPAN("2026-11-22 11:15:12.836 [1] LOG:  a");
	FACT(!prefix_learn(&unzoned, 1, SPAN_NONE, &layout), "a stamp without a zone is not PostgreSQL's");
	struct span undated = SPAN("[1] bob@shop LOG:  a");
	FACT(prefix_learn(&undated, 1, SPAN_NONE, &layout) && span_equal(text_span(&layout), SPAN("[%p] %u@%d ")),
	     "a prefix without a time is one, too");
	undated = SPAN("[1] bob@shop LOG: a");
	FACT(!prefix_learn(&undated, 1, SPAN_NONE, &layout), "but not with one blank behind the colon");
	static const char *const clients[] = {
		/* libpq 14 and later, libpq before, psql, Ruby's pg: what a traceback ends with, as journald and syslog have it, line by line */
		"psycopg2.OperationalError: connection to server at \"10.0.2.10\", port 5432 failed: FATAL:  sorry, too many clients already",
		"psycopg2.OperationalError: FATAL:  sorry, too many clients already",
		"psql: error: connection to server at \"db1\" (10.0.2.10), port 5432 failed: FATAL:  the database system is starting up",
		"PG::ConnectionBad: FATAL:  remaining connection slots are reserved for non-replication superuser connections",
	};
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		struct span line = span_of(clients[i]);
		FACT(!prefix_learn(&line, 1, SPAN_NONE, &layout), "a client's exception is no line of the server's");
	}
	struct span bare = SPAN("FATAL:  sorry, too many clients already"), session = SPAN("6b02cfde.610c bob shop LOG:  a");
	FACT(prefix_learn(&bare, 1, SPAN_NONE, &layout) && !layout.len, "a server may print no prefix at all");
	FACT(prefix_learn(&session, 1, SPAN_NONE, &layout) && span_equal(text_span(&layout), SPAN("%c %0i %0i ")), "a session is the server's");
	struct span mixed[] = {SPAN("worker ERROR:  x"), SPAN(STAMP " [1] LOG:  a"), SPAN(STAMP " [2] LOG:  b")};
	FACT(prefix_learn(mixed, 3, SPAN_NONE, &layout) && span_equal(text_span(&layout), SPAN("%m [%p] ")),
	     "with a time goes before without");
	text_release(&layout);
}

/* More separators and words than a prefix is made of. */
static void hostile(void)
{
	struct text line = {0}, layout = {0};
	text_append_string(&line, STAMP " ");
	for (int i = 0; i < 100; i++)
		text_append_string(&line, "a ");
	text_append_string(&line, "LOG:  x");
	struct span exact = patterns_exact(text_span(&line));
	FACT(!prefix_learn(&exact, 1, SPAN_NONE, &layout), "a line of a hundred words teaches no prefix");
	memory_free((void *)exact.at);
	text_clear(&line);
	text_append_string(&line, STAMP " [7] LOG:  x");
	size_t learned = 0, unclean = 0;
	for (size_t n = 0; n < line.len; n++) {
		exact = patterns_exact(span_head(text_span(&line), n));
		learned += prefix_learn(&exact, 1, SPAN_NONE, &layout);
		memory_free((void *)exact.at);
	}
	FACT(learned == 3, "a line that is cut teaches it from the severity's colon on");
	for (size_t i = 0; i < line.len; i++) {
		exact = patterns_exact(text_span(&line));
		((char *)exact.at)[i] = '\0';
		unclean += prefix_learn(&exact, 1, SPAN_NONE, &layout) && memchr(layout.at, '\0', layout.len);
		memory_free((void *)exact.at);
	}
	FACT(!unclean, "no prefix has a NUL");
	text_release(&line);
	text_release(&layout);
}

int main(void)
{
	taught();
	lessons_of_one_line();
	carried();
	majorities();
	hostile();
	return unit_done();
}
