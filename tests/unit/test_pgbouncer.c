#include "split/pgbouncer.h"

#include "patterns.h"
#include "unit.h"

/* A message as one version wrote it (src/stats.c, src/main.c, src/client.c and src/util.c of its tag), and what it says. */
struct fact {
	const char *fact, *message, *says;
};

static const struct fact facts[] = {
	{"1.7's statistics", "Stats: 7 req/s, in 80 b/s, out 90 b/s,query 1234 us", "queries=7 received=80 sent=90 query=1234"},
	{"1.8 forgot a comma", "Stats: 1 xacts/s, 2 queries/s, in 3 B/s, out 4 B/s, xact 5 us, query 6 us wait time 52 us",
	 "transactions=1 queries=2 received=3 sent=4 transaction=5 query=6 wait=52"},
	{"1.9's", "stats: 1 xacts/s, 2 queries/s, in 3 B/s, out 4 B/s, xact 5 us, query 6 us, wait time 7 us",
	 "transactions=1 queries=2 received=3 sent=4 transaction=5 query=6 wait=7"},
	{"1.18's", "stats: 33 xacts/s, 34 queries/s, in 4531 B/s, out 4216 B/s, xact 1095628 us, query 1060337 us, wait 32464444 us",
	 "transactions=33 queries=34 received=4531 sent=4216 transaction=1095628 query=1060337 wait=32464444"},
	{"1.21's and later count prepared statements",
	 "stats: 1 xacts/s, 2 queries/s, 8 client parses/s, 9 server parses/s, 10 binds/s, in 3 B/s, out 4 B/s, xact 5 us, query 6 us, "
	 "wait 7 us",
	 "transactions=1 queries=2 received=3 sent=4 transaction=5 query=6 wait=7"},
	{"a number that does not fit is none", "stats: 99999999999999999999 xacts/s, 2 queries/s", "queries=2"},
	{"cut statistics say what is there", "stats: 1 xacts/s, 2 que", "transactions=1"},
	{"other units are not taken", "stats: 1 xacts/min, wait 7 ms", ""},
	{"a word that only begins like it", "statistics: 1 xacts/s", ""},
	{"1.8's limits", "File descriptor limit: 1024 (H:4096), max_client_conn: 100, max fds possible: 150", "limit=100"},
	{"1.9's limits", "file descriptor limit: 1024 (H:4096), max_client_conn: 100, max fds possible: 150", "limit=100"},
	{"1.11's limits", "kernel file descriptor limit: 20000 (hard: 20000); max_client_conn: 6, max expected fd use: 20", "limit=6"},
	{"a limit that is not said", "kernel file descriptor limit: 20000 (hard: 20000); max_client_conn: many", ""},
	{"whose connection", "C-0x55d0c0: db/user@10.0.0.1:41166 pooler error: x",
	 "session=C-0x55d0c0 database=db user=user client=10.0.0.1 port=41166 message=pooler error: x"},
	{"nobody's yet", "C-0x55d0c0: (nodb)/(nouser)@10.0.0.1:41166 closing because: x (age=0s)",
	 "session=C-0x55d0c0 client=10.0.0.1 port=41166 message=closing because: x (age=0s)"},
	{"IPv6", "C-0x1: db/u@[2001:db8::7]:4 x", "session=C-0x1 database=db user=u client=2001:db8::7 port=4 message=x"},
	{"a socket", "C-0x1: db/u@unix(71):6432 x", "session=C-0x1 database=db user=u client=unix(71) port=6432 message=x"},
	{"a socket without its pid", "C-0x1: db/u@unix:6432 x", "session=C-0x1 database=db user=u client=unix port=6432 message=x"},
	{"a user with an at sign", "C-0x1: db/u@server@10.0.0.1:4 x",
	 "session=C-0x1 database=db user=u@server client=10.0.0.1 port=4 message=x"},
	{"names with blanks", "C-0x1: my db/a user@10.0.0.1:4 x",
	 "session=C-0x1 database=my db user=a user client=10.0.0.1 port=4 message=x"},
	{"a server's address is no client's", "S-0x1: db/u@10.0.0.9:5432 closing because: server lifetime over (age=3600s)",
	 "session=S-0x1 database=db user=u upstream=10.0.0.9:5432 message=closing because: server lifetime over (age=3600s)"},
	{"a new one, and from where", "S-0x1: db/u@10.0.0.9:5432 new connection to server (from 10.0.0.3:41166)",
	 "session=S-0x1 database=db user=u upstream=10.0.0.9:5432 local=10.0.0.3 message=new connection to server (from 10.0.0.3:41166)"},
	{"a server's socket", "S-0x1: db/u@unix:5432 new connection to server",
	 "session=S-0x1 database=db user=u upstream=unix:5432 message=new connection to server"},
	{"where it listens", "listening on 127.0.0.1:6432", "local=127.0.0.1 listens=6432"},
	{"on IPv6", "listening on [::]:6432", "local=[::] listens=6432"},
	{"on a socket", "listening on unix:/tmp/.s.PGSQL.6432", "local=unix:/tmp/.s.PGSQL.6432"},
	{"nowhere", "listening on ", ""},
	{"a peer is neither user nor database", "C-0x1: peer-2@10.0.0.1:6432 x", "session=C-0x1 client=10.0.0.1 port=6432 message=x"},
	{"who could not log in", "C-0x1: (nodb)/(nouser)@10.0.0.1:4 login failed: db=shop user=root",
	 "session=C-0x1 database=shop user=root client=10.0.0.1 port=4 message=login failed: db=shop user=root"},
	{"who tries", "login attempt: db=my shop user=a b tls=no replication=no", "database=my shop user=a b"},
	{"a database that is made up as it comes", "C-0x1: (nodb)/(nouser)@10.0.0.1:4 registered new auto-database: db = shop",
	 "session=C-0x1 database=shop client=10.0.0.1 port=4 message=registered new auto-database: db = shop"},
	{"and without blanks", "registered new auto-database: db=shop", "database=shop"},
	{"or no name", "registered new auto-database: db=", ""},
	{"no connection at all", "C-0x1: db/u@10.0.0.1 x", ""},
	{"nor this", "C-0x1: db/u", ""},
	{"nor an address without a port", "C-0x1: db/u@10.0.0.1: x", ""},
	{"a message that quotes one", "no: C-0x1: db/u@10.0.0.1:4 x", ""},
	{"many at signs", "C-0x1: db/@@@@@@@@@@@@@@@10.0.0.1:4 x", ""},
	{"an empty message", "", ""},
};

static void says(const struct record *r, const char *message, struct text *out)
{
	static const struct {
		const char *name;
		enum metric metric;
	} metrics[] = {
		{"transactions", METRIC_POOL_TRANSACTIONS}, {"queries", METRIC_POOL_QUERIES},
		{"received", METRIC_POOL_RECEIVED}, {"sent", METRIC_POOL_SENT},
		{"transaction", METRIC_POOL_TRANSACTION_TIME}, {"query", METRIC_POOL_QUERY_TIME},
		{"wait", METRIC_POOL_WAIT_TIME}, {"limit", METRIC_POOL_LIMIT},
	};
	text_clear(out);
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
		if (r->metrics >> metrics[i].metric & 1)
			text_format(out, "%s%s=%lld", out->len ? " " : "", metrics[i].name,
				    (long long)r->metric[metrics[i].metric]);
	}
	patterns_field(out, r, FIELD_SESSION, "session");
	patterns_field(out, r, FIELD_DATABASE, "database");
	patterns_field(out, r, FIELD_USER, "user");
	patterns_field(out, r, FIELD_CLIENT, "client");
	patterns_field(out, r, FIELD_UPSTREAM_ADDRESS, "upstream");
	patterns_field(out, r, FIELD_LOCAL_ADDRESS, "local");
	patterns_field(out, r, FIELD_LOCAL_PORT, "listens");
	patterns_field(out, r, FIELD_CLIENT_PORT, "port");
	if (!span_equal(record_get(r, FIELD_MESSAGE), span_of(message)))
		patterns_field(out, r, FIELD_MESSAGE, "message");
}

int main(void)
{
	struct text out = {0};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		struct record r;
		record_clear(&r);
		record_set(&r, FIELD_MESSAGE, patterns_kept(span_of(facts[i].message)));
		pgbouncer_message(&r);
		says(&r, facts[i].message, &out);
		TEXT_IS(out.at, facts[i].says, facts[i].fact);
	}
	/* Every head of a line is read within its bounds. */
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		for (size_t n = 0; n < strlen(facts[i].message); n++) {
			struct record r;
			record_clear(&r);
			struct span head = patterns_exact((struct span){facts[i].message, n});
			record_set(&r, FIELD_MESSAGE, head);
			pgbouncer_message(&r);
			memory_free((void *)head.at);
		}
	}
	struct record r;
	record_clear(&r);
	pgbouncer_message(&r);
	FACT(!r.has && !r.metrics, "no message says nothing");
	text_release(&out);
	return unit_done();
}
