#include "split/logfmt.h"

#include "unit.h"

/* Texts and their pairs, "key=value" with '|' between them. Those with no note are of the examples of Vector's parse_key_value. */
static const struct {
	const char *text, *pairs;
} texts[] = {
	{"at=info path=/ fwd=\"204.204.204.204\" connect=1ms", "at=info|path=/|fwd=204.204.204.204|connect=1ms"},
	{"level=info msg=\"Stopping all fetchers\" id=C-1", "level=info|msg=Stopping all fetchers|id=C-1"},
	{"foo= bar= tar=data", "foo=|bar=|tar=data"},
	{"level=info field=\"quote -> \\\" <-\"", "level=info|field=quote -> \\\" <-"},
	{"level=info =(key)", "level=info|=(key)=true"},
	{"argh=no =", "argh=no|==true"},
	{"argh=no '=", "argh=no|'="},
	{"argh=\"no =\"", "argh=no ="},
	{"\\=\"oh boy\"", "\\=oh boy"},
	{"  a=1 \t b  ", "a=1|b=true"}, /* ours: blanks, a key alone */
};
static const char *const prose[] = {
	"I am not a valid line.", "level=error field=\"no quote here \"\"", "a=\"open", "", "   ", "a=1\nb=2", "a=\"x\"y", "a=x\"y\"",
	"there were four errors=7",
};

static void test_pairs(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct extras extras = {0};
		struct text got = {0};
		FACT(logfmt_extras(span_of(texts[i].text), &extras), texts[i].text);
		for (size_t n = 0; n < extras.n; n++) {
			if (n)
				text_append_byte(&got, '|');
			text_append(&got, extras.items[n].name);
			text_append_byte(&got, '=');
			text_append(&got, extras.items[n].value);
		}
		TEXT_IS(got.at, texts[i].pairs, texts[i].text);
		text_release(&got);
	}
	for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) {
		struct extras extras = {0};
		FACT(!logfmt_extras(span_of(prose[i]), &extras) && !extras.n, prose[i]);
	}
}

static bool scan(const char *line, struct scanner_room *room, struct record *r)
{
	extras_clear(room->extras);
	record_clear(r);
	return logfmt_scan(span_of(line), room, r);
}

static void is(const struct record *r, enum field field, const char *wanted, const char *name)
{
	FACT(span_equal(record_get(r, field), span_of(wanted)), name);
}

static void test_fields(void)
{
	struct extras extras = {0};
	struct scanner_room room = {.extras = &extras};
	struct record r;
	FACT(scan("time=2026-11-22T11:15:12Z level=warn msg=\"say \\\"no\\\"\\n\\tC:\\\\x \\q\" err=\"a \\\"b\\\"\"", &room, &r), "a record");
	is(&r, FIELD_MESSAGE, "say \"no\"\n\tC:\\x \\q", "escapes of a message; an unknown one stays");
	is(&r, FIELD_ERROR_MESSAGE, "a \"b\"", "a second value that had to be unescaped does not move the first");
	FACT(extras.n == 4 && span_equal(extras.items[3].value, SPAN("a \"b\"")) && span_equal(extras.items[2].value, SPAN("say \"no\"\\n\\tC:\\\\x \\q")),
	     "extras are as printed, but for quotes");
	FACT(scan("at=error code=H12 desc=\"Request timeout\" method=GET path=\"/x?a=b\" fwd=\"10.0.0.7\" service=30000ms status=503", &room, &r),
	     "Heroku's router");
	is(&r, FIELD_SEVERITY, "error", "its level");
	is(&r, FIELD_MESSAGE, "Request timeout", "its description");
	is(&r, FIELD_ERROR_CODE, "H12", "its code");
	is(&r, FIELD_PATH, "/x?a=b", "its path");
	is(&r, FIELD_CLIENT, "10.0.0.7", "its client");
	FACT(r.status == 503 && r.duration_us == 30000000, "its status and duration");
	FACT(scan("desc=later msg=first level=info", &room, &r), "a message and a description");
	is(&r, FIELD_MESSAGE, "first", "the message wins");
	FACT(scan("time=7 level=info msg=x", &room, &r) && !record_has(&r, FIELD_TIMESTAMP), "a short number is no time");
	static const char *const others[] = {
		"user=7 path=/x", "msg=x", "level=info it went well", "time=2026-11-22T11:15:12Z level=error msg=\"no quote here \"\"",
		"2026-11-22T11:15:12Z level=error msg=x", "", "plain prose",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		FACT(!scan(others[i], &room, &r) && !r.has && !extras.n, others[i]);
	text_release(&room.text);
}

int main(void)
{
	test_pairs();
	test_fields();
	return unit_done();
}
