#include "split/pgbouncer.h"

enum {
	MAX_CONNECTION_BYTES = 512, /* MAX_DBNAME and MAX_USERNAME are 64 and 128 bytes */
	MAX_AT_SIGNS = 8,           /* in a user's name: "app@myserver" is usual, more is hostile */
};

static size_t digits_len(struct span s)
{
	size_t n = 0;
	while (n < s.len && (unsigned char)(s.at[n] - '0') < 10)
		n++;
	return n;
}

/* "10.0.0.1:41166 ", "[::1]:41166 ", "unix(71):6432 ", "unix:6432 " at the start of `s`: bytes to the blank, 0 when it is
 * none. A host name never stands there (log_socket_prefix() prints addresses). */
static size_t address_len(struct span s, struct span *host, struct span *port)
{
	size_t n = 0;
	if (span_starts(s, SPAN("unix"))) {
		n = 4;
		size_t pid = n < s.len && s.at[n] == '(' ? digits_len(span_from(s, n + 1)) : 0;
		if (pid && span_starts(span_from(s, n + 1 + pid), SPAN(")")))
			n += pid + 2;
		*host = span_head(s, n);
	} else if (s.len && s.at[0] == '[') {
		for (n = 1; n < s.len && s.at[n] != ']' && s.at[n] != ' ';)
			n++;
		*host = (struct span){s.at + 1, n - 1};
		n++;
	} else {
		while (n < s.len && s.at[n] != ':' && s.at[n] != ' ' && s.at[n] != '@')
			n++;
		*host = span_head(s, n);
	}
	if (!host->len || n >= s.len || s.at[n] != ':')
		return 0;
	size_t digits = digits_len(span_from(s, n + 1));
	*port = span_head(span_from(s, n + 1), digits);
	n += 1 + digits;
	return digits && n < s.len && s.at[n] == ' ' ? n : 0;
}

/* "C-0x55d0c0: db/user@10.0.0.1:41166 " or "C-0x55d0c0: peer-2@10.0.0.1:6432 " (1.19 and later). Returns the text behind. */
static struct span connection(struct span message, struct record *r)
{
	if (message.len < 6 || (message.at[0] != 'C' && message.at[0] != 'S') || message.at[1] != '-')
		return message;
	struct span head = span_head(message, MAX_CONNECTION_BYTES);
	ptrdiff_t colon = span_find(head, SPAN(": "));
	if (colon < 3)
		return message;
	size_t start = (size_t)colon + 2, at = start;
	struct span host, port;
	size_t address = 0;
	for (int tries = 0; !address && tries < MAX_AT_SIGNS; tries++) {
		ptrdiff_t sign = span_find_byte(span_from(head, at), '@');
		if (sign < 0)
			return message;
		at += (size_t)sign + 1;
		address = address_len(span_from(head, at), &host, &port);
	}
	if (!address)
		return message;
	struct span names = {head.at + start, at - 1 - start};
	ptrdiff_t slash = span_find_byte(names, '/');
	struct span database = span_head(names, slash < 0 ? 0 : (size_t)slash);
	struct span user = slash < 0 ? SPAN_NONE : span_from(names, (size_t)slash + 1);
	record_set(r, FIELD_SESSION, span_head(head, (size_t)colon));
	if (database.len && !span_equal(database, SPAN("(nodb)")))
		record_set(r, FIELD_DATABASE, database);
	if (user.len && !span_equal(user, SPAN("(nouser)")))
		record_set(r, FIELD_USER, user);
	if (message.at[0] == 'C') {
		record_set(r, FIELD_CLIENT, host);
		record_set(r, FIELD_CLIENT_PORT, port);
	} else {
		record_set(r, FIELD_UPSTREAM_ADDRESS, span_head(span_from(head, at), address));
	}
	return span_from(message, at + address + 1);
}

/* "login failed: db=postgres user=root", "login attempt: db=shop user=app tls=no replication=no". */
static void login(struct span rest, struct record *r)
{
	ptrdiff_t at = span_starts(rest, SPAN("db=")) ? span_find(rest, SPAN(" user=")) : -1;
	if (at < 0)
		return;
	struct span database = {rest.at + 3, (size_t)at - 3}, user = span_from(rest, (size_t)at + 6);
	ptrdiff_t end = span_find(user, SPAN(" tls="));
	if (end >= 0)
		user.len = (size_t)end;
	if (database.len && !record_has(r, FIELD_DATABASE))
		record_set(r, FIELD_DATABASE, database);
	if (user.len && !record_has(r, FIELD_USER))
		record_set(r, FIELD_USER, user);
}

/* "listening on 127.0.0.1:6432", "listening on unix:/tmp/.s.PGSQL.6432"; "new connection to server (from 10.0.0.9:41166)": the port is
 * of that connection alone. */
static void local(struct span address, bool listens, struct record *r)
{
	struct span host, port;
	if (span_starts(address, SPAN("unix:"))) {
		if (listens)
			record_set(r, FIELD_LOCAL_ADDRESS, address);
		return;
	}
	ptrdiff_t colon = (ptrdiff_t)address.len - 1;
	while (colon > 0 && address.at[colon] != ':')
		colon--;
	host = span_head(address, colon > 0 ? (size_t)colon : 0);
	port = span_from(address, (size_t)colon + 1);
	if (!host.len || !digits_len(port))
		return;
	record_set(r, FIELD_LOCAL_ADDRESS, host);
	if (listens)
		record_set(r, FIELD_LOCAL_PORT, span_head(port, digits_len(port)));
}

/* "registered new auto-database: db = shop", since 1.11 "db=shop". */
static void auto_database(struct span rest, struct record *r)
{
	ptrdiff_t equals = span_find_byte(rest, '=');
	struct span database = equals < 0 ? SPAN_NONE : span_trim(span_from(rest, (size_t)equals + 1));
	if (database.len)
		record_set(r, FIELD_DATABASE, database);
}

/* What stands before and behind each number of a "stats:" line. 1.5 to 1.7: "req/s", "b/s", no waits; 1.8: "wait time" without a
 * comma before it; 1.9 and 1.10: "wait time"; then "wait"; 1.21 and later put parses and binds behind the queries. */
static const struct statistic {
	const char *before, *behind;
	enum metric metric;
} statistics[] = {
	{"", " xacts/s", METRIC_POOL_TRANSACTIONS}, {"", " req/s", METRIC_POOL_QUERIES}, {"", " queries/s", METRIC_POOL_QUERIES},
	{"in ", " B/s", METRIC_POOL_RECEIVED}, {"in ", " b/s", METRIC_POOL_RECEIVED}, {"out ", " B/s", METRIC_POOL_SENT},
	{"out ", " b/s", METRIC_POOL_SENT}, {"xact ", " us", METRIC_POOL_TRANSACTION_TIME}, {"query ", " us", METRIC_POOL_QUERY_TIME},
	{"wait time ", " us", METRIC_POOL_WAIT_TIME}, {"wait ", " us", METRIC_POOL_WAIT_TIME},
};

/* One of them at the start of `s`: its bytes, 0 when it is none that is known. */
static size_t statistic(struct span s, struct record *r)
{
	for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
		const struct statistic *t = &statistics[i];
		struct span before = span_of(t->before), behind = span_of(t->behind);
		if (!span_starts(s, before))
			continue;
		struct span number = span_from(s, before.len);
		number.len = digits_len(number);
		int64_t value;
		size_t n = before.len + number.len;
		if (!span_starts(span_from(s, n), behind) || !span_to_int(number, &value))
			continue;
		record_metric(r, t->metric, value);
		return n + behind.len;
	}
	return 0;
}

static void stats(struct span s, struct record *r)
{
	while (s.len) {
		size_t n = statistic(s, r);
		/* "12 client parses/s" */
		while (!n && s.len && s.at[0] != ',')
			s = span_from(s, 1);
		s = span_from(s, n);
		while (s.len && (s.at[0] == ',' || s.at[0] == ' '))
			s = span_from(s, 1);
	}
}

/* "File descriptor limit: 1024 (H:4096), max_client_conn: 100, max fds possible: 150", since 1.11 "kernel file descriptor limit:
 * 20000 (hard: 20000); max_client_conn: 6, max expected fd use: 20". */
static void limit(struct span message, struct record *r)
{
	ptrdiff_t at = span_find(message, SPAN(" max_client_conn: "));
	int64_t value;
	struct span number = span_from(message, (size_t)at + sizeof " max_client_conn: " - 1);
	number.len = at < 0 ? 0 : digits_len(number);
	if (span_to_int(number, &value))
		record_metric(r, METRIC_POOL_LIMIT, value);
}

void pgbouncer_message(struct record *r)
{
	struct span message = connection(record_get(r, FIELD_MESSAGE), r);
	if (!message.at)
		return;
	record_set(r, FIELD_MESSAGE, message);
	if (span_starts(message, SPAN("stats: ")) || span_starts(message, SPAN("Stats: ")))
		stats(span_from(message, 7), r);
	else if (span_starts(message, SPAN("login attempt: ")))
		login(span_from(message, 15), r);
	else if (span_starts(message, SPAN("login failed: ")))
		login(span_from(message, 14), r);
	else if (span_starts(message, SPAN("listening on ")))
		local(span_from(message, 13), true, r);
	else if (span_starts(message, SPAN("new connection to server (from ")) && message.at[message.len - 1] == ')')
		local((struct span){message.at + 31, message.len - 32}, false, r);
	else if (span_starts(message, SPAN("registered new auto-database: db")) && !record_has(r, FIELD_DATABASE))
		auto_database(span_from(message, 32), r);
	else if (span_starts(message, SPAN("kernel file descriptor limit: ")) ||
		 span_starts(message, SPAN("file descriptor limit: ")) || span_starts(message, SPAN("File descriptor limit: ")))
		limit(message, r);
}
