/* access: what the parts of an access log line mean, and how each becomes a record field.
 *
 * Takes  names of nginx variables, keys of key=value pairs behind the combined format; their values.
 * Gives  the meaning of a name; record fields, time, status and duration from a value.
 * Holds  per thread, the text of the last stamp: the lines of one second share it.
 * Never  allocates; never fails on a value that it does not understand: the field stays as printed.
 *
 * Lists. $upstream_addr, _status and _*_time hold one value for each server that was tried, in the same order: "a, b"
 * when b was tried after a, "a : b" after an internal redirect (ngx_http_upstream_module); where no server could be
 * chosen the address is the group's name; "-" is no value. Fields hold the last one: all five then speak of the try
 * that gave the client its answer (or of the group that had no server left), and a sum over tries would be no time
 * that any server took. The tries before it stand in the line.
 *
 * A session of the stream module ($status 200, 400, 403, 500, 502, 503: ngx_stream_core_module) is no HTTP request:
 * it has no status, is never counted among requests, and only what is not 200 becomes a field, error.code.
 */
#ifndef ONSET_ACCESS_H
#define ONSET_ACCESS_H

#include "line/hop.h"
#include "line/record.h"
#include "line/stamp.h"

enum access_what {
	ACCESS_IGNORED,
	ACCESS_FIELD,     /* "-" is no value; the first name of a field that has a value wins */
	ACCESS_LIST,      /* the same; of several upstreams the last */
	ACCESS_REQUEST,   /* "METHOD PATH PROTOCOL", or whatever the client sent */
	ACCESS_STATUS,
	ACCESS_SESSION,   /* the status of a stream session */
	ACCESS_PROTOCOL,  /* "HTTP/1.1" */
	ACCESS_STAMP,     /* the finest of several wins */
	ACCESS_DURATION,  /* seconds with decimals */
	ACCESS_DURATION_MS, /* milliseconds, */
	ACCESS_DURATION_US, /* microseconds */
	ACCESS_FIRST,     /* of several addresses the first: X-Forwarded-For */
	ACCESS_USER,      /* Apache's %u: "" is no value */
	ACCESS_PEER,      /* "address:port", "[v6]:port" */
	ACCESS_UPSTREAM,  /* "http://address:port", "tcp://address:port" */
	ACCESS_PIECE,     /* of a time: apachetime.h */
	ACCESS_TAIL,      /* tail.h: whatever follows */
};

/* Which bytes a variable's value can have: where no text tells values apart, this does. */
enum access_shape {
	SHAPE_ANY,
	SHAPE_WORD,      /* no blank */
	SHAPE_PATH,      /* begins with '/', or is a whole URL */
	SHAPE_DIGITS,
	SHAPE_DECIMAL,   /* one '.' at most */
	SHAPE_STATUS,    /* three digits */
	SHAPE_STAMP,
	SHAPE_TRANSPORT, /* TCP or UDP */
	SHAPE_NUMBERS,   /* a list of upstreams: numbers */
	SHAPE_WORDS,     /* a list of upstreams: words */
};

struct access_meaning {
	unsigned char what;  /* enum access_what */
	unsigned char field; /* enum field */
	unsigned char shape; /* enum access_shape; "-" and, of JSON, nothing fit each */
};

/* Of a variable without its '$'. Unknown ones are ACCESS_IGNORED: nginx has hundreds, and users make their own. */
struct access_meaning access_variable(struct span name);
/* Of a key in the tail: a variable's name, or one of the usual short forms (rt, urt, uct, uht, ua, us, rid, ...). */
struct access_meaning access_key(struct span name);

enum { ACCESS_PIECES = 12 };
struct access_scratch {
	struct stamp_cache cache;
	struct stamp stamp; /* of `text` */
	char text[40];
	size_t len; /* of `text`, 0 when there is none */
	struct span pieces[ACCESS_PIECES]; /* of the line's time */
};

/* Sets METHOD and PATH when `request` is an HTTP request line; else only REQUEST, because a port scan is no path. */
void access_request(struct span request, struct record *r);
void access_stamp(struct span value, struct access_scratch *s, struct record *r);
void access_duration(struct span value, struct record *r);
/* In units of `unit_us` microseconds. */
void access_duration_in(struct span value, int64_t unit_us, struct record *r);
/* The first of "a, b", without brackets and port. */
void access_first(enum field field, struct span list, struct record *r);
/* CLIENT and CLIENT_PORT, unless a client is there. */
void access_peer(struct span value, struct record *r);
/* Without scheme and path. */
struct span access_host_of(struct span url);

static inline bool access_is_absent(struct span value)
{
	return !value.len || (value.len == 1 && value.at[0] == '-');
}

/* Of a list the last value; SPAN_NONE when that is missing ("a : "). */
struct span access_last_of(struct span list);

static inline struct span access_last(struct span value)
{
	return hop_to(value.at, value.at + value.len, ' ') ? access_last_of(value) : value;
}
/* The same for the upstream fields of a record that was not read by access_set(). */
void access_last_of_each(struct record *r);
static inline void access_last_upstream(struct record *r)
{
	const uint64_t lists = UINT64_C(1) << FIELD_UPSTREAM_ADDRESS | UINT64_C(1) << FIELD_UPSTREAM_STATUS |
			       UINT64_C(1) << FIELD_UPSTREAM_CONNECT_TIME | UINT64_C(1) << FIELD_UPSTREAM_HEADER_TIME |
			       UINT64_C(1) << FIELD_UPSTREAM_RESPONSE_TIME;
	if (r->has & lists)
		access_last_of_each(r);
}

/* Makes a field of `value` unless it is absent or the field is there. */
static inline void access_field(enum field field, struct span value, struct record *r)
{
	if (!access_is_absent(value) && !record_has(r, field))
		record_set(r, field, value);
}

/* Inline by force: it runs for each value of a line, and the compiler would share it between its callers. */
static inline __attribute__((always_inline)) void access_set(struct access_meaning m, struct span value, struct access_scratch *s, struct record *r)
{
	switch ((enum access_what)m.what) {
	case ACCESS_FIELD:
		access_field((enum field)m.field, value, r);
		break;
	case ACCESS_LIST:
		access_field((enum field)m.field, access_last(value), r);
		break;
	case ACCESS_REQUEST:
		access_request(value, r);
		break;
	case ACCESS_STATUS:
		if (value.len == 3) {
			unsigned a = (unsigned char)(value.at[0] - '0'), b = (unsigned char)(value.at[1] - '0'),
				 c = (unsigned char)(value.at[2] - '0');
			if (a >= 1 && a < 10 && b < 10 && c < 10)
				r->status = (int)(a * 100 + b * 10 + c);
		}
		/* Envoy's 0 means that there was no answer. */
		if (value.len != 1 || value.at[0] != '0')
			record_set(r, FIELD_STATUS, value);
		break;
	case ACCESS_SESSION:
		if (!span_equal(value, SPAN("200")))
			access_field(FIELD_ERROR_CODE, value, r);
		break;
	case ACCESS_PROTOCOL:
		access_field(FIELD_PROTOCOL_VERSION, span_starts(value, SPAN("HTTP/")) ? span_from(value, 5) : value, r);
		break;
	case ACCESS_STAMP:
		access_stamp(value, s, r);
		break;
	case ACCESS_DURATION:
		access_duration(value, r);
		break;
	case ACCESS_DURATION_MS:
		access_duration_in(value, 1000, r);
		break;
	case ACCESS_DURATION_US:
		access_duration_in(value, 1, r);
		break;
	case ACCESS_FIRST:
		access_first((enum field)m.field, value, r);
		break;
	case ACCESS_USER:
		if (!span_equal(value, SPAN("\"\"")))
			access_field(FIELD_USER, value, r);
		break;
	case ACCESS_PEER:
		access_peer(value, r);
		break;
	case ACCESS_UPSTREAM:
		access_field(FIELD_UPSTREAM_ADDRESS, access_host_of(value), r);
		break;
	case ACCESS_PIECE:
		s->pieces[m.field] = value;
		break;
	case ACCESS_IGNORED:
	case ACCESS_TAIL:
		break;
	}
}

#endif
