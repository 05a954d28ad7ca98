#include "parse/signal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "parse/rule_sample.h"
#include "parse/signalcheck.h"
#include "builtin.h"
#include "unit.h"

/* "signal/class signal/class", ascending; what the rules say without the tables must be the same. */
static const char *kinds_of(const struct signal_set *set, enum tier tier, const struct record *r)
{
	static char out[1024];
	uint16_t kinds[SIGNAL_MAX], plainly[SIGNAL_MAX];
	struct regex_scratch *scratch = regex_scratch_new();
	size_t n = signal_match(set, tier, r, scratch, kinds);
	size_t plain_n = signal_match_plainly(set, tier, r, scratch, plainly);
	regex_scratch_free(scratch);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct signal_kind *k = signal_kind(set, kinds[i]);
		size_t at = strlen(out);
		snprintf(out + at, sizeof out - at, "%s%s/%s", i ? " " : "", k->signal->name, k->class);
	}
	if (n != plain_n || memcmp(kinds, plainly, n * sizeof *kinds))
		return "the tables and the rules disagree";
	return out;
}

static bool is(const struct signal_set *set, enum tier tier, const struct record *r, const char *expected)
{
	const char *got = kinds_of(set, tier, r);
	if (strcmp(got, expected))
		printf("got \"%s\", not \"%s\"\n", got, expected);
	return !strcmp(got, expected);
}

static struct record message(enum severity severity, const char *text)
{
	struct record r = {0};
	record_clear(&r);
	r.severity = severity;
	record_set(&r, FIELD_MESSAGE, span_of(text));
	return r;
}

static struct record request(int status, int64_t duration_us)
{
	struct record r = {0};
	record_clear(&r);
	r.status = status;
	r.duration_us = duration_us;
	return r;
}

static void test_samples(const struct signal_set *set)
{
	struct diag_list failures = {0};
	size_t run = signal_check(set, &failures);
	for (size_t i = 0; i < failures.n; i++)
		printf("%s\n", failures.items[i].what);
	FACT(!failures.n, "every sample is matched by its rule, no near miss by the rule that it stands at");
	FACT(run > 600, "there are more than 600 samples and near misses");
	diag_release(&failures);
}

/* A refusal must not be counted under two names: of these signals a record has one at most. */
static bool is_exclusive(const char *name)
{
	static const char *const names[] = {"app.pool.exhausted", "backend.down", "db.connections.exhausted",
					    "db.replication.exhausted", "db.shutting_down", "db.starting_up", "db.terminated",
					    "pool.connections.exhausted", "lb.no_backend", "lb.queue_timeout", "web.worker_limit"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

static void test_counted_once(const struct signal_set *set)
{
	struct regex_scratch *scratch = regex_scratch_new();
	unsigned twice = 0;
	for (size_t i = 0; i < signal_count(set); i++) {
		const struct pattern_file *file = &signal_at(set, i)->file;
		for (size_t e = 0; e < file->n; e++) {
			struct rule_sample sample;
			struct diag d = {0};
			uint16_t kinds[SIGNAL_MAX];
			if (!span_equal(file->entries[e].key, SPAN("sample")) ||
			    !rule_sample_read(&sample, file, &file->entries[e], &d))
				continue;
			size_t n = signal_match(set, sample.tier, &sample.record, scratch, kinds), exclusive = 0;
			for (size_t k = 0; k < n; k++)
				exclusive += is_exclusive(signal_kind(set, kinds[k])->signal->name);
			if (exclusive > 1) {
				twice++;
				printf("%s:%u is counted under %zu signals\n", file->path, file->entries[e].line, exclusive);
			}
		}
	}
	FACT(!twice, "no sample counts under two signals that exclude each other");
	regex_scratch_free(scratch);
}

static void test_http(const struct signal_set *set)
{
	struct record r = request(200, 900000);
	FACT(is(set, TIER_WEB, &r, ""), "a quick 200 is no signal");
	r = request(200, -1);
	FACT(is(set, TIER_WEB, &r, ""), "a 200 of unknown duration is no signal");
	r = request(504, 60000000);
	FACT(is(set, TIER_WEB, &r,
		"http.server.slow/slow.10s http.server.slow/slow.1s http.server.slow/slow.2_5s http.server.slow/slow.5s "
		"http.server_error/http.504"),
	     "a 504 after 60 s is an error and slow in all four steps");
	r = request(200, 2500000);
	FACT(is(set, TIER_WEB, &r, "http.server.slow/slow.1s http.server.slow/slow.2_5s"), "a step begins at its own duration");
	r = request(499, 100);
	FACT(is(set, TIER_LB, &r, "http.client_gone/http.499"), "499 is a client that gave up");
	r = request(429, 100);
	FACT(is(set, TIER_WEB, &r, ""), "429 is policy");
	r = request(507, 100);
	FACT(is(set, TIER_WEB, &r, "http.server_error/http.5xx"), "a rare server error has the common class");
	r = request(0, 9000000);
	FACT(is(set, TIER_DB, &r, ""), "a long statement without an HTTP status is no slow answer");
	r = request(999, 9000000);
	FACT(is(set, TIER_WEB, &r, ""), "statuses outside of the classes are nothing");
}

static void test_application(const struct signal_set *set)
{
	struct record r = message(SEVERITY_ERROR, "request errored");
	r.status = 500;
	r.duration_us = 40000;
	record_set(&r, FIELD_ERROR_TYPE, SPAN("DatabaseError"));
	record_set(&r, FIELD_ERROR_CODE, SPAN("53300"));
	record_set(&r, FIELD_ERROR_MESSAGE, SPAN("remaining connection slots are reserved for roles with the SUPERUSER attribute"));
	FACT(is(set, TIER_APP, &r, "db.connections.exhausted/db.max_connections http.server_error/http.500"),
	     "a JSON log's refused request is a refusal and a 500; \"for roles with\" is no role limit");

	r = message(SEVERITY_ERROR, "Unhandled exception while handling GET /report");
	record_set(&r, FIELD_STACK,
		   SPAN("Traceback (most recent call last):\n  File \"x.py\", line 3, in connect\n"
			"psycopg2.OperationalError: connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  too many connections "
			"for database \"billing\"\n\nThe above exception was the direct cause of the following exception:\n\n"
			"sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection failed\n"));
	FACT(is(set, TIER_APP, &r, "db.connections.exhausted/db.database_limit"), "the first exception of a chain is the cause");

	r = message(SEVERITY_INFO, "request completed");
	r.status = 200;
	record_set(&r, FIELD_STACK, SPAN("psycopg2.pool.PoolError: connection pool exhausted"));
	FACT(is(set, TIER_APP, &r, ""), "a record that did not fail is not searched");
	r.severity = SEVERITY_ERROR;
	FACT(is(set, TIER_APP, &r, "app.pool.exhausted/pool.reject"), "the same record that failed is");

	r = message(SEVERITY_ERROR, "request failed");
	record_set(&r, FIELD_ERROR_TYPE, SPAN("asyncpg.exceptions.TooManyConnectionsError"));
	FACT(is(set, TIER_APP, &r, "db.connections.exhausted/db.max_connections"), "the exception's type alone tells");

	r = message(SEVERITY_ERROR, "GET /search?q=sorry,+too+many+clients+already failed: upstream said 500");
	FACT(is(set, TIER_APP, &r, ""), "a URL that quotes the words is nothing");
	r = message(SEVERITY_ERROR, "insert into notes values ('sorry, too many clients already') failed");
	FACT(is(set, TIER_APP, &r, ""), "SQL that quotes the words is nothing");
	r = message(SEVERITY_ERROR, "idle client error");
	record_set(&r, FIELD_ERROR_MESSAGE, SPAN("Connection terminated unexpectedly"));
	FACT(is(set, TIER_APP, &r, "backend.down/db.connection_lost"), "a broken connection is no refusal");
}

static void test_database(const struct signal_set *set)
{
	struct record r = message(SEVERITY_FATAL, "sorry, too many clients already");
	record_set(&r, FIELD_STATEMENT, SPAN("select 'the database system is starting up'"));
	record_set(&r, FIELD_SQLSTATE, SPAN("53300"));
	FACT(is(set, TIER_DB, &r, "db.connections.exhausted/db.max_connections"), "a statement beside a refusal adds nothing");
	r = message(SEVERITY_INFO, "statement: SELECT 'sorry, too many clients already'");
	FACT(is(set, TIER_DB, &r, ""), "a logged statement that quotes the words is nothing");
	r = message(SEVERITY_INFO, "connection received: host=127.0.0.1 port=56432");
	FACT(is(set, TIER_DB, &r, "db.session.received/session.received"), "a routine line finds its one signal");
	FACT(is(set, TIER_APP, &r, ""), "in an application's log the same words are nothing");
	r = message(SEVERITY_ERROR, "duplicate key value violates unique constraint \"orders_pkey\"");
	record_set(&r, FIELD_SQLSTATE, SPAN("23505"));
	FACT(is(set, TIER_DB, &r, ""), "an ordinary error is no signal");
	r = message(SEVERITY_FATAL, "terminating connection due to administrator command");
	record_set(&r, FIELD_SQLSTATE, SPAN("57P01"));
	FACT(is(set, TIER_DB, &r, "db.terminated/db.admin_shutdown"), "text and code together count once");
}

static void test_pooler(const struct signal_set *set)
{
	struct record log = message(SEVERITY_INFO, "C-0x1: a/b@127.0.0.1:4 closing because: query_wait_timeout (age=2s)");
	struct record warning = message(SEVERITY_WARN, "C-0x1: a/b@127.0.0.1:4 pooler error: query_wait_timeout");
	FACT(is(set, TIER_POOL, &log, "") && is(set, TIER_POOL, &warning, "pool.connections.exhausted/pool.wait_timeout"),
	     "of PgBouncer's two lines for one refusal one counts");
	struct record debug = message(SEVERITY_DEBUG, "HikariPool-1 - Timeout failure stats (total=8, active=8, idle=0, waiting=128)");
	FACT(is(set, TIER_APP, &debug, ""), "HikariCP's DEBUG twin does not count");
	struct record dead = message(SEVERITY_ERROR, "HikariPool-1 - Connection is not available, request timed out after 30000ms "
						     "(total=2, active=0, idle=0, waiting=9)");
	FACT(is(set, TIER_APP, &dead, "backend.down/backend.down"), "a HikariCP pool without connections is a database that is down");
}

static void test_set(const struct signal_set *set)
{
	bool sorted = true;
	for (size_t i = 1; i < signal_kinds(set); i++) {
		const struct signal_kind *a = signal_kind(set, i - 1), *b = signal_kind(set, i);
		int order = strcmp(a->signal->name, b->signal->name);
		sorted &= order < 0 || (!order && strcmp(a->class, b->class) < 0);
	}
	FACT(sorted && signal_kinds(set) > 40, "kinds are sorted by signal and class, each once");
	const struct signal *s = signal_find(set, SPAN("db.connections.exhausted"));
	FACT(s && s->role == ROLE_SYMPTOM && s->health == HEALTH_ZERO && s->visible && s->strength == STRENGTH_STATES && s->sentence[0],
	     "a signal is found by name, with what its file says");
	FACT(!signal_find(set, SPAN("db.connections")), "an unknown name is not found");
	bool quiet_ok = true;
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		struct pattern_file file;
		struct diag d = {0};
		struct span bytes = {pattern_builtins[i].bytes, pattern_builtins[i].len};
		if (strncmp(pattern_builtins[i].path, "signals/", 8) ||
		    !pattern_file_parse(&file, pattern_builtins[i].path, bytes, &d))
			continue;
		struct signal_file *f = signal_file_read(&file, &d);
		for (size_t k = 0; f && k < f->n; k++)
			quiet_ok &= f->rules[k].gate != GATE_ANY || rule_trigger(&f->rules[k]) == TRIGGER_EDGE;
		signal_file_free(f);
	}
	FACT(quiet_ok, "records that do not fail are only looked at by their first and last bytes");
}

#define HEAD "title = t\nrole = symptom\nhealth = any\nvisible = no\nstrength = states\nsentence = s\n"

static bool add(struct signal_set *set, const char *path, const char *text, struct diag *d)
{
	struct pattern_file file;
	if (!pattern_file_parse(&file, path, span_of(text), d))
		return false;
	bool ok = signal_set_add(set, &file, d);
	pattern_file_release(&file);
	return ok;
}

static bool refused(const char *path, const char *text, const char *what)
{
	struct signal_set *set = signal_set_new();
	struct diag d = {0};
	bool ok = !add(set, path, text, &d) && span_find(span_of(d.what), span_of(what)) >= 0 && d.hint[0];
	if (!ok)
		printf("%s\n", d.what);
	signal_set_free(set);
	return ok;
}

static void test_files(void)
{
	const char *rule = "rule = r\nclass = c\nstatus = 500\n";
	struct text text = {0};
	text_format(&text, "signal = a\n" HEAD "%s", rule);
	FACT(refused("signals/b.signal", text.at, "not the file's"), "a signal is named like its file");
	text_clear(&text);
	text_format(&text, "signal = records\n" HEAD "%s", rule);
	FACT(refused("signals/records.signal", text.at, "is taken"), "the names of built-in series are taken");
	FACT(refused("signals/a.signal", "signal = a\n" HEAD, "rule"), "a signal without a rule is refused");
	FACT(refused("signals/a.signal", "signal = a\nrule = r\nclass = c\nstatus = 500\n", "title"), "a signal has a title");
	FACT(refused("signals/a.signal", "signal = a\nrole = traffic\n", "not known here"), "roles are a closed list");
	FACT(refused("signals/a.signal", "signal = a\ncolour = red\n", "unknown key"), "keys are a closed list");
	FACT(refused("signals/a.signal", "", "signal"), "an empty file is refused");

	struct signal_set *set = signal_set_new();
	struct diag d = {0};
	FACT(add(set, "signals/a.signal", "signal = a\n" HEAD "rule = r\nclass = c\nstatus = 500\n", &d) &&
		     add(set, "signals/b.signal", "signal = b\n" HEAD "rule = r\nclass = c\nduration = 1s\n", &d) &&
		     add(set, "signals/a.signal",
			 "signal = a\n" HEAD "rule = r\nclass = d\nseverity = any\ncontains = needle\nsample = app INFO | a needle\n"
			 "rule = s\nclass = e\ncontains = need\nsample = app ERROR | a needle\nnear = app ERROR | what we need\n",
			 &d),
	     "a signal of the same name replaces the one before");
	FACT(signal_set_finish(set, &d) && signal_count(set) == 2 && signal_kinds(set) == 3, "what was replaced has no kinds");
	struct record r = message(SEVERITY_INFO, "a needle");
	FACT(is(set, TIER_APP, &r, "a/d"), "a user's rule may search records that do not fail");
	r = request(500, 2000000);
	FACT(is(set, TIER_APP, &r, "b/c"), "a duration alone is a condition");
	struct diag_list failures = {0};
	FACT(signal_check(set, &failures) == 3 && failures.n == 3,
	     "a sample that another class takes, a near miss that matches and a rule without a sample fail the check");
	diag_release(&failures);
	signal_set_free(set);
	signal_set_free(NULL);
	text_release(&text);
}

/* Cuts, doubles and mixes the samples: whatever comes out, tables and rules agree. */
static void test_mixed(const struct signal_set *set)
{
	unsigned state = 7;
	unsigned wrong = 0;
	for (int round = 0; round < 3000; round++) {
		struct text field[4] = {{0}};
		for (int f = 0; f < 4; f++) {
			int pieces = (int)((state = state * 1103515245u + 12345u) >> 16) % 4;
			for (int p = 0; p < pieces; p++) {
				state = state * 1103515245u + 12345u;
				const struct pattern_file *file = &signal_at(set, (state >> 16) % signal_count(set))->file;
				state = state * 1103515245u + 12345u;
				struct span value = file->entries[(state >> 16) % file->n].value;
				ptrdiff_t bar = span_find(value, SPAN(" | "));
				value = span_from(value, bar < 0 ? 0 : (size_t)bar + 3);
				state = state * 1103515245u + 12345u;
				text_append(&field[f], span_head(value, (state >> 16) % 3 ? value.len : (state >> 18) % 64));
				if ((state >> 20) % 2)
					text_append_byte(&field[f], (state >> 21) % 3 ? '\n' : '\0');
			}
		}
		struct record r = {0};
		record_clear(&r);
		static const enum severity levels[] = {SEVERITY_UNKNOWN, SEVERITY_ERROR, SEVERITY_INFO, SEVERITY_FATAL};
		r.severity = levels[(state >> 16) % 4];
		record_set(&r, FIELD_MESSAGE, text_span(&field[0]));
		record_set(&r, FIELD_ERROR_MESSAGE, text_span(&field[1]));
		record_set(&r, FIELD_STACK, text_span(&field[2]));
		if (field[3].len < 40)
			record_set(&r, FIELD_ERROR_TYPE, text_span(&field[3]));
		wrong += !strcmp(kinds_of(set, (enum tier)((state >> 18) % TIER_COUNT), &r), "the tables and the rules disagree");
		for (int f = 0; f < 4; f++)
			text_release(&field[f]);
	}
	FACT(!wrong, "3,000 mixtures of samples: the tables say what the rules say");
}

static void test_hostile(const struct signal_set *set)
{
	/* The literal of a rule whose regex then fails, again and again, in one line and in many. */
	static const char *const pieces[] = {"'remaining connection slots are reserved for", "0'sorry, too many clients already\n",
					     "QueuePool limit of size 1111111111 ", "max clients reached ", "too_many_connections 5330 "};
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	size_t hits = 0;
	struct regex_scratch *scratch = regex_scratch_new();
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct text text = {0};
		while (text.len < 256 << 10)
			text_append_string(&text, pieces[i]);
		struct record r = message(SEVERITY_ERROR, "x");
		record_set(&r, FIELD_STACK, text_span(&text));
		uint16_t kinds[SIGNAL_MAX];
		hits += signal_match(set, TIER_APP, &r, scratch, kinds);
		record_set(&r, FIELD_MESSAGE, text_span(&text));
		hits += signal_match(set, TIER_DB, &r, scratch, kinds);
		text_release(&text);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	FACT(!hits, "quarter megabytes of near misses are nothing");
	FACT(after.tv_sec - before.tv_sec < 10, "and end in bounded time");

	hits = 0;
	static char bytes[300];
	unsigned state = 99;
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)round % sizeof bytes;
		for (size_t i = 0; i < len; i++) {
			state = state * 1103515245u + 12345u;
			bytes[i] = (char)(state >> 16);
		}
		struct record r = {0};
		record_clear(&r);
		uint16_t kinds[SIGNAL_MAX];
		record_set(&r, FIELD_MESSAGE, (struct span){bytes, len});
		r.status = (int)(state >> 20) - 1000;
		r.duration_us = (int64_t)state - 5;
		if (signal_match(set, TIER_APP, &r, scratch, kinds) > SIGNAL_MAX)
			hits++;
	}
	struct record r = {0};
	record_clear(&r);
	uint16_t kinds[SIGNAL_MAX];
	record_set(&r, FIELD_MESSAGE, SPAN_NONE);
	FACT(!hits && !signal_match(set, TIER_APP, &r, scratch, kinds), "random bytes and an empty message are harmless");
	regex_scratch_free(scratch);
}

int main(void)
{
	struct signal_set *set = builtin_signals();
	test_samples(set);
	test_counted_once(set);
	test_http(set);
	test_application(set);
	test_database(set);
	test_pooler(set);
	test_set(set);
	test_files();
	test_mixed(set);
	test_hostile(set);
	signal_set_free(set);
	return unit_done();
}
