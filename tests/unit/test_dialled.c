/* dialled: messages as client libraries write them (psycopg2 with libpq 15, Node 18, Ruby 3 and Python 3 against a closed port; the others
 * from their sources), and whom they called. */
#include <stdlib.h>

#include "base/text.h"
#include "split/dialled.h"

#include "unit.h"

struct fact {
	const char *message, *host, *port; /* host NULL: nobody */
};

static const struct fact upstreams[] = {
	{"connection to server at \"127.0.0.1\", port 5999 failed: Connection refused\n\tIs the server running on that host", "127.0.0.1", "5999"},
	{"connection to server at \"localhost\" (127.0.0.1), port 5999 failed: FATAL:  sorry", "127.0.0.1", "5999"},
	{"connection to server at \"::1\", port 5999 failed: Connection refused", "::1", "5999"},
	{"connection to server on socket \"/tmp/.s.PGSQL.5999\" failed: No such file or directory", "/tmp/.s.PGSQL.5999", ""},
	{"could not translate host name \"nosuch.invalid\" to address: Name or service not known", NULL, NULL},
	{"could not connect to server: Connection refused\n\tIs the server running on host \"db\" (10.0.0.5) and accepting\n\tTCP/IP connections "
	 "on port 5432?", "10.0.0.5", "5432"},
	{"request failed: SQLSTATE[08006] [7] connection to server at \"10.0.0.5\", port 5432 failed: FATAL:  sorry", "10.0.0.5", "5432"},
	{"connect ECONNREFUSED 127.0.0.1:5999", "127.0.0.1", "5999"},
	{"connect ECONNREFUSED ::1:5999", "::1", "5999"},
	{"Connection refused - connect(2) for \"127.0.0.1\" port 5999", "127.0.0.1", "5999"},
	{"[Errno 111] Connect call failed ('127.0.0.1', 5999)", "127.0.0.1", "5999"},
	{"[Errno 111] Connect call failed ('::1', 5999, 0, 0)", "::1", "5999"},
	{"dial tcp 10.0.0.5:5432: connect: connection refused", "10.0.0.5", "5432"},
	{"dial tcp [2001:db8::5]:5432: i/o timeout", "2001:db8::5", "5432"},
	{"dial tcp: lookup db on 127.0.0.11:53: no such host", NULL, NULL},
	{"failed to connect to `host=db user=app database=shop`: dial error (dial tcp 10.0.0.5:6432: connect: connection refused)", "10.0.0.5",
	 "6432"},
	{"read tcp 10.0.0.4:53412->10.0.0.5:5432: read: connection reset by peer", "10.0.0.5", "5432"},
	{"org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct", "db", "5432"},
	{"Can't connect to MySQL server on '10.0.0.5:3306' (111)", "10.0.0.5", "3306"},
	{"Can't connect to MySQL server on '10.0.0.5' (111)", "10.0.0.5", ""},
	{"Failed to connect to 10.0.0.5:5432", "10.0.0.5", "5432"},
	{"Connection to upstream was lost", NULL, NULL},
	{"an address alone, 10.0.0.5:5432, says nothing", NULL, NULL},
	{"connection to server at \"10.0.0.5", NULL, NULL},
	{"connection to server at \"10.0.0.5\", port 999999999 failed", NULL, NULL},
	{"read tcp 10.0.0.4:53412", NULL, NULL},
	{"dial tcp ", NULL, NULL},
	{"connect(2) for ", NULL, NULL},
	{"", NULL, NULL},
};

static const struct fact listening[] = {
	{"Listening at: http://0.0.0.0:8000 (7)", "0.0.0.0", "8000"},
	{"listening on :8080", "", "8080"},
	{"Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)", "127.0.0.1", "8000"},
	{"Server listening on port 3000", "", "3000"},
	{"Server listening at http://[::1]:3000", "::1", "3000"},
	{"Tomcat started on port(s): 8080 (http)", "", "8080"},
	{"billing 1.2 listening on 127.0.0.1:27450", "127.0.0.1", "27450"},
	{"server started", NULL, NULL},
	{"Started ShopApplication in 3.281 seconds (process running for 3.9)", NULL, NULL},
};

static void check(const struct fact *f, bool (*read)(struct span, struct dialled *))
{
	struct dialled d;
	/* behind its end lies nothing that may be read */
	size_t len = strlen(f->message);
	char *exact = memcpy(malloc(len ? len : 1), f->message, len);
	bool named = read((struct span){exact, len}, &d);
	FACT(named == (f->host != NULL), f->message);
	if (named && f->host)
		FACT(span_equal(d.host, span_of(f->host)) && span_equal(d.port, span_of(f->port)), f->message);
	free(exact);
}

int main(void)
{
	for (size_t i = 0; i < sizeof upstreams / sizeof *upstreams; i++)
		check(&upstreams[i], dialled_upstream);
	for (size_t i = 0; i < sizeof listening / sizeof *listening; i++)
		check(&listening[i], dialled_listening);
	return unit_done();
}
