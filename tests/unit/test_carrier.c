#include "parse/carrier.h"

#include "base/memory.h"
#include "patterns.h"
#include "unit.h"

/* What the carriers say, as words; "|" and the text. */
static void describe(struct span line, struct carrier_room *room, struct text *t)
{
	struct carried c;
	struct text writer = {0};
	char time[32];
	text_clear(t);
	bool carried = carrier_unwrap(line, room, NULL, NULL, &c);
	text_append_string(t, carried ? "" : "!");
	for (size_t i = 0; i < c.depth; i++)
		text_format(t, "%s%s", i ? ">" : "", carrier_name(c.chain[i]));
	carrier_writer(&c, &writer);
	if (writer.len)
		text_format(t, " by %s", writer.at);
	if (c.pid.len)
		text_format(t, " pid %.*s", (int)c.pid.len, c.pid.at);
	if (c.iostream.len)
		text_format(t, " %.*s", (int)c.iostream.len, c.iostream.at);
	if (c.has_stamp)
		text_format(t, " at %s%s", instant_format(c.stamp.time_us, time), c.stamp.zone == STAMP_EXPLICIT ? "" : "?");
	if (c.severity != SEVERITY_UNKNOWN)
		text_format(t, " %s", severity_name(c.severity));
	text_format(t, "%s%s%s%s|", c.partial ? " partial" : "", c.continues ? " continues" : "", c.continues_word ? " word" : "",
		    c.cut ? " cut" : "");
	text_append(t, c.text);
	text_release(&writer);
}

static const struct {
	const char *name, *line, *wanted;
} rows[] = {
	{"a program's own line", "2026-11-22 11:15:12 UTC [12] LOG:  x", "!|2026-11-22 11:15:12 UTC [12] LOG:  x"},
	{"a program's own JSON", "{\"level\":30,\"time\":1795348363000,\"msg\":\"log\"}", "!|{\"level\":30,\"time\":1795348363000,\"msg\":\"log\"}"},
	{"an empty line", "", "!|"},
	/* docs.docker.com, "JSON File logging driver"; the line end is the program's */
	{"docker", "{\"log\":\"a \\\"b\\\"\\u003c\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:15:12.836123456Z\"}",
	 "docker stderr at 2026-11-22T11:15:12.836123Z|a \"b\"<"},
	{"docker cuts a long line", "{\"log\":\"abc\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"}\"},\"time\":\"2026-11-22T11:15:12Z\"}",
	 "docker stdout at 2026-11-22T11:15:12.000000Z partial|abc"},
	{"a blank before an object", " {\"log\":1}", "!| {\"log\":1}"},
	{"an application that has a log, too", "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}",
	 "!|{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}"},
	/* kubernetes, design-proposals-archive/node/kubelet-cri-logging.md */
	{"cri", "2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1", "cri stdout at 2016-10-06T00:17:09.669794Z|The content of the log entry 1"},
	{"cri, partial", "2016-10-06T00:17:09.669794202+02:00 stderr P abc ", "cri stderr at 2016-10-05T22:17:09.669794Z partial|abc "},
	{"cri by with more tags", "2016-10-06T00:17:09.6Z stdout F:x:y abc", "cri stdout at 2016-10-06T00:17:09.600000Z|abc"},
	{"cri, an empty line", "2016-10-06T00:17:09.669794202Z stdout F ", "cri stdout at 2016-10-06T00:17:09.669794Z|"},
	{"no tag of cri", "2016-10-06T00:17:09.669Z stdout Full disk", "!|2016-10-06T00:17:09.669Z stdout Full disk"},
	/* docker/compose, pkg/... cmd/formatter/logs.go; v1: compose/cli/log_printer.py */
	{"compose", "web-1  | hello", "compose by web-1|hello"},
	{"compose v1", "shop_web_1 | hello", "compose by shop_web_1|hello"},
	{"compose in colours", "\x1B[36mweb-1  | \x1B[0mhello \x1B[1mx\x1B[m", "ansi>compose by web-1|hello x"},
	{"compose with a stamp", "db  | 2026-11-22T11:15:12.836123456Z hello", "compose by db at 2026-11-22T11:15:12.836123Z|hello"},
	{"compose, an empty line", "db-1  | ", "compose by db-1|"},
	{"a row of a table", "id | name", "!|id | name"},
	{"a level and a bar", "INFO   | started", "!|INFO   | started"},
	{"colours alone carry nothing", "\x1B[32mINFO\x1B[0m x", "!ansi|INFO x"},
	{"a link in a terminal", "\x1B]8;;http://a/\x1B\\x\x1B]8;;\x1B\\ y", "!ansi|x y"},
	{"syslog", "<34>Oct 11 22:14:15 mymachine su[7]: 'su root' failed", "syslog by mymachine/su pid 7 at 2000-10-11T22:14:15.000000Z? ERROR2|'su root' failed"},
	{"PostgreSQL's first part", "Nov  2 11:15:12 db1 postgres[77]: [3-1] LOG:  a", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z?|LOG:  a"},
	{"PostgreSQL's second line", "Nov  2 11:15:12 db1 postgres[77]: [3-2] #011where x", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues|\twhere x"},
	{"PostgreSQL's cut line", "Nov  2 11:15:12 db1 postgres[77]: [3-12]  where x", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues word| where x"},
	{"PostgreSQL without numbers of messages", "Nov  2 11:15:12 db1 postgres[77]: [2] \tx", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues|\tx"},
	{"another program's brackets", "Nov  2 11:15:12 db1 app[77]: [2] x", "syslog by db1/app pid 77 at 2000-11-02T11:15:12.000000Z?|[2] x"},
	{"syslog in docker in compose", "web-1  | {\"log\":\"<30>Nov  2 11:15:12 h a: \\u001b[1mx\\u001b[0m\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-02T11:15:13Z\"}",
	 "compose>docker>ansi>syslog by h/web-1/a stdout at 2000-11-02T11:15:12.000000Z? INFO|x"},
};

static void cuts(struct span line, struct carrier_room *room)
{
	bool inside = true;
	for (size_t n = 0; n < line.len; n++) {
		struct carried c;
		struct span cut = patterns_exact(span_head(line, n));
		carrier_unwrap(cut, room, NULL, NULL, &c);
		inside &= c.text.len <= n;
		memory_free((void *)cut.at);
	}
	FACT(inside, "a cut line carries no more than it has");
}

int main(void)
{
	struct text t = {0};
	struct carrier_room *room = carrier_room_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(patterns_kept(span_of(rows[i].line)), room, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
		cuts(span_of(rows[i].line), room);
	}
	for (int i = CARRIER_NONE + 1; i < CARRIER_COUNT; i++) {
		enum carrier found;
		FACT(carrier_of(span_of(carrier_name((enum carrier)i)), &found) && found == (enum carrier)i, "a carrier has its name");
	}
	text_release(&t);
	carrier_room_free(room);
	return unit_done();
}
