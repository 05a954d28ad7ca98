#include "split/mysqlerror.h"
#include "split/mysqlstamp.h"

#include "random.h"
#include "unit.h"

#include "base/memory.h"

/* The stamps of three generations of servers (sql/log.cc); instants by Python's datetime. */
static const struct {
	const char *text;
	size_t len;
	int64_t us, resolution_us;
	enum stamp_zone zone;
} stamps[] = {
	{"161209 14:18:50 [Note]", 15, 1481293130000000, 1000000, STAMP_NONE},
	{"161209  4:18:50 [Note]", 15, 1481257130000000, 1000000, STAMP_NONE},
	{"980101 00:00:00 x", 15, 883612800000000, 1000000, STAMP_NONE},
	{"040116 00:31:09.817887", 22, 1074213069817887, 1, STAMP_NONE},
	{"2016-12-09  4:18:50 0", 19, 1481257130000000, 1000000, STAMP_NONE},
	{"2016-12-09 14:18:50 0", 19, 1481293130000000, 1000000, STAMP_NONE},
	{"2016-12-09T14:18:50.123456Z 0", 27, 1481293130123456, 1, STAMP_EXPLICIT},
	{"2016-12-09T15:18:50.123456+01:00 0", 32, 1481293130123456, 1, STAMP_EXPLICIT},
};
static const char *const no_stamps[] = {
	"161309 14:18:50 x", "161232 14:18:50 x", "161209 24:18:50 x", "161209 14:60:50 x", "161209 14:18:501", "1612091 14:18:50",
	"16 209 14:18:50", "161209 14:18", "2016-12-09", "2016-13-09  4:18:50", "2016/12-09  4:18:50", "",
};

static void test_stamps(void)
{
	for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
		struct stamp stamp = {0};
		struct stamp_cache cache = {0};
		FACT(mysqlstamp_scan(span_of(stamps[i].text), &cache, &stamp) == stamps[i].len && stamp.time_us == stamps[i].us &&
			     stamp.resolution_us == stamps[i].resolution_us && stamp.zone == stamps[i].zone, stamps[i].text);
	}
	for (size_t i = 0; i < sizeof no_stamps / sizeof *no_stamps; i++) {
		struct stamp stamp;
		FACT(!mysqlstamp_scan(span_of(no_stamps[i]), NULL, &stamp), no_stamps[i]);
	}
}

/* Messages as the servers' sources have them; NULL: unset. */
static const struct {
	const char *message, *user, *client, *database, *server;
} messages[] = {
	{"Aborted connection 11 to db: 'shop' user: 'app' host: '10.0.0.7' (Got timeout reading communication packets)", "app", "10.0.0.7", "shop", NULL},
	{"Aborted connection 11 to db: 'unconnected' user: 'unauthenticated' host: 'connecting host' (CLOSE_CONNECTION)", NULL, NULL, NULL, NULL},
	{"Access denied for user 'root'@'localhost' (using password: YES)", "root", "localhost", NULL, NULL},
	{"/usr/sbin/mysqld: Forcing close of thread 14  user: 'sherlock'", "sherlock", NULL, NULL, NULL},
	{"Server socket created on IP: '::'.", NULL, NULL, NULL, "::"},
	{"Access denied for user 'ro", NULL, NULL, NULL, NULL},
	{"ready\nAccess denied for user 'root'@'localhost'", NULL, NULL, NULL, NULL},
};

static void is(const struct record *r, enum field field, const char *wanted, const char *name)
{
	struct span got = record_get(r, field);
	FACT(wanted ? span_equal(got, span_of(wanted)) : !record_has(r, field), name);
}

static void test_messages(void)
{
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct record r;
		record_clear(&r);
		mysqlerror_message(span_of(messages[i].message), &r);
		is(&r, FIELD_USER, messages[i].user, messages[i].message);
		is(&r, FIELD_CLIENT, messages[i].client, messages[i].message);
		is(&r, FIELD_DATABASE, messages[i].database, messages[i].message);
		is(&r, FIELD_SERVER, messages[i].server, messages[i].message);
	}
}

static void test_codes(void)
{
	struct extras extras = {0};
	struct scanner_room room = {.extras = &extras};
	struct record r;
	record_clear(&r);
	FACT(mysqlerror_scan(SPAN("2026-11-22T11:15:12Z 0 [Note] [MY-010914] [Server] x"), &room, &r), "an entry of 8.0");
	is(&r, FIELD_ERROR_CODE, "MY-010914", "its code");
	is(&r, FIELD_THREAD_ID, "0", "its thread");
	FACT(extras.n == 1 && span_equal(extras.items[0].value, SPAN("Server")), "its subsystem is an extra");
	extras_clear(&extras);
	record_clear(&r);
	FACT(mysqlerror_scan(SPAN("2026-11-22T11:15:12Z 0 [Note] [MY-01091"), &room, &r) && !record_has(&r, FIELD_ERROR_CODE) && !extras.n,
	     "a code that is cut off is none");
}

/* Whatever is cut off or changed, nothing is read behind the end (memory checked where the tests run with sanitizers). */
static void test_cut(void)
{
	static const char *const entries[] = {
		"2026-11-22T11:15:12.123456+01:00 0 [System] [MY-010116] [Server] Aborted connection 1 to db: 'a' user: 'b' host: 'c'",
		"161209 14:18:50 [Note] Access denied for user 'root'@'localhost'", "2026-11-22 11:15:12 0x7f INNODB MONITOR OUTPUT",
		"2026-11-22T11:15:12Z UTC - mysqld got signal 6 ;",
	};
	bool fine = true;
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		for (size_t len = 0; len <= strlen(entries[i]); len++) {
			struct scanner_room room = {0};
			struct record r;
			char *copy = memory_new(1, len + 1);
			memcpy(copy, entries[i], len);
			if (len)
				copy[random_next() % len] = (char)(random_next() & 255);
			record_clear(&r);
			struct text exact = {0};
			text_append(&exact, (struct span){copy, len});
			bool taken = mysqlerror_scan(text_span(&exact), &room, &r);
			fine &= taken || !r.has;
			text_release(&exact);
			memory_free(copy);
		}
	}
	FACT(fine, "an entry that is none leaves the record clear");
}

static void test_goes_on(void)
{
	FACT(mysqlerror_goes_on(SPAN("stack_bottom = 7f3a00000000 thread_stack 0x100000")) && mysqlerror_goes_on(SPAN("Thread pointer: 0x0")) &&
		     mysqlerror_goes_on(SPAN("It is possible that mysqld could use up to")),
	     "lines of a crash go on with its entry");
	FACT(!mysqlerror_goes_on(SPAN("{\"level\":30,\"time\":1795346105000,\"msg\":\"x\"}")) &&
		     !mysqlerror_goes_on(SPAN("Nov 22 11:15:07 lb1 haproxy[99]: x")),
	     "a line with another program's stamp does not");
}

int main(void)
{
	test_goes_on();
	test_stamps();
	test_messages();
	test_codes();
	test_cut();
	return unit_done();
}
