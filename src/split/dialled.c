#include "split/dialled.h"

enum { MESSAGE_BYTES = 4096, HOST_BYTES = 255 };

static struct span digits_at(struct span s)
{
	size_t n = 0;
	while (n < s.len && is_digit(s.at[n]))
		n++;
	return span_head(s, n);
}

static bool is_port(struct span port)
{
	return port.len && port.len <= 5;
}

/* Bytes of a name or an address without brackets. */
static bool is_host_byte(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26 || c == '.' || c == '-' || c == '_';
}

/* "10.0.0.5:5432", "db:5432", "[2001:db8::5]:5432", ":8080" at the start of `s`. */
static bool pair_at(struct span s, struct dialled *out)
{
	size_t n = 0;
	if (s.len && s.at[0] == '[') {
		while (n < s.len && n < HOST_BYTES && s.at[n] != ']')
			n++;
		out->host = (struct span){s.at + 1, n ? n - 1 : 0};
		n++;
	} else {
		while (n < s.len && n < HOST_BYTES && is_host_byte(s.at[n]))
			n++;
		out->host = span_head(s, n);
	}
	if (n >= s.len || s.at[n] != ':')
		return false;
	out->port = digits_at(span_from(s, n + 1));
	return is_port(out->port);
}

/* 'server at "db" (10.0.0.5), port 5432 failed: ', 'server on socket "/tmp/.s.PGSQL.5432" failed: ': PostgreSQL 14 and later
 * (fe-connect.c, emitHostIdentityInfo). */
static bool libpq(struct span s, struct dialled *out)
{
	bool socket = span_starts(s, SPAN("on socket \""));
	if (!socket && !span_starts(s, SPAN("at \"")))
		return false;
	struct span rest = span_from(s, socket ? 11 : 4);
	struct span host = span_cut(&rest, '"');
	out->host = host;
	if (socket)
		return host.len && host.at[0] == '/';
	if (span_starts(rest, SPAN(" ("))) {
		rest = span_from(rest, 2);
		struct span address = span_cut(&rest, ')');
		if (address.len)
			out->host = address;
	}
	if (!span_starts(rest, SPAN(", port ")))
		return false;
	out->port = digits_at(span_from(rest, 7));
	return out->host.len && is_port(out->port);
}

/* 'host "db" (10.0.0.5) and accepting\n\tTCP/IP connections on port 5432?': libpq up to 13. */
static bool libpq_before(struct span s, struct dialled *out)
{
	struct span rest = span_from(s, s.len && s.at[0] == '"');
	struct span host = span_cut(&rest, '"');
	out->host = host;
	if (span_starts(rest, SPAN(" ("))) {
		rest = span_from(rest, 2);
		out->host = span_cut(&rest, ')');
	}
	ptrdiff_t at = span_find(span_head(rest, 80), SPAN("connections on port "));
	if (!out->host.len || at < 0)
		return false;
	out->port = digits_at(span_from(rest, (size_t)at + 20));
	return is_port(out->port);
}

/* "10.0.0.5:5432", "::1:5432", which has no brackets: Node's. */
static bool node(struct span s, struct dialled *out)
{
	size_t n = 0, colon = 0;
	for (; n < s.len && n < HOST_BYTES && (is_host_byte(s.at[n]) || s.at[n] == ':'); n++)
		colon = s.at[n] == ':' ? n : colon;
	out->host = span_head(s, colon);
	out->port = digits_at(span_from(s, colon + 1));
	return colon && is_port(out->port);
}

/* '"10.0.0.5" port 5432': Ruby's. */
static bool ruby(struct span s, struct dialled *out)
{
	struct span rest = span_from(s, 1);
	out->host = span_cut(&rest, '"');
	out->port = digits_at(span_from(rest, 6));
	return s.len && s.at[0] == '"' && span_starts(rest, SPAN(" port ")) && is_port(out->port);
}

/* "('10.0.0.5', 5432)": a socket's address in Python. */
static bool tuple(struct span s, struct dialled *out)
{
	struct span rest = s;
	out->host = span_cut(&rest, '\'');
	if (!out->host.len || !span_starts(rest, SPAN(", ")))
		return false;
	out->port = digits_at(span_from(rest, 2));
	return is_port(out->port);
}

/* "10.0.0.4:53412->10.0.0.5:5432: ": what Go says of an open connection. */
static bool arrow(struct span s, struct dialled *out)
{
	ptrdiff_t at = span_find(span_head(s, 2 * HOST_BYTES), SPAN("->"));
	ptrdiff_t blank = span_find_byte(s, ' ');
	return at >= 0 && (blank < 0 || at < blank) && pair_at(span_from(s, (size_t)at + 2), out);
}

/* "10.0.0.5:3306' (111)", and of older clients "10.0.0.5' (111)", whose port is not said. */
static bool mysql(struct span s, struct dialled *out)
{
	struct span rest = s, host = span_cut(&rest, '\'');
	if (pair_at(host, out))
		return true;
	out->host = host;
	out->port = SPAN_NONE;
	return host.len && host.len <= HOST_BYTES && span_starts(rest, SPAN(" ("));
}

/* The words before an address, and how it is written behind them. Sources: libpq's fe-connect.c; Go's net.OpError and its users
 * (pgx, lib/pq, go-sql-driver); Node's net.js ("connect ECONNREFUSED 10.0.0.5:5432"); pgjdbc's PSQLException and MySQL's
 * Connector/J; Ruby's TCPSocket, asyncio's create_connection; MySQL's errmsg (CR_CONN_HOST_ERROR), Npgsql's "Failed to connect to". */
static const struct words {
	struct span words;
	bool (*read)(struct span s, struct dialled *out);
} upstreams[] = {
#define WORDS(text) {text, sizeof(text) - 1}
	{WORDS("connection to server "), libpq},
	{WORDS("running on host "), libpq_before},
	{WORDS("dial tcp "), pair_at},
	{WORDS("dial tcp4 "), pair_at},
	{WORDS("dial tcp6 "), pair_at},
	{WORDS("read tcp "), arrow},
	{WORDS("write tcp "), arrow},
	{WORDS("connect ECONNREFUSED "), node},
	{WORDS("connect ETIMEDOUT "), node},
	{WORDS("connect EHOSTUNREACH "), node},
	{WORDS("connect ECONNRESET "), node},
	{WORDS("Connection to "), pair_at},
	{WORDS("connect(2) for "), ruby},
	{WORDS("Connect call failed ('"), tuple},
	{WORDS("MySQL server on '"), mysql},
	{WORDS("Failed to connect to "), pair_at},
};

bool dialled_upstream(struct span message, struct dialled *out)
{
	message = span_head(message, MESSAGE_BYTES);
	for (size_t i = 0; i < sizeof upstreams / sizeof *upstreams; i++) {
		struct span rest = message;
		for (ptrdiff_t at; (at = span_find(rest, upstreams[i].words)) >= 0;) {
			rest = span_from(rest, (size_t)at + upstreams[i].words.len);
			*out = (struct dialled){SPAN_NONE, SPAN_NONE};
			if (upstreams[i].read(rest, out) && out->host.len && out->host.len <= HOST_BYTES)
				return true;
		}
	}
	return false;
}

/* "Listening at: http://0.0.0.0:8000 (7)", "listening on :8080", "Uvicorn running on http://127.0.0.1:8000 (Press ...)",
 * "Server listening on port 3000", "Tomcat started on port(s): 8080 (http)". */
bool dialled_listening(struct span message, struct dialled *out)
{
	static const struct span ports[] = {{"port ", 5}, {"port: ", 6}, {"port(s): ", 9}};
	message = span_head(message, MESSAGE_BYTES);
	ptrdiff_t scheme = span_find(message, SPAN("://"));
	*out = (struct dialled){SPAN_NONE, SPAN_NONE};
	if (scheme >= 0)
		return pair_at(span_from(message, (size_t)scheme + 3), out);
	for (struct span rest = message; rest.len;) {
		if (pair_at(rest, out))
			return true;
		span_cut(&rest, ' ');
	}
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		ptrdiff_t at = span_find(message, ports[i]);
		*out = (struct dialled){SPAN_NONE, SPAN_NONE};
		if (at >= 0 && is_port(out->port = digits_at(span_from(message, (size_t)at + ports[i].len))))
			return true;
	}
	return false;
}
