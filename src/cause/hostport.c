#include "cause/hostport.h"

static int port_of(struct span digits)
{
	int64_t n;
	return digits.len && digits.len <= 5 && is_digit(digits.at[0]) && span_to_int(digits, &n) && n <= 65535 ? (int)n : 0;
}

static bool is_made_of(struct span s, const char *others, bool hex)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i]) && !(hex && (unsigned char)((s.at[i] | 0x20) - 'a') < 6) && (!s.at[i] || !strchr(others, s.at[i])))
			return false;
	return s.len > 0;
}

static enum hostport_kind kind_of(struct span host)
{
	if (!host.len || span_equal(host, SPAN("*")) || span_equal(host, SPAN("0.0.0.0")) || span_equal(host, SPAN("::")))
		return HOSTPORT_ANY;
	if (span_equal(host, SPAN("localhost")) || span_equal(host, SPAN("::1")) || (span_starts(host, SPAN("127.")) && is_made_of(host, ".", false)))
		return HOSTPORT_LOOPBACK;
	bool v4 = is_made_of(host, ".", false) && span_find_byte(host, '.') > 0;
	bool v6 = is_made_of(host, ":.", true) && span_find_byte(host, ':') >= 0;
	return v4 || v6 ? HOSTPORT_ADDRESS : HOSTPORT_NAME;
}

static struct hostport socket_of(struct span path)
{
	struct hostport e = {HOSTPORT_SOCKET, path, 0};
	ptrdiff_t name = span_find(path, SPAN(".s.PGSQL."));
	if (name >= 0)
		e.port = port_of(span_from(path, (size_t)name + 9));
	/* PgBouncer's "unix:6432", "unix(71):6432": the port alone. */
	if (!path.len || path.at[0] != '/') {
		ptrdiff_t colon = span_find_byte(path, ':');
		e.port = port_of(colon >= 0 ? span_from(path, (size_t)colon + 1) : path);
		e.host = SPAN_NONE;
	}
	return e;
}

struct hostport hostport_of(struct span text)
{
	if (text.len && text.at[0] == '/')
		return socket_of(text);
	if (span_starts(text, SPAN("unix:")))
		return socket_of(span_from(text, 5));
	if (span_starts(text, SPAN("unix(")))
		return socket_of(span_from(text, 5));
	if (span_find_byte(text, '/') >= 0)
		return (struct hostport){HOSTPORT_LABEL, text, 0};
	struct span host = text, port = SPAN_NONE;
	ptrdiff_t close = text.len && text.at[0] == '[' ? span_find_byte(text, ']') : -1;
	ptrdiff_t colon = span_find_byte(text, ':');
	if (close > 0) {
		host = (struct span){text.at + 1, (size_t)close - 1};
		port = span_from(text, (size_t)close + 2);
	} else if (colon >= 0 && span_find_byte(span_from(text, (size_t)colon + 1), ':') < 0) {
		host = span_head(text, (size_t)colon);
		port = span_from(text, (size_t)colon + 1);
	}
	struct hostport e = {kind_of(host), host, port_of(port)};
	if (e.kind == HOSTPORT_NAME && !e.port)
		e.kind = HOSTPORT_LABEL;
	return e;
}

bool hostport_serves(const struct hostport *own, const struct hostport *called)
{
	if (own->kind == HOSTPORT_LABEL || called->kind == HOSTPORT_LABEL || (own->kind == HOSTPORT_SOCKET) != (called->kind == HOSTPORT_SOCKET))
		return false;
	if (own->kind == HOSTPORT_SOCKET)
		return own->host.len && called->host.len ? span_equal(own->host, called->host) : own->port && own->port == called->port;
	if (!own->port || own->port != called->port)
		return false;
	if (own->kind == HOSTPORT_ANY || called->kind == HOSTPORT_ANY)
		return true;
	/* One name is of one host; but an address may be that of any name. */
	if (own->kind == HOSTPORT_NAME || called->kind == HOSTPORT_NAME)
		return own->kind != called->kind || span_equal(own->host, called->host);
	if (own->kind == HOSTPORT_LOOPBACK || called->kind == HOSTPORT_LOOPBACK)
		return own->kind == called->kind;
	return span_equal(own->host, called->host);
}

enum tier hostport_usual(const struct hostport *called)
{
	static const struct {
		int port;
		enum tier tier;
	} usual[] = {{5432, TIER_DB}, {6432, TIER_POOL}, {3306, TIER_DB}, {1433, TIER_DB}, {1521, TIER_DB}, {27017, TIER_DB}};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (called->port == usual[i].port)
			return usual[i].tier;
	return TIER_UNKNOWN;
}
