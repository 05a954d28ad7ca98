#include "carry/syslog.h"

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

/* What a server's header is, and what only looks so: "level|time zone|host|process|pid|message", "" when it is none. */
static void describe_unwrapped(const char *line, struct text *t)
{
	struct syslog_header h;
	char time[32];
	text_clear(t);
	if (!syslog_unwrap(patterns_kept(span_of(line)), NULL, &h))
		return;
	text_format(t, "%d|", h.priority);
	if (h.has_stamp)
		text_format(t, "%s %s", instant_format(h.stamp.time_us, time), h.stamp.zone == STAMP_EXPLICIT ? "utc" : "civil");
	text_format(t, "|%.*s|%.*s|%.*s|%.*s", (int)h.host.len, h.host.at, (int)h.process.len, h.process.at, (int)h.pid.len,
		    h.pid.at, (int)h.message.len, h.message.at);
}

static const struct {
	const char *name, *line, *wanted;
} servers[] = {
	/* RFC 3164 section 5.4, RFC 5424 section 6.5 */
	{"RFC 3164, example 1", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
	 "34|2000-10-11T22:14:15.000000Z civil|mymachine|su||'su root' failed for lonvick on /dev/pts/8"},
	{"RFC 3164, example 2: no tag", "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!", "13|2000-02-05T17:32:18.000000Z civil|10.0.0.99|||Use the BFG!"},
	{"RFC 3164, example 3 but its year", "<165>Aug 24 05:34:00 mymachine myproc[10]: %% It's time", "165|2000-08-24T05:34:00.000000Z civil|mymachine|myproc|10|%% It's time"},
	{"RFC 5424, example 1", "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xEF\xBB\xBF'su root' failed",
	 "34|2003-10-11T22:14:15.003000Z utc|mymachine.example.com|su||'su root' failed"},
	{"RFC 5424, example 4: no message", "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\"]",
	 "165|2003-10-11T22:14:15.003000Z utc|mymachine.example.com|evntslog||"},
	{"RFC 5424 in a file without priorities", "1 2003-10-11T22:14:15.003Z h a 12 - - x", "-1|2003-10-11T22:14:15.003000Z utc|h|a|12|x"},
	{"a day of one digit and one blank", "Feb 5 17:32:18 h a: x", "-1|2000-02-05T17:32:18.000000Z civil|h|a||x"},
	{"a day with a zero", "Feb 05 17:32:18 h a: x", "-1|2000-02-05T17:32:18.000000Z civil|h|a||x"},
	{"an address of version 6", "Feb 05 17:32:18 2001:db8::1 a[2]: x", "-1|2000-02-05T17:32:18.000000Z civil|2001:db8::1|a|2|x"},
	{"an address in brackets", "Feb 05 17:32:18 [2001:db8::1] a[2]: x", "-1|2000-02-05T17:32:18.000000Z civil|[2001:db8::1]|a|2|x"},
	{"no host", "Feb 05 17:32:18 su: x", "-1|2000-02-05T17:32:18.000000Z civil||su||x"},
	{"no host, two blanks", "Feb  9 21:20:08  sshd[8317]: last message repeated 2 times", "-1|2000-02-09T21:20:08.000000Z civil||sshd|8317|last message repeated 2 times"},
	{"a tag with a slash", "Mar 16 00:01:25 evita postfix/smtpd[1713]: x", "-1|2000-03-16T00:01:25.000000Z civil|evita|postfix/smtpd|1713|x"},
	{"syslogd's own words", "Mar 16 00:01:25 evita last message repeated 3 times", "-1|2000-03-16T00:01:25.000000Z civil|evita|||last message repeated 3 times"},
	{"macOS's own words", "Mar 16 00:01:25 --- last message repeated 3 times ---", "-1|2000-03-16T00:01:25.000000Z civil||||--- last message repeated 3 times ---"},
	{"a program whose name has a blank", "Nov 22 11:15:12 host1 my worker[17]: x", "-1|2000-11-22T11:15:12.000000Z civil|host1|my worker|17|x"},
	{"two blanks are a message's", "Nov 22 11:15:12 host1 down since worker[17]: x", "-1|2000-11-22T11:15:12.000000Z civil|host1|||down since worker[17]: x"},
	{"and so is a word that is no name", "Nov 22 11:15:12 host1 (x) worker[17]: x", "-1|2000-11-22T11:15:12.000000Z civil|host1|||(x) worker[17]: x"},
	{"macOS, a name with a blank", "Dec 13 11:55:57 mac Google Chrome[85294]: x", "-1|2000-12-13T11:55:57.000000Z civil|mac|Google Chrome|85294|x"},
	{"macOS, launchd for another", "Dec 13 11:55:57 mac com.apple.xpc.launchd[1] (com.apple.quicklook[22292]): x",
	 "-1|2000-12-13T11:55:57.000000Z civil|mac|com.apple.xpc.launchd[1] (com.apple.quicklook[22292])||x"},
	/* cisco.com: "service timestamps log datetime year msec"; ASA's system messages */
	{"Cisco's year", "<166>Nov 22 2026 11:52:43 asa1 : %ASA-6-302013: Built", "166|2026-11-22T11:52:43.000000Z civil|asa1|%ASA-6-302013||Built"},
	{"Cisco's year and host", "<166>Nov 22 2026 11:52:43 asa1: %ASA-6-302013: Built", "166|2026-11-22T11:52:43.000000Z civil|asa1|%ASA-6-302013||Built"},
	{"Cisco, no host", "<189>Nov 22 11:52:43.123: %SYS-5-CONFIG_I: Configured", "189|2000-11-22T11:52:43.123000Z civil||%SYS-5-CONFIG_I||Configured"},
	{"a year behind the clock", "Nov 22 11:52:43 2026 h a[1]: x", "-1|2026-11-22T11:52:43.000000Z civil|h|a|1|x"},
	/* busybox/sysklogd/syslogd.c; openwrt: ubox/log/logread.c */
	{"BusyBox", "Mar  2 23:24:28 router user.warn kernel: x", "12|2000-03-02T23:24:28.000000Z civil|router|kernel||x"},
	{"OpenWrt", "Sun Nov 22 11:52:43 2026 daemon.err uhttpd[1]: x", "27|2026-11-22T11:52:43.000000Z civil||uhttpd|1|x"},
	{"ESXi 8", "2022-06-02T05:34:23Z In(14)[+] hostprofile[100]: x", "14|2022-06-02T05:34:23.000000Z utc||hostprofile|100|x"},
	{"ESXi 6", "2016-11-14T09:49:23.123Z esx1.local Hostd: x", "-1|2016-11-14T09:49:23.123000Z utc|esx1.local|Hostd||x"},
	{"rsyslog's file format", "2026-11-22T17:30:07.303143+01:00 lb1 su: x", "-1|2026-11-22T16:30:07.303143Z utc|lb1|su||x"},
	/* journalctl 252 of one journal: -o short, short-precise, short-iso, short-iso-precise, short-full, short-unix, with-unit */
	{"short", "Nov 22 20:46:06 vm shop[77]: plain text", "-1|2000-11-22T20:46:06.000000Z civil|vm|shop|77|plain text"},
	{"short-precise", "Nov 22 20:46:06.498951 vm shop[77]: plain text", "-1|2000-11-22T20:46:06.498951Z civil|vm|shop|77|plain text"},
	{"short-iso", "2026-11-22T20:46:06+0100 vm shop[77]: plain text", "-1|2026-11-22T19:46:06.000000Z utc|vm|shop|77|plain text"},
	{"short-iso of the kernel", "2026-11-22T20:46:06+0100 vm kernel: x", "-1|2026-11-22T19:46:06.000000Z utc|vm|kernel||x"},
	{"short-iso-precise", "2026-11-22T20:46:06.498951+0100 vm shop[77]: plain text", "-1|2026-11-22T19:46:06.498951Z utc|vm|shop|77|plain text"},
	{"short-full", "Sun 2026-11-22 20:46:06 CET vm shop[77]: plain text", "-1|2026-11-22T19:46:06.000000Z utc|vm|shop|77|plain text"},
	{"short-full in a zone without a name", "Sun 2026-11-22 20:46:06 +0330 vm shop[77]: plain text", "-1|2026-11-22T17:16:06.000000Z utc|vm|shop|77|plain text"},
	{"short-unix", "1795376766.498951 vm shop[77]: plain text", "-1|2026-11-22T19:46:06.498951Z utc|vm|shop|77|plain text"},
	{"with-unit", "Sun 2026-11-22 20:46:06 CET vm nginx.service[77]: plain text", "-1|2026-11-22T19:46:06.000000Z utc|vm|nginx.service|77|plain text"},
	{"the journal's own lines are carried by nobody", "-- Boot a9aa6f0d0c424c9fb5c3912256d484df --", ""},
	{"short-monotonic has no date", "[23600.345439] vm shop[77]: plain text", ""},
	/* RFC 5424 section 6: what is not of its ABNF */
	{"a priority over 191", "<192>1 2003-10-11T22:14:15.003Z h a - - - x", ""},
	{"a priority with a zero", "<034>1 2003-10-11T22:14:15.003Z h a - - - x", ""},
	{"a version of zero", "<34>0 2003-10-11T22:14:15.003Z h a - - - x", ""},
	{"a version of four digits", "<34>1000 2003-10-11T22:14:15.003Z h a - - - x", ""},
	{"seven decimals", "<34>1 2003-10-11T22:14:15.0034567Z h a - - - x", ""},
	{"an offset without a colon", "<34>1 2003-10-11T22:14:15.003+0100 h a - - - x", ""},
	{"a stamp without an offset", "<34>1 2003-10-11T22:14:15.003 h a - - - x", ""},
	{"a stamp in small letters", "<34>1 2003-10-11t22:14:15.003z h a - - - x", ""},
	{"a day that does not exist", "<34>1 2003-02-29T22:14:15.003Z h a - - - x", ""},
	{"a name of 49 bytes", "<34>1 2003-10-11T22:14:15.003Z h aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa - - - x", ""},
	{"a name that is not ASCII", "<34>1 2003-10-11T22:14:15.003Z h \xC3\xA9 - - - x", ""},
	{"an id of 33 bytes", "<34>1 2003-10-11T22:14:15.003Z h a - iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii - x", ""},
	{"two elements of one name", "<34>1 2003-10-11T22:14:15.003Z h a - - [b][b] x", ""},
	{"a bracket in a value", "<34>1 2003-10-11T22:14:15.003Z h a - - [b c=\"]\"] x", ""},
	{"another escape in a value", "<34>1 2003-10-11T22:14:15.003Z h a - - [b c=\"\\n\"] x", ""},
	{"no blank behind the data", "<34>1 2003-10-11T22:14:15.003Z h a - - [b]x", ""},
	{"a name of an element with '='", "<34>1 2003-10-11T22:14:15.003Z h a - - [b=c] x", ""},
	{"only a priority", "<134>127.0.0.1:50302 [22", ""},
	/* programs' own lines */
	{"a level where the host should be", "2026-11-22T11:15:12Z ERROR main: x", ""},
	{"a level where the tag should be", "2026-11-22T11:15:12Z ERROR: x", ""},
	{"HAProxy's own stamp", "2026-11-22T17:30:07.303154+01:00 127.0.0.1:50302 [22", ""},
	{"dnf", "2019-06-16T14:09:08Z DDEBUG timer: config: 2 ms", ""},
	{"MySQL", "2026-11-22T11:15:12.836123Z 0 [Note] [MY-010116] x: y", ""},
	{"ESXi's vmkernel", "2022-06-02T02:16:57.414Z cpu31:100 opID=827cfaf)<unk>: x", ""},
	{"RethinkDB", "2020-02-21T09:49:24.426623100 0.017351s notice: x", ""},
	{"a program with nine decimals", "2020-02-21T09:49:24.426623100Z web worker: x", ""},
	{"Aerospike", "Nov 16 2020 13:41:29 GMT: INFO (drv_ssd): x", ""},
	{"java.util.logging", "Dec 30, 2020 11:30:40 AM org.apache.A <init>", ""},
	{"a month, a level", "Mar 16 08:12:04 WARN pool exhausted", ""},
	{"a month, a level with a colon", "Mar 16 08:12:04 WARN: pool exhausted", ""},
	{"squid", "1795376766.498    234 10.1.2.3 TCP_MISS/200 4 GET x", ""},
	{"a request's date", "22/Nov/2026:11:52:43 +0000 a b[1]: c", ""},
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
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
		describe_unwrapped(servers[i].line, &t);
		TEXT_IS(t.at, servers[i].wanted, servers[i].name);
	}
	text_release(&t);
	/* RFC 5424 section 6.2.1 */
	FACT(syslog_severity(0) == SEVERITY_FATAL && syslog_severity(3) == SEVERITY_ERROR && syslog_severity(4) == SEVERITY_WARN &&
		     syslog_severity(6) == SEVERITY_INFO && syslog_severity(-1) == SEVERITY_UNKNOWN,
	     "levels are severities");
	return unit_done();
}
