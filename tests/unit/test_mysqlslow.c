#include "split/mysqlslow.h"

#include "random.h"
#include "unit.h"

#include "base/memory.h"

/* Blocks of several generations. Times are the epochs that the blocks print, or Python's of their dates; MariaDB's are of a server of
 * version 10.11 under `select sleep(4.0)`, which began at 1795375898.2 and ended at 1795375902.2. NULL: unset. */
static const struct {
	const char *fact, *text;
	int64_t us, duration_us;
	enum stamp_zone zone;
	const char *thread, *user, *client, *database, *statement;
} blocks[] = {
	{"MySQL 5.7: when it was logged, to the microsecond",
	 "# Time: 2017-04-28T09:07:39.738365Z\n# User@Host: app[app] @ web1 [10.0.0.7]  Id: 10997316\n"
	 "# Query_time: 4.071491  Lock_time: 0.000212 Rows_sent: 1000  Rows_examined: 1489615\nSET timestamp=1493370459;\n"
	 "SELECT a\n   FROM b\n  LIMIT 1000;",
	 1493370459738365, 4071491, STAMP_EXPLICIT, "10997316", "app", "10.0.0.7", NULL, "SELECT a\n   FROM b\n  LIMIT 1000"},
	{"MySQL 5.6: SET timestamp has a zone, \"# Time\" has none",
	 "# Time: 160907  3:10:22\n# User@Host: rw[rw] @  [10.96.81.110]  Id: 1394495950\n# Schema: shop  Last_errno: 0  Killed: 0\n"
	 "# Query_time: 1.294391  Lock_time: 0.000119  Rows_sent: 4049  Rows_examined: 4049  Rows_affected: 0\n"
	 "# Bytes_sent: 153824  Tmp_tables: 1\n# InnoDB_trx_id: A569C193C7\nSET timestamp=1473217822;\nSELECT 1;",
	 1473217822000000, 1294391, STAMP_EXPLICIT, "1394495950", "rw", "10.96.81.110", "shop", "SELECT 1"},
	{"no time but in \"# Time\"", "# Time: 160907  3:10:22\n# Query_time: 0.5", 1473217822000000, 500000, STAMP_NONE, NULL, NULL, NULL, NULL, NULL},
	{"MariaDB prints the start, and names no host of a socket",
	 "# User@Host: [root] @ localhost []\n# Thread_id: 3  Schema:   QC_hit: No\n# Query_time: 4.000264  Lock_time: 0.000000  Rows_sent: 1"
	 "  Rows_examined: 0\n# Rows_affected: 0  Bytes_sent: 65\nSET timestamp=1795375898;\nselect sleep(4.0);",
	 1795375902000264, 4000264, STAMP_EXPLICIT, "3", "root", "localhost", NULL, "select sleep(4.0)"},
	{"MySQL 8.0: SET timestamp is the start, \"# Time\" the end",
	 "# Time: 2019-03-24T14:04:53.713951Z\n# User@Host: root[root] @ localhost []  Id:    16\n"
	 "# Query_time: 2.631844  Lock_time: 0.000145 Rows_sent: 10  Rows_examined: 3145718 Thread_id: 16 Errno: 1317 Killed: 0 "
	 "Start: 2019-03-24T14:04:51.082107Z End: 2019-03-24T14:04:53.713951Z\nuse employees;\nSET timestamp=1553436291;\nSELECT 1;",
	 1553436293713951, 2631844, STAMP_EXPLICIT, "16", "root", "localhost", "employees", "SELECT 1"},
	{"a table that is explained; a line of the statement that looks like a comment",
	 "# User@Host: a[a] @ h [1.1.1.1]\n# Thread_id: 2  Schema: d  QC_hit: No\n# Query_time: 0  Lock_time: 0\n#\n# explain: id\ttype\n"
	 "# explain: 1\tSIMPLE: x\n#\nSET timestamp=1384261412;\nselect 1\n# why: x\nfrom t;",
	 1384261412000000, 0, STAMP_EXPLICIT, "2", "a", "1.1.1.1", "d", "select 1\n# why: x\nfrom t"},
	{"a command without a statement",
	 "# Time: 2026-11-22T11:15:12.123456Z\n# User@Host: a[a] @ h []  Id: 7\n# Query_time: 0.1 Lock_time: 0\nSET timestamp=1795346112;\n"
	 "# administrator command: Quit;",
	 1795346112123456, 100000, STAMP_EXPLICIT, "7", "a", "h", NULL, "administrator command: Quit"},
	{"what the server writes when it opens the file",
	 "# User@Host: rdsadmin[rdsadmin] @ localhost [127.0.0.1]  Id:     1\n# Query_time: 0.000439  Lock_time: 0\nSET timestamp=1476901800;\n"
	 "select @@session.tx_read_only;\n/rdsdbbin/mysql/bin/mysqld, Version: 5.6.22-log (MySQL Community Server (GPL)). started with:\n"
	 "Tcp port: 3306  Unix socket: /tmp/mysql.sock\nTime                 Id Command    Argument",
	 1476901800000000, 439, STAMP_EXPLICIT, "1", "rdsadmin", "127.0.0.1", NULL, "select @@session.tx_read_only"},
	{"other variables are set with the time; decimals", "# User@Host: a[a] @ h []\n# Query_time: 1\nuse `my db`;\nuse `mydb`;\n"
	 "SET last_insert_id=2,insert_id=5,timestamp=1476901800.250000;\ninsert into t values (1);",
	 1476901800250000, 1000000, STAMP_EXPLICIT, NULL, "a", "h", "mydb", "insert into t values (1)"},
	{"a statement that was cut off", "# Time: 2016-04-01T00:31:09.817887Z\nSELECT * FROM a WHERE\n# User@Host: u @ hostfoo [192.168.2.1]  Id: 6\nSELECT 2;",
	 1459470669817887, -1, STAMP_EXPLICIT, "6", "u", "192.168.2.1", NULL, "SELECT 2"},
	{"only a database was chosen", "# Time: garbage\nSET timestamp=1459470669;\nuse someDB;", 1459470669000000, -1, STAMP_EXPLICIT, NULL, NULL, NULL,
	 "someDB", "use someDB"},
	{"an anonymous proxy's user", "# User@Host: [x] @  []\n# Query_time: 1\nSET timestamp=1459470669;\n", 1459470669000000, 1000000, STAMP_EXPLICIT,
	 NULL, "x", NULL, NULL, NULL},
};

static void is(const struct record *r, enum field field, const char *wanted, const char *name)
{
	struct span got = record_get(r, field);
	if (!FACT(wanted ? span_equal(got, span_of(wanted)) : !record_has(r, field), name))
		printf("%s is \"%.*s\"\n", field_name(field), (int)got.len, got.at ? got.at : "");
}

static bool scan(struct span text, struct extras *extras, struct scanner_room *room, struct record *r)
{
	room->extras = extras;
	extras_clear(extras);
	record_clear(r);
	r->resolution_us = 0;
	return mysqlslow_scan(text, room, r);
}

static void test_blocks(void)
{
	struct scanner_room room = {0};
	struct record r;
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		FACT(scan(span_of(blocks[i].text), NULL, &room, &r), blocks[i].fact);
		FACT(r.time_us == blocks[i].us && r.zone == blocks[i].zone && r.duration_us == blocks[i].duration_us, blocks[i].fact);
		is(&r, FIELD_THREAD_ID, blocks[i].thread, blocks[i].fact);
		is(&r, FIELD_USER, blocks[i].user, blocks[i].fact);
		is(&r, FIELD_CLIENT, blocks[i].client, blocks[i].fact);
		is(&r, FIELD_DATABASE, blocks[i].database, blocks[i].fact);
		is(&r, FIELD_STATEMENT, blocks[i].statement, blocks[i].fact);
	}
	text_release(&room.text);
}

static void test_columns(void)
{
	struct extras extras = {0};
	struct scanner_room room = {0};
	struct record r;
	struct text got = {0};
	FACT(scan(SPAN("# Time: 160907  3:10:22\n# User@Host: rw[rw] @ h [10.0.0.1]  Id: 9\n# Schema:   Last_errno: 1317\n"
		       "# InnoDB_trx_id: A5\n# QC_Hit: Yes\n#   InnoDB_IO_r_wait: 0.5\n# No InnoDB statistics available for this query\n"
		       "# Stored routine: d.p\nSELECT 1 # Rows_sent: 7"),
		  &extras, &room, &r),
	     "a block with columns");
	for (size_t i = 0; i < extras.n; i++) {
		text_append(&got, extras.items[i].name);
		text_append_byte(&got, '=');
		text_append(&got, extras.items[i].value);
		text_append_byte(&got, '|');
	}
	TEXT_IS(got.at,
		"mysql.slowlog.host=h|mysql.slowlog.id=9|mysql.slowlog.schema=|mysql.slowlog.last_errno=1317|mysql.slowlog.transaction_id=A5|"
		"mysql.slowlog.query_cache_hit=Yes|mysql.slowlog.innodb_io_r_wait=0.5|mysql.slowlog.routine=d.p|",
		"columns are extras, in small letters");
	is(&r, FIELD_ERROR_CODE, "1317", "an error that ended the statement");
	text_clear(&got);
	text_append(&got, SPAN("# Time: 160907  3:10:22\n#"));
	for (int i = 0; i < 100; i++)
		text_append(&got, SPAN(" a_column_of_forty_letters_is_still_taken: 1"));
	FACT(scan(text_span(&got), &extras, &room, &r) == false && !extras.n, "no user, no duration: no block");
	text_append(&got, SPAN("\n# Query_time: 1"));
	FACT(scan(text_span(&got), &extras, &room, &r) && extras.n == LIMIT_EXTRAS && extras.more == 37 && r.duration_us == 1000000,
	     "more columns than are kept are counted");
	text_release(&got);
	text_release(&room.text);
}

static void test_unfinished(void)
{
	static const char *const open[] = {"# Time: 160907  3:10:22", "# User@Host: a[a] @ h []", "# Time: x\n# User@Host: a[a] @ h []\n# Query_time: 1"};
	static const char *const closed[] = {"", "# a comment", "# Time", "# Time: x\n# Time: y", "# User@Host: a\n", "SELECT 1",
					     "# User@Host: a[a] @ h []\n# User@Host: a[a] @ h []"};
	struct scanner_room room = {0};
	struct record r;
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		FACT(mysqlslow_unfinished(span_of(open[i])) && !scan(span_of(open[i]), NULL, &room, &r) && !r.has, open[i]);
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		FACT(!mysqlslow_unfinished(span_of(closed[i])) && !scan(span_of(closed[i]), NULL, &room, &r) && !r.has, closed[i]);
	FACT(mysqlslow_begins(SPAN("# User@Host: a[a] @ h []")) && mysqlslow_begins(SPAN("# Time: 160907  3:10:22")), "two lines begin a block");
	FACT(!mysqlslow_begins(SPAN("# Query_time: 1")) && !mysqlslow_begins(SPAN("# Times: 7")), "others do not");
}

/* Blocks that are cut or changed: all fields lie in memory that ends with them (checked where the tests run with sanitizers). */
static void test_hostile(void)
{
	bool inside = true;
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		size_t whole = strlen(blocks[i].text);
		for (size_t round = 0; round < 400; round++) {
			size_t len = round % 2 ? whole : random_next() % (whole + 1);
			struct text copy = {0};
			struct scanner_room room = {0};
			struct extras extras = {0};
			struct record r;
			text_append(&copy, (struct span){blocks[i].text, len});
			for (size_t k = 0; len && k < round % 4; k++)
				copy.at[random_next() % len] = "\n:#; ='[@\xFF"[random_next() % 10];
			scan(text_span(&copy), &extras, &room, &r);
			for (uint64_t bits = r.has; bits; bits &= bits - 1) {
				struct span v = r.field[__builtin_ctzll(bits)];
				inside &= v.at >= copy.at && v.at + v.len <= copy.at + copy.len;
			}
			text_release(&copy);
			text_release(&room.text);
		}
	}
	FACT(inside, "changed blocks never give a field outside of the entry");
}

int main(void)
{
	test_blocks();
	test_columns();
	test_unfinished();
	test_hostile();
	return unit_done();
}
