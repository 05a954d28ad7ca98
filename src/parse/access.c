#include "parse/access.h"

#include "parse/hop.h"

struct access_name {
	const char *name;
	struct access_meaning meaning;
};

#define MEANS(what, field) {ACCESS_##what, FIELD_##field}

/* https://nginx.org/en/docs/varindex.html; those that say nothing about an outage are not listed. Of names that share a
 * field the first one printed wins. */
static const struct access_name variables[] = {
	{"remote_addr", MEANS(FIELD, CLIENT)},
	{"remote_port", MEANS(FIELD, CLIENT_PORT)},
	{"remote_user", MEANS(FIELD, USER)},
	{"request", MEANS(REQUEST, REQUEST)},
	{"request_method", MEANS(FIELD, METHOD)},
	{"request_uri", MEANS(FIELD, PATH)},
	{"uri", MEANS(FIELD, PATH)},
	{"document_uri", MEANS(FIELD, PATH)},
	{"status", MEANS(STATUS, STATUS)},
	{"body_bytes_sent", MEANS(FIELD, BODY_SIZE)},
	{"time_local", MEANS(STAMP, TIMESTAMP)},
	{"time_iso8601", MEANS(STAMP, TIMESTAMP)},
	{"msec", MEANS(STAMP, TIMESTAMP)},
	{"request_time", MEANS(DURATION, DURATION)},
	{"http_referer", MEANS(FIELD, REFERER)},
	{"http_user_agent", MEANS(FIELD, USER_AGENT)},
	{"request_id", MEANS(FIELD, REQUEST_ID)},
	{"req_id", MEANS(FIELD, REQUEST_ID)},
	{"http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"sent_http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"upstream_http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"http_x_correlation_id", MEANS(FIELD, REQUEST_ID)},
	{"upstream_addr", MEANS(FIELD, UPSTREAM_ADDRESS)},
	{"upstream_status", MEANS(FIELD, UPSTREAM_STATUS)},
	{"upstream_connect_time", MEANS(FIELD, UPSTREAM_CONNECT_TIME)},
	{"upstream_header_time", MEANS(FIELD, UPSTREAM_HEADER_TIME)},
	{"upstream_response_time", MEANS(FIELD, UPSTREAM_RESPONSE_TIME)},
	{"host", MEANS(FIELD, SERVER)},
	{"http_host", MEANS(FIELD, SERVER)},
	{"server_name", MEANS(FIELD, SERVER)},
	{"hostname", MEANS(FIELD, HOST)},
	{"pid", MEANS(FIELD, PID)},
	{"tail", MEANS(TAIL, IGNORED)},
};

/* Keys that people give to the same things behind the combined format. */
static const struct access_name short_keys[] = {
	{"rt", MEANS(DURATION, DURATION)},
	{"reqtime", MEANS(DURATION, DURATION)},
	{"req_time", MEANS(DURATION, DURATION)},
	{"duration", MEANS(DURATION, DURATION)},
	{"urt", MEANS(FIELD, UPSTREAM_RESPONSE_TIME)},
	{"upstream_time", MEANS(FIELD, UPSTREAM_RESPONSE_TIME)},
	{"uct", MEANS(FIELD, UPSTREAM_CONNECT_TIME)},
	{"uht", MEANS(FIELD, UPSTREAM_HEADER_TIME)},
	{"ua", MEANS(FIELD, UPSTREAM_ADDRESS)},
	{"upstream", MEANS(FIELD, UPSTREAM_ADDRESS)},
	{"uaddr", MEANS(FIELD, UPSTREAM_ADDRESS)},
	{"us", MEANS(FIELD, UPSTREAM_STATUS)},
	{"ust", MEANS(FIELD, UPSTREAM_STATUS)},
	{"ustatus", MEANS(FIELD, UPSTREAM_STATUS)},
	{"rid", MEANS(FIELD, REQUEST_ID)},
	{"reqid", MEANS(FIELD, REQUEST_ID)},
	{"requestid", MEANS(FIELD, REQUEST_ID)},
	{"request-id", MEANS(FIELD, REQUEST_ID)},
	{"x-request-id", MEANS(FIELD, REQUEST_ID)},
	{"x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"correlation_id", MEANS(FIELD, REQUEST_ID)},
	{"sn", MEANS(FIELD, SERVER)},
	{"vhost", MEANS(FIELD, SERVER)},
	{"server", MEANS(FIELD, SERVER)},
	{"ms", MEANS(STAMP, TIMESTAMP)},
	{"ts", MEANS(STAMP, TIMESTAMP)},
};

static struct access_meaning lookup(const struct access_name *names, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++) {
		if (span_equal_nocase(name, span_of(names[i].name)))
			return names[i].meaning;
	}
	return (struct access_meaning)MEANS(IGNORED, IGNORED);
}

struct access_meaning access_variable(struct span name)
{
	return lookup(variables, sizeof variables / sizeof *variables, name);
}

struct access_meaning access_key(struct span name)
{
	struct access_meaning m = access_variable(name);
	if (m.what == ACCESS_IGNORED)
		m = lookup(short_keys, sizeof short_keys / sizeof *short_keys, name);
	/* Of the variables a tail repeats, the request and the tail itself are none that a pair can hold. */
	if (m.what == ACCESS_TAIL)
		m.what = ACCESS_IGNORED;
	return m;
}

/* A method is a token (RFC 9110 section 9.1); all registered ones are capitals and hyphens. */
static inline size_t method_len(struct span s)
{
	size_t n = 0;
	while (n < s.len && n < 24 && ((unsigned char)(s.at[n] - 'A') < 26 || s.at[n] == '-' || s.at[n] == '_'))
		n++;
	return n;
}

/* "0.042": what nearly all are. Its microseconds, -1 for any other shape. */
static inline int64_t short_duration(struct span s)
{
	if (s.len < 5 || s.len > 8 || s.at[s.len - 4] != '.')
		return -1;
	int64_t ms = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned char)(s.at[i] - '0');
		if (i == s.len - 4)
			continue;
		if (digit > 9)
			return -1;
		ms = ms * 10 + digit;
	}
	return ms * 1000;
}

/* Where " HTTP/1.1" starts at the end of `s`; s.len when it does not end so. */
static inline size_t protocol_at(struct span s)
{
	static const size_t lens[] = {9, 7}; /* " HTTP/1.1", " HTTP/2" */
	for (size_t i = 0; i < 2; i++) {
		if (s.len > lens[i] && !memcmp(s.at + s.len - lens[i], " HTTP/", 6))
			return s.len - lens[i];
	}
	return s.len;
}

void access_request(struct span request, struct record *r)
{
	if (access_is_absent(request))
		return;
	record_set(r, FIELD_REQUEST, request);
	size_t method = method_len(request);
	if (!method || method + 1 >= request.len || request.at[method] != ' ')
		return;
	size_t end = protocol_at(request);
	if (end <= method + 1)
		return;
	/* HTTP/0.9 has no protocol: then only a path or a whole URL can follow. */
	struct span target = {request.at + method + 1, end - method - 1};
	if (end == request.len && target.at[0] != '/' && span_find(target, SPAN("://")) < 0)
		return;
	record_set(r, FIELD_METHOD, (struct span){request.at, method});
	record_set(r, FIELD_PATH, target);
}

void access_stamp(struct span value, struct access_scratch *s, struct record *r)
{
	if (s->len != value.len || !s->len || !hop_same(s->text, value.at, value.len)) {
		s->len = 0;
		if (!stamp_parse(value, &s->cache, &s->stamp))
			return;
		if (value.len <= sizeof s->text) {
			memcpy(s->text, value.at, value.len);
			s->len = value.len;
		}
	}
	if (r->resolution_us && r->resolution_us <= s->stamp.resolution_us)
		return;
	record_set(r, FIELD_TIMESTAMP, value);
	stamp_apply(&s->stamp, r);
	/* The zone stands at the stamp's end: in this line, not in the one that was cached. */
	if (r->zone_text.len)
		r->zone_text.at = value.at + value.len - r->zone_text.len;
}

void access_duration(struct span value, struct record *r)
{
	if (access_is_absent(value) || record_has(r, FIELD_DURATION))
		return;
	int64_t us = short_duration(value);
	if (us >= 0 || span_to_duration(value, SECOND_US, &us)) {
		r->duration_us = us;
		record_set(r, FIELD_DURATION, value);
	}
}
