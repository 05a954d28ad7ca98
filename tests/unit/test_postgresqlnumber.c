#include "split/postgresqlnumber.h"

#include "patterns.h"
#include "unit.h"

/* A message of the server, a metric, and its value; -1: none. */
struct fact {
	const char *fact, *message;
	enum metric metric;
	int64_t value;
};

static const struct fact facts[] = {
	{"a checkpoint of 15",
	 "checkpoint complete: wrote 4521 buffers (27.6%); 0 WAL file(s) added, 0 removed, 1 recycled; write=26.870 s, sync=0.004 s, "
	 "total=26.902 s; sync files=55, longest=0.002 s, average=0.001 s; distance=24576 kB, estimate=24576 kB",
	 METRIC_DB_CHECKPOINT_TIME, 26902000},
	{"of 17",
	 "checkpoint complete: wrote 3 buffers (0.0%), wrote 2 SLRU buffers; 0 WAL file(s) added, 0 removed, 0 recycled; write=0.001 s, "
	 "sync=0.001 s, total=0.007 s; sync files=3",
	 METRIC_DB_CHECKPOINT_TIME, 7000},
	{"a restartpoint", "restartpoint complete: wrote 1 buffers (0.0%); write=0.1 s, sync=0.0 s, total=0.4 s; sync files=0",
	 METRIC_DB_CHECKPOINT_TIME, 400000},
	{"one that begins has no time", "checkpoint starting: time", METRIC_DB_CHECKPOINT_TIME, -1},
	{"a vacuum",
	 "automatic vacuum of table \"shop.public.elapsed: 9 s\": index scans: 0\n\tpages: 0 removed\n\tsystem usage: CPU: user: 0.01 s, "
	 "system: 0.00 s, elapsed: 0.05 s",
	 METRIC_DB_AUTOVACUUM_TIME, 50000},
	{"an aggressive one", "automatic aggressive vacuum to prevent wraparound of table \"a.b.c\": index scans: 0\n\tsystem usage: CPU: "
			      "user: 0.01 s, system: 0.00 s, elapsed: 3600.05 s",
	 METRIC_DB_AUTOVACUUM_TIME, 3600050000},
	{"an analyze", "automatic analyze of table \"a.b.c\"\n\tsystem usage: CPU: user: 0.01 s, system: 0.00 s, elapsed: 0.05 s",
	 METRIC_DB_AUTOVACUUM_TIME, 50000},
	{"of 9.6", "automatic analyze of table \"a.b.c\" system usage: CPU 0.00s/0.01u sec elapsed 1.05 sec", METRIC_DB_AUTOVACUUM_TIME,
	 1050000},
	{"a vacuum whose end was cut off", "automatic vacuum of table \"a.b.c\": index scans: 0", METRIC_DB_AUTOVACUUM_TIME, -1},
	{"a temporary file", "temporary file: path \"base/pgsql_tmp/pgsql_tmp25.0\", size 140115968", METRIC_DB_TEMP_FILE, 140115968},
	{"one of no size", "temporary file: path \"base/pgsql_tmp/pgsql_tmp25.0\", size large", METRIC_DB_TEMP_FILE, -1},
	{"a standby of 13",
	 "hot standby is not possible because max_connections = 50 is a lower setting than on the primary server (its value was 100)",
	 METRIC_DB_LIMIT, 50},
	{"another setting",
	 "hot standby is not possible because max_worker_processes = 8 is a lower setting than on the primary server (its value was 16)",
	 METRIC_DB_LIMIT, -1},
	{"something else", "automatic", METRIC_DB_AUTOVACUUM_TIME, -1},
	{"nothing", "", METRIC_DB_LIMIT, -1},
};

static bool is(const struct record *r, enum metric metric, int64_t value)
{
	return value < 0 ? !r->metrics : r->metrics == UINT32_C(1) << metric && r->metric[metric] == value;
}

int main(void)
{
	struct record r;
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		record_clear(&r);
		postgresqlnumber_message(patterns_kept(span_of(facts[i].message)), &r);
		FACT(is(&r, facts[i].metric, facts[i].value), facts[i].fact);
	}
	record_clear(&r);
	postgresqlnumber_detail(patterns_kept(SPAN("max_connections = 100 is a lower setting than on the primary server, where its value "
						   "was 200.")), &r);
	FACT(is(&r, METRIC_DB_LIMIT, 100), "the DETAIL of a standby of 14 and later");
	record_clear(&r);
	postgresqlnumber_detail(patterns_kept(SPAN("max_connections = 100")), &r);
	FACT(!r.metrics, "any other detail says nothing");
	return unit_done();
}
