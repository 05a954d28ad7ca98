#include "split/nginxerror.h"

#include "patterns.h"
#include "random.h"
#include "unit.h"

/* What stands behind "*CONNECTION ", and what comes of it; NULL: unset. Those of http are lines of nginx 1.22 under a client and
 * upstreams that broke off; of stream and mail what ngx_stream_proxy_module and ngx_mail_handler write. */
struct entry {
	const char *fact, *text;
	enum severity severity;
	const char *message, *number, *client, *server, *request, *upstream, *host, *referer, *user;
};

static const struct entry entries[] = {
	{"no tail", "signal process started", SEVERITY_NOTICE, "signal process started", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
	{"an upstream that refuses",
	 "connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: \"GET /r1 HTTP/1.1\", "
	 "upstream: \"http://127.0.0.1:18942/r1\", host: \"shop.example.test\"",
	 SEVERITY_ERROR, "connect() failed (111: Connection refused) while connecting to upstream", "111", "127.0.0.1", NULL,
	 "GET /r1 HTTP/1.1", "127.0.0.1:18942", "shop.example.test", NULL, NULL},
	{"a group without servers",
	 "no live upstreams while connecting to upstream, client: 127.0.0.1, server: , request: \"GET /dead2 HTTP/1.1\", upstream: "
	 "\"http://dead/dead2\", host: \"shop.example.test\"",
	 SEVERITY_ERROR, "no live upstreams while connecting to upstream", NULL, "127.0.0.1", NULL, "GET /dead2 HTTP/1.1", "dead",
	 "shop.example.test", NULL, NULL},
	{"a request that is none",
	 "client sent invalid method while reading client request line, client: 127.0.0.1, server: , request: \"\x16\x03\x01\"", SEVERITY_INFO,
	 "client sent invalid method while reading client request line", NULL, "127.0.0.1", NULL, "\x16\x03\x01", NULL, NULL, NULL, NULL},
	{"a quote in the request, which nginx does not escape",
	 "open() \"/srv/a\" failed (2: No such file or directory), client: ::1, server: a, request: \"GET /a\", host: \"evil\"b HTTP/1.1\", "
	 "host: \"a\", referrer: \"http://b/\"c\"",
	 SEVERITY_ERROR, "open() \"/srv/a\" failed (2: No such file or directory)", "2", "::1", "a", "GET /a", NULL, "evil\"b HTTP/1.1\", host: \"a",
	 "http://b/\"c", NULL},
	{"the number is the last one, behind what users wrote",
	 "open() \"/srv/x (13: no) y\" failed (2: No such file or directory), client: 10.0.0.1, server: a", SEVERITY_ERROR,
	 "open() \"/srv/x (13: no) y\" failed (2: No such file or directory)", "2", "10.0.0.1", "a", NULL, NULL, NULL, NULL, NULL},
	{"OpenSSL's errors have no number",
	 "SSL_do_handshake() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading) while SSL handshaking, client: 10.0.0.1, "
	 "server: 0.0.0.0:443",
	 SEVERITY_INFO, "SSL_do_handshake() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading) while SSL handshaking", NULL,
	 "10.0.0.1", "0.0.0.0:443", NULL, NULL, NULL, NULL, NULL},
	{"a client in the message is none", "writing, client: x said so, client: 10.0.0.1, server: a", SEVERITY_ERROR,
	 "writing, client: x said so", NULL, "10.0.0.1", "a", NULL, NULL, NULL, NULL, NULL},
	{"debug messages have no tail", "http header: \"X: (5: a), client: 10.0.0.1\"", SEVERITY_DEBUG,
	 "http header: \"X: (5: a), client: 10.0.0.1\"", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
	{"a socket as upstream, another as client",
	 "connect() to unix:/run/fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: unix:, server: _, "
	 "request: \"GET / HTTP/1.1\", subrequest: \"/auth\", upstream: \"fastcgi://unix:/run/fpm.sock:\", host: \"a\"",
	 SEVERITY_ERROR, "connect() to unix:/run/fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream", "11", "unix:",
	 "_", "GET / HTTP/1.1", "unix:/run/fpm.sock", "a", NULL, NULL},
	{"IPv6", "upstream timed out (110: Connection timed out) while connecting to upstream, client: 2001:db8::1, server: a, request: \"GET / "
		 "HTTP/2.0\", upstream: \"http://[2001:db8::2]:80/x/y\", host: \"[2001:db8::9]\"",
	 SEVERITY_ERROR, "upstream timed out (110: Connection timed out) while connecting to upstream", "110", "2001:db8::1", "a", "GET / HTTP/2.0",
	 "[2001:db8::2]:80", "[2001:db8::9]", NULL, NULL},
	{"the stream module",
	 "connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: 127.0.0.1:6432, upstream: "
	 "\"127.0.0.1:5432\", bytes from/to client:0/0, bytes from/to upstream:0/0",
	 SEVERITY_ERROR, "connect() failed (111: Connection refused) while connecting to upstream", "111", "127.0.0.1", "127.0.0.1:6432", NULL,
	 "127.0.0.1:5432", NULL, NULL, NULL},
	{"its datagrams", "no live upstreams while connecting to upstream, udp client: 127.0.0.1, server: 0.0.0.0:53, upstream: \"dns\", bytes "
			  "from/to client:30/0, bytes from/to upstream:0/0",
	 SEVERITY_ERROR, "no live upstreams while connecting to upstream", NULL, "127.0.0.1", "0.0.0.0:53", NULL, "dns", NULL, NULL, NULL},
	{"the mail module",
	 "client login failed: \"no\" while in http auth state, client: 10.0.0.1, using starttls, server: 0.0.0.0:143, login: \"a\"b, c\", upstream: "
	 "127.0.0.1:1143",
	 SEVERITY_INFO, "client login failed: \"no\" while in http auth state", NULL, "10.0.0.1", "0.0.0.0:143", NULL, "127.0.0.1:1143", NULL, NULL,
	 "a\"b, c"},
	{"several lines",
	 "FastCGI sent in stderr: \"PHP message: a (2: b)\nStack trace:\n#0 {main}\" while reading response header from upstream, client: 10.0.0.1, "
	 "server: _, request: \"GET / HTTP/1.1\"\n",
	 SEVERITY_ERROR, "FastCGI sent in stderr: \"PHP message: a (2: b)\nStack trace:\n#0 {main}\" while reading response header from upstream",
	 NULL, "10.0.0.1", "_", "GET / HTTP/1.1", NULL, NULL, NULL, NULL},
	{"an answer of DNS is no errno", "shop.internal could not be resolved (3: Host not found), client: 10.0.0.1, server: a", SEVERITY_ERROR,
	 "shop.internal could not be resolved (3: Host not found)", NULL, "10.0.0.1", "a", NULL, NULL, NULL, NULL, NULL},
	{"a tail that is cut", "x, client: 10.0.0.1, server: a, request: \"GET / HT", SEVERITY_ERROR, "x", NULL, "10.0.0.1", "a", "GET / HT", NULL,
	 NULL, NULL, NULL},
	{"nothing", "", SEVERITY_ERROR, "", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

static size_t scan(struct span text, enum severity severity, struct record *r)
{
	record_clear(r);
	r->severity = severity;
	return nginxerror_scan(text, r);
}

static bool is(const struct record *r, enum field field, const char *value)
{
	struct span got = record_get(r, field);
	return record_has(r, field) == (value != NULL) && span_equal(got, span_of(value));
}

static void test_entries(void)
{
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		const struct entry *e = &entries[i];
		struct span text = patterns_exact(span_of(e->text));
		struct record r;
		size_t end = scan(text, e->severity, &r);
		FACT(span_equal(span_head(text, end), span_of(e->message)) && is(&r, FIELD_ERRNO, e->number) && is(&r, FIELD_CLIENT, e->client) &&
			     is(&r, FIELD_SERVER, e->server) && is(&r, FIELD_REQUEST, e->request) && is(&r, FIELD_UPSTREAM_ADDRESS, e->upstream) &&
			     is(&r, FIELD_HTTP_HOST, e->host) && is(&r, FIELD_REFERER, e->referer) && is(&r, FIELD_USER, e->user),
		     e->fact);
		memory_free((void *)text.at);
	}
}

/* Bytes changed and cut at random: every field lies in the text. */
static void test_mutations(void)
{
	size_t outside = 0;
	for (unsigned round = 0; round < 20000; round++) {
		const struct entry *e = &entries[random_next() % (sizeof entries / sizeof *entries)];
		struct span text = patterns_exact(span_head(span_of(e->text), round % 3 ? strlen(e->text) : random_next() % 400));
		for (unsigned n = round % 5; n && text.len; n--)
			((char *)text.at)[random_next() % text.len] = "\",: \\(\n0u"[random_next() % 9];
		struct record r;
		outside += scan(text, e->severity, &r) > text.len;
		for (uint64_t bits = r.has; bits; bits &= bits - 1) {
			struct span v = r.field[__builtin_ctzll(bits)];
			outside += v.at < text.at || v.at + v.len > text.at + text.len;
		}
		memory_free((void *)text.at);
	}
	FACT(!outside, "whatever the text is, its fields lie in it");
}

int main(void)
{
	test_entries();
	test_mutations();
	return unit_done();
}
