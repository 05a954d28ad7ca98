#include "parse/oddity.h"

/* Which of the two ways to escape the line has. */
struct ways {
	bool nginx, apache;
};

static bool is_digit_of(char c, char a)
{
	return (unsigned char)(c - a) < 6;
}

static struct ways ways_of(struct span line)
{
	struct ways w = {false, false};
	for (ptrdiff_t at; (at = span_find_byte(line, '\\')) >= 0 && (size_t)at + 1 < line.len;) {
		line = span_from(line, (size_t)at + 1);
		char kind = line.at[0];
		if (kind != 'x') {
			w.apache |= strchr("\"\\bnrtv", kind) && kind;
			line = span_from(line, 1);
			continue;
		}
		for (size_t i = 1; i < 3 && i < line.len; i++) {
			w.nginx |= is_digit_of(line.at[i], 'A');
			w.apache |= is_digit_of(line.at[i], 'a');
		}
		w.nginx |= span_starts(line, SPAN("x22")) || span_starts(line, SPAN("x5C"));
	}
	return w;
}

bool oddity_is(enum format_kind kind, const struct record *r)
{
	if (kind != FORMAT_NGINX && kind != FORMAT_APACHE)
		return false;
	/* A layout that lacks a field gives it to the name before. */
	if (span_find_byte(record_get(r, FIELD_USER), ' ') >= 0)
		return true;
	struct ways w = ways_of(r->raw);
	if (kind == FORMAT_APACHE)
		return w.nginx && !w.apache;
	/* $host has no port */
	struct span port = record_get(r, FIELD_SERVER);
	span_cut(&port, ':');
	if (port.len && (unsigned char)(port.at[0] - '0') < 10 && span_find_byte(port, ':') < 0)
		return true;
	/* A word behind the client that is no host's name is what identd said of him. */
	struct span host = record_get(r, FIELD_SERVER), client = record_get(r, FIELD_CLIENT);
	if (host.len && client.len && host.at > client.at && span_find_byte(host, '.') < 0 && span_find_byte(host, ':') < 0 &&
	    !span_equal(host, SPAN("localhost")) && !span_equal(host, SPAN("_")))
		return true;
	bool no_size = record_has(r, FIELD_STATUS) && !record_has(r, FIELD_BODY_SIZE);
	return no_size || (w.apache && !w.nginx);
}
