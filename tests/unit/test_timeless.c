/* timeless: lines that lack a time, beside the same lines with one as the formats read them. */
#include "parse/timeless.h"

#include "builtin.h"
#include "unit.h"

static struct record record_of(const char *line)
{
	struct record r = {.time_us = INSTANT_NONE, .line = 7};
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, span_of(line));
	return r;
}

static const char *extra(const struct record *r, const char *name)
{
	static char value[64];
	for (size_t i = 0; r->extras && i < r->extras->n; i++) {
		struct span v = r->extras->items[i].value;
		if (span_equal(r->extras->items[i].name, span_of(name)) && v.len < sizeof value) {
			memcpy(value, v.at, v.len);
			value[v.len] = 0;
			return value;
		}
	}
	return "(none)";
}

static bool field_is(const struct record *r, enum field field, const char *text)
{
	return span_equal(record_get(r, field), span_of(text));
}

static void test_names_and_values(struct timeless *t)
{
	struct record r = record_of("level=error msg=\"pool is full\" request_id=ab12 status=502");
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_ERROR && field_is(&r, FIELD_MESSAGE, "pool is full"), "logfmt has its level and message");
	FACT(field_is(&r, FIELD_REQUEST_ID, "ab12") && r.status == 502, "and its fields");
	FACT(!strcmp(extra(&r, "level"), "error") && !strcmp(extra(&r, "request_id"), "ab12"), "and its pairs");
	FACT(r.time_us == INSTANT_NONE && r.line == 7, "but no time, and its place");
	r = record_of("foo=1 bar=2");
	timeless_read(t, NULL, &r);
	FACT(!strcmp(extra(&r, "bar"), "2") && field_is(&r, FIELD_MESSAGE, "foo=1 bar=2"), "pairs alone are extras");
	r = record_of("{\"message\":\"sorry\",\"severity\":\"WARNING\"}");
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_WARN && field_is(&r, FIELD_MESSAGE, "sorry"), "an object has its level and message");
}

static void test_text(struct timeless *t)
{
	struct record r = record_of("FATAL:  sorry, too many clients already");
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_FATAL && field_is(&r, FIELD_MESSAGE, "sorry, too many clients already"), "text has its level");
	r = record_of("{\"message\":");
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_UNKNOWN && field_is(&r, FIELD_MESSAGE, "{\"message\":"), "what is broken stays as it is");
	r = record_of("ERROR: a trace");
	record_set(&r, FIELD_STACK, SPAN("x"));
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_UNKNOWN, "a trace was read before");
	r = record_of("");
	timeless_read(t, NULL, &r);
	FACT(r.severity == SEVERITY_UNKNOWN && !record_has(&r, FIELD_SEVERITY), "nothing says nothing");
}

int main(void)
{
	struct patterns all = builtin_load();
	struct timeless *t = timeless_new(&all.formats);
	test_names_and_values(t);
	test_text(t);
	struct record r = record_of("level=error msg=x status=502");
	const struct format *json = format_set_find(&all.formats, SPAN("app_json"));
	timeless_read(t, json, &r);
	FACT(json && !r.status, "a stated format is the only one that is asked");
	r = record_of("x");
	r.raw = SPAN("GenTime=\"2026-11-22 14:25:03\" Action=PERMIT");
	timeless_pairs(t, &r);
	FACT(!strcmp(extra(&r, "Action"), "PERMIT"), "pairs with a time among them are extras");
	r.raw = SPAN("2026-11-22 14:25:03 Action=PERMIT and more");
	r.extras = NULL;
	timeless_pairs(t, &r);
	FACT(!r.extras, "text with a pair in it has none");
	timeless_free(t);
	builtin_release(&all);
	return unit_done();
}
