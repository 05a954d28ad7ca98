#include "unit.h"

#include <jansson.h>

#include "base/memory.h"
#include "line/extras.h"
#include "tell/recordline.h"

/* A signal set of one signal, so that kinds have names. */
static struct signal_set *one_signal(void)
{
	struct signal_set *set = signal_set_new();
	struct pattern_file file = {0};
	struct diag d = {0};
	struct span text = SPAN("signal = db.test\ntitle = t\nrole = symptom\nhealth = zero\nvisible = no\n"
				"strength = states\nsentence = s\nmeasure = m\nrule = r\nclass = db.\"class\n"
				"starts = sorry, too many\n");
	bool fine = pattern_file_parse(&file, "signals/db.test.signal", text, &d) && signal_set_add(set, &file, &d) &&
		    signal_set_finish(set, &d);
	if (!fine)
		printf("%s\n", d.what);
	return set;
}

static const char *got(json_t *line, const char *key)
{
	const char *string = json_string_value(json_object_get(line, key));
	return string ? string : "(no string)";
}

static json_int_t number(json_t *line, const char *key)
{
	return json_integer_value(json_object_get(line, key));
}

/* The line as another implementation reads it; NULL when it is not one object and one newline. */
static json_t *line_as(const struct record *r, struct record_origin from, bool unmasked)
{
	struct recordline l = {.unmasked = unmasked};
	struct text out = {0};
	recordline_append(&l, &from, r, &out);
	bool one = out.len && out.at[out.len - 1] == '\n' && span_find_byte(text_span(&out), '\n') == (ptrdiff_t)out.len - 1;
	json_t *line = one ? json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	recordline_release(&l);
	text_release(&out);
	return line;
}

static json_t *line_of(const struct record *r, struct record_origin from)
{
	return line_as(r, from, false);
}

static struct record record_at(int64_t us)
{
	struct record r = {.time_us = us, .resolution_us = 1000, .line = 7, .offset = 100, .length = 20};
	record_clear(&r);
	return r;
}

static void test_times(const struct record_origin *from)
{
	struct record r = record_at(INT64_C(1795346126510000)); /* date -u -d '2026-11-22T11:15:26.51Z' +%s */
	r.zone = STAMP_EXPLICIT;
	json_t *line = line_of(&r, *from);
	FACT(!strcmp(got(line, "timestamp"), "2026-11-22T11:15:26.510000Z") && !json_object_get(line, "zone"),
	     "a stamp with a zone is UTC");
	FACT(json_integer_value(json_object_get(line, "timestamp_resolution_us")) == 1000, "its resolution stands beside it");
	json_decref(line);
	r.zone = STAMP_NONE;
	r.yearless = true;
	line = line_of(&r, *from);
	FACT(!strcmp(got(line, "timestamp"), "2026-11-22T11:15:26.510000") && json_is_null(json_object_get(line, "zone")),
	     "a stamp without one is civil time, and says so");
	FACT(json_is_null(json_object_get(line, "year")), "a stamp without a year says so");
	json_decref(line);
}

static void test_types(const struct record_origin *from)
{
	struct record r = record_at(0);
	record_set(&r, FIELD_PID, SPAN("4711"));
	record_set(&r, FIELD_BODY_SIZE, SPAN("-"));
	record_set(&r, FIELD_STATUS, SPAN("abc"));
	record_set(&r, FIELD_SEVERITY, SPAN("FATAL"));
	r.severity = SEVERITY_FATAL;
	r.duration_us = 12;
	json_t *line = line_of(&r, *from);
	FACT(json_integer_value(json_object_get(line, "process.pid")) == 4711, "a pid is an integer");
	FACT(!json_object_get(line, "http.response.body.size") && !json_object_get(line, "http.response.status_code"),
	     "what is no number is left out where numbers stand");
	FACT(!strcmp(got(line, "severity_text"), "FATAL") &&
		     json_integer_value(json_object_get(line, "severity_number")) == 21,
	     "a severity is as printed and as OpenTelemetry counts");
	FACT(json_integer_value(json_object_get(line, "duration_us")) == 12, "a duration is in microseconds");
	FACT(number(line, "line") == 7 && number(line, "offset") == 100 && number(line, "length") == 20 &&
		     number(line, "lines") == 1,
	     "the place is told");
	json_decref(line);
	record_set(&r, FIELD_PID, SPAN("main-1"));
	r.status = 502;
	line = line_of(&r, *from);
	FACT(!strcmp(got(line, "process.pid"), "main-1"), "a pid that is a name is a string");
	FACT(json_integer_value(json_object_get(line, "http.response.status_code")) == 502, "a status is an integer");
	json_decref(line);
}

static void test_text(const struct record_origin *from)
{
	struct record r = record_at(0);
	record_set(&r, FIELD_MESSAGE, SPAN("a \"b\" \\ \x01\x1F\t\n\r \xFF \xC3\xA4 password=hunter2"));
	record_set(&r, FIELD_USER, SPAN("a@b.example"));
	json_t *line = line_of(&r, *from);
	FACT(!strcmp(got(line, "message"), "a \"b\" \\ \x01\x1F\t\n\r \xEF\xBF\xBD \xC3\xA4 password=***"),
	     "text comes back as it was, valid and without its secret");
	FACT(!strcmp(got(line, "user.name"), "a@b.example"), "names are not masked");
	json_t *signal = json_array_get(json_object_get(line, "signals"), 0);
	FACT(!strcmp(got(signal, "signal"), "db.test") && !strcmp(got(signal, "class"), "db.\"class"), "signals are named");
	json_decref(line);
	/* Every byte, alone and in a row. */
	char bytes[512];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i < 256 ? i : 511 - i);
	bool all = true;
	for (size_t i = 0; i < sizeof bytes; i++) {
		record_set(&r, FIELD_HOST, (struct span){bytes + i, sizeof bytes - i});
		line = line_of(&r, *from);
		all = all && line;
		json_decref(line);
	}
	FACT(all, "whatever bytes a log holds, the line is JSON");
}

static void test_attributes(const struct record_origin *from)
{
	struct extras e = {0};
	struct record r = record_at(0);
	r.extras = &e;
	json_t *line = line_of(&r, *from);
	FACT(!json_object_get(line, "attributes"), "no attributes are no member");
	json_decref(line);
	extras_add(&e, SPAN("a\"b"), SPAN("1\n2"));
	extras_add(&e, SPAN("Cc"), SPAN("tom"));
	extras_add(&e, SPAN("password"), SPAN("hunter2"));
	extras_add(&e, SPAN("Cc"), SPAN("bob"));
	extras_add(&e, SPAN("url"), SPAN("http://u:hunter2@h/"));
	extras_add(&e, SPAN(""), SPAN("\xFF"));
	line = line_of(&r, *from);
	json_t *a = json_object_get(line, "attributes");
	FACT(!strcmp(got(a, "a\"b"), "1\n2") && !strcmp(got(a, ""), "\xEF\xBF\xBD"), "attributes have the names and values of the line");
	FACT(!strcmp(got(a, "Cc"), "tom,bob") && json_object_size(a) == 5, "a name that stands twice has both values");
	FACT(!strcmp(got(a, "password"), "***") && !strcmp(got(a, "url"), "http://u:***@h/"), "secrets are masked by name and by text");
	FACT(!json_object_get(line, "attributes_left_out"), "nothing was left out");
	json_decref(line);
	line = line_as(&r, *from, true);
	a = json_object_get(line, "attributes");
	FACT(!strcmp(got(a, "password"), "hunter2") && !strcmp(got(a, "url"), "http://u:hunter2@h/"), "or not, when told so");
	json_decref(line);
	extras_clear(&e);
	for (int i = 0; i < LIMIT_EXTRAS + 3; i++)
		extras_add(&e, span_of(i % 2 ? "x" : "y"), SPAN("1"));
	line = line_of(&r, *from);
	FACT(number(line, "attributes_left_out") == 3 && strlen(got(json_object_get(line, "attributes"), "x")) == LIMIT_EXTRAS - 1,
	     "what does not fit is counted");
	json_decref(line);
}

static void test_untimed(const struct record_origin *from)
{
	struct record_origin none = *from;
	none.format = NULL;
	none.tier = TIER_UNKNOWN;
	none.stream = "db1/postgres";
	struct record r = record_at(INSTANT_NONE);
	record_set(&r, FIELD_MESSAGE, SPAN("sorry"));
	json_t *line = line_of(&r, none);
	FACT(json_is_null(json_object_get(line, "timestamp")) && !json_object_get(line, "timestamp_resolution_us") &&
		     !json_object_get(line, "zone"),
	     "no time is null");
	FACT(!strcmp(got(line, "stream"), "db1/postgres"), "who wrote it is told where there are several");
	FACT(json_is_null(json_object_get(line, "format")) && !strcmp(got(line, "tier"), "unknown"), "no format is null");
	json_decref(line);
	r = record_at(0);
	record_set(&r, FIELD_TIMESTAMP, SPAN("22/Nov/2026"));
	line = line_of(&r, *from);
	FACT(!strcmp(got(line, "timestamp_text"), "22/Nov/2026"), "the stamp stands there as printed");
	json_decref(line);
}

int main(void)
{
	struct signal_set *set = one_signal();
	const uint16_t kinds[] = {0};
	struct record_origin from = {SPAN("a\xFF.log"), "", "postgresql", TIER_DB, set, kinds, 1};
	test_times(&from);
	test_types(&from);
	test_text(&from);
	test_attributes(&from);
	test_untimed(&from);
	from.kinds_n = 0;
	struct record r = record_at(0);
	json_t *line = line_of(&r, from);
	FACT(json_array_size(json_object_get(line, "signals")) == 0 && json_is_array(json_object_get(line, "signals")),
	     "no signals are an empty list");
	FACT(!strcmp(got(line, "path"), "a\xEF\xBF\xBD.log") && !strcmp(got(line, "tier"), "db"), "path and tier are told");
	json_decref(line);
	signal_set_free(set);
	return unit_done();
}
