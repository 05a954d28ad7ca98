#include "line/pairs.h"

#include "patterns.h"
#include "unit.h"

/* A value, the unit when it has none, and its microseconds; -1: it is no duration. */
struct duration {
	const char *value;
	int64_t unit_us, us;
};

static const struct duration durations[] = {
	{"10.5ms", 0, 10500},
	{"1.2s", 0, 1200000},
	{"300us", 0, 300},
	{"300\xC2\xB5s", 0, 300},
	{"300\xCE\xBCs", 0, 300},
	{"15ns", 0, 0},
	{"2500ns", 0, 2},
	{"1m30.5s", 0, 90500000},
	{"1h2m3s", 0, 3723000000},
	{"1h0m0.5s", 0, 3600500000},
	{"2sec", 0, 2000000},
	{"20msec", 0, 20000},
	{" 7ms ", 0, 7000},
	{"7", 1000, 7000},
	{"7.25", 1000, 7250},
	{"7.25", SECOND_US, 7250000},
	{"7", 0, -1},
	{"7ms", SECOND_US, 7000},
	{"", 0, -1},
	{"", 1000, -1},
	{"ms", 0, -1},
	{"-5ms", 0, -1},
	{"5 ms", 0, -1},
	{"1.2.3s", 0, -1},
	{".s", 0, -1},
	{"5parsec", 0, -1},
	{"5ms!", 0, -1},
	{"1m2m3m4m", 0, 600000000},
	{"1m2m3m4m5m", 0, -1},
	{"99999999999999999999s", 0, -1},
	{"2562047h", 0, INT64_C(9223369200000000)},
	{"9223372036854775807us", 0, -1},
	{"5000000000000000000us5000000000000000000us", 0, -1},
};

/* A message and the record that comes of it: its new fields in the order of record.h. */
struct message {
	const char *fact, *text, *fields;
};

static const struct message messages[] = {
	{"pairs anywhere in a message", "done method=GET path=/a status=200 duration=12ms",
	 "method=GET path=/a status=200 duration=12ms us=12000 code=200"},
	{"at its start and its end", "status=503", "status=503 code=503"},
	{"keys in any case", "Request_ID=ab METHOD=PUT", "method=PUT id=ab"},
	{"quoted values", "path=\"/a b\" method=\"GET\"", "method=GET path=/a b"},
	{"a quote that does not close is no value", "method=GET path=\"/a", "method=GET"},
	{"brackets and commas around pairs", "[rid=ab] (method=GET, status=404), {path=/x;",
	 "method=GET path=/x status=404 id=ab code=404"},
	{"the first of a key counts", "status=200 status=500", "status=200 code=200"},
	{"a word is no status", "status=failed status=500", "status=500 code=500"},
	{"nor are other numbers", "status=20 status=0200 status=099", ""},
	{"a pair inside of a word is part of that word", "GET /fast?path=/x&status=500", ""},
	{"nor is one behind a sign", "a+status=500 x:status=500", ""},
	{"an unknown key says nothing", "mystatus=500 statusx=500 =500", ""},
	{"an empty value and a dash are none", "path= rid=- method=\"\" status=200", "status=200 code=200"},
	{"a number needs a unit", "duration=12", ""},
	{"unless the key names one", "duration_ms=12", "duration=12 us=12000"},
	{"or another", "elapsed_s=1.5", "duration=1.5 us=1500000"},
	{"Heroku's router",
	 "at=info method=GET path=\"/\" request_id=8601 connect=1ms service=18ms status=200 bytes=13",
	 "method=GET path=/ status=200 duration=18ms id=8601 us=18000 code=200"},
	{"SQL states", "error sqlstate=53300 pid=77", "pid=77 sqlstate=53300"},
	{"over lines and tabs", "a\nmethod=GET\tstatus=200", "method=GET status=200 code=200"},
	{"equals signs alone", "a === b = c =", ""},
	{"nothing", "", ""},
};

int main(void)
{
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		struct span value = patterns_exact(span_of(durations[i].value));
		int64_t us = -1;
		bool is = pairs_duration(value, durations[i].unit_us, &us);
		if (!FACT(is == (durations[i].us >= 0) && us == durations[i].us, "a duration with its unit, or none"))
			printf("\"%s\" gives %lld\n", durations[i].value, (long long)us);
		memory_free((void *)value.at);
	}
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct span message = patterns_exact(span_of(messages[i].text));
		struct record r;
		struct text t = {0};
		record_clear(&r);
		pairs_scan(message, &r);
		patterns_field(&t, &r, FIELD_METHOD, "method");
		patterns_field(&t, &r, FIELD_PATH, "path");
		patterns_field(&t, &r, FIELD_STATUS, "status");
		patterns_field(&t, &r, FIELD_DURATION, "duration");
		patterns_field(&t, &r, FIELD_REQUEST_ID, "id");
		patterns_field(&t, &r, FIELD_PID, "pid");
		patterns_field(&t, &r, FIELD_SQLSTATE, "sqlstate");
		if (r.duration_us >= 0)
			text_format(&t, "%sus=%lld", t.len ? " " : "", (long long)r.duration_us);
		if (r.status)
			text_format(&t, "%scode=%d", t.len ? " " : "", r.status);
		TEXT_IS(t.at, messages[i].fields, messages[i].fact);
		text_release(&t);
		memory_free((void *)message.at);
	}
	struct record r;
	record_clear(&r);
	record_set(&r, FIELD_STATUS, SPAN("200"));
	r.status = 200;
	record_set(&r, FIELD_DURATION, SPAN("1"));
	r.duration_us = 1;
	pairs_scan(SPAN("status=500 duration=9s path=/x"), &r);
	FACT(r.status == 200 && r.duration_us == 1 && span_equal(record_get(&r, FIELD_STATUS), SPAN("200")) &&
		     span_equal(record_get(&r, FIELD_PATH), SPAN("/x")),
	     "what the record has already is not overwritten");
	return unit_done();
}
