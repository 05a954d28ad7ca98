#include <time.h>

#include "split/template.h"

#include "patterns.h"
#include "unit.h"

static struct template *compiled(const char *text)
{
	struct diag d = {0};
	size_t column;
	return template_new(span_of(text), false, &d, &column);
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
	FACT(!template_new(SPAN("$time_local $http_referer$http_user_agent $status"), false, &d, &column) && column == 25,
	     "two variables of any text without text between them are refused, with their place");
	d = (struct diag){0};
	FACT(!template_new(SPAN("$remote_addr $status"), false, &d, &column) && d.hint[0],
	     "a format without a time is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("$time_local $remote_addr"), false, &d, &column),
	     "a format without status and request is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("[$time_local] $ $status"), false, &d, &column) && column == 14,
	     "a dollar without a name is refused");
	d = (struct diag){0};
	FACT(!template_new(SPAN("[$time_local] $tail $status"), false, &d, &column), "$tail is the last one");
	d = (struct diag){0};
	FACT(!template_new(SPAN_NONE, false, &d, &column), "an empty format is refused");
	template_free(NULL);
	struct template *t = compiled("combined");
	struct template_scratch s = {0};
	struct record r;
	FACT(t && scans(t, HEAD " \"-\" \"x\"", &s, &r) && is(&r, FIELD_USER_AGENT, "x"),
	     "\"combined\" is nginx's own format");
	FACT(!scans(t, HEAD " \"-\" \"x\" more", &s, &r), "a template without $tail takes nothing behind its end");
	template_free(t);
	template_scratch_release(&s);
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
	FACT(is(&r, FIELD_UPSTREAM_ADDRESS, "b:80"), "of a list the last one counts");
	FACT(is(&r, FIELD_METHOD, "GET") && is(&r, FIELD_PATH, "/x"), "method and URI may stand apart");
	FACT(!scans(t, "x|y|::1|GET /x|502|1.5|-|-|-|-", &s, &r), "where shapes tell values apart, a stamp is one");
	template_free(t);

	t = compiled("{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"ua\":\"$http_user_agent\",\"s\":$status}");
	FACT(t &&
		     scans(t,
			   "{\"t\":\"2026-11-22T12:15:10Z\",\"r\":\"GET / HTTP/1.1\",\"ua\":\"a\\\"\\\\\",\"s\":200}",
			   &s, &r) &&
		     is(&r, FIELD_USER_AGENT, "a\"\\"),
	     "in quotes, an escaped quote does not end a value, and is a quote");
	template_free(t);
	template_scratch_release(&s);
}

static void test_lines(void)
{
	struct template *t = compiled(COMBINED);
	struct template_scratch s = {0};
	struct record r;
	FACT(scans(t, HEAD, &s, &r) && r.duration_us == -1, "nothing behind the bytes (common)");
	FACT(scans(t, HEAD " \"-\" \"x\" rt=0.042", &s, &r) && r.duration_us == 42000, "what stands there is read (tail.h)");
	FACT(!scans(t, HEAD " \"-\" \"open", &s, &r), "a quote that does not close is refused");
	FACT(!scans(t, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTT", &s, &r), "a cut line is refused");
	FACT(!scans(t, "", &s, &r), "an empty line is refused");
	FACT(scans(t, "192.0.2.1 - - [yesterday] \"GET /a HTTP/1.1\" 200 5", &s, &r) && r.resolution_us == 0,
	     "no readable stamp is no stamp");
	FACT(!scans(t, "host 192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 5", &s, &r),
	     "an address holds no blank");
	template_free(t);
	template_scratch_release(&s);
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
	template_scratch_release(&s);
}

static void test_reach(void)
{
	struct template *t = compiled("$time_iso8601 $host$request_uri $status$tail");
	struct text wanted = {0};
	size_t at = 0;
	FACT(template_reach(t, SPAN("2026-11-22T11:52:43+00:00 x/y 200 \"a\""), &at, &wanted), "values told apart by shape, and what follows them");
	FACT(!template_reach(t, SPAN("2026-11-22T11:52:43+00:00 x/y 200 \"a"), &at, &wanted) && at == 34 &&
		     span_equal(text_span(&wanted), SPAN("a quote that closes this one")),
	     "where what follows cannot be read is shown, too");
	text_release(&wanted);
	template_free(t);
}

/* The processor time for a line of `parts` times a text that could begin again everywhere, and holds no quote. */
static clock_t time_of(const struct template *t, size_t parts)
{
	struct template_scratch s = {0};
	struct text line = {0};
	struct record r;
	while (parts--)
		text_append_string(&line, "1.2.3.4 - - [");
	clock_t from = clock();
	scans(t, line.at, &s, &r);
	from = clock() - from;
	text_release(&line);
	template_scratch_release(&s);
	return from;
}

/* 16 times as long: 16 times the work, not 256 times. */
static void test_work(void)
{
	struct template *t = compiled("$remote_addr $host $remote_user [$time_local] \"$request\" $status $body_bytes_sent$tail");
	bool linear = false;
	for (int tries = 0; !linear && tries < 5; tries++)
		linear = time_of(t, 40000) <= 64 * (time_of(t, 2500) + CLOCKS_PER_SEC / 10000);
	FACT(linear, "a line that is another one is given up in linear time");
	template_free(t);
}

int main(void)
{
	test_compile();
	test_values();
	test_lines();
	test_heads();
	test_reach();
	test_work();
	return unit_done();
}
