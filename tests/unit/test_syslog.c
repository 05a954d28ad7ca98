#include "parse/syslog.h"

#include "patterns.h"
#include "unit.h"

/* "level|time zone|host|process|pid|message" */
static void describe(const char *line, struct text *t)
{
	struct syslog_header h;
	char time[32];
	struct span copy = patterns_kept(span_of(line));
	syslog_scan(copy, NULL, &h);
	text_clear(t);
	text_format(t, "%d|", h.level);
	if (h.has_stamp)
		text_format(t, "%s %s", instant_format(h.stamp.time_us, time), h.stamp.zone == STAMP_EXPLICIT ? "utc" : "civil");
	text_format(t, "|%.*s|%.*s|%.*s|%.*s", (int)h.host.len, h.host.at, (int)h.process.len, h.process.at, (int)h.pid.len,
		    h.pid.at, (int)h.message.len, h.message.at);
}

static const struct {
	const char *name, *line, *wanted;
} rows[] = {
	{"RFC 3164 as a server writes it", "Feb  6 12:12:09 lb1 haproxy[14385]: hello", "-1|2000-02-06T12:12:09.000000Z civil|lb1|haproxy|14385|hello"},
	{"with its priority (130: local0.crit)", "<130>Feb 26 12:12:09 lb1 haproxy[1]: x", "2|2000-02-26T12:12:09.000000Z civil|lb1|haproxy|1|x"},
	{"without a host", "<134>Feb 26 12:12:09 haproxy[1]: x y", "6|2000-02-26T12:12:09.000000Z civil||haproxy|1|x y"},
	{"without a pid", "Feb 26 12:12:09 lb1 kernel: x", "-1|2000-02-26T12:12:09.000000Z civil|lb1|kernel||x"},
	{"an address as the host", "Feb 26 10:07:24 192.168.8.2 haproxy[1]: x", "-1|2000-02-26T10:07:24.000000Z civil|192.168.8.2|haproxy|1|x"},
	{"rsyslog's file format", "2026-11-22T17:30:07.303143+01:00 lb1 haproxy[7]: x", "-1|2026-11-22T16:30:07.303143Z utc|lb1|haproxy|7|x"},
	{"RFC 5424", "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 8710 ID47 - hello",
	 "5|2003-10-11T22:14:15.003000Z utc|mymachine.example.com|evntslog|8710|hello"},
	{"its structured data", "<165>1 2003-10-11T22:14:15.003Z h a - ID47 [exampleSDID@32473 iut=\"3\" s=\"a \\\"\\]\\\" b\"][p c=\"d\"] hello",
	 "5|2003-10-11T22:14:15.003000Z utc|h|a||hello"},
	{"its byte order mark", "<165>1 2003-10-11T22:14:15Z - a - - - \xEF\xBB\xBFhello", "5|2003-10-11T22:14:15.000000Z utc||a||hello"},
	{"structured data that does not end", "<165>1 2003-10-11T22:14:15Z - a - - [x y=\"]", "5||||" "|1 2003-10-11T22:14:15Z - a - - [x y=\"]"},
	{"only a stamp", "2026-11-22T17:30:07.303154+01:00 127.0.0.1:50302 [22", "-1|2026-11-22T16:30:07.303154Z utc||||127.0.0.1:50302 [22"},
	{"a priority and a stamp", "<6>2026-11-22T17:30:07+00:00 Server a/b is UP.", "6|2026-11-22T17:30:07.000000Z utc||||Server a/b is UP."},
	{"only a priority", "<134>127.0.0.1:50302 [22", "6|||||127.0.0.1:50302 [22"},
	{"no header", "2001:db8::1:50302 [22/Nov/2026:17:30:07.302] f b/s", "-1|||||2001:db8::1:50302 [22/Nov/2026:17:30:07.302] f b/s"},
	{"a priority over 191 is none", "<192>Feb 26 12:12:09 lb1 a: x", "-1|||||<192>Feb 26 12:12:09 lb1 a: x"},
	{"a date that is none", "Feb 31 12:12:09 lb1 a[1]: x y z", "-1|||||Feb 31 12:12:09 lb1 a[1]: x y z"},
	{"nothing", "", "-1|||||"},
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
			struct span cut = patterns_exact((struct span){rows[i].line, n});
			syslog_scan(cut, NULL, &h);
			ends &= h.message.at >= cut.at && h.message.at + h.message.len == cut.at + cut.len;
			memory_free((void *)cut.at);
		}
		FACT(ends, "of a cut line the message is the end");
	}
	text_release(&t);
	/* RFC 5424 section 6.2.1 */
	FACT(syslog_severity(0) == SEVERITY_FATAL && syslog_severity(3) == SEVERITY_ERROR && syslog_severity(4) == SEVERITY_WARN &&
		     syslog_severity(6) == SEVERITY_INFO && syslog_severity(-1) == SEVERITY_UNKNOWN,
	     "levels are severities");
	return unit_done();
}
