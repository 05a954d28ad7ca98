#include "line/access.h"

#include "patterns.h"
#include "unit.h"

/* A name, and what it means as a variable and as the key of a pair. */
struct name {
	const char *name;
	enum access_what variable, key;
	enum field field;
};

static const struct name names[] = {
	{"remote_addr", ACCESS_FIELD, ACCESS_FIELD, FIELD_CLIENT},
	{"REMOTE_ADDR", ACCESS_FIELD, ACCESS_FIELD, FIELD_CLIENT},
	{"request", ACCESS_REQUEST, ACCESS_REQUEST, FIELD_REQUEST},
	{"status", ACCESS_STATUS, ACCESS_STATUS, FIELD_STATUS},
	{"time_local", ACCESS_STAMP, ACCESS_STAMP, FIELD_TIMESTAMP},
	{"request_time", ACCESS_DURATION, ACCESS_DURATION, FIELD_DURATION},
	{"upstream_response_time", ACCESS_LIST, ACCESS_LIST, FIELD_UPSTREAM_RESPONSE_TIME},
	{"rt", ACCESS_IGNORED, ACCESS_DURATION, FIELD_DURATION},
	{"urt", ACCESS_IGNORED, ACCESS_LIST, FIELD_UPSTREAM_RESPONSE_TIME},
	{"us", ACCESS_IGNORED, ACCESS_LIST, FIELD_UPSTREAM_STATUS},
	{"ua", ACCESS_IGNORED, ACCESS_LIST, FIELD_UPSTREAM_ADDRESS},
	{"RID", ACCESS_IGNORED, ACCESS_FIELD, FIELD_REQUEST_ID},
	{"tail", ACCESS_TAIL, ACCESS_IGNORED, FIELD_IGNORED},
	{"ssl_protocol", ACCESS_IGNORED, ACCESS_IGNORED, FIELD_IGNORED},
	{"", ACCESS_IGNORED, ACCESS_IGNORED, FIELD_IGNORED},
};

static void meanings(void)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct span name = patterns_exact(span_of(names[i].name));
		struct access_meaning v = access_variable(name), k = access_key(name);
		FACT(v.what == names[i].variable && k.what == names[i].key &&
			     (k.what == ACCESS_IGNORED || k.field == names[i].field) &&
			     (v.what == ACCESS_IGNORED || v.field == names[i].field),
		     names[i].name);
		memory_free((void *)name.at);
	}
}

/* A request as logged; its method and path, NULL when it is none. */
struct request {
	const char *fact, *request, *method, *path;
};

static const struct request requests[] = {
	{"a request", "GET /a?b=c HTTP/1.1", "GET", "/a?b=c"},
	{"HTTP/2", "POST /a HTTP/2.0", "POST", "/a"},
	{"as some print it", "POST /a HTTP/2", "POST", "/a"},
	{"a blank in the path", "GET /a b HTTP/1.1", "GET", "/a b"},
	{"CONNECT", "CONNECT example.org:443 HTTP/1.1", "CONNECT", "example.org:443"},
	{"OPTIONS of all", "OPTIONS * HTTP/1.0", "OPTIONS", "*"},
	{"HTTP/0.9", "GET /a", "GET", "/a"},
	{"a whole URL without a protocol", "GET http://a/b", "GET", "http://a/b"},
	{"a method with a hyphen", "VERSION-CONTROL /a HTTP/1.1", "VERSION-CONTROL", "/a"},
	{"a port scan", "\\x16\\x03\\x01", NULL, NULL},
	{"a word", "quit", NULL, NULL},
	{"two words that are no request", "USER anonymous", NULL, NULL},
	{"small letters are no method", "get /a HTTP/1.1", NULL, NULL},
	{"a method alone", "GET", NULL, NULL},
	{"a method and a blank", "GET ", NULL, NULL},
	{"a method and a protocol", "GET HTTP/1.1", NULL, NULL},
	{"a method too long to be one", "ABCDEFGHIJKLMNOPQRSTUVWXYZ /a HTTP/1.1", NULL, NULL},
};

static void request_lines(void)
{
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		struct span line = patterns_exact(span_of(requests[i].request));
		struct record r;
		record_clear(&r);
		access_request(line, &r);
		FACT(record_has(&r, FIELD_METHOD) == (requests[i].method != NULL) &&
			     record_has(&r, FIELD_PATH) == (requests[i].method != NULL) &&
			     span_equal(record_get(&r, FIELD_METHOD), span_of(requests[i].method)) &&
			     span_equal(record_get(&r, FIELD_PATH), span_of(requests[i].path)),
		     requests[i].fact);
		FACT(span_equal(record_get(&r, FIELD_REQUEST), line), "the request itself is kept");
		memory_free((void *)line.at);
	}
	struct record r;
	record_clear(&r);
	access_request(SPAN("-"), &r);
	access_request(SPAN(""), &r);
	FACT(!r.has, "a dash is no request, nor is nothing");
}

/* A duration as logged and its microseconds; -1: none. */
struct duration {
	const char *text;
	int64_t us;
};

static const struct duration durations[] = {
	{"0.042", 42000},
	{"12.345", 12345000},
	{"9999.999", 9999999000},
	{"0.000", 0},
	{"99999.999", 99999999000},
	{"1.5", 1500000},
	{"3", 3000000},
	{"0.0421", 42100},
	{"-", -1},
	{"", -1},
	{"0.04x", -1},
	{"x.042", -1},
	{"1,042", -1},
	{"-0.042", -1},
	{"0.042, 0.001", -1},
	{".042", -1},
	{"12.34.567", -1},
};

static void values(void)
{
	struct access_scratch s = {0};
	struct record r;
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		struct span text = patterns_exact(span_of(durations[i].text));
		record_clear(&r);
		access_duration(text, &r);
		if (!FACT(r.duration_us == durations[i].us && record_has(&r, FIELD_DURATION) == (durations[i].us >= 0),
			  "seconds with decimals"))
			printf("\"%s\" gives %lld\n", durations[i].text, (long long)r.duration_us);
		memory_free((void *)text.at);
	}
	record_clear(&r);
	access_duration(SPAN("1.000"), &r);
	access_duration(SPAN("2.000"), &r);
	FACT(r.duration_us == 1000000, "of two durations the first counts");
	static const struct {
		const char *text;
		int status;
	} statuses[] = {{"200", 200}, {"999", 999}, {"100", 100}, {"099", 0}, {"2xx", 0},
			{"20", 0},    {"2000", 0},  {"-", 0},	  {"", 0}};
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		record_clear(&r);
		access_set(access_variable(SPAN("status")), span_of(statuses[i].text), &s, &r);
		FACT(r.status == statuses[i].status && record_has(&r, FIELD_STATUS),
		     "three digits are a status; the field stays as printed");
	}
	record_clear(&r);
	access_set(access_key(SPAN("rid")), SPAN("-"), &s, &r);
	access_set(access_key(SPAN("rid")), SPAN("first"), &s, &r);
	access_set(access_key(SPAN("request_id")), SPAN("second"), &s, &r);
	access_set(access_key(SPAN("unheard_of")), SPAN("third"), &s, &r);
	FACT(span_equal(record_get(&r, FIELD_REQUEST_ID), SPAN("first")),
	     "the first name of a field that has a value wins");
}

static void stamps(void)
{
	struct access_scratch s = {0};
	struct record r = {0};
	struct span a = patterns_exact(SPAN("22/Nov/2026:11:15:10 +0100")),
		    b = patterns_exact(SPAN("22/Nov/2026:11:15:10 +0100"));
	int64_t expected;
	instant_parse(SPAN("2026-11-22T10:15:10Z"), &expected);
	access_stamp(a, &s, &r);
	FACT(r.time_us == expected && r.resolution_us == SECOND_US && r.zone == STAMP_EXPLICIT,
	     "a stamp in seconds with its zone");
	memory_free((void *)a.at);
	r = (struct record){0};
	access_stamp(b, &s, &r);
	FACT(r.time_us == expected && r.zone_text.at >= b.at && r.zone_text.at < b.at + b.len,
	     "the same stamp again is remembered, and points into its own line");
	access_stamp(SPAN("1795342510.123"), &s, &r);
	FACT(r.time_us == expected + 123000 && r.resolution_us == 1000, "of several stamps the finest wins: $msec");
	access_stamp(SPAN("2026-11-22T10:15:10+00:00"), &s, &r);
	FACT(r.time_us == expected + 123000 && r.resolution_us == 1000, "a coarser one behind it changes nothing");
	r = (struct record){0};
	access_stamp(SPAN("yesterday"), &s, &r);
	FACT(!record_has(&r, FIELD_TIMESTAMP), "what is no stamp sets none");
	access_stamp(b, &s, &r);
	FACT(r.time_us == expected, "and the next one is read again");
	access_stamp(SPAN(""), &s, &r);
	FACT(r.time_us == expected, "an empty one is none");
	memory_free((void *)b.at);
}

int main(void)
{
	meanings();
	request_lines();
	values();
	stamps();
	return unit_done();
}
