#include "split/postgresql.h"

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

static void test_severities(void)
{
	struct postgresql_word w;
	FACT(postgresql_word_at(SPAN("ERRO:  relação \"x\" não existe"), &w) && w.severity == SEVERITY_ERROR &&
		     postgresql_word_at(SPAN("COMANDO:  SELECT 1"), &w) && w.field == FIELD_STATEMENT &&
		     postgresql_word_at(SPAN("HATA:  x"), &w) && w.severity == SEVERITY_ERROR &&
		     postgresql_word_at(SPAN("BŁĄD:  x"), &w) && w.severity == SEVERITY_ERROR,
	     "Portuguese, Turkish, Polish");
	FACT(postgresql_severity(SPAN("ВАЖНО")) == SEVERITY_FATAL && postgresql_severity(SPAN("LOG")) == SEVERITY_INFO &&
		     postgresql_severity(SPAN("BŁĄD")) == SEVERITY_ERROR && postgresql_severity(SPAN("DETAIL")) == SEVERITY_UNKNOWN &&
		     postgresql_severity(SPAN_NONE) == SEVERITY_UNKNOWN,
	     "a severity alone");
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
	{"a plan without nodes is none", "duration: 3.000 ms  plan:\n\tQuery Text: SELECT 1", "us=3000"},
	{"auto_explain says the statement", "duration: 3.000 ms  plan:\n\tQuery Text: SELECT 1\n\t  FROM t\n\tSeq Scan on t  (cost=0.00..1.93 rows=1 width=132)",
	 "us=3000 statement=SELECT 1\n\t  FROM t"},
	{"before its parameters", "duration: 3.000 ms  plan:\n\tQuery Text: SELECT $1;\n\tQuery Parameters: $1 = 'Query Text: no'\n\tResult  (cost=0)",
	 "us=3000 statement=SELECT $1;"},
	{"as JSON, too", "duration: 3.000 ms  plan:\n\t{\n\t  \"Query Text\": \"SELECT 1;\",\n\t  \"Plan\": {", "us=3000 statement=SELECT 1;"},
	{"but not with escapes", "duration: 3.000 ms  plan:\n\t{\n\t  \"Query Text\": \"SELECT \\\"a\\\"\",", "us=3000"},
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

/* A lock message and what it says: as printed by PostgreSQL 15, or by its translations (postgres-15.mo). */
struct lock_fact {
	const char *message;
	enum postgresql_lock_event event;
	int64_t pid;
	const char *mode, *object;
	int64_t us;
};

static const struct lock_fact locks[] = {
	{"process 4370 still waiting for AccessExclusiveLock on relation 16414 of database 16385 after 1000.153 ms",
	 POSTGRESQL_LOCK_WAITING, 4370, "AccessExclusiveLock", "relation 16414 of database 16385", 1000153},
	{"process 4380 acquired AccessShareLock on relation 16414 of database 16385 after 71523.250 ms at character 61",
	 POSTGRESQL_LOCK_ACQUIRED, 4380, "AccessShareLock", "relation 16414 of database 16385", 71523250},
	{"process 663 still waiting for ShareLock on transaction 748 after 1000.123 ms\nx", POSTGRESQL_LOCK_WAITING, 663,
	 "ShareLock", "transaction 748", 1000123},
	{"process 7 still waiting for ExclusiveLock on tuple (0,1) of relation 16414 of database 16385 after 20.000 ms",
	 POSTGRESQL_LOCK_WAITING, 7, "ExclusiveLock", "tuple (0,1) of relation 16414 of database 16385", 20000},
	{"process 7 still waiting for ExclusiveLock on advisory lock [16385,0,42,1] after 20.000 ms", POSTGRESQL_LOCK_WAITING, 7,
	 "ExclusiveLock", "advisory lock [16385,0,42,1]", 20000},
	{"process 123 detected deadlock while waiting for AccessExclusiveLock on extension of relation 666 of database 123 after "
	 "456.000 ms",
	 POSTGRESQL_LOCK_DEADLOCK, 123, "AccessExclusiveLock", "extension of relation 666 of database 123", 456000},
	{"process 1 avoided deadlock for ShareLock on transaction 1 by rearranging queue order after 1.001 ms",
	 POSTGRESQL_LOCK_AVOIDED, 1, "ShareLock", "transaction 1", 1001},
	{"process 1 failed to acquire ShareLock on transaction 1 after 1.001 ms", POSTGRESQL_LOCK_FAILED, 1, "ShareLock",
	 "transaction 1", 1001},
	{"process 1 could not obtain RowShareLock on relation 5 of database 6", POSTGRESQL_LOCK_FAILED, 1, "RowShareLock",
	 "relation 5 of database 6", -1},
	{"Prozess 1 wartet immer noch auf ShareLock-Sperre auf Transaktion 748 nach 1000,153 ms", POSTGRESQL_LOCK_WAITING, 1,
	 "ShareLock", "Transaktion 748", 1000153},
	{"le processus 1 a acquis ShareLock sur transaction 748 après 1000.153 ms", POSTGRESQL_LOCK_ACQUIRED, 1, "ShareLock",
	 "transaction 748", 1000153},
	{"プロセス1はShareLockをトランザクション 748で待機しています。1000.153ミリ秒後", POSTGRESQL_LOCK_WAITING, 1, "ShareLock",
	 "トランザクション 748", 1000153},
	{"プロセス1は1000.153 ms後にトランザクション 748上のShareLockを獲得しました", POSTGRESQL_LOCK_ACQUIRED, 1, "ShareLock",
	 "トランザクション 748", 1000153},
	{"1 PID 프로세스가 ShareLock(트랜잭션 748) 작업을 위해 잠금 취득함(1000.153ms 후)", POSTGRESQL_LOCK_ACQUIRED, 1, "ShareLock",
	 "트랜잭션 748", 1000153},
	{"процесс 1 продолжает ожидать в режиме ShareLock блокировку \"транзакция 748\" в течение 1000.153 мс",
	 POSTGRESQL_LOCK_WAITING, 1, "ShareLock", "транзакция 748", 1000153},
	{"进程1在1000.153 ms仍然等待在事务 748上的ShareLock", POSTGRESQL_LOCK_WAITING, 1, "ShareLock", "事务 748", 1000153},
};

static const char *const no_locks[] = {
	"", "process 1", "process x still waiting for ShareLock on transaction 748 after 1000.123 ms",
	"process 663 still waiting for ShareLock on transaction 748 after 1000 ms",
	"process 663 still waiting for breakfast on transaction 748 after 1000.123 ms",
	"process 663 still waiting for ShareLock on transaction 748",
	"process 99999999999999999999 still waiting for ShareLock on transaction 748 after 1000.123 ms",
	"statement: SELECT 'process 1 still waiting for ShareLock on transaction 748 after 1000.123 ms'",
	"1 PID and twenty more bytes of text", "process 1 acquired ShareLock on  after ",
};

static void test_locks(void)
{
	struct postgresql_lock lock;
	for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
		const struct lock_fact *f = &locks[i];
		struct span message = patterns_kept(span_of(f->message));
		FACT(postgresql_lock(message, &lock) && lock.event == f->event && lock.pid == f->pid &&
			     span_equal(lock.mode, span_of(f->mode)) && span_equal(lock.object, span_of(f->object)) &&
			     lock.waited_us == f->us,
		     f->message);
	}
	for (size_t i = 0; i < sizeof no_locks / sizeof *no_locks; i++)
		FACT(!postgresql_lock(patterns_kept(span_of(no_locks[i])), &lock), no_locks[i]);
	unsigned taken = 0;
	for (size_t n = 0; n < strlen(locks[0].message); n++)
		taken += postgresql_lock(patterns_kept((struct span){locks[0].message, n}), &lock);
	FACT(!taken, "no cut one is taken");
}

static void test_lock_details(void)
{
	static const struct {
		const char *detail;
		int64_t holder;
		uint32_t holders, queue;
	} cases[] = {
		{"Process holding the lock: 3669. Wait queue: 4370, 4376, 4380.", 3669, 1, 3},
		{"Processes holding the lock: 3669, 3670. Wait queue: 4370.", 3669, 2, 1},
		{"Process holding the lock: 3669. Wait queue: .", 3669, 1, 0},
		{"Processes holding the lock: . Wait queue: 1.", -1, 0, 1},
		{"Process holding the lock: 3669, Wait queue: 4370.", 3669, 1, 1},
		{"Processus détenant le verrou : 3669. Queue en attente : 4370.", 3669, 1, 1},
	};
	struct postgresql_queue q;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		FACT(postgresql_lock_detail(patterns_kept(span_of(cases[i].detail)), &q) && q.holder == cases[i].holder &&
			     q.holders == cases[i].holders && q.queue == cases[i].queue,
		     cases[i].detail);
	static const char *const others[] = {
		"", "Key (a)=(1) already exists.", "Process holding the lock: 3669.", "Failed process was running: SELECT 1",
		"Process 4 waits for ShareLock on transaction 5; blocked by process 6.", "A: 1. B: 2. And so on.", ":", "::",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		FACT(!postgresql_lock_detail(patterns_kept(span_of(others[i])), &q), others[i]);
	struct span pids = SPAN("4370, 4376");
	FACT(postgresql_next_pid(&pids) == 4370 && postgresql_next_pid(&pids) == 4376 && postgresql_next_pid(&pids) == -1,
	     "a list of pids is walked");
}

int main(void)
{
	test_severities();
	test_locks();
	test_lock_details();
	test_words();
	test_messages();
	test_first_line();
	return unit_done();
}
