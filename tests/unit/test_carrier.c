#include "carry/carrier.h"

#include <time.h>

#include "carriers.h"
#include "random.h"

static uint64_t below(uint64_t n)
{
	return random_next() % n;
}

static const struct carriers_row rows[] = {
	{"a program's own line", "2026-11-22 11:15:12 UTC [12] LOG:  x", "!|2026-11-22 11:15:12 UTC [12] LOG:  x"},
	{"a program's own JSON", "{\"level\":30,\"time\":1795348363000,\"msg\":\"log\"}", "!|{\"level\":30,\"time\":1795348363000,\"msg\":\"log\"}"},
	{"an empty line", "", "!|"},
	{"a blank before an object", " {\"log\":1}", "!| {\"log\":1}"},
	{"syslog", "<34>Oct 11 22:14:15 mymachine su[7]: 'su root' failed", "syslog by mymachine/su pid 7 at 2000-10-11T22:14:15.000000Z? ERROR2|'su root' failed"},
	/* postgresql/src/backend/utils/error/elog.c, write_syslog() */
	{"PostgreSQL's first part", "Nov  2 11:15:12 db1 postgres[77]: [3-1] LOG:  a", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z?|LOG:  a"},
	{"PostgreSQL's second line", "Nov  2 11:15:12 db1 postgres[77]: [3-2] #011where x", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues|\twhere x"},
	{"PostgreSQL's cut line", "Nov  2 11:15:12 db1 postgres[77]: [3-12]  where x", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues word| where x"},
	{"a tab as journalctl prints it", "Nov  2 11:15:12 db1 postgres[77]: [3-2]         where x",
	 "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues|        where x"},
	{"PostgreSQL called something else", "Nov  2 11:15:12 db1 shop-main[77]: [3-2] \tx", "syslog by db1/shop-main pid 77 at 2000-11-02T11:15:12.000000Z? continues|\tx"},
	{"PostgreSQL without numbers of messages", "Nov  2 11:15:12 db1 postgres[77]: [2] \tx", "syslog by db1/postgres pid 77 at 2000-11-02T11:15:12.000000Z? continues|\tx"},
	{"another program's brackets", "Nov  2 11:15:12 db1 app[77]: [2] x", "syslog by db1/app pid 77 at 2000-11-02T11:15:12.000000Z?|[2] x"},
	/* rsyslog: EscapeControlCharactersOnReceive */
	{"control characters of a server", "Nov  2 11:15:12 db1 app: a#012#011b#033[1mc", "syslog>ansi by db1/app at 2000-11-02T11:15:12.000000Z?|a\n\tbc"},
	{"numbers that are none", "Nov  2 11:15:12 db1 app: #012; #01 #112 issue#0", "syslog by db1/app at 2000-11-02T11:15:12.000000Z?|#012; #01 #112 issue#0"},
	{"syslog in docker in compose", "web-1  | {\"log\":\"<30>Nov  2 11:15:12 h a: \\u001b[1mx\\u001b[0m\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-02T11:15:13Z\"}",
	 "compose>docker>ansi>syslog by h/web-1/a stdout at 2026-11-02T11:15:13.000000Z INFO|x"},
	{"cri in compose", "web-1  | 2016-10-06T00:17:09.669794202Z stdout F x", "compose>cri by web-1 stdout at 2016-10-06T00:17:09.669794Z|x"},
	{"journald's short form in cri", "2016-10-06T00:17:09.669794202Z stdout F Nov 22 20:46:06 vm shop[77]: x",
	 "cri>syslog by vm/shop pid 77 stdout at 2016-10-06T00:17:09.669794Z|x"},
	{"frames of octets (RFC 6587)", "83 <40>1 2012-11-30T06:45:29+00:00 host app web.3 - State changed from starting to up",
	 "syslog by host/app pid web.3 at 2012-11-30T06:45:29.000000Z FATAL|State changed from starting to up"},
};

/* ---- wrapping, the other way round ---- */

struct wrapped {
	struct text text;
	const char *host, *container, *process; /* that the innermost says */
	int64_t time_us;
};

static void json_string(struct text *t, struct span s)
{
	text_append_byte(t, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '"' || c == '\\')
			text_format(t, "\\%c", c);
		else if (c < ' ')
			text_format(t, "\\u%04x", c);
		else
			text_append_byte(t, (char)c);
	}
	text_append_byte(t, '"');
}

/* Puts one carrier around the text. What was said stays when an inner carrier said it. */
static void wrap(struct wrapped *w, unsigned kind)
{
	struct text t = {0};
	const char *host = NULL, *container = NULL, *process = NULL;
	int64_t at = 0;
	struct span inner = text_span(&w->text);
	switch (kind) {
	case 0:
		text_append_string(&t, "{\"log\":");
		text_append_byte(&w->text, '\n');
		json_string(&t, text_span(&w->text));
		text_append_string(&t, ",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12.5Z\"}");
		at = 1795346112500000;
		break;
	case 1:
		text_append_string(&t, "2026-11-22T12:15:13.000000001+01:00 stderr F ");
		at = 1795346113000000;
		break;
	case 2:
		text_append_string(&t, "shop_web_1 | ");
		container = "shop_web_1";
		break;
	case 3:
		text_append_string(&t, "<13>1 2026-11-22T11:15:14Z db1 one 12 - - ");
		host = "db1", process = "one", at = 1795346114000000;
		break;
	case 4:
		text_append_string(&t, "2026-11-22T11:15:15.250000+00:00 db2 two[12]: ");
		host = "db2", process = "two", at = 1795346115250000;
		break;
	case 5:
		text_append_string(&t, "{\"__REALTIME_TIMESTAMP\":\"1795346116000001\",\"_HOSTNAME\":\"db3\",\"SYSLOG_IDENTIFIER\":\"three\",\"MESSAGE\":");
		json_string(&t, inner);
		text_append_byte(&t, '}');
		host = "db3", process = "three", at = 1795346116000001;
		break;
	case 6:
		text_append_string(&t, "{\"kubernetes\":{\"pod_name\":\"pod4\",\"container_name\":\"four\"},\"time\":1795346117,\"log\":");
		json_string(&t, inner);
		text_append_byte(&t, '}');
		host = "pod4", container = "four", at = 1795346117000000;
		break;
	default:
		text_append_string(&t, "\x1B[1;31m");
	}
	if (kind != 0 && kind != 5 && kind != 6)
		text_append(&t, inner);
	text_release(&w->text);
	w->text = t;
	w->host = w->host ? w->host : host;
	w->container = w->container ? w->container : container;
	w->process = w->process ? w->process : process;
	w->time_us = w->time_us ? w->time_us : at;
}

static void nested(struct carrier_room *room)
{
	static const char *const letters[] = {"a", "Z", " ", "\"", "\\", "{", "}", "[", "]", ":", "\t", "0", "\xC3\xA9", "\xFF", "|"};
	bool same = true, said = true;
	for (int i = 0; i < 3000; i++) {
		struct text text = {0};
		text_append_byte(&text, 'q'); /* no carrier begins so */
		for (uint64_t n = below(40); n; n--)
			text_append_string(&text, letters[below(sizeof letters / sizeof *letters)]);
		struct wrapped w = {0};
		text_append(&w.text, text_span(&text));
		size_t depth = 1 + below(CARRIER_DEPTH);
		bool coloured = false;
		for (size_t d = 0; d < depth; d++) {
			unsigned kind = (unsigned)below(8);
			kind = kind == 7 && coloured ? 0 : kind; /* all colours of a text go at once */
			coloured |= kind == 7;
			wrap(&w, kind);
		}
		struct carried c;
		carrier_unwrap(text_span(&w.text), room, NULL, NULL, &c);
		bool ok = c.depth == depth && span_equal(c.text, text_span(&text));
		if (!ok)
			printf("of \"%s\"\n got \"%.*s\"\n", w.text.at, (int)c.text.len, c.text.at);
		same &= ok;
		said &= span_equal(c.host, span_of(w.host)) && span_equal(c.container, span_of(w.container)) &&
			span_equal(c.process, span_of(w.process)) && c.has_stamp == (w.time_us != 0) &&
			(!c.has_stamp || c.stamp.time_us == w.time_us);
		text_release(&text);
		text_release(&w.text);
	}
	FACT(same, "what was wrapped comes out as it was, to its last byte");
	FACT(said, "the innermost carrier that says something is believed");
}

/* ---- hostile lines ---- */

static double seconds_of(struct span line, struct carrier_room *room)
{
	double best = 1e9;
	for (int i = 0; i < 3; i++) {
		struct carried c;
		struct extras extras = {.n = 0};
		clock_t from = clock();
		carrier_unwrap(line, room, NULL, &extras, &c);
		double took = (double)(clock() - from) / CLOCKS_PER_SEC;
		best = took < best ? took : best;
	}
	return best;
}

/* `head`, `part` again and again up to `len` bytes, `tail`. */
static struct text repeated(const char *head, const char *part, const char *tail, size_t len)
{
	struct text t = {0};
	text_append_string(&t, head);
	while (t.len < len)
		text_append_string(&t, part);
	text_append_string(&t, tail);
	return t;
}

static void hostile(struct carrier_room *room)
{
	static const struct {
		const char *head, *part, *tail;
	} lines[] = {
		{"", "{\"log\":", ""},
		{"", "[", ""},
		{"{\"log\":", "[", "]}"},
		{"{\"log\":", "[[[],", "]}"},
		{"{", "\"log\":\"\",", "\"time\":1}"},
		{"{\"log\":\"", "\\u001b[1m\\ud800", "\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"}"},
		{"{\"__CURSOR\":\"\",\"__REALTIME_TIMESTAMP\":\"1795346116000001\",\"MESSAGE\":[", "255,", "0]}"},
		{"{\"__CURSOR\":\"\",\"__REALTIME_TIMESTAMP\":\"1795346116000001\",\"MESSAGE\":[", "[1],", "[0]]}"},
		{"{\"__CURSOR\":\"\",\"__REALTIME_TIMESTAMP\":[", "\"1795346116000001\",", "\"1795346116000001\"],\"MESSAGE\":\"\"}"},
		{"{\"logStream\":\"\",\"logEvents\":[", "{\"timestamp\":1,\"message\":\"\"},", "{}]}"},
		{"", "\x1B[", ""},
		{"", "\x1B]", ""},
		{"", "web-1  | ", ""},
		{"", "<13>1 - - - - - - ", ""},
		{"<13>1 - - - - - [a", " b=\"\"", "] x"},
		{"<13>1 - - - - - ", "[a%s]", " x"},
		{"Nov 22 11:52:43 ", "A ", "[1]:"},
		{"Nov 22 11:52:43 h a: ", "#011#033", ""},
		{"Nov 22 11:52:43 h ", ":", ": x"},
		{"2026-11-22T11:15:12.836123456Z ", "2026-11-22T11:15:12.836123456Z ", ""},
		{"[pod/", "a", "/b] x"},
		{"", "b-", "bbbbbbbbb-bbbbb b c"},
		{"\x1E", "{\"MESSAGE\":", ""},
	};
	bool linear = true;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct text once = repeated(lines[i].head, lines[i].part, lines[i].tail, 400000);
		struct text twice = repeated(lines[i].head, lines[i].part, lines[i].tail, 800000);
		double a = seconds_of(text_span(&once), room), b = seconds_of(text_span(&twice), room);
		bool ok = b < 0.05 || b < 5 * a; /* quadratic work on 800 kB takes minutes */
		if (!ok)
			printf("line %zu: %f s, then %f s\n", i, a, b);
		linear &= ok;
		text_release(&once);
		text_release(&twice);
	}
	FACT(linear, "time grows with the line's length, not with its square");

	bool inside = true;
	for (int i = 0; i < 20000; i++) {
		/* A real line in which a few bytes are others, NUL among them. */
		struct span line = span_of(rows[below(sizeof rows / sizeof *rows)].line);
		struct span copy = patterns_exact(line);
		for (uint64_t n = 1 + below(4); n && copy.len; n--)
			((char *)(uintptr_t)copy.at)[below(copy.len)] = (char)below(256);
		struct carried c;
		struct extras extras = {.n = 0};
		carrier_unwrap(copy, room, NULL, &extras, &c);
		inside &= c.text.len <= copy.len && c.depth <= CARRIER_DEPTH;
		memory_free((void *)(uintptr_t)copy.at);
	}
	FACT(inside, "bytes that were changed do no harm");
}

/* ---- extras ---- */

static void extras_of(const char *line, struct carrier_room *room, struct text *t)
{
	struct carried c;
	struct extras e = {.n = 0};
	text_clear(t);
	carrier_unwrap(span_of(line), room, NULL, &e, &c);
	for (size_t i = 0; i < e.n; i++)
		text_format(t, "%s%.*s=%.*s", i ? " " : "", (int)e.items[i].name.len, e.items[i].name.at, (int)e.items[i].value.len,
			    e.items[i].value.at);
}

int main(void)
{
	struct text t = {0};
	struct carrier_room *room = carrier_room_new();
	carriers_rows(rows, sizeof rows / sizeof *rows);
	nested(room);
	hostile(room);
	extras_of("<165>1 2003-10-11T22:14:15.003Z h a - ID47 [ex@32473 iut=\"3\" s=\"a \\\"\\]\\\\\"][empty][p c=\"\"] x", room, &t);
	TEXT_IS(t.at, "syslog.version=1 syslog.facility.code=20 syslog.severity.code=5 sd.ex@32473.iut=3 sd.ex@32473.s=a \"]\\ sd.p.c=",
		"RFC 5424's structured data, its escapes undone");
	text_release(&t);
	carrier_room_free(room);
	return unit_done();
}
