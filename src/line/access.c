#include "line/access.h"

#include "line/hop.h"

struct access_name {
	const char *name;
	struct access_meaning meaning;
};

#define MEANS(what, field) {ACCESS_##what, FIELD_##field, SHAPE_ANY}
#define SHAPED(what, field, shape) {ACCESS_##what, FIELD_##field, SHAPE_##shape}

/* https://nginx.org/en/docs/varindex.html; those that say nothing about an outage are not listed. Of names that share a
 * field the first one printed wins. */
static const struct access_name variables[] = {
	{"remote_addr", SHAPED(FIELD, CLIENT, WORD)},
	{"remote_port", SHAPED(FIELD, CLIENT_PORT, DIGITS)},
	{"remote_user", MEANS(FIELD, USER)},
	{"request", MEANS(REQUEST, REQUEST)},
	{"request_method", SHAPED(FIELD, METHOD, WORD)},
	{"request_uri", SHAPED(FIELD, PATH, PATH)},
	{"uri", SHAPED(FIELD, PATH, PATH)},
	{"document_uri", SHAPED(FIELD, PATH, PATH)},
	{"status", SHAPED(STATUS, STATUS, STATUS)},
	{"body_bytes_sent", SHAPED(FIELD, BODY_SIZE, DIGITS)},
	{"time_local", SHAPED(STAMP, TIMESTAMP, STAMP)},
	{"time_iso8601", SHAPED(STAMP, TIMESTAMP, STAMP)},
	{"msec", SHAPED(STAMP, TIMESTAMP, STAMP)},
	{"request_time", SHAPED(DURATION, DURATION, DECIMAL)},
	{"http_referer", MEANS(FIELD, REFERER)},
	{"http_user_agent", MEANS(FIELD, USER_AGENT)},
	{"request_id", SHAPED(FIELD, REQUEST_ID, WORD)},
	{"req_id", SHAPED(FIELD, REQUEST_ID, WORD)},
	{"http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"sent_http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"upstream_http_x_request_id", MEANS(FIELD, REQUEST_ID)},
	{"http_x_correlation_id", MEANS(FIELD, REQUEST_ID)},
	{"upstream_addr", SHAPED(LIST, UPSTREAM_ADDRESS, WORDS)},
	{"upstream_status", SHAPED(LIST, UPSTREAM_STATUS, NUMBERS)},
	{"upstream_connect_time", SHAPED(LIST, UPSTREAM_CONNECT_TIME, NUMBERS)},
	{"upstream_header_time", SHAPED(LIST, UPSTREAM_HEADER_TIME, NUMBERS)},
	{"upstream_response_time", SHAPED(LIST, UPSTREAM_RESPONSE_TIME, NUMBERS)},
	{"host", SHAPED(FIELD, SERVER, WORD)},
	{"http_host", SHAPED(FIELD, HTTP_HOST, WORD)},
	{"server_name", SHAPED(FIELD, SERVER, WORD)},
	{"hostname", SHAPED(FIELD, HOST, WORD)},
	{"pid", SHAPED(FIELD, PID, DIGITS)},
	{"connection", SHAPED(FIELD, CONNECTION, DIGITS)},
	{"server_protocol", SHAPED(PROTOCOL, PROTOCOL_VERSION, WORD)},
	{"tail", MEANS(TAIL, IGNORED)},
	/* of ngx_stream_core_module; in http there is no such variable */
	{"protocol", SHAPED(IGNORED, IGNORED, TRANSPORT)},
	{"session_time", SHAPED(DURATION, DURATION, DECIMAL)},
	{"bytes_received", SHAPED(IGNORED, IGNORED, DIGITS)},
	/* They make no field, but tell where the next value begins. */
	{"bytes_sent", SHAPED(IGNORED, IGNORED, DIGITS)},
	{"request_length", SHAPED(IGNORED, IGNORED, DIGITS)},
	{"connection_requests", SHAPED(IGNORED, IGNORED, DIGITS)},
	{"connection_time", SHAPED(IGNORED, IGNORED, DECIMAL)},
	{"server_port", SHAPED(FIELD, LOCAL_PORT, DIGITS)},
	{"server_addr", SHAPED(FIELD, LOCAL_ADDRESS, WORD)},
	{"scheme", SHAPED(IGNORED, IGNORED, WORD)},
	{"pipe", SHAPED(IGNORED, IGNORED, WORD)},
	{"gzip_ratio", SHAPED(IGNORED, IGNORED, DECIMAL)},
	{"request_completion", SHAPED(IGNORED, IGNORED, WORD)},
	{"ssl_protocol", SHAPED(IGNORED, IGNORED, WORD)},
	{"ssl_cipher", SHAPED(IGNORED, IGNORED, WORD)},
	{"ssl_session_reused", SHAPED(IGNORED, IGNORED, WORD)},
	{"realip_remote_addr", SHAPED(IGNORED, IGNORED, WORD)},
	{"http_x_real_ip", SHAPED(IGNORED, IGNORED, WORD)},
	{"http_x_forwarded_for", SHAPED(IGNORED, IGNORED, WORDS)},
	{"proxy_add_x_forwarded_for", SHAPED(IGNORED, IGNORED, WORDS)},
	{"upstream_cache_status", SHAPED(IGNORED, IGNORED, WORD)},
	{"upstream_response_length", SHAPED(IGNORED, IGNORED, NUMBERS)},
	{"upstream_bytes_sent", SHAPED(IGNORED, IGNORED, NUMBERS)},
	{"upstream_bytes_received", SHAPED(IGNORED, IGNORED, NUMBERS)},
	{"upstream_queue_time", SHAPED(IGNORED, IGNORED, NUMBERS)},
	{"upstream_session_time", SHAPED(IGNORED, IGNORED, NUMBERS)},
	{"upstream_first_byte_time", SHAPED(LIST, UPSTREAM_HEADER_TIME, NUMBERS)},
};

/* Keys that people give to the same things behind the combined format. */
static const struct access_name short_keys[] = {
	{"rt", MEANS(DURATION, DURATION)},
	{"reqtime", MEANS(DURATION, DURATION)},
	{"req_time", MEANS(DURATION, DURATION)},
	{"duration", MEANS(DURATION, DURATION)},
	{"urt", MEANS(LIST, UPSTREAM_RESPONSE_TIME)},
	{"upstream_time", MEANS(LIST, UPSTREAM_RESPONSE_TIME)},
	{"uct", MEANS(LIST, UPSTREAM_CONNECT_TIME)},
	{"uht", MEANS(LIST, UPSTREAM_HEADER_TIME)},
	{"ua", MEANS(LIST, UPSTREAM_ADDRESS)},
	{"upstream", MEANS(LIST, UPSTREAM_ADDRESS)},
	{"uaddr", MEANS(LIST, UPSTREAM_ADDRESS)},
	{"us", MEANS(LIST, UPSTREAM_STATUS)},
	{"ust", MEANS(LIST, UPSTREAM_STATUS)},
	{"ustatus", MEANS(LIST, UPSTREAM_STATUS)},
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
	if (s.len > 3 && !memcmp(s.at, "GET ", 4))
		return 3;
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
	int64_t seconds = 0;
	for (size_t i = 0; i < s.len - 4; i++) {
		unsigned digit = (unsigned char)(s.at[i] - '0');
		if (digit > 9)
			return -1;
		seconds = seconds * 10 + digit;
	}
	const char *decimals = s.at + s.len - 3;
	unsigned a = (unsigned char)(decimals[0] - '0'), b = (unsigned char)(decimals[1] - '0'), c = (unsigned char)(decimals[2] - '0');
	return a < 10 && b < 10 && c < 10 ? (seconds * 1000 + a * 100 + b * 10 + c) * 1000 : -1;
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
	if (end < request.len)
		record_set(r, FIELD_PROTOCOL_VERSION, span_from(request, end + 6));
}

struct span access_last_of(struct span list)
{
	for (size_t i = list.len; i-- > 1;) {
		if (list.at[i] == ' ' && (list.at[i - 1] == ',' || (list.at[i - 1] == ':' && i > 1 && list.at[i - 2] == ' ')))
			return span_from(list, i + 1);
	}
	return list;
}

void access_last_of_each(struct record *r)
{
	static const enum field lists[] = {FIELD_UPSTREAM_ADDRESS, FIELD_UPSTREAM_STATUS, FIELD_UPSTREAM_CONNECT_TIME,
					   FIELD_UPSTREAM_HEADER_TIME, FIELD_UPSTREAM_RESPONSE_TIME};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (!record_has(r, lists[i]))
			continue;
		r->field[lists[i]] = access_last(r->field[lists[i]]);
		if (access_is_absent(r->field[lists[i]]))
			record_unset(r, lists[i]);
	}
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

void access_duration_in(struct span value, int64_t unit_us, struct record *r)
{
	int64_t us;
	if (access_is_absent(value) || record_has(r, FIELD_DURATION) || !span_to_duration(value, unit_us, &us))
		return;
	r->duration_us = us;
	record_set(r, FIELD_DURATION, value);
}

/* "10.0.0.1:80", "[2001:db8::1]:80", "[2001:db8::1]"; an address of several colons without brackets has no port. */
static struct span split_peer(struct span value, struct span *port)
{
	*port = SPAN_NONE;
	if (value.len && value.at[0] == '[') {
		ptrdiff_t close = span_find_byte(value, ']');
		if (close < 0)
			return value;
		struct span rest = span_from(value, (size_t)close + 1);
		if (span_take_byte(&rest, ':'))
			*port = rest;
		return (struct span){value.at + 1, (size_t)close - 1};
	}
	struct span rest = value, address = span_cut(&rest, ':');
	if (!rest.len || span_find_byte(rest, ':') >= 0)
		return value;
	for (size_t i = 0; i < rest.len; i++) {
		if ((unsigned char)(rest.at[i] - '0') > 9)
			return value;
	}
	*port = rest;
	return address;
}

void access_first(enum field field, struct span list, struct record *r)
{
	struct span port;
	ptrdiff_t comma = span_find_byte(list, ',');
	access_field(field, split_peer(comma < 0 ? list : span_head(list, (size_t)comma), &port), r);
}

void access_peer(struct span value, struct record *r)
{
	struct span port, address = split_peer(value, &port);
	if (access_is_absent(address) || record_has(r, FIELD_CLIENT))
		return;
	record_set(r, FIELD_CLIENT, address);
	access_field(FIELD_CLIENT_PORT, port, r);
}

struct span access_host_of(struct span url)
{
	ptrdiff_t scheme = span_find(url, SPAN("://"));
	struct span rest = scheme < 0 || scheme > 16 ? url : span_from(url, (size_t)scheme + 3);
	ptrdiff_t slash = scheme < 0 ? -1 : span_find_byte(rest, '/');
	return slash < 0 ? rest : span_head(rest, (size_t)slash);
}
