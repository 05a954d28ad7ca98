#include "parse/template.h"

#include "patterns.h"
#include "unit.h"

static struct template *compiled(const char *text)
{
	struct diag d = {0};
	size_t column;
	return template_new(span_of(text), &d, &column);
}

static bool scans(const struct template *t, const char *line, struct template_scratch *s, struct record *r)
{
	record_clear(r);
	return template_scan(t, patterns_kept(span_of(line)), s, r);
}

static bool is(const struct record *r, enum field field, const char *value)
{
	return record_has(r, field) && span_equal(r->field[field], span_of(value));
}

#define COMBINED "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent$tail"
#define HEAD "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 5"

static void test_compile(void)
{
	struct diag d = {0};
	size_t column;
	FACT(!template_new(SPAN("$time_local$status"), &d, &column) && column == 11,
	     "two variables without text between them are refused, with their place");
	d = (struct diag){0};
	FACT(!template_new(SPAN("$remote_addr $status"), &d, &column) && d.hint[0],
	     "a format without a time is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("$time_local $remote_addr"), &d, &column),
	     "a format without status and request is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("[$time_local] $ $status"), &d, &column) && column == 14,
	     "a dollar without a name is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("[$time_local] $tail $status"), &d, &column), "$tail is the last one");
	d = (struct diag){0};
	FACT(!template_new(SPAN_NONE, &d, &column), "an empty format is refused");
	template_free(NULL);
	struct template *t = compiled("combined");
	struct template_scratch s = {0};
	struct record r;
	FACT(t && scans(t, HEAD " \"-\" \"x\"", &s, &r) && is(&r, FIELD_USER_AGENT, "x"),
	     "\"combined\" is nginx's own format");
	FACT(!scans(t, HEAD " \"-\" \"x\" more", &s, &r), "a template without $tail takes nothing behind its end");
	template_free(t);
}

static void test_values(void)
{
	struct template *t =
		compiled("${time_iso8601}|$msec|$remote_addr|$request_method $request_uri|$status|$request_time|"
			 "$upstream_addr|$http_x_request_id|$request_id|$my_own");
	struct template_scratch s = {0};
	struct record r;
	FACT(t && scans(t, "2026-11-22T12:15:10+01:00|1795346110.250|::1|GET /x|502|1.5|a:80, b:80|-|r1|whatever", &s,
			&r),
	     "a format of our own is scanned");
	FACT(r.time_us == INT64_C(1795346110250000) && r.resolution_us == 1000 && r.zone == STAMP_EXPLICIT,
	     "the finer of two stamps counts");
	FACT(is(&r, FIELD_REQUEST_ID, "r1"), "the first name of a field that has a value wins");
	FACT(r.status == 502 && r.duration_us == 1500000, "status and duration are numbers");
	FACT(is(&r, FIELD_UPSTREAM_ADDRESS, "a:80, b:80"), "a list stays as printed");
	FACT(is(&r, FIELD_METHOD, "GET") && is(&r, FIELD_PATH, "/x"), "method and URI may stand apart");
	FACT(scans(t, "x|y|::1|GET /x|502|1.5|-|-|-|-", &s, &r) && r.resolution_us == 0,
	     "no readable stamp is no stamp");
	template_free(t);

	t = compiled("{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"ua\":\"$http_user_agent\",\"s\":$status}");
	FACT(t &&
		     scans(t,
			   "{\"t\":\"2026-11-22T12:15:10Z\",\"r\":\"GET / HTTP/1.1\",\"ua\":\"a\\\"\\\\\",\"s\":200}",
			   &s, &r) &&
		     is(&r, FIELD_USER_AGENT, "a\\\"\\\\"),
	     "in quotes, an escaped quote does not end a value");
	template_free(t);
}

static void test_requests(void)
{
	static const struct {
		const char *name, *request, *method, *path;
	} cases[] = {
		{"a request line is split", "GET /a?b=c HTTP/1.1", "GET", "/a?b=c"},
		{"HTTP/2 has no minor version", "GET /a HTTP/2", "GET", "/a"},
		{"a path may hold a blank", "GET /a b HTTP/1.0", "GET", "/a b"},
		{"HTTP/0.9 has no protocol", "GET /a", "GET", "/a"},
		{"a proxy's request has a whole URL", "CONNECT a.example:443 HTTP/1.1", "CONNECT", "a.example:443"},
		{"bytes of TLS are no method", "\\x16\\x03\\x01", NULL, NULL},
		{"a word alone is no method", "HELP", NULL, NULL},
		{"two words are no path", "USER root", NULL, NULL},
		{"a method without a path", "GET  HTTP/1.1", NULL, NULL},
		{"a protocol alone", " HTTP/1.1", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct record r;
		record_clear(&r);
		access_request(span_of(cases[i].request), &r);
		FACT(is(&r, FIELD_REQUEST, cases[i].request) && record_has(&r, FIELD_METHOD) == !!cases[i].method &&
			     (!cases[i].method ||
			      (is(&r, FIELD_METHOD, cases[i].method) && is(&r, FIELD_PATH, cases[i].path))),
		     cases[i].name);
	}
	struct record r;
	record_clear(&r);
	access_request(SPAN("-"), &r);
	FACT(!record_has(&r, FIELD_REQUEST), "a dash is no request");
}

static void test_tails(void)
{
	static const struct {
		const char *name, *tail;
		int64_t duration_us;
		const char *upstream, *response, *id;
	} cases[] = {
		{"nothing behind the bytes (common)", "", -1, NULL, NULL, NULL},
		{"combined", " \"-\" \"x\"", -1, NULL, NULL, NULL},
		{"pairs", " \"-\" \"x\" rt=0.042 urt=0.041 ua=\"10.0.0.1:80\" rid=r7", 42000, "10.0.0.1:80", "0.041",
		 "r7"},
		{"the same pairs in another order", " \"-\" \"x\" rid=r7 ua=10.0.0.1:80 urt=\"0.041\" rt=\"0.042\"",
		 42000, "10.0.0.1:80", "0.041", "r7"},
		{"long names",
		 " \"-\" \"x\" request_time=0.042 upstream_response_time=0.041 upstream_addr=10.0.0.1:80 request_id=r7",
		 42000, "10.0.0.1:80", "0.041", "r7"},
		{"dashes are no values", " \"-\" \"x\" rt=0.000 urt=- ua=\"-\" rid=-", 0, NULL, NULL, NULL},
		{"a bare list goes on over its commas", " \"-\" \"x\" urt=0.001, 0.002 : 0.003 rt=0.010", 10000, NULL,
		 "0.001, 0.002 : 0.003", NULL},
		{"unknown keys are passed over", " \"-\" \"x\" cache=HIT a=\"b c\" rt=0.010 z=", 10000, NULL, NULL,
		 NULL},
		{"bare timings", " \"-\" \"x\" 0.250 0.248", 250000, NULL, "0.248", NULL},
		{"the upstream's timing is missing", " \"-\" \"x\" 0.250 - 0.111", 250000, NULL, NULL, NULL},
		{"a forwarded address is no upstream", " \"-\" \"x\" \"203.0.113.9\" 0.250", 250000, NULL, NULL, NULL},
		{"a quoted timing", " \"-\" \"x\" \"0.250\"", 250000, NULL, NULL, NULL},
		{"an agent that looks like a pair is an agent", " \"-\" \"rt=9.999\" rt=0.010", 10000, NULL, NULL,
		 NULL},
		{"an escaped quote in the agent", " \"-\" \"a\\\" rt=9.999\" rt=0.010", 10000, NULL, NULL, NULL},
		{"pairs without agents", " rt=0.010", 10000, NULL, NULL, NULL},
	};
	struct template *t = compiled(COMBINED);
	struct template_scratch s = {0};
	/* Twice, so that each tail is read with the keys of another as the guess. */
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
			char line[512];
			struct record r;
			snprintf(line, sizeof line, HEAD "%s", cases[i].tail);
			bool fits = scans(t, line, &s, &r) && r.duration_us == cases[i].duration_us &&
				    record_has(&r, FIELD_UPSTREAM_ADDRESS) == !!cases[i].upstream &&
				    record_has(&r, FIELD_UPSTREAM_RESPONSE_TIME) == !!cases[i].response &&
				    record_has(&r, FIELD_REQUEST_ID) == !!cases[i].id &&
				    (!cases[i].upstream || is(&r, FIELD_UPSTREAM_ADDRESS, cases[i].upstream)) &&
				    (!cases[i].response || is(&r, FIELD_UPSTREAM_RESPONSE_TIME, cases[i].response)) &&
				    (!cases[i].id || is(&r, FIELD_REQUEST_ID, cases[i].id));
			FACT(fits, cases[i].name);
		}
	}
	struct record r;
	FACT(!scans(t, HEAD " \"-\" \"open", &s, &r), "a quote that does not close is refused");
	FACT(!scans(t, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTT", &s, &r), "a cut line is refused");
	FACT(!scans(t, "", &s, &r), "an empty line is refused");
	FACT(!scans(t, "host 192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 5", &s, &r),
	     "an address holds no blank");
	template_free(t);
}

/* Each head of a line, in memory that ends with it: never read behind. */
static void test_heads(void)
{
	struct template *t = compiled(COMBINED);
	struct template_scratch s = {0};
	const char *line = HEAD " \"-\" \"Mozilla/5.0 (X11)\" rt=0.042 uct=0.000 urt=0.041, 0.1 ua=\"127.0.0.1:1\" "
				"rid=0123456789abcdef";
	struct record r;
	size_t taken = 0;
	scans(t, line, &s, &r);
	for (size_t n = 0; n <= strlen(line); n++) {
		struct span head = patterns_exact((struct span){line, n});
		record_clear(&r);
		taken += template_scan(t, head, &s, &r);
		memory_free((void *)head.at);
	}
	FACT(taken > 0 && taken < strlen(line), "every head of a line is read within its bounds");
	template_free(t);
}

int main(void)
{
	test_compile();
	test_values();
	test_requests();
	test_tails();
	test_heads();
	return unit_done();
}
