#include "split/prefix.h"

#include "patterns.h"
#include "unit.h"

static struct prefix *compiled(const char *text)
{
	struct diag d = {0};
	size_t column;
	return prefix_new(span_of(text), &d, &column);
}

static enum prefix_result scans(const char *prefix, const char *line, struct record *r)
{
	struct prefix *p = compiled(prefix);
	struct span exact = patterns_kept(span_of(line));
	struct stamp_cache cache = {0};
	record_clear(r);
	enum prefix_result result = p ? prefix_scan(p, exact, &cache, r) : PREFIX_NO;
	prefix_free(p);
	return result;
}

static bool is(const struct record *r, enum field field, const char *value)
{
	return value ? record_has(r, field) && span_equal(r->field[field], span_of(value)) : !record_has(r, field);
}

static void test_compile(void)
{
	struct diag d = {0};
	size_t column;
	FACT(!prefix_new(SPAN("%m [%y] "), &d, &column) && column == 4 && d.hint[0],
	     "an unknown escape is refused, with its place");
	d = (struct diag){0};
	FACT(!prefix_new(SPAN("%m %"), &d, &column), "a percent sign at the end is refused");
	d = (struct diag){0};
	FACT(!prefix_new(SPAN("%m %-"), &d, &column) && !prefix_new(SPAN("%m %99999999999999999999"), &d, &column),
	     "padding without an escape is refused");
	prefix_free(NULL);
	bool starts[256];
	struct prefix *p = compiled("%m [%p] ");
	prefix_starts(p, starts);
	FACT(starts['2'] && !starts['['] && !starts['\t'], "a prefix that begins with a stamp begins with a digit");
	prefix_free(p);
	p = compiled("< %m >");
	prefix_starts(p, starts);
	FACT(starts['<'] && !starts['2'], "or with its text");
	prefix_free(p);
	p = compiled("%P|%m ");
	prefix_starts(p, starts);
	FACT(!starts['2'] && !starts['|'], "the leader of a parallel worker is mostly none: anything may stand first");
	prefix_free(p);
	p = compiled("");
	prefix_starts(p, starts);
	FACT(p && !prefix_is_timed(p) && starts['L'] && starts[0xD0] && !starts['2'] && !starts['['],
	     "an empty prefix has no time; its lines begin with the severity, in any language");
	prefix_free(p);
	p = compiled("%n [%p] ");
	FACT(p && prefix_is_timed(p), "an epoch is a time");
	prefix_free(p);
}

#define STAMP "2026-11-22 11:15:12.836 UTC"

static void test_escapes(void)
{
	struct record r;
	FACT(scans("%m [%p] %q%u@%d/%a ", STAMP " [5292] bob@shop/my app LOG:  hello", &r) == PREFIX_OK &&
		     r.time_us == INT64_C(1795346112836000) && is(&r, FIELD_PID, "5292") && is(&r, FIELD_USER, "bob") &&
		     is(&r, FIELD_DATABASE, "shop") && is(&r, FIELD_APPLICATION, "my app") &&
		     is(&r, FIELD_MESSAGE, "hello"),
	     "Debian's prefix with an application name that holds a blank");
	FACT(scans("%m [%p] %q%u@%d/%a ", STAMP " [5292] LOG:  hello", &r) == PREFIX_OK && is(&r, FIELD_USER, NULL),
	     "a background process stops at %q");
	FACT(scans("%m [%p] %q%u@%d ", STAMP " [5292] a@b@c LOG:  x", &r) == PREFIX_OK && is(&r, FIELD_USER, "a") &&
		     is(&r, FIELD_DATABASE, "b@c"),
	     "a separator in the last name");
	FACT(scans("%m [%p] %q%u@%d ", STAMP " [5292] a b@c LOG:  x", &r) == PREFIX_OK && is(&r, FIELD_USER, "a b"),
	     "a blank in a name");
	FACT(scans("%m %u %d ", STAMP " LOG: x y LOG:  m", &r) == PREFIX_OK, "a user who is called like a severity");
	FACT(scans("%m [%p] %q%u@%d ", STAMP " [1] [unknown]@[unknown] FATAL:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_USER, NULL) && is(&r, FIELD_DATABASE, NULL) && r.severity == SEVERITY_FATAL,
	     "[unknown] is no value");
	FACT(scans("%t:%r:%u@%d:[%p]:", "2026-11-22 11:15:12 UTC:10.0.0.1(5432):u@d:[7]:ERROR:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_CLIENT, "10.0.0.1") && is(&r, FIELD_CLIENT_PORT, "5432") && is(&r, FIELD_PID, "7"),
	     "RDS: host and port, no blank before the severity");
	FACT(scans("%t:%r:%u@%d:[%p]:", "2026-11-22 11:15:12 UTC::@:[7]:LOG:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_CLIENT, NULL),
	     "RDS: a background process has empty values");
	FACT(scans("%n %c %l %v %x %e %s %b ",
		   "1795346112.836 6b02cfde.610c 3 3/0 0 53300 2026-11-22 11:15:12 UTC client backend LOG:  x",
		   &r) == PREFIX_OK &&
		     is(&r, FIELD_SESSION, "6b02cfde.610c") && is(&r, FIELD_SQLSTATE, "53300") &&
		     is(&r, FIELD_BACKEND_TYPE, "client backend") && r.resolution_us == 1000,
	     "epoch, session, line, transactions, SQLSTATE, session start and backend type");
	FACT(scans("%m [%p] %i|%l|%v|%x|%L|%Q|%P| ", STAMP " [7] CREATE TABLE|12|3/42|748|10.0.0.9|-5|| LOG:  x", &r) ==
			     PREFIX_OK &&
		     is(&r, FIELD_COMMAND_TAG, "CREATE TABLE") && is(&r, FIELD_SESSION_LINE, "12") &&
		     is(&r, FIELD_VIRTUAL_TRANSACTION, "3/42") && is(&r, FIELD_TRANSACTION, "748") &&
		     is(&r, FIELD_LOCAL_ADDRESS, "10.0.0.9"),
	     "command tag, line, transactions and local address");
	FACT(scans("%m [%p] %i|%v|%x|%L| ", STAMP " [7] ||0|[none]| LOG:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_COMMAND_TAG, NULL) && is(&r, FIELD_VIRTUAL_TRANSACTION, NULL) &&
		     is(&r, FIELD_TRANSACTION, "0") && is(&r, FIELD_LOCAL_ADDRESS, NULL),
	     "a process without them has none; the transaction is the 0 that is printed");
	FACT(scans("%m [%p] %10a | %-6d|%6p ", STAMP " [7]            |       |     8 LOG:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_APPLICATION, NULL) && is(&r, FIELD_DATABASE, NULL) && is(&r, FIELD_PID, "8"),
	     "what a process does not have is padding");
	FACT(scans("%m [%p] %0i %-0l %0x ", STAMP " [7] SELECT 5 7 LOG:  x", &r) == PREFIX_OK && is(&r, FIELD_COMMAND_TAG, NULL) &&
		     is(&r, FIELD_SESSION_LINE, NULL) && is(&r, FIELD_TRANSACTION, NULL),
	     "what is padded to nothing is passed over");
	FACT(scans("%m [%6p] %-8u|%d ", STAMP " [    77] bob     |shop LOG:  x", &r) == PREFIX_OK &&
		     is(&r, FIELD_PID, "77") && is(&r, FIELD_USER, "bob"),
	     "padding before and behind");
	FACT(scans("%m %% [%p] ", STAMP " % [7] LOG:  x", &r) == PREFIX_OK, "%% is a percent sign");
	FACT(scans("%m [%p] ", STAMP " [7] FATAL: x", &r) == PREFIX_OK && is(&r, FIELD_MESSAGE, "x"),
	     "one blank behind the colon");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:    indented", &r) == PREFIX_OK && is(&r, FIELD_MESSAGE, "  indented"),
	     "blanks of the message stay");
	FACT(scans("%m [%p]", STAMP " [7] LOG:  x", &r) == PREFIX_OK, "a blank at the prefix's end may be lost");
	FACT(scans("%m [%p] ", STAMP " [7] ERROR:  42P01: relation", &r) == PREFIX_OK &&
		     is(&r, FIELD_SQLSTATE, "42P01") && is(&r, FIELD_MESSAGE, "relation"),
	     "the code of log_error_verbosity = verbose");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:  a\n\tLOG:  b", &r) == PREFIX_OK &&
		     is(&r, FIELD_MESSAGE, "a\n\tLOG:  b"),
	     "a message of two lines");
	FACT(scans("%m [%p] ", "2026-11-22 11:15:12.836 -03 [7] LOG:  x", &r) == PREFIX_OK && r.zone == STAMP_EXPLICIT,
	     "a zone that is an offset");
	FACT(scans("%m [%p] ", "2026-11-22 11:15:12.836 NOVT [7] LOG:  x", &r) == PREFIX_OK && r.zone == STAMP_NONE,
	     "a zone that nobody knows is no information");
}

static void test_attachments(void)
{
	struct record r;
	FACT(scans("%m [%p] ", STAMP " [7] STATEMENT:  SELECT 'FATAL:  x'", &r) == PREFIX_OK &&
		     is(&r, FIELD_STATEMENT, "SELECT 'FATAL:  x'") && is(&r, FIELD_MESSAGE, NULL) &&
		     record_is_attachment(&r),
	     "a statement is an attachment, whatever it quotes");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:  x", &r) == PREFIX_OK && !record_is_attachment(&r),
	     "a message is none");
}

static void test_refused(void)
{
	struct record r;
	FACT(scans("%m [%p] ", "", &r) == PREFIX_NO && scans("%m [%p] ", STAMP, &r) == PREFIX_NO,
	     "empty and cut lines");
	FACT(scans("%m [%p] ", STAMP " [7] hello", &r) == PREFIX_NO, "no severity");
	FACT(scans("%m ", "2026-11-22 11:15:12,836 ERROR: app", &r) == PREFIX_NO,
	     "a stamp without a zone is not the server's");
	FACT(scans("%m ", "2026-11-22 11:15:12 ERROR: app", &r) == PREFIX_NO, "a severity is no zone");
	/* Every split fails: the number of tries is fixed. */
	char line[4096];
	memset(line, '@', sizeof line);
	memcpy(line, STAMP " [1] ", 32);
	line[sizeof line - 1] = '\0';
	FACT(scans("%m [%p] %u@%d@%a@%i@%b@", line, &r) == PREFIX_NO,
	     "a hostile line ends after a fixed number of splits");
	const char *whole = STAMP " [5292] bob@shop/my app LOG:  hello";
	struct prefix *p = compiled("%m [%p] %q%u@%d/%a ");
	size_t taken = 0;
	for (size_t n = 0; n < strlen(whole); n++) {
		struct span head = patterns_exact((struct span){whole, n});
		record_clear(&r);
		taken += prefix_scan(p, head, NULL, &r) == PREFIX_OK;
		memory_free((void *)head.at);
	}
	FACT(taken == strlen("LOG:  hello") - 4, "every head of a line is read within its bounds");
	prefix_free(p);
}

/* What carries the lines prints the time. */
static void test_untimed(void)
{
	struct record r;
	FACT(scans("", "LOG:  checkpoint starting: time", &r) == PREFIX_NOT_TIME && is(&r, FIELD_MESSAGE, "checkpoint starting: time") &&
		     r.severity == SEVERITY_INFO,
	     "no prefix at all: the fields are there, a time is not");
	FACT(scans("", "ERROR: no", &r) == PREFIX_NO && scans("", "INFO:     Uvicorn running", &r) == PREFIX_NO,
	     "then two blanks stand behind the colon, not one, not five");
	FACT(scans("%q%u@%d ", "shop_app@shop FATAL:  x", &r) == PREFIX_NOT_TIME && is(&r, FIELD_USER, "shop_app") &&
		     is(&r, FIELD_DATABASE, "shop"),
	     "names without a time");
	FACT(scans("%q%u@%d ", "a@b ERROR: x", &r) == PREFIX_NO, "are too little for one blank");
	FACT(scans("user=%u,db=%d ", "user=a,db=b ERROR: x", &r) == PREFIX_NOT_TIME && is(&r, FIELD_USER, "a"), "user=,db= is not");
	FACT(scans(" sql_error_code = %e ", " sql_error_code = 53300 FATAL:  sorry, too many clients already", &r) == PREFIX_NOT_TIME &&
		     is(&r, FIELD_SQLSTATE, "53300"),
	     "Heroku's begins with a blank");
}

/* What was written at once and comes as one entry. */
static void test_entries(void)
{
	struct record r;
	FACT(scans("[%p] ",
		   "[7] ERROR:  duplicate key\n\tof two lines\n[7] DETAIL:  Key (a)=(1).\n[7] CONTEXT:  here\n[7] LOCATION:  there, x.c:1\n"
		   "[7] STATEMENT:  INSERT\n\tDETAIL:  no\n",
		   &r) == PREFIX_NOT_TIME &&
		     is(&r, FIELD_MESSAGE, "duplicate key\n\tof two lines") && is(&r, FIELD_DETAIL, "Key (a)=(1).") &&
		     is(&r, FIELD_CONTEXT, "here") && is(&r, FIELD_STATEMENT, "INSERT\n\tDETAIL:  no") &&
		     is(&r, FIELD_PID, "7"),
	     "attachments with the prefix are fields of the record; a line with a tab never is one");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:  a\n" STAMP " [7] LOG:  b", &r) == PREFIX_OK &&
		     is(&r, FIELD_MESSAGE, "a\n" STAMP " [7] LOG:  b"),
	     "a second record is none");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:  [xlog.c:6388]  redo starts at 0/15", &r) == PREFIX_OK &&
		     is(&r, FIELD_MESSAGE, "redo starts at 0/15"),
	     "AlloyDB's place in the source is no part of the message");
	FACT(scans("%m [%p] ", STAMP " [7] LOG:  [xlog.c] redo", &r) == PREFIX_OK && is(&r, FIELD_MESSAGE, "[xlog.c] redo"),
	     "other brackets are");
	FACT(scans("%m [%p] %q%h %u@%d ", STAMP " [7] [queryid=5] a@b LOG:  x", &r) == PREFIX_NO &&
		     scans("%m [%h] ", STAMP " [[local]] LOG:  x", &r) == PREFIX_OK && is(&r, FIELD_CLIENT, "[local]") &&
		     scans("%m %h ", STAMP " fe80::1%eth0 LOG:  x", &r) == PREFIX_OK && is(&r, FIELD_CLIENT, "fe80::1%eth0"),
	     "a host is a name, an address or [local]");
}

int main(void)
{
	test_untimed();
	test_entries();
	test_compile();
	test_escapes();
	test_attachments();
	test_refused();
	return unit_done();
}
