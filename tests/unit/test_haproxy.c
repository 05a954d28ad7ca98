/* Lines that HAProxy 2.6.12 wrote for known requests (their clients and servers told status, paths and times), and of its manual. */
#include "split/haproxy.h"

#include "patterns.h"
#include "unit.h"

static void add_metrics(struct text *t, const struct record *r)
{
	static const struct {
		enum metric metric;
		const char *name;
	} names[] = {
		{METRIC_LB_REQUEST_TIME, "TR"}, {METRIC_LB_QUEUE_TIME, "Tw"}, {METRIC_LB_CONNECT_TIME, "Tc"},
		{METRIC_LB_RESPONSE_TIME, "Tr"}, {METRIC_LB_CONNECTIONS, "ac"}, {METRIC_LB_FRONTEND_CONNECTIONS, "fc"},
		{METRIC_LB_BACKEND_CONNECTIONS, "bc"}, {METRIC_LB_SERVER_CONNECTIONS, "sc"}, {METRIC_LB_RETRIES, "rc"},
		{METRIC_LB_SERVER_QUEUE, "sq"}, {METRIC_LB_BACKEND_QUEUE, "bq"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (r->metrics >> names[i].metric & 1)
			text_format(t, " %s=%lld", names[i].name, (long long)r->metric[names[i].metric]);
	}
}

/* Time, what is known of its zone, resolution, then the rest; "no" when the line does not fit. */
static void describe(const char *format, const char *line, struct text *t)
{
	struct diag d = {0};
	size_t column;
	struct logformat *lf = logformat_new(span_of(format), &d, &column);
	struct haproxy_scratch s = {0};
	struct syslog_header h;
	struct record r;
	char time[32];
	text_clear(t);
	record_clear(&r);
	struct span copy = patterns_exact(span_of(line));
	syslog_scan(copy, &s.header, &h);
	if (!lf) {
		text_append_string(t, d.what);
	} else if (!haproxy_scan(lf, &h, &s, &r)) {
		text_append_string(t, "no");
	} else if (!r.resolution_us) {
		text_append_string(t, "no time");
	} else {
		text_format(t, "%s %s %lld", instant_format(r.time_us, time),
			    r.zone == STAMP_EXPLICIT ? "utc" : r.yearless ? "yearless" : "civil", (long long)r.resolution_us);
		if (r.duration_us >= 0)
			text_format(t, " took=%lld", (long long)r.duration_us);
		if (r.status)
			text_format(t, " status=%d", r.status);
		static const struct {
			enum field field;
			const char *name;
		} fields[] = {
			{FIELD_CLIENT, "client"}, {FIELD_CLIENT_PORT, "port"}, {FIELD_FRONTEND, "fe"}, {FIELD_UPSTREAM_ADDRESS, "up"},
			{FIELD_ERROR_CODE, "state"}, {FIELD_BODY_SIZE, "bytes"}, {FIELD_METHOD, "method"}, {FIELD_PATH, "path"},
			{FIELD_PROTOCOL_VERSION, "http"}, {FIELD_REQUEST_ID, "id"}, {FIELD_PID, "pid"}, {FIELD_HOST, "host"},
			{FIELD_USER_AGENT, "agent"}, {FIELD_HTTP_HOST, "vhost"},
		};
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
			patterns_field(t, &r, fields[i].field, fields[i].name);
		add_metrics(t, &r);
	}
	haproxy_scratch_release(&s);
	logformat_free(lf);
	memory_free((void *)copy.at);
}

static const struct {
	const char *name, *format, *line, *wanted;
} rows[] = {
	{"a request, its escapes undone, moved to its end", "httplog",
	 "<134>Nov 22 17:30:07 localhost haproxy[26653]: 127.0.0.1:50316 [22/Nov/2026:17:30:07.303] fe_http be_ok/app1 0/0/0/2/2 200 136 "
	 "- - ---- 1/1/0/0/0 0/0 {curl/8.5 #22x#22|} {app one#7Ctwo} \"GET /q?a=#22b#22&c=%23d HTTP/1.1\"",
	 "2026-11-22T17:30:07.305000Z civil 1000 took=2000 status=200 client=127.0.0.1 port=50316 fe=fe_http up=be_ok/app1 state=---- "
	 "bytes=136 method=GET path=/q?a=\"b\"&c=%23d http=1.1 pid=26653 host=localhost TR=0 Tw=0 Tc=0 Tr=2000 ac=1 fc=1 bc=0 sc=0 rc=0 "
	 "sq=0 bq=0"},
	{"timeout queue: -1 is no time, no server has no connections", "httplog",
	 "127.0.0.1:50476 [22/Nov/2026:17:30:11.272] fe_http be_full/<NOSRV> 0/401/-1/-1/401 503 217 - - sQ-- 3/3/2/0/0 0/1 "
	 "{curl/8.5 #22x#22|} {} \"GET /full/slow HTTP/1.1\"",
	 "2026-11-22T17:30:11.673000Z civil 1000 took=401000 status=503 client=127.0.0.1 port=50476 fe=fe_http up=be_full/<NOSRV> "
	 "state=sQ-- bytes=217 method=GET path=/full/slow http=1.1 TR=0 Tw=401000 ac=3 fc=3 bc=2 rc=0 bq=1"},
	{"timeout server", "httplog",
	 "127.0.0.1:50322 [22/Nov/2026:17:30:07.307] fe_http be_ok/app1 0/0/0/-1/1001 504 198 - - sH-- 1/1/0/0/0 0/0 {a|} {} "
	 "\"GET /slow HTTP/1.1\"",
	 "2026-11-22T17:30:08.308000Z civil 1000 took=1001000 status=504 client=127.0.0.1 port=50322 fe=fe_http up=be_ok/app1 state=sH-- "
	 "bytes=198 method=GET path=/slow http=1.1 TR=0 Tw=0 Tc=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"a bad request without captures", "httplog",
	 "127.0.0.1:50388 [22/Nov/2026:17:30:09.615] fe_http fe_http/<NOSRV> -1/-1/-1/-1/0 400 0 - - PR-- 1/1/0/0/0 0/0 \"<BADREQ>\"",
	 "2026-11-22T17:30:09.615000Z civil 1000 took=0 status=400 client=127.0.0.1 port=50388 fe=fe_http up=fe_http/<NOSRV> state=PR-- "
	 "bytes=0 ac=1 fc=1 bc=0 rc=0 bq=0"},
	{"the manual's aborted request has no status", "httplog",
	 "haproxy: 127.0.0.1:34548 [15/Oct/2003:15:18:55.798] px-http px-http/<NOSRV> -1/-1/-1/-1/8490 -1 0 - - CR-- 2/2/2/0/0 0/0 \"\"",
	 "no"},
	{"the same without what syslog left", "httplog",
	 "127.0.0.1:34548 [15/Oct/2003:15:18:55.798] px-http px-http/<NOSRV> -1/-1/-1/-1/8490 -1 0 - - CR-- 2/2/2/0/0 0/0 \"\"",
	 "2003-10-15T15:19:04.288000Z civil 1000 took=8490000 client=127.0.0.1 port=34548 fe=px-http up=px-http/<NOSRV> state=CR-- bytes=0 "
	 "ac=2 fc=2 bc=2 rc=0 bq=0"},
	{"a redispatch: the count is behind its \"+\"", "httplog",
	 "10.0.0.1:34552 [15/Oct/2003:15:26:31.462] px-http px-http/srv1 3183/-1/-1/-1/11215 503 0 - - SC-- 205/202/202/115/+3 0/0 "
	 "\"HEAD / HTTP/1.0\"",
	 "2003-10-15T15:26:42.677000Z civil 1000 took=11215000 status=503 client=10.0.0.1 port=34552 fe=px-http up=px-http/srv1 state=SC-- "
	 "bytes=0 method=HEAD path=/ http=1.0 TR=3183000 ac=205 fc=202 bc=202 sc=115 rc=3 sq=0 bq=0"},
	{"IPv6 has colons of its own", "httplog",
	 "2001:db8::1:48924 [22/Nov/2026:17:30:12.731] fe~ b/s 0/0/0/6/6 200 136 - - ---- 1/1/0/0/0 0/0 \"GET /v6 HTTP/1.1\"",
	 "2026-11-22T17:30:12.737000Z civil 1000 took=6000 status=200 client=2001:db8::1 port=48924 fe=fe~ up=b/s state=---- bytes=136 "
	 "method=GET path=/v6 http=1.1 TR=0 Tw=0 Tc=0 Tr=6000 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"option logasap: how long and how much is not known, the header tells when", "httplog",
	 "<134>1 2026-11-22T17:30:13.227500+01:00 lb1 haproxy 7 - - 127.0.0.1:35716 [22/Nov/2026:17:30:12.227] fe_asap be_ok/app1 "
	 "0/0/0/0/+0 200 +130 - - ---- 1/1/1/1/0 0/0 \"GET /a HTTP/1.1\"",
	 "2026-11-22T16:30:13.227500Z utc 1 status=200 client=127.0.0.1 port=35716 fe=fe_asap up=be_ok/app1 state=---- method=GET path=/a "
	 "http=1.1 pid=7 host=lb1 TR=0 Tw=0 Tc=0 Tr=0 ac=1 fc=1 bc=1 sc=1 rc=0 sq=0 bq=0"},
	{"a header with a zone tells that of the bracket", "httplog",
	 "2026-11-22T17:30:08.310456+05:45 lb1 haproxy[7]: 127.0.0.1:50322 [22/Nov/2026:17:30:07.307] f b/s 0/0/0/-1/1001 504 198 - - sH-- "
	 "1/1/0/0/0 0/0 \"GET /slow HTTP/1.1\"",
	 "2026-11-22T11:45:08.308000Z utc 1000 took=1001000 status=504 client=127.0.0.1 port=50322 fe=f up=b/s state=sH-- bytes=198 "
	 "method=GET path=/slow http=1.1 pid=7 host=lb1 TR=0 Tw=0 Tc=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"a header seven minutes off tells no zone: it is the time", "httplog",
	 "2026-11-22T17:37:30Z lb1 haproxy[7]: 127.0.0.1:50322 [22/Nov/2026:17:30:07.307] f b/s 0/0/0/1/1 200 198 - - ---- 1/1/0/0/0 0/0 "
	 "\"GET / HTTP/1.1\"",
	 "2026-11-22T17:37:30.000000Z utc 1000000 took=1000 status=200 client=127.0.0.1 port=50322 fe=f up=b/s state=---- bytes=198 "
	 "method=GET path=/ http=1.1 pid=7 host=lb1 TR=0 Tw=0 Tc=0 Tr=1000 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"a TCP session", "tcplog", "127.0.0.1:39316 [22/Nov/2026:17:30:12.230] tcp_down tcp_down/s1 1/-1/300 0 SC 1/1/0/0/1 0/0",
	 "2026-11-22T17:30:12.530000Z civil 1000 took=300000 client=127.0.0.1 port=39316 fe=tcp_down up=tcp_down/s1 state=SC bytes=0 "
	 "Tw=1000 ac=1 fc=1 bc=0 sc=0 rc=1 sq=0 bq=0"},
	{"CLF: its milliseconds are of the accept, not of the request", "clf",
	 "127.0.0.1 - - [22/Nov/2026:16:30:15 +0000] \"GET /ka0 HTTP/1.1\" 200 136 \"\" \"\" 46952 769 \"fe_clf\" \"be_ok\" \"app1\" 0 0 1 "
	 "0 1 ---- 1 1 0 0 0 0 0 \"\" \"\" \"curl/8.5 #22x#22\" ",
	 "2026-11-22T16:30:15.001000Z utc 1000000 took=1000 status=200 client=127.0.0.1 port=46952 fe=fe_clf up=be_ok/app1 state=---- "
	 "bytes=136 method=GET path=/ka0 http=1.1 TR=0 Tw=0 Tc=1000 Tr=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"CLF without captures ends in a blank that syslog may have taken", "clf",
	 "127.0.0.1 - - [22/Nov/2026:16:30:12 +0000] \"GET /a?b=1 HTTP/1.1\" 200 136 \"\" \"\" 49828 225 \"fe\" \"b\" \"<NOSRV>\" 0 -1 -1 "
	 "-1 0 SC-- 1 1 0 0 0 0 0 \"\" \"\"",
	 "2026-11-22T16:30:12.000000Z utc 1000000 took=0 status=200 client=127.0.0.1 port=49828 fe=fe up=b/<NOSRV> state=SC-- bytes=136 "
	 "method=GET path=/a?b=1 http=1.1 TR=0 ac=1 fc=1 bc=0 rc=0 bq=0"},
	{"%T is the accept, Tt brings it to the end, Tq to the request", "%ci:%cp [%T] %ft %b/%s %Tq/%Tw/%Tc/%Tr/%Tt %ST %B %tsc %{+Q}r",
	 "127.0.0.1:40964 [22/Nov/2026:16:30:13 +0000] fe_gmt be_ok/app1 251/0/0/1/252 200 136 ---- \"GET /ka0 HTTP/1.1\"",
	 "2026-11-22T16:30:13.252000Z utc 1000000 took=1000 status=200 client=127.0.0.1 port=40964 fe=fe_gmt up=be_ok/app1 state=---- "
	 "bytes=136 method=GET path=/ka0 http=1.1 TR=251000 Tw=0 Tc=0 Tr=1000"},
	{"%Ts and %ms make milliseconds; idle time is not the request's", "%Ts.%ms %ci %cp %HM %HP%HQ %HV %ST %Th %Ti %Tt %b %s %tsc %pid %ID",
	 "1795365013.253 127.0.0.1 39664 GET /ka0?x=1 HTTP/1.1 200 0 250 251 be_ok app1 ---- 26653 7F0000019AF06B031895002C",
	 "2026-11-22T16:30:13.504000Z utc 1000 took=1000 status=200 client=127.0.0.1 port=39664 up=be_ok/app1 state=---- method=GET "
	 "path=/ka0?x=1 http=1.1 id=7F0000019AF06B031895002C pid=26653"},
	{"%Ts%ms in one number", "%Ts%ms|%ci|%HU|%ST|%Tt|%ts|%f|%rc", "1795365012740|127.0.0.1|/p?q=1|200|7|--|fe_epochms|0",
	 "2026-11-22T16:30:12.747000Z utc 1000 took=7000 status=200 client=127.0.0.1 fe=fe_epochms state=-- path=/p?q=1 rc=0"},
	{"two stamps of one moment: one gives the zone, the other the milliseconds", "%ci:%cp [%trl] [%tr] %ft %b/%s %ST %Ta %tsc %{+Q}r",
	 "127.0.0.1:48406 [22/Nov/2026:17:30:14 +0100] [22/Nov/2026:17:30:14.509] fe_loc be_ok/app1 200 5 ---- \"GET /ka1 HTTP/1.1\"",
	 "2026-11-22T16:30:14.514000Z utc 1000 took=5000 status=200 client=127.0.0.1 port=48406 fe=fe_loc up=be_ok/app1 state=---- "
	 "method=GET path=/ka1 http=1.1"},
	{"flags: everything quoted but the request, escapes with a backslash",
	 "%{+Q}o\\ %t %s %{-Q}r %ST %Tt %b %f %ts %{+Q,+E}[capture.req.hdr(1)] %HQ %CC",
	 "22/Nov/2026:17:30:12.744 \"app1\" GET /p?q=1 HTTP/1.1 200 0 \"be_ok\" \"fe_q\" -- \"curl/8.5 \\\"x\\\"\" \"?q=1\" \"\"",
	 "2026-11-22T17:30:12.744000Z civil 1000 took=0 status=200 fe=fe_q up=be_ok/app1 state=-- method=GET path=/p?q=1 http=1.1"},
	{"hexadecimal values are passed over", "%{+X}o %ci:%cp %Ts %rt %{-X}ST %t %Tt %ts",
	 "7F000001:B318 6B031894 0027 200 22/Nov/2026:17:30:12.745 3 --",
	 "2026-11-22T17:30:12.748000Z civil 1000 took=3000 status=200 state=--"},
	{"JSON by hand, named headers", "{\"ts\":\"%Ts.%ms\",\"status\":%ST,\"ta\":%Ta,\"tt\":%Tt,\"vhost\":\"%[req.hdr(Host),lower]\",\"state\":\"%tsc\"}",
	 "{\"ts\":\"1795365012.745\",\"status\":200,\"ta\":3,\"tt\":13,\"vhost\":\"shop.example\",\"state\":\"----\"}",
	 "2026-11-22T16:30:12.758000Z utc 1000 took=3000 status=200 state=---- vhost=shop.example"},
	{"accept and Ta, and what passed between is not known: not before", "[%t] %ST %Ta %tsc", "[22/Nov/2026:17:30:12.745] 200 5 ----",
	 "2026-11-22T17:30:12.750000Z civil 1000 took=5000 status=200 state=----"},
	{"then the header knows better", "[%t] %ST %Ta %tsc", "Nov 22 17:30:15 haproxy[3]: [22/Nov/2026:17:30:12.745] 200 5 ----",
	 "2000-11-22T17:30:15.000000Z yearless 1000000 took=5000 status=200 state=---- pid=3"},
	{"no stamp at all", "%ST %tsc", "200 ----", "no time"},
	{"a request cut at the line's length", "httplog",
	 "1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0/0/0 200 1 - - ---- 1/1/0/0/0 0/0 \"GET /long?xxxxxxxx",
	 "2026-11-22T17:30:12.000000Z civil 1000 took=0 status=200 client=1.2.3.4 port=5 fe=f up=b/s state=---- bytes=1 method=GET "
	 "path=/long?xxxxxxxx TR=0 Tw=0 Tc=0 Tr=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"captures cut at the line's length", "httplog",
	 "1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0/0/0 200 1 - - ---- 1/1/0/0/0 0/0 {0123456789abcdef|Mozilla/5.0 (X11; Linux",
	 "2026-11-22T17:30:12.000000Z civil 1000 took=0 status=200 client=1.2.3.4 port=5 fe=f up=b/s state=---- bytes=1 "
	 "id=0123456789abcdef agent=Mozilla/5.0 (X11; Linux TR=0 Tw=0 Tc=0 Tr=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"a line cut before its state is none", "httplog", "1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0/0", "no"},
	{"a line that goes on is another format", "httplog",
	 "1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0/0/0 200 1 - - ---- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\" more", "no"},
	{"%tail takes it", "%ci:%cp [%tr] %ST %Ta %tsc %{+Q}r %tail", "1.2.3.4:5 [22/Nov/2026:17:30:12.000] 200 1 ---- \"GET / HTTP/1.1\" a \"b",
	 "2026-11-22T17:30:12.001000Z civil 1000 took=1000 status=200 client=1.2.3.4 port=5 state=---- method=GET path=/ http=1.1"},
	{"a state is two or four letters", "[%tr] %Ta %tsc", "[22/Nov/2026:17:30:12.000] 1 S-C", "no"},
	{"no client: a unix socket", "httplog",
	 "-:22222 [22/Nov/2026:17:30:12.738] f b/s 0/0/0/0/0 200 136 - - ---- 1/1/0/0/0 0/0 \"GET /unix HTTP/1.1\"",
	 "2026-11-22T17:30:12.738000Z civil 1000 took=0 status=200 port=22222 fe=f up=b/s state=---- bytes=136 method=GET path=/unix http=1.1 "
	 "TR=0 Tw=0 Tc=0 Tr=0 ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"},
	{"numbers beyond any clock", "[%tr] %Ta %ST %tsc", "[22/Nov/2026:17:30:12.000] 99999999999999999999999 200 ----",
	 "2026-11-22T17:30:12.000000Z civil 1000 status=200 state=----"},
};

static void test_rows(void)
{
	struct text t = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(rows[i].format, rows[i].line, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
	}
	text_release(&t);
}

/* Each line cut at each byte, each byte changed: no crash, no read past the end (the copies end where their memory does). */
static void test_hostile(void)
{
	struct text t = {0}, line = {0};
	size_t runs = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = strlen(rows[i].line);
		for (size_t k = 0; k < len; k += 3) {
			text_clear(&line);
			text_append(&line, (struct span){rows[i].line, k});
			describe(rows[i].format, line.at ? line.at : "", &t);
			text_clear(&line);
			text_append_string(&line, rows[i].line);
			line.at[k] = "\"#{ \\:/-9"[k % 9];
			describe(rows[i].format, line.at, &t);
			runs += 2;
		}
	}
	FACT(runs > 1000, "cut and changed lines are read without harm");
	text_release(&t);
	text_release(&line);
}

static void test_reach(void)
{
	struct diag d = {0};
	size_t column, at;
	struct logformat *lf = logformat_new(SPAN("tcplog"), &d, &column);
	struct syslog_header h;
	struct text wanted = {0};
	const char *line = "Nov 22 17:30:12 lb1 haproxy[1]: 1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0/0/0 200";
	syslog_scan(span_of(line), NULL, &h);
	FACT(!haproxy_reach(lf, &h, &at, &wanted) && at == strlen("1.2.3.4:5 [22/Nov/2026:17:30:12.000] f b/s 0/0/0"),
	     "a line stops where its timers are too many");
	TEXT_IS(wanted.at, "%Tt and then \" \"", "and what was wanted there is told");
	text_release(&wanted);
	logformat_free(lf);
}

int main(void)
{
	test_rows();
	test_hostile();
	test_reach();
	return unit_done();
}
