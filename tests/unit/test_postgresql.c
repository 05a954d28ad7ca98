#include "parse/postgresql.h"

#include "patterns.h"
#include "unit.h"

static void test_words(void)
{
	static const struct {
		const char *text;
		enum severity severity;
		enum field field;
	} cases[] = {
		{"ЗАПРОС:  x", SEVERITY_UNKNOWN, FIELD_STATEMENT}, {"ASTUCE :  x", SEVERITY_UNKNOWN, FIELD_HINT},
		{"DÉTAIL\xC2\xA0: x", SEVERITY_UNKNOWN, FIELD_DETAIL}, {"HINWEIS:  x", SEVERITY_NOTICE, FIELD_IGNORED},
		{"HINT:  x", SEVERITY_UNKNOWN, FIELD_HINT}, {"致命错误:  x", SEVERITY_FATAL, FIELD_IGNORED},
		{"DEBUG3:  x", SEVERITY_DEBUG, FIELD_IGNORED}, {"LOGG:  x", SEVERITY_INFO, FIELD_IGNORED},
		{"INSTRUCTION :  x", SEVERITY_UNKNOWN, FIELD_STATEMENT}, {"PANIC:  x", SEVERITY_PANIC, FIELD_IGNORED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct postgresql_word w;
		FACT(postgresql_word_at(patterns_kept(span_of(cases[i].text)), &w) &&
			     w.severity == cases[i].severity && w.field == cases[i].field &&
			     w.len == strlen(cases[i].text) - 1,
		     cases[i].text);
	}
	struct postgresql_word w;
	FACT(!postgresql_word_at(SPAN("LOG:x"), &w) && !postgresql_word_at(SPAN("LOGS:  x"), &w) &&
		     !postgresql_word_at(SPAN("LO"), &w) && !postgresql_word_at(SPAN("log:  x"), &w) &&
		     !postgresql_word_at(SPAN_NONE, &w),
	     "near misses of a severity");
	FACT(postgresql_word_at(SPAN("LOG:"), &w) && w.len == 4, "an empty message");
	FACT(postgresql_word_find(SPAN("5LOG:  x"), &w) == 1 && postgresql_word_find(SPAN("CATALOG:  x"), &w) < 0,
	     "a word does not begin inside another");
}

/* A message of the server, and the fields that come of it. */
struct message {
	const char *fact, *text, *fields;
};

static const struct message messages[] = {
	{"a duration alone", "duration: 112.337 ms", "us=112337"},
	{"with its statement", "duration: 1.5 ms  statement: SELECT 1", "us=1500 statement=SELECT 1"},
	{"of a prepared one", "duration: 0.042 ms  execute S_59: SELECT $1", "us=42 statement=SELECT $1"},
	{"while it is bound", "duration: 0.100 ms  bind a: b: SELECT $1", "us=100 statement=b: SELECT $1"},
	{"a plan is no statement", "duration: 3.000 ms  plan:\n\tQuery Text: SELECT 1", "us=3000"},
	{"a duration in another unit is none", "duration: 3 s", ""},
	{"nor is a word", "duration: long ms", ""},
	{"a statement", "statement: SELECT 'duration: 1 ms'", "statement=SELECT 'duration: 1 ms'"},
	{"an executed one", "execute <unnamed>: SELECT 1", "statement=SELECT 1"},
	{"execute of nothing", "execute this", ""},
	{"a connection that comes", "connection received: host=10.0.0.7 port=53454", "client=10.0.0.7 port=53454"},
	{"over a socket", "connection received: host=[local]", "client=[local]"},
	{"one that is let in", "connection authorized: user=bob database=shop application_name=psql",
	 "user=bob database=shop application=psql"},
	{"names with blanks", "connection authorized: user=bob b database=my shop application_name=a b c",
	 "user=bob b database=my shop application=a b c"},
	{"what stands behind the names is none of them",
	 "connection authorized: user=bob database=shop application_name=a SSL enabled (protocol=TLSv1.3, cipher=X, bits=256)",
	 "user=bob database=shop application=a"},
	{"Kerberos too", "connection authorized: user=bob database=shop GSS (authenticated=yes, encrypted=no)",
	 "user=bob database=shop"},
	{"a replica", "replication connection authorized: user=repl application_name=walreceiver",
	 "user=repl application=walreceiver"},
	{"a connection that ends", "disconnection: session time: 0:00:10.006 user=bob database=shop host=10.0.0.7 port=53454",
	 "user=bob database=shop client=10.0.0.7 port=53454"},
	{"without a database", "disconnection: session time: 0:00:01.000 user=repl database= host=[local]",
	 "user=repl client=[local]"},
	{"what is not known is no name", "disconnection: session time: 0:00:01.000 user=[unknown] database=[unknown] host=h",
	 "client=h"},
	{"a name that looks like a key is cut there", "connection authorized: user=host=evil database=shop",
	 "user=host=evil database=shop"},
	{"nothing behind the words", "connection received: ", ""},
	{"text that quotes them", "could not write: connection authorized: user=bob database=shop", ""},
	{"short ones", "duration:", ""},
	{"and none", "", ""},
};

static void test_messages(void)
{
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct span message = patterns_exact(span_of(messages[i].text));
		struct record r;
		struct text t = {0};
		record_clear(&r);
		record_set(&r, FIELD_MESSAGE, message);
		postgresql_message(&r);
		if (r.duration_us >= 0)
			text_format(&t, "us=%lld", (long long)r.duration_us);
		patterns_field(&t, &r, FIELD_STATEMENT, "statement");
		patterns_field(&t, &r, FIELD_USER, "user");
		patterns_field(&t, &r, FIELD_DATABASE, "database");
		patterns_field(&t, &r, FIELD_APPLICATION, "application");
		patterns_field(&t, &r, FIELD_CLIENT, "client");
		patterns_field(&t, &r, FIELD_CLIENT_PORT, "port");
		TEXT_IS(t.at, messages[i].fields, messages[i].fact);
		text_release(&t);
		memory_free((void *)message.at);
	}
	struct record r;
	record_clear(&r);
	postgresql_message(&r);
	FACT(!r.has, "a record without a message stays as it is");
	record_set(&r, FIELD_USER, SPAN("from the prefix"));
	record_set(&r, FIELD_MESSAGE, SPAN("connection authorized: user=bob database=shop"));
	postgresql_message(&r);
	FACT(span_equal(record_get(&r, FIELD_USER), SPAN("from the prefix")) && span_equal(record_get(&r, FIELD_DATABASE), SPAN("shop")),
	     "what the prefix printed is not overwritten");
	FACT(postgresql_is_value(SPAN("x")) && !postgresql_is_value(SPAN_NONE) && !postgresql_is_value(SPAN("[unknown]")) &&
		     postgresql_is_value(SPAN("[unknown?")) && postgresql_is_value(SPAN("[local]")),
	     "empty and [unknown] are no values");
}

static void test_first_line(void)
{
	struct postgresql_word w;
	FACT(postgresql_word_find(SPAN("a\nLOG:  b"), &w) == -1, "only the first line is looked at");
	FACT(postgresql_word_find(SPAN("x ЖLOG:  y"), &w) == -1 && postgresql_word_find(SPAN("x_LOG:  y"), &w) == -1,
	     "a letter of any script, or an underscore, makes it the end of another word");
	FACT(postgresql_word_find(SPAN("[7] FATAL:  LOG:  x"), &w) == 4 && w.severity == SEVERITY_FATAL, "the first of several");
	FACT(postgresql_word_find(SPAN_NONE, &w) == -1 && postgresql_word_find(SPAN(": :"), &w) == -1, "none");
	FACT(postgresql_word_at(SPAN("LOG: x"), &w) && w.len == 5 && postgresql_word_at(SPAN("LOG:   x"), &w) && w.len == 6,
	     "at most two blanks belong to the word");
}

int main(void)
{
	test_words();
	test_messages();
	test_first_line();
	return unit_done();
}
