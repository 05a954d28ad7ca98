#include "parse/format.h"

#include "patterns.h"
#include "unit.h"

static bool is(const struct record *r, enum field field, const char *value)
{
	return value ? record_has(r, field) && span_equal(r->field[field], span_of(value)) : !record_has(r, field);
}

static void test_builtin(const struct format_set *set)
{
	struct diag_list failures = {0};
	size_t run = format_set_check(set, &failures);
	FACT(run > 80 && !failures.n, "every built-in sample holds and is of no other format");
	for (size_t i = 0; i < failures.n; i++)
		printf("%s\n", failures.items[i].what);
	diag_release(&failures);
	static const char *const names[] = {"app_json",        "haproxy",       "nginx_access", "nginx_error",
					    "nginx_json",      "pgbouncer",     "postgresql",   "postgresql_csv",
					    "postgresql_json", "python_logging"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		FACT(format_set_find(set, span_of(names[i])), names[i]);
	FACT(!format_set_find(set, SPAN("nginx")), "a name is whole");
}

/* What a user's own format can do wrong is said with the line. */
static void test_samples(void)
{
	struct format_set set = {0};
	struct diag d = {0};
	FACT(patterns_add(&set, "x.pattern",
			  "format = x\ntier = app\nregex = ^(?<timestamp>\\S+)[ ](?<message>.*)$\n"
			  "sample = 2026-11-22T11:15:12.5Z hello\nexpect message = hello\n"
			  "expect timestamp = 2026-11-22T11:15:12.500000Z\nexpect user.name =\n"
			  "expect message = bye\nreject = 2026-11-22T11:15:12Z no\n\nsample = nothing\n",
			  &d),
	     "a format of a user's own");
	struct diag_list failures = {0};
	FACT(format_set_check(&set, &failures) == 3 && failures.n == 3, "three samples are run, three complaints come");
	FACT(failures.n == 3 && strstr(failures.items[0].what, "x.pattern:8: expectation does not hold") &&
		     strstr(failures.items[0].hint, "\"hello\""),
	     "an expectation that does not hold says what was found");
	FACT(failures.n == 3 && strstr(failures.items[1].what, "x.pattern:9: this line must not match"),
	     "a reject that matches");
	FACT(failures.n == 3 && strstr(failures.items[2].what, "x.pattern:11: sample does not match"),
	     "a sample that does not");
	diag_release(&failures);
	/* Two formats of the same lines: each is told. */
	FACT(patterns_add(&set, "y.pattern", "format = y\ntier = app\nregex = ^(?<timestamp>\\S+)[ ](?<message>.*)$\n"
					     "sample = 2026-11-22T11:15:12Z hello\n",
			  &d),
	     "a second format like it");
	format_set_check(&set, &failures);
	bool told = false;
	for (size_t i = 0; i < failures.n; i++)
		told |= strstr(failures.items[i].what, "y.pattern:4: sample is also of another format") != NULL;
	FACT(told, "a sample of two formats is a complaint");
	diag_release(&failures);
	FACT(patterns_add(&set, "y.pattern", "format = y\ntier = app\nregex = ^(?<timestamp>\\S+)[ ]Y(?<message>.*)$\n"
					     "sample = 2026-11-22T11:15:12Z Yes\n",
			  &d) && set.n == 2,
	     "a format of the same name replaces the old one");
	format_set_release(&set);
}

static void test_stated(const struct format_set *set)
{
	struct diag d = {0};
	struct format *f = format_stated(set, SPAN("nginx:$msec $status $remote_addr"), &d);
	FACT(f && format_is_own(f) && f->kind == FORMAT_NGINX && f->tier == TIER_WEB, "a log_format can be stated");
	struct format_scratch *s = format_scratch_new();
	struct record r;
	FACT(f && format_parse(f, SPAN("1795346112.836 502 ::1"), s, &r) == PARSE_OK && r.status == 502, "and is used");
	format_free(f);
	f = format_stated(set, SPAN("postgresql:%m|%p| "), &d);
	FACT(f && !strcmp(f->layout, "%m|%p| ") && f->starts['2'],
	     "a log_line_prefix can be stated, blanks and colons kept");
	format_free(f);
	f = format_stated(set, SPAN("haproxy"), &d);
	FACT(f && !format_is_own(f), "a name is one of the set");
	FACT(!format_stated(set, SPAN("iis"), &d) && strstr(d.what, "\"iis\"") && strstr(d.hint, "onset check"),
	     "an unknown name is refused, and where the known ones are listed");
	d = (struct diag){0};
	FACT(!format_stated(set, SPAN("postgresql:%m %y "), &d) && strstr(d.what, "at \"%y \""),
	     "an error names its place");
	d = (struct diag){0};
	FACT(!format_stated(set, SPAN("nginx:"), &d) && d.set, "an empty layout is refused");
	FACT(!format_stated(set, SPAN_NONE, &(struct diag){0}), "nothing is stated by nothing");
	format_scratch_free(s);
	format_free(NULL);
	format_scratch_free(NULL);
}

static void test_json(const struct format_set *set)
{
	const struct format *f = format_set_find(set, SPAN("app_json"));
	struct format_scratch *s = format_scratch_new();
	struct record r;
	FACT(format_parse(f, SPAN("{\"time\":1795346180955,\"level\":10,\"msg\":\"x\"}"), s, &r) == PARSE_OK &&
		     r.severity == SEVERITY_TRACE && r.resolution_us == 1000,
	     "pino's trace, epoch milliseconds");
	FACT(format_parse(f, SPAN("{\"ts\":\"2026-11-22T11:15:12,5+01:00\",\"level\":\"warning\",\"message\":\"-\"}"),
			  s, &r) == PARSE_OK &&
		     r.time_us == INT64_C(1795342512500000) && is(&r, FIELD_MESSAGE, "-"),
	     "a message may be a dash");
	FACT(format_parse(f, SPAN("{\"time\":\"yesterday\",\"msg\":\"x\"}"), s, &r) == PARSE_NOT_TIME,
	     "an unreadable stamp");
	FACT(format_parse(f, SPAN("{\"msg\":\"x\"}"), s, &r) == PARSE_NOT_TIME, "no stamp");
	FACT(format_parse(f, SPAN("{\"time\":1,\"x\":1}"), s, &r) == PARSE_NO, "neither message nor level");
	FACT(format_parse(f,
			  SPAN("{\"time\":1795346180955,\"level\":50,\"err\":{\"code\":\"ECONNREFUSED\"},"
			       "\"responseTime\":\"1.5s\"}"),
			  s, &r) == PARSE_OK &&
		     is(&r, FIELD_ERROR_CODE, "ECONNREFUSED") && r.duration_us == 1500000,
	     "a duration with its unit");
	format_scratch_free(s);
}

static void test_start(const struct format_set *set)
{
	struct format_scratch *s = format_scratch_new();
	struct record r;
	const struct format *f = format_set_find(set, SPAN("haproxy"));
	FACT(format_parse(f,
			  SPAN("1.2.3.4:5 [22/Nov/2026:11:52:43.000] f b/s 0/0/1/2/1500 200 9 - - ---- 1/1/0/0/0 0/0 "
			       "\"GET / HTTP/1.1\""),
			  s, &r) == PARSE_OK &&
		     r.time_us == INT64_C(1795348364500000) && r.duration_us == 1500000,
	     "HAProxy's stamp is moved to the end of the request");
	FACT(format_parse(f,
			  SPAN("1.2.3.4:5 [22/Nov/2026:11:52:43.000] f b/<NOSRV> -1/-1/-1/-1/-1 400 9 - - CR-- "
			       "1/1/0/0/0 0/0 \"<BADREQ>\""),
			  s, &r) == PARSE_OK &&
		     r.time_us == INT64_C(1795348363000000) && is(&r, FIELD_PATH, NULL),
	     "an aborted request has no duration and keeps its stamp");
	format_scratch_free(s);
}

/* Changed, cut and joined samples in memory that ends with them: every field lies in the entry or in the scratch. */
static void test_hostile(const struct format_set *set)
{
	struct format_scratch *s = format_scratch_new();
	uint64_t random = 88172645463325252u;
	static const char bytes[] = {'"', '\\', ' ', ',', '{', '}', '[', ']', '\0', '\n', '\x7F', '=', ':', '-', '9'};
	size_t outside = 0, runs = 0;
	for (size_t i = 0; i < set->n; i++) {
		const struct pattern_file *file = &set->formats[i]->file;
		for (size_t k = 0; k < file->n; k++) {
			if (!span_equal(file->entries[k].key, SPAN("sample")))
				continue;
			for (unsigned round = 0; round < 60; round++) {
				random ^= random << 13;
				random ^= random >> 7;
				random ^= random << 17;
				struct span sample = file->entries[k].value;
				sample.len = round % 3 ? sample.len : random % (sample.len + 1);
				struct span copy = patterns_exact(sample);
				for (unsigned c = 0; copy.len && c < round % 5; c++)
					((char *)copy.at)[(random >> (8 * c)) % copy.len] =
						bytes[(random >> (16 + 4 * c)) % sizeof bytes];
				for (size_t f = 0; f < set->n; f++) {
					struct record r;
					bool plain = set->formats[f]->kind != FORMAT_JSON &&
						     set->formats[f]->kind != FORMAT_CSV &&
						     set->formats[f]->kind != FORMAT_HAPROXY;
					/* nginx's, Apache's and logfmt's escapes are undone in the scratch */
					plain &= (set->formats[f]->kind != FORMAT_NGINX && set->formats[f]->kind != FORMAT_APACHE &&
						  set->formats[f]->kind != FORMAT_SCANNER) ||
						 span_find_byte(copy, '\\') < 0;
					/* a carrier's room, and the names of priorities */
					plain &= set->formats[f]->kind != FORMAT_CARRIED;
					/* IIS' blanks too */
					plain &= set->formats[f]->kind != FORMAT_W3C || span_find_byte(copy, '+') < 0;
					enum parse_result result = format_parse(set->formats[f], copy, s, &r);
					runs++;
					for (int n = 0; result == PARSE_OK && plain && n < FIELD_COUNT; n++) {
						struct span v = record_get(&r, (enum field)n);
						outside +=
							v.len && (v.at < copy.at || v.at + v.len > copy.at + copy.len);
					}
				}
				memory_free((void *)copy.at);
			}
		}
	}
	FACT(runs > 10000 && !outside, "changed samples never give a field outside of the entry");
	format_scratch_free(s);
}

int main(void)
{
	struct format_set set = {0};
	FACT(patterns_builtin(&set), "the built-in formats compile");
	test_builtin(&set);
	test_samples();
	test_stated(&set);
	test_json(&set);
	test_start(&set);
	test_hostile(&set);
	format_set_release(&set);
	return unit_done();
}
