#include "parse/rule_sample.h"

#include "unit.h"

/* A sample as a signal file has it, and the record that it stands for; without a tier: refused. */
struct sample {
	const char *fact, *text;
	enum tier tier;
	enum severity severity;
	int status;
	int64_t duration_us;
	const char *sqlstate, *code, *message, *stack;
};

static const struct sample samples[] = {
	{"a database's line", "db FATAL 53300 | sorry", TIER_DB, SEVERITY_FATAL, 0, -1, "53300", NULL, "sorry", NULL},
	{"in an application the word is an error's code", "app ERROR ECONNREFUSED | connect failed", TIER_APP,
	 SEVERITY_ERROR, 0, -1, NULL, "ECONNREFUSED", "connect failed", NULL},
	{"a request", "web - status=502 duration=1.5 |", TIER_WEB, SEVERITY_UNKNOWN, 502, 1500000, NULL, NULL, NULL,
	 NULL},
	{"a message may hold a bar", "app WARN | a | b", TIER_APP, SEVERITY_WARN, 0, -1, NULL, NULL, "a | b", NULL},
	{"further lines are the stack's", "app ERROR | first\nsecond\nthird", TIER_APP, SEVERITY_ERROR, 0, -1, NULL,
	 NULL, "first", "second\nthird"},
	{"one blank behind the bar is none of the message", "app ERROR |  x", TIER_APP, SEVERITY_ERROR, 0, -1, NULL,
	 NULL, " x", NULL},
	{"no bar", "app ERROR x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"no such tier", "cloud ERROR | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"no such severity", "app LOUD | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"a status of two digits", "web - status=50 | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"a status of four", "web - status=1000 | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"a duration with a unit", "web - duration=5ms | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"two codes", "db FATAL 53300 53301 | x", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
	{"nothing", " | ", TIER_UNKNOWN, 0, 0, -1, NULL, NULL, NULL, NULL},
};

static bool is(const struct record *r, enum field field, const char *value)
{
	return value ? record_has(r, field) && span_equal(record_get(r, field), span_of(value)) : !record_has(r, field);
}

int main(void)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *want = &samples[i];
		struct pattern_file file = {0};
		struct diag d = {0};
		FACT(pattern_file_parse(&file, "x.signal", SPAN("sample = y\n"), &d), "a file of one sample");
		struct pattern_entry entry = file.entries[0];
		entry.value = span_of(want->text);
		struct rule_sample got;
		bool read = rule_sample_read(&got, &file, &entry, &d);
		const struct record *r = &got.record;
		if (want->tier == TIER_UNKNOWN)
			FACT(!read && !strncmp(d.what, "x.signal:1: ", 12) && d.hint[0], want->fact);
		else
			FACT(read && got.tier == want->tier && r->severity == want->severity &&
				     r->status == want->status && r->duration_us == want->duration_us &&
				     is(r, FIELD_SQLSTATE, want->sqlstate) && is(r, FIELD_ERROR_CODE, want->code) &&
				     is(r, FIELD_MESSAGE, want->message) && is(r, FIELD_STACK, want->stack),
			     want->fact);
		pattern_file_release(&file);
	}
	return unit_done();
}
