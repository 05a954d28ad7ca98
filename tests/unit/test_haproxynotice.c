/* HAProxy's own messages as 2.6.12 wrote them, and those of its manual and of other versions. */
#include "split/haproxynotice.h"

#include "patterns.h"
#include "unit.h"

static void describe(const char *line, struct text *t)
{
	struct syslog_header h;
	struct record r;
	char time[32];
	record_clear(&r);
	struct span copy = patterns_kept(span_of(line));
	syslog_scan(copy, NULL, &h);
	text_clear(t);
	if (!haproxynotice_scan(&h, NULL, &r)) {
		text_append_string(t, "no");
		return;
	}
	text_append_string(t, r.resolution_us ? instant_format(r.time_us, time) : "no time");
	text_format(t, "%s %s", r.resolution_us && r.yearless ? " yearless" : "", severity_name(r.severity));
	patterns_field(t, &r, FIELD_CLIENT, "client");
	patterns_field(t, &r, FIELD_CLIENT_PORT, "port");
	patterns_field(t, &r, FIELD_SERVER, "to");
	patterns_field(t, &r, FIELD_FRONTEND, "fe");
	patterns_field(t, &r, FIELD_BACKEND, "be");
	patterns_field(t, &r, FIELD_BACKEND_SERVER, "srv");
	patterns_field(t, &r, FIELD_PID, "pid");
	patterns_field(t, &r, FIELD_MESSAGE, "message");
}

#define DOWN "Server be_shop/app1 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms."

static const struct {
	const char *name, *line, *wanted;
} rows[] = {
	{"a server is down", "<129>Nov 22 11:52:42 localhost haproxy[15985]: " DOWN,
	 "2000-11-22T11:52:42.000000Z yearless ERROR3 be=be_shop srv=app1 pid=15985 message=" DOWN},
	{"the same under another tag", "2026-11-22T11:52:42Z lb1 edge[5]: " DOWN,
	 "2026-11-22T11:52:42.000000Z  be=be_shop srv=app1 pid=5 message=" DOWN},
	{"the same from standard error has no time", "[WARNING]  (15985) : " DOWN, "no time WARN be=be_shop srv=app1 pid=15985 message=" DOWN},
	{"before 2.3 it had a day of some year", "[WARNING] 325/115242 (15985) : " DOWN,
	 "no time WARN be=be_shop srv=app1 pid=15985 message=" DOWN},
	{"through a journal", "Nov 22 11:52:42 lb1 haproxy[1]: [NOTICE]   (1) : New worker (8) forked",
	 "2000-11-22T11:52:42.000000Z yearless INFO2 pid=1 message=New worker (8) forked"},
	{"no server available", "<128>Nov 22 11:52:42 localhost haproxy[15985]: backend be_shop has no server available!",
	 "2000-11-22T11:52:42.000000Z yearless FATAL be=be_shop pid=15985 message=backend be_shop has no server available!"},
	{"the name in quotes", "[ALERT]    (15985) : backend 'be_shop' has no server available!",
	 "no time ERROR3 be=be_shop pid=15985 message=backend 'be_shop' has no server available!"},
	{"a backup server", "Nov 22 11:52:42 lb1 haproxy[1]: Backup Server b/s is UP, reason: Layer4 check passed",
	 "2000-11-22T11:52:42.000000Z yearless  be=b srv=s pid=1 message=Backup Server b/s is UP, reason: Layer4 check passed"},
	{"a check that failed", "Nov 22 11:52:42 lb1 haproxy[1]: Health check for backup server b/s failed, reason: Layer4 timeout",
	 "2000-11-22T11:52:42.000000Z yearless  be=b srv=s pid=1 message=Health check for backup server b/s failed, reason: Layer4 timeout"},
	{"an error of a connection: the header's second, but not before its accept",
	 "Feb 26 23:08:47 lb1 haproxy[7]: 178.203.144.192:50210 [26/Feb/2019:23:08:47.266] prod_http_in/slsp: Connection closed during SSL handshake",
	 "2019-02-26T23:08:47.266000Z  client=178.203.144.192 port=50210 fe=prod_http_in pid=7 message=Connection closed during SSL handshake"},
	{"the manual's, 52 minutes later", "Dec  3 18:27:14 localhost haproxy[6103]: 127.0.0.1:56059 [03/Dec/2012:17:35:10.380] frt/f1: Connection error during SSL handshake",
	 "2012-12-03T18:27:14.000000Z  client=127.0.0.1 port=56059 fe=frt pid=6103 message=Connection error during SSL handshake"},
	{"over New Year", "Jan  1 00:00:01 l haproxy[6]: 127.0.0.1:5 [31/Dec/2012:23:59:59.380] frt/f1: Timeout during SSL handshake",
	 "2013-01-01T00:00:01.000000Z  client=127.0.0.1 port=5 fe=frt pid=6 message=Timeout during SSL handshake"},
	{"without a header it is when it was accepted", "::1:5 [22/Nov/2026:17:30:12.731] proxyproto/1: Received something which does not look like a PROXY protocol header",
	 "2026-11-22T17:30:12.731000Z  client=::1 port=5 fe=proxyproto message=Received something which does not look like a PROXY protocol header"},
	{"the default format", "Feb  6 12:12:09 localhost haproxy[14385]: Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)",
	 "2000-02-06T12:12:09.000000Z yearless  client=10.0.1.2 port=33312 to=10.0.3.31 fe=www pid=14385 message=Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)"},
	{"a proxy", "Feb 26 10:00:47 192.168.8.2 haproxy[7]: Stopping frontend prod_http_in in 0 ms.",
	 "2000-02-26T10:00:47.000000Z yearless  pid=7 message=Stopping frontend prod_http_in in 0 ms."},
	{"words that others use too need its name", "Nov 22 11:52:43 lb1 sshd[1]: Server listening on 0.0.0.0 port 22.", "no"},
	{"and a server has a backend", "Nov 22 11:52:43 lb1 app[1]: Server x is DOWN", "no"},
	{"a line of a log-format is none", "Nov 22 11:52:43 lb1 haproxy[1]: 1.2.3.4:5 [22/Nov/2026:11:52:43.000] f b/s 1/0/1 9 -- 1/1/1/1/0 0/0", "no"},
	{"nothing", "", "no"},
};

int main(void)
{
	struct text t = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(rows[i].line, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
		bool ends = true;
		for (size_t n = 0; n < strlen(rows[i].line); n++) {
			struct syslog_header h;
			struct record r;
			struct span cut = patterns_exact((struct span){rows[i].line, n});
			record_clear(&r);
			syslog_scan(cut, NULL, &h);
			bool taken = haproxynotice_scan(&h, NULL, &r);
			struct span message = record_get(&r, FIELD_MESSAGE);
			ends &= !taken || message.at + message.len == cut.at + cut.len;
			memory_free((void *)cut.at);
		}
		FACT(ends, "of a cut line the message is the end");
	}
	text_release(&t);
	return unit_done();
}
