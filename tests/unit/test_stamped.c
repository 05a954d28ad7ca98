/* stamped: lines of programs that no format knows; what a person reads in them. */
#include "split/stamped.h"

#include "split/stampfind.h"
#include "unit.h"

struct line {
	const char *name, *line;
	const char *stamp, *level, *pid, *message; /* stamp "" : the line has none that is meant; level and pid "": none */
};

static const struct line lines[] = {
	{"a stamp alone", "2026-11-22 11:15:12", "2026-11-22 11:15:12", "", "", ""},
	{"a level behind it", "2026-11-22 11:15:12 ERROR no disk", "2026-11-22 11:15:12", "ERROR", "", "no disk"},
	{"a level before it", "[WARN ] 2026-11-22 11:15:12 no disk", "2026-11-22 11:15:12", "WARN", "", "no disk"},
	{"both in one bracket", "[DEBUG 2026-11-22 11:15:12 main] x y", "2026-11-22 11:15:12", "DEBUG", "", "main] x y"},
	{"a process between", "2026-11-22T11:15:12Z 4711 INFO done", "2026-11-22T11:15:12Z", "INFO", "4711", "done"},
	{"bars", "2026-11-22 11:15:12.1|Warn|Auth|failed", "2026-11-22 11:15:12.1", "Warn", "", "Auth|failed"},
	{"a module with its level", "[Sun Nov 22 11:15:12 2026] [core:notice] up", "Sun Nov 22 11:15:12 2026", "notice", "", "up"},
	{"one letter", "2026-11-22 11:15:12.1 E | raft: lost", "2026-11-22 11:15:12.1", "E", "", "raft: lost"},
	{"a value of a name", "time=\"2026-11-22T11:15:12Z\" level=warning x", "2026-11-22T11:15:12Z", "warning", "", "x"},
	{"a number of seconds in brackets", "[1795346112] reloaded", "1795346112", "", "", "reloaded"},
	{"audit's number", "type=CWD msg=audit(1795346112.836:12): x", "1795346112.836", "", "", "12): x"},
	{"an article is no level", "2026-11-22 11:15:12 A disk is full", "2026-11-22 11:15:12", "", "", "A disk is full"},
	{"a word of the message is no level", "2026-11-22 11:15:12 the job found no error here", "2026-11-22 11:15:12", "", "",
	 "the job found no error here"},
	{"glog of six digits", "W261122 11:15:12.836123 7 a.go:1 x", "261122 11:15:12.836123", "W", "", "7 a.go:1 x"},
	{"a zone behind a stamp without a year", "Nov 22 11:15:12 HDT 4", "Nov 22 11:15:12 HDT", "", "4", ""},

	{"a number inside a message", "order 1795346112 was paid", "", "", "", ""},
	{"a date inside a message", "the report that was made on 2026-11-22 11:15:12", "", "", "", ""},
	{"a date inside quotes", "said \"on 2026-11-22 11:15:12\"", "", "", "", ""},
	{"a time without a date", "11:15:12 INFO at 2026-11-22 11:15:12", "", "", "", ""},
	{"a date of two orders", "03/04/2026 11:15:12 INFO at 2026-11-22 11:15:12", "", "", "", ""},
	{"a line that goes on", "  2026-11-22 11:15:12 x", "", "", "", ""},
	{"a number of seconds of 1990", "[0638000000] x", "", "", "", ""},
	{"ten digits that go on", "1795346112-7 x", "", "", "", ""},
	{"nothing", "", "", "", "", ""},
};

static bool is(const struct record *r, enum field field, const char *wanted)
{
	return span_equal(record_get(r, field), span_of(wanted));
}

static void test_lines(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const struct line *l = &lines[i];
		struct scanner_room room = {0};
		struct record r = {0};
		record_clear(&r);
		bool taken = stamped_scan(span_of(l->line), &room, &r);
		FACT(taken == (*l->stamp != 0), l->name);
		if (taken && !FACT(is(&r, FIELD_TIMESTAMP, l->stamp) && is(&r, FIELD_SEVERITY, l->level) && is(&r, FIELD_PID, l->pid) &&
				       is(&r, FIELD_MESSAGE, l->message),
				   l->name))
			printf("got level \"%.*s\" pid \"%.*s\" message \"%.*s\"\n", (int)record_get(&r, FIELD_SEVERITY).len,
			       record_get(&r, FIELD_SEVERITY).at, (int)record_get(&r, FIELD_PID).len, record_get(&r, FIELD_PID).at,
			       (int)record_get(&r, FIELD_MESSAGE).len, record_get(&r, FIELD_MESSAGE).at);
	}
}

static void test_orders(void)
{
	struct scanner_room room = {0};
	struct record american = {0}, european = {0};
	FACT(stamped_american_scan(SPAN("03/04/2026 11:15:12 x"), &room, &american) &&
		     stamped_european_scan(SPAN("03/04/2026 11:15:12 x"), &room, &european) &&
		     european.time_us - american.time_us == 30 * DAY_US,
	     "of two orders one is 4 March, the other 3 April");
	FACT(!stamped_american_scan(SPAN("2026-04-03 11:15:12 x"), &room, &american), "other dates are not theirs");
	FACT(strstr(stampfind_reason(SPAN("11:15:12 x")), "without a date") && strstr(stampfind_reason(SPAN("03/04/2026 11:15:12")), "order") &&
		     !stampfind_reason(SPAN("hello")),
	     "why a line has no stamp is said");
}

int main(void)
{
	test_lines();
	test_orders();
	return unit_done();
}
