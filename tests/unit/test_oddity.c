#include "parse/oddity.h"

#include "patterns.h"
#include "unit.h"

#define LINE(host, request, size) host " - - [22/Nov/2026:11:15:12 +0000] \"GET /" request " HTTP/1.1\" 200 " size " \"-\" \"-\"\n"

/* What servers write of one request: the marks by which a file is told from another's. */
int main(void)
{
	struct format_set set = {0};
	struct format_scratch *s = format_scratch_new();
	FACT(patterns_builtin(&set), "the built-in formats compile");
	static const struct {
		const char *lines, *format, *name;
	} cases[] = {
		{LINE("192.0.2.7", "a", "5"), "nginx_access", "nothing tells: nginx's, and no word of others"},
		{LINE("192.0.2.7", "a", "5") LINE("192.0.2.7", "a", "-"), "apache_access", "no bytes as \"-\""},
		{LINE("192.0.2.7", "\\\"a", "5"), "apache_access", "a quote as \\\""},
		{LINE("192.0.2.7", "\\x22a", "5"), "nginx_access", "a quote as \\x22"},
		{LINE("192.0.2.7", "\\xc3\\xa9", "5"), "apache_access", "lower-case digits"},
		{LINE("192.0.2.7", "\\xC3\\xA9", "5"), "nginx_access", "upper-case digits"},
		{LINE("192.0.2.7", "\\x16\\x03", "5"), "nginx_access", "digits that have no case"},
		{LINE("a.test:443 192.0.2.7", "a", "5"), "apache_access", "a port behind the server's name"},
		{LINE("a.test 192.0.2.7", "a", "5"), "nginx_access", "a server's name alone"},
		{LINE("192.0.2.7", "a", "5") LINE("192.0.2.7", "\\\"a", "5") LINE("192.0.2.7", "a", "5"), "apache_access", "one line in three"},
		{"192.0.2.7 bob frank [22/Nov/2026:11:15:12 +0000] \"GET /a HTTP/1.0\" 200 5\n", "apache_access", "what identd said"},
		{"192.0.2.7 a.test - [22/Nov/2026:11:15:12 +0000] \"GET /a HTTP/1.0\" 200 5\n", "nginx_access", "a host behind the client"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct detection d;
		format_detect(&set, span_of(cases[i].lines), s, &d);
		FACT(d.format && !strcmp(d.format->name, cases[i].format) && !d.also, cases[i].name);
		format_free(d.own);
	}
	struct record r;
	record_clear(&r);
	r.raw = SPAN("a \\");
	FACT(!oddity_is(FORMAT_APACHE, &r) && !oddity_is(FORMAT_NGINX, &r) && !oddity_is(FORMAT_JSON, &r), "a backslash at the end");
	format_scratch_free(s);
	format_set_release(&set);
	return unit_done();
}
