#include "split/w3c.h"

#include "patterns.h"
#include "unit.h"

static bool is(const struct record *r, enum field field, const char *wanted)
{
	return wanted ? record_has(r, field) && span_equal(r->field[field], span_of(wanted)) : !record_has(r, field);
}

/* Detection reads the "#Fields:" lines: columns that no pattern has, twice in one file. */
static void test_headers(void)
{
	struct format_set set = {0};
	struct detection d;
	FACT(patterns_builtin(&set), "the built-in formats compile");
	struct format_scratch *s = format_scratch_new();
	struct record r;
	format_detect(&set,
		      SPAN("#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-11-22 11:00:00\n"
			   "#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken\n2026-11-22 11:15:12 192.0.2.7 POST /x 500 12\n"
			   "#Fields: date time sc-status cs-uri-stem cs-method c-ip\n2026-11-22 11:15:13 200 /y GET 192.0.2.8\n"),
		      s, &d);
	FACT(d.format && !strcmp(d.format->name, "iis_access") && d.taken == 2 && d.lines == 2 && !d.also, "columns by their header");
	FACT(d.format && format_parse(d.format, SPAN("2026-11-22 11:15:12 192.0.2.7 POST /x 500 12"), s, &r) == PARSE_OK && r.status == 500 &&
		     r.duration_us == 12000 && is(&r, FIELD_CLIENT, "192.0.2.7") && r.time_us == 1795346112000000 && r.zone == STAMP_EXPLICIT,
	     "lines of the first header");
	FACT(d.format && format_parse(d.format, SPAN("2026-11-22 11:15:13 200 /y GET 192.0.2.8"), s, &r) == PARSE_OK && r.status == 200 &&
		     is(&r, FIELD_PATH, "/y") && is(&r, FIELD_CLIENT, "192.0.2.8"),
	     "lines of the second");
	format_free(d.own);
	format_detect(&set,
		      SPAN("#Version: 1.0\n#Fields: date time x-edge-location sc-status time-taken cs-method\n2026-11-22\t11:15:12\tFRA2\t502\t1.5\tGET\n"), s, &d);
	FACT(d.format && !strcmp(d.format->name, "aws_cloudfront") && !d.also && d.taken == 1, "CloudFront's, by its columns");
	FACT(d.format && format_parse(d.format, SPAN("2026-11-22\t11:15:12\tFRA2\t502\t1.5\tGET"), s, &r) == PARSE_OK && r.duration_us == 1500000,
	     "its durations are seconds");
	format_free(d.own);
	format_scratch_free(s);
	format_set_release(&set);
}

static void test_lines(void)
{
	static const char columns[] = "date time c-ip c-port cs-method cs-uri-stem cs-uri-query cs(User-Agent) sc-status sc-bytes time-taken";
	struct diag diag = {0};
	size_t column;
	struct w3c *w = w3c_new(SPAN(columns), &diag, &column);
	struct extras extras = {.n = 0};
	struct w3c_scratch s = {.extras = &extras};
	struct record r;
	record_clear(&r);
	FACT(w && w3c_kin(w) == W3C_SERVER, "a server's columns");
	struct span line = patterns_exact(SPAN("2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 Mozilla/5.0+(a;+b) 404 77 46"));
	FACT(w3c_scan(w, line, &s, &r) && is(&r, FIELD_USER_AGENT, "Mozilla/5.0 (a; b)") && is(&r, FIELD_PATH, "/a") && r.status == 404 &&
		     is(&r, FIELD_BODY_SIZE, "77") && r.duration_us == 46000 && extras.n == 1 && span_equal(extras.items[0].name, SPAN("url.query")) &&
		     span_equal(extras.items[0].value, SPAN("q=1")),
	     "its values");
	memory_free((void *)line.at);
	static const char *const others[] = {
		"", "-", "2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 a 404 77", "2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 a 404 77 46 1",
		"2026-11-22 11:15:12 192.0.2.7 x GET /a q=1 a 404 77 46", "2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 a 4040 77 46",
		"2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 a 404 77 x", "2026-11-22 11:15:12 192.0.2.7 5 GET /a q=1 a -04 77 46",
		"2026-11-22  192.0.2.7 5 GET /a q=1 a 404 77 46",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		record_clear(&r);
		line = patterns_exact(span_of(others[i]));
		FACT(!w3c_scan(w, line, &s, &r), others[i]);
		memory_free((void *)line.at);
	}
	record_clear(&r);
	FACT(w3c_scan(w, SPAN("2026-11-32 11:15:12 192.0.2.7 - GET /a - - - - -"), &s, &r) && !r.resolution_us && !r.status, "a day that is none is no time");
	text_release(&s.text);
	w3c_free(w);
	FACT(!w3c_new(SPAN("date c-ip sc-status"), &diag, &column) && diag.set, "columns without a time");
	diag = (struct diag){0};
	FACT(!w3c_new(SPAN("date time c-ip"), &diag, &column) && diag.set, "columns without an outcome");
	FACT(span_equal(w3c_header(SPAN("#Fields: date time ")), SPAN("date time")) && !w3c_header(SPAN("#Field: date")).len, "a header");
	struct text many = {0};
	text_append_string(&many, "date time sc-status");
	for (int i = 0; i < W3C_COLUMNS; i++)
		text_append_string(&many, " x");
	diag = (struct diag){0};
	FACT(!w3c_new(text_span(&many), &diag, &column) && diag.set && column < many.len, "columns are bounded");
	text_release(&many);
}

int main(void)
{
	test_lines();
	test_headers();
	return unit_done();
}
