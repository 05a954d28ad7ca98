/* syslogstamp: each shape as its server writes it (facts of RFC 3164, RFC 3339, journalctl(1) -o, Cisco's and OpenWrt's logs). Instants by Python's
 * calendar.timegm(). */
#include "carry/syslogstamp.h"

#include "unit.h"

#define UTC_S INT64_C(1795348363)       /* 2026-11-22 11:52:43 */
#define YEARLESS_22_S INT64_C(974893963) /* 2000-11-22 11:52:43: stamps without a year are of 2000 */
#define YEARLESS_2_S INT64_C(973165963)  /* 2000-11-02 11:52:43 */

struct wanted {
	const char *fact, *line;
	enum syslog_shape shape;
	size_t len; /* 0: it is none */
	int64_t s, us, resolution_us;
	enum stamp_zone zone;
	bool yearless;
};

static const struct wanted stamps[] = {
	{"RFC 3164", "Nov 22 11:52:43 web1 nginx: x", SYSLOG_MONTH, 15, YEARLESS_22_S, 0, 1000000, STAMP_NONE, true},
	{"a day of one digit behind two blanks", "Nov  2 11:52:43 web1", SYSLOG_MONTH, 15, YEARLESS_2_S, 0, 1000000, STAMP_NONE, true},
	{"and behind one", "Nov 2 11:52:43 web1", SYSLOG_MONTH, 14, YEARLESS_2_S, 0, 1000000, STAMP_NONE, true},
	{"with decimals", "Nov 22 11:52:43.803 web1", SYSLOG_MONTH, 19, YEARLESS_22_S, 803000, 1000, STAMP_NONE, true},
	{"Cisco's year behind the day", "Nov 22 2026 11:52:43 rtr", SYSLOG_MONTH, 20, UTC_S, 0, 1000000, STAMP_NONE, false},
	{"a year behind the clock", "Nov 22 11:52:43 2026 rtr", SYSLOG_MONTH, 20, UTC_S, 0, 1000000, STAMP_NONE, false},
	{"RFC 3339", "2026-11-22T12:52:43.803123+01:00 web1", SYSLOG_ISO, 32, UTC_S, 803123, 1, STAMP_EXPLICIT, false},
	{"short-iso of journald", "2026-11-22T12:52:43+0100 web1", SYSLOG_ISO, 24, UTC_S, 0, 1000000, STAMP_EXPLICIT, false},
	{"short-full of journald", "Sun 2026-11-22 11:52:43.803123 UTC web1", SYSLOG_WEEKDAY, 34, UTC_S, 803123, 1, STAMP_EXPLICIT, false},
	{"ctime", "Sun Nov 22 11:52:43 2026 kern.info", SYSLOG_CTIME, 24, UTC_S, 0, 1000000, STAMP_NONE, false},
	{"short-unix of journald", "1795348363.803123 web1", SYSLOG_UNIX, 17, UTC_S, 803123, 1, STAMP_EXPLICIT, false},
	{"java.util.logging is none", "Nov 22, 2026 4:15:11 PM org.x.Y z", SYSLOG_NONE, 0, 0, 0, 0, STAMP_NONE, false},
	{"nor is nginx", "2026/11/22 11:52:43 [error] 7#7: x", SYSLOG_NONE, 0, 0, 0, 0, STAMP_NONE, false},
	{"nor a word", "November 22", SYSLOG_NONE, 0, 0, 0, 0, STAMP_NONE, false},
	{"no line is too short to ask", "N", SYSLOG_NONE, 0, 0, 0, 0, STAMP_NONE, false},
	{"a day that no month has", "Nov 31 11:52:43 web1", SYSLOG_MONTH, 0, 0, 0, 0, STAMP_NONE, true},
	{"an hour that no day has", "Nov 22 25:52:43 web1", SYSLOG_MONTH, 0, 0, 0, 0, STAMP_NONE, true},
};

int main(void)
{
	struct stamp_cache cache = {.len = 0};
	for (int cached = 0; cached < 3; cached++)
		for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
			const struct wanted *w = &stamps[i];
			struct span line = span_of(w->line);
			struct stamp got = {0};
			enum syslog_shape shape = syslogstamp_shape(line);
			size_t len = syslogstamp_scan(line, shape, cached ? &cache : NULL, &got);
			bool right = len == w->len && (shape == w->shape || !len);
			if (right && len)
				right = got.time_us == w->s * 1000000 + w->us && got.resolution_us == w->resolution_us && got.zone == w->zone &&
					got.yearless == w->yearless;
			if (!FACT(right, w->fact))
				printf("shape %d len %zu time %lld resolution %lld zone %d yearless %d\n", (int)shape, len, (long long)got.time_us,
				       (long long)got.resolution_us, (int)got.zone, got.yearless);
		}
	return unit_done();
}
