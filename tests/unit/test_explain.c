#include "unit.h"

#include "builtin.h"
#include "parse/explain.h"
#include "patterns.h"

/* Where a format of one pattern file stops: the caret stands in `at` below the line. */
struct stop_case {
	const char *name, *format, *line, *caret, *wanted;
};

static const struct stop_case stops[] = {
	{"an address that is followed by something else", "nginx_x",
	 "10.0.0.1 [22/Nov/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200",
	 "        ^", "\" - [\" behind $remote_addr"},
	{"a quote that is missing", "nginx_x", "10.0.0.1 - [22/Nov/2026:11:15:10 +0000] GET / 200",
	 "            ^", "$time_local and then \"] \"\""},
	{"a month that does not exist", "nginx_x", "10.0.0.1 - [22/Nev/2026:11:15:10 +0000] \"GET / HTTP/1.1\" 200",
	 "            ^", "a time stamp"},
	{"more behind the last variable", "nginx_y", "[22/Nov/2026:11:15:10 +0000] 200 more",
	 "                                ^", "\" end\" behind $status"},
	{"a literal that differs in its second byte", "nginx_y", "(22", "^", "\"[\""},
	{"a severity word that is missing", "pg_x", "2026-11-22 11:15:10.123 UTC [12] hello",
	 "                                 ^", "a severity word"},
	{"a bracket that is missing", "pg_x", "2026-11-22 11:15:10.123 UTC 12: LOG:  x",
	 "^", "%m and then \" [\""},
	{"a pid that is none", "pg_x", "2026-11-22 11:15:10.123 UTC [a] LOG:  x",
	 "                             ^", "%p and then \"]\""},
	{"a comma behind the last member", "json_x", "{\"t\":1,}", "       ^", "JSON"},
	{"an object that does not end", "json_x", "{\"t\":1", "      ^", "end"},
	{"a key that is required", "json_x", "{\"t\":1}", "^", "in the object the key m"},
	{"no object", "json_x", "t=1", "^", "\"{\""},
	{"a column that is missing", "csv_x", "2026-11-22 11:15:10.123 UTC,a", "                             ^",
	 "here are 2, at least 3"},
	{"a byte behind a quote", "csv_x", "2026-11-22 11:15:10.123 UTC,\"a\"\"b\"c,d", "                                  ^",
	 "a comma"},
	{"a quote that stays open", "csv_x", "2026-11-22 11:15:10.123 UTC,\"a,b", "                            ^", "a quote"},
	{"a letter where the regex has digits", "regex_x", "2026-11-2x hello", "         ^", "\\d of its regex"},
	{"a line that ends too early", "regex_x", "2026-11-", "        ^", "\\d of its regex"},
	{"the second of two alternatives", "regex_x", "2026-11-22 WARN", "           ^", "E or I"},
	{"an empty line", "regex_x", "", "^", "\\d{4} of its regex"},
};

static const char *const files[][2] = {
	{"formats/nginx_x.pattern", "format = nginx_x\ntitle = x\ntier = web\n"
				    "template = nginx: $remote_addr - [$time_local] \"$request\" $status\n"},
	{"formats/nginx_y.pattern",
	 "format = nginx_y\ntitle = x\ntier = web\ntemplate = nginx: [$time_local] $status end\n"},
	{"formats/pg_x.pattern", "format = pg_x\ntitle = x\ntier = db\ntemplate = postgresql: %m [%p] \n"},
	{"formats/json_x.pattern",
	 "format = json_x\ntitle = x\ntier = app\njson timestamp = t\njson message = m\njson-requires = m\n"},
	{"formats/csv_x.pattern",
	 "format = csv_x\ntitle = x\ntier = db\ncsv = timestamp,message,user.name\n"},
	{"formats/regex_x.pattern", "format = regex_x\ntitle = x\ntier = app\n"
				    "regex = ^(?<timestamp>\\d{4}-\\d\\d-\\d\\d)[ ](?:ERROR|INFO)[ ](?<message>.*)$\n"},
	{"formats/regex_y.pattern", "format = regex_y\ntitle = x\ntier = app\n"
				    "regex = (?<timestamp>\\d{4}-\\d\\d-\\d\\d)[ ]END\n"},
};

static void test_stops(const struct format_set *set)
{
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		const struct stop_case *c = &stops[i];
		const struct format *f = format_set_find(set, span_of(c->format));
		struct span line = patterns_exact(span_of(c->line));
		struct explanations list = {.line = line};
		if (f)
			explain_format(f, &list);
		const struct explanation *e = list.items;
		bool right = list.n == 1 && e->how == EXPLAIN_STOPS && e->at == strlen(c->caret) - 1 &&
			     span_find(text_span(&e->wanted), span_of(c->wanted)) >= 0;
		if (!FACT(right, c->name) && list.n)
			printf("%s\n%*s^ %d %s\n", c->line, (int)e->at, "", (int)e->how, e->wanted.at ? e->wanted.at : "");
		explanations_release(&list);
		memory_free((void *)line.at);
	}
}

static void test_unknown(const struct format_set *set)
{
	struct explanations list = {.line = SPAN("2026-11-22 EMD")};
	explain_format(format_set_find(set, SPAN("regex_y")), &list);
	FACT(list.n == 1 && list.items[0].how == EXPLAIN_UNKNOWN && list.items[0].wanted.len,
	     "a regex that may begin anywhere: where it stopped is not known");
	explanations_release(&list);
	list.line = SPAN("2026-11-22 INFO x");
	explain_format(format_set_find(set, SPAN("regex_x")), &list);
	FACT(list.n == 1 && list.items[0].how != EXPLAIN_TAKES && list.items[0].at == 0 &&
		     span_find(text_span(&list.items[0].wanted), SPAN("time stamp")) >= 0,
	     "a regex that matches without a whole time stamp says so");
	explanations_release(&list);
}

/* Of what a format takes, every head and every line with one byte changed: either taken, or with a place inside of
 * it. */
static void test_hostile(void)
{
	struct format_set set = {0};
	FACT(patterns_builtin(&set), "the built-in formats load");
	bool inside = true, agrees = true;
	size_t n = 0;
	for (size_t i = 0; i < set.n; i++) {
		const struct pattern_file *file = &set.formats[i]->file;
		for (size_t k = 0; k < file->n; k++) {
			if (!span_equal(file->entries[k].key, SPAN("sample")) || n++ % 7)
				continue;
			struct span sample = span_head(file->entries[k].value, 400);
			for (size_t cut = 0; cut <= sample.len; cut += 1 + cut / 4) {
				struct span line = patterns_exact(span_head(sample, cut));
				if (cut > 2)
					((char *)line.at)[cut / 2] ^= (char)(1 + cut % 127);
				struct explanations list = {.line = line};
				explain_format(set.formats[i], &list);
				struct format_scratch *s = format_scratch_new();
				struct record r;
				bool taken = false;
				for (size_t j = 0; j < list.n; j++) {
					inside &= list.items[j].how != EXPLAIN_STOPS || list.items[j].at <= cut;
					inside &= list.items[j].how == EXPLAIN_TAKES || list.items[j].wanted.len;
					taken |= list.items[j].how == EXPLAIN_TAKES;
				}
				agrees &= !taken || format_parse(set.formats[i], line, s, &r) == PARSE_OK ||
					  set.formats[i]->layouts_n > 1;
				format_scratch_free(s);
				explanations_release(&list);
				memory_free((void *)line.at);
			}
		}
	}
	FACT(n > 20 && inside, "whatever the line, the caret stands in it and a sentence says why");
	FACT(agrees, "what is said to be taken is taken");
	format_set_release(&set);
}

static void test_near(void)
{
	static const char signal[] =
		"signal = s\ntitle = t\nrole = symptom\nhealth = zero\nvisible = no\nstrength = states\nsentence = s\n"
		"measure = m\n"
		"rule = r\nclass = c\ntier = db\nseverity = ERROR\nstatus = 500-599\nduration = 1s\ncode = 53300\n"
		"contains = too many\nexcept = not really\n";
	struct pattern_file file;
	struct diag d = {0};
	struct rule rule;
	if (!FACT(pattern_file_parse(&file, "signals/s.signal", SPAN(signal), &d), "the signal file parses"))
		return;
	size_t first = 0;
	while (first < file.n && !span_equal(file.entries[first].key, SPAN("rule")))
		first++;
	if (!FACT(rule_read(&rule, &file, first, &d), "the rule reads"))
		return;
	struct regex_scratch *scratch = regex_scratch_new();
	struct record r;
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, SPAN("there are too many"));
	record_set(&r, FIELD_SQLSTATE, SPAN("53300"));
	r.severity = SEVERITY_ERROR;
	r.status = 503;
	r.duration_us = 2000000;
	FACT(!explain_near(&rule, TIER_DB, &r, scratch), "a rule that holds is not near");
	FACT(explain_near(&rule, TIER_APP, &r, scratch) == NEAR_TIER, "only the tier differs");
	r.severity = SEVERITY_INFO;
	r.status = 200;
	FACT(explain_near(&rule, TIER_DB, &r, scratch) == (NEAR_SEVERITY | NEAR_STATUS), "severity and status differ");
	r.severity = SEVERITY_ERROR;
	r.status = 500;
	r.duration_us = 10;
	record_set(&r, FIELD_SQLSTATE, SPAN("42601"));
	record_set(&r, FIELD_MESSAGE, SPAN("too many, not really"));
	FACT(explain_near(&rule, TIER_DB, &r, scratch) == (NEAR_DURATION | NEAR_CODE | NEAR_EXCEPT),
	     "duration, code and exception are told");
	record_set(&r, FIELD_MESSAGE, SPAN("something else"));
	FACT(!explain_near(&rule, TIER_DB, &r, scratch), "without its text a rule is not near");
	regex_scratch_free(scratch);
	rule_release(&rule);
	pattern_file_release(&file);
}

int main(void)
{
	struct format_set set = {0};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct diag d = {0};
		if (!FACT(patterns_add(&set, files[i][0], files[i][1], &d), "the format loads"))
			printf("%s %s\n", d.what, d.hint);
	}
	test_stops(&set);
	test_unknown(&set);
	test_near();
	test_hostile();
	format_set_release(&set);
	return unit_done();
}
