#include "parse/rule.h"

#include "base/memory.h"
#include "parse/rule_sample.h"
#include "unit.h"

/* A rule made of text; the file stays open beside it, because the rule's spans point into it. */
struct made {
	struct pattern_file file;
	struct rule rule;
	struct diag d;
	bool ok;
};

static struct made make(const char *text)
{
	struct made m = {0};
	m.ok = pattern_file_parse(&m.file, "signals/x.signal", span_of(text), &m.d) && rule_read(&m.rule, &m.file, 0, &m.d);
	return m;
}

static void drop(struct made *m)
{
	if (m->ok)
		rule_release(&m->rule);
	pattern_file_release(&m->file);
}

static bool fails_with(const char *text, const char *what)
{
	struct made m = make(text);
	bool found = !m.ok && span_find(span_of(m.d.what), span_of(what)) >= 0;
	if (!found)
		printf("%s", m.d.what);
	drop(&m);
	return found;
}

static void test_errors(void)
{
	FACT(fails_with("rule = a\nstatus = 500\n", "no class"), "a rule without a class is refused");
	FACT(fails_with("rule = a\nclass = c\n", "no condition"), "a rule without a condition is refused");
	FACT(fails_with("rule = a\nclass = c\ncontains = abc\n", "too short"), "a text of three bytes is refused");
	FACT(fails_with("rule = a\nclass = c\ntier = backend\nstatus = 500\n", "no such tier"), "an unknown tier is refused");
	FACT(fails_with("rule = a\nclass = c\nseverity = loud\nstatus = 500\n", "no such severity"), "an unknown level is refused");
	FACT(fails_with("rule = a\nclass = c\nstatus = 5xx\n", "no HTTP status"), "a status must be a number");
	FACT(fails_with("rule = a\nclass = c\nstatus = 599-500\n", "no HTTP status"), "a range must go up");
	FACT(fails_with("rule = a\nclass = c\nstatus = 99\n", "no HTTP status"), "a status has three digits");
	FACT(fails_with("rule = a\nclass = c\nduration = 1\n", "no duration"), "a duration needs a unit");
	FACT(fails_with("rule = a\nclass = c\nregex = (abcd\n", "does not compile"), "a regex must compile");
	FACT(fails_with("rule = a\nclass = c\nregex = \\d+x|y\n", "no fixed text"), "a regex without fixed text needs `contains`");
	FACT(fails_with("rule = a\nclass = c\nregex = (?i)abcdef\n", "no fixed text"), "a regex that folds case has no fixed text");
	FACT(fails_with("rule = a\nclass = c\nstart = abcd\n", "unknown key"), "an unknown key is refused");
	FACT(fails_with("rule = \nclass = c\nstatus = 500\n", "no name"), "a rule has a name");
}

static bool literal_is(const char *regex, const char *literal)
{
	struct text file = {0};
	text_format(&file, "rule = a\nclass = c\ncontains = unused\nregex = %s\n", regex);
	struct made m = make(file.at);
	bool same = m.ok && span_equal(text_span(&m.rule.literal), span_of(literal));
	if (!same)
		printf("%s: %.*s\n", regex, (int)m.rule.literal.len, m.rule.literal.at ? m.rule.literal.at : "");
	drop(&m);
	text_release(&file);
	return same;
}

static void test_literal(void)
{
	FACT(literal_is("abcd", "abcd"), "plain text is the literal");
	FACT(literal_is("ab\\.cd", "ab.cd"), "an escaped sign is itself");
	FACT(literal_is("too[ ]many[ ]clients", "too many clients"), "a class of one byte is that byte");
	FACT(literal_is("too many", "toomany"), "blanks mean nothing");
	FACT(literal_is("^\\d+ hello$", "hello"), "anchors and classes end a run");
	FACT(literal_is("abcde?fgh", "abcd"), "an optional byte is not required");
	FACT(literal_is("abcde*", "abcd"), "a starred byte is not required");
	FACT(literal_is("abc{2,3}d", "ab"), "a counted byte may come no or many times");
	FACT(literal_is("abc+defg", "defg"), "a repeated byte ends its run");
	FACT(literal_is("abc+d", "abc"), "a repeated byte comes once at least");
	FACT(literal_is("(?:one|two)three", "three"), "what stands in a group is not required");
	FACT(literal_is("one|three", ""), "alternatives have no common literal");
	FACT(literal_is("(?i:one)three", ""), "flags end the search");
	FACT(literal_is("\\QA.B\\E", ""), "quoted text is not read");
	FACT(literal_is("ab[c)d](x[)]y)efgh", "efgh"), "a parenthesis in a class closes nothing");
	FACT(literal_is("a(b\\)c)defg", "defg"), "an escaped parenthesis closes nothing");
}

static bool matches(const char *rule, const char *sample)
{
	struct made m = make(rule);
	struct text text = {0};
	text_format(&text, "sample = %s", sample);
	struct pattern_file file;
	struct rule_sample s;
	struct diag d = {0};
	bool read = m.ok && pattern_file_parse(&file, "x", text_span(&text), &d);
	if (read) {
		read = rule_sample_read(&s, &file, &file.entries[0], &d);
		struct regex_scratch *scratch = regex_scratch_new();
		read = read && rule_matches(&m.rule, s.tier, &s.record, scratch);
		regex_scratch_free(scratch);
		pattern_file_release(&file);
	}
	if (d.set || m.d.set)
		printf("%s%s\n", d.what, m.d.what);
	text_release(&text);
	drop(&m);
	return read;
}

static void test_conditions(void)
{
	const char *contains = "rule = a\nclass = c\ncontains = pool exhausted\n";
	FACT(matches(contains, "app ERROR | the pool exhausted us"), "contains looks anywhere in a line");
	FACT(matches(contains, "app - | pool exhausted"), "a record without a level counts as failing");
	FACT(matches(contains, "app WARN | pool exhausted"), "WARN is failing");
	FACT(!matches(contains, "app INFO | pool exhausted"), "INFO is not failing");
	FACT(!matches(contains, "app NOTICE | pool exhausted"), "NOTICE is not failing");
	FACT(!matches(contains, "db LOG | pool exhausted"), "PostgreSQL's LOG is not failing");
	FACT(matches(contains, "app ERROR | failed\n Traceback\n E: pool exhausted"), "each line of a stack is looked at");
	FACT(!matches(contains, "app ERROR | the pool\n exhausted"), "a text is not found across lines");

	const char *level = "rule = a\nclass = c\nseverity = ERROR\ncontains = pool exhausted\n";
	FACT(matches(level, "app FATAL | pool exhausted") && !matches(level, "app WARN | pool exhausted"), "a level is the least");
	FACT(!matches(level, "app - | pool exhausted"), "no level is not a level");

	const char *starts = "rule = a\nclass = c\nseverity = any\nstarts = listening\nstarts = ready to\n";
	FACT(matches(starts, "app INFO | listening on :80") && matches(starts, "app DEBUG | ready to go"), "any of the starts");
	FACT(!matches(starts, "app INFO | now listening on :80"), "starts is at the start");
	FACT(!matches(starts, "app INFO | x\n listening on :80"), "starts looks at the message, not at the stack");
	const char *ends = "rule = a\nclass = c\nseverity = any\nends =  listening\n";
	FACT(matches(ends, "app INFO | shop listening") && !matches(ends, "app INFO | shop listening."), "ends is at the end");

	const char *code = "rule = a\nclass = c\ncode = 53300\nexcept = wal\n";
	FACT(matches(code, "db FATAL 53300 | x") && matches(code, "app ERROR 53300 | x"), "SQLSTATE or error code");
	FACT(!matches(code, "db FATAL 53300 | max_wal_senders"), "except in the message");
	FACT(!matches(code, "db FATAL 53300 | x\n wal"), "except in the stack");
	FACT(!matches(code, "db FATAL 533000 | x") && !matches(code, "db FATAL | 53300"), "the code is equal, and no text");

	const char *prefix = "rule = a\nclass = c\ncode = SC*\nstatus = 503\n";
	FACT(matches(prefix, "lb INFO SC-- status=503 |") && matches(prefix, "lb - SC status=503 |"), "a code may be a prefix");
	FACT(!matches(prefix, "lb - S status=503 |") && !matches(prefix, "lb - SC-- status=502 |"), "code and status both hold");

	const char *tier = "rule = a\nclass = c\ntier = lb web\nstatus = 500-599 499\n";
	FACT(matches(tier, "web INFO status=599 |") && matches(tier, "lb - status=499 |"), "status ranges, at any level");
	FACT(!matches(tier, "app - status=500 |"), "only in the tiers that are named");
	FACT(!matches(tier, "web - status=498 |") && !matches(tier, "web - |"), "other statuses and none do not match");
	const char *slow = "rule = a\nclass = c\nduration = 2500ms\n";
	FACT(matches(slow, "web - duration=2.5 |") && !matches(slow, "web - duration=2.499999 |"), "a duration is the least");
	FACT(!matches(slow, "web - |"), "an unknown duration is not long");

	const char *same = "rule = a\nclass = c\ncontains = deadlock\nregex = ^ERROR:\n";
	FACT(matches(same, "app ERROR | ERROR: deadlock"), "contains and regex");
	FACT(!matches(same, "app ERROR | ERROR: x\n deadlock"), "contains and regex must hold on one line");
	FACT(matches("rule = a\nclass = c\nregex = abcd$\n", "app ERROR | x\n abcd\r\n y"), "a line's \\r is not part of it");
}

static void test_unknown_tier(void)
{
	struct made m = make("rule = a\nclass = c\ntier = db\nstarts = sorry\nseverity = any\n");
	struct record r = {0};
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, SPAN("sorry"));
	struct regex_scratch *scratch = regex_scratch_new();
	FACT(rule_matches(&m.rule, TIER_UNKNOWN, &r, scratch), "a source of unknown tier may be of any");
	FACT(!rule_matches(&m.rule, TIER_APP, &r, scratch), "a source of another tier is not");
	record_clear(&r);
	record_set(&r, FIELD_STATEMENT, SPAN("sorry"));
	record_set(&r, FIELD_PATH, SPAN("sorry"));
	record_set(&r, FIELD_DETAIL, SPAN("sorry"));
	r.raw = SPAN("sorry");
	FACT(!rule_matches(&m.rule, TIER_DB, &r, scratch), "statements, URLs, DETAIL and the raw line are no message");
	regex_scratch_free(scratch);
	drop(&m);
}

static void test_samples(void)
{
	static const char *const wrong[] = {"db FATAL no bar", "zz FATAL | x", "db LOUD | x", "db FATAL 1 2 | x", "web - status=5 | x"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct text text = {0};
		text_format(&text, "sample = %s", wrong[i]);
		struct pattern_file file;
		struct diag d = {0};
		struct rule_sample s;
		FACT(pattern_file_parse(&file, "x", text_span(&text), &d) && !rule_sample_read(&s, &file, &file.entries[0], &d) &&
			     d.set && d.hint[0], wrong[i]);
		pattern_file_release(&file);
		text_release(&text);
	}
}

int main(void)
{
	test_errors();
	test_literal();
	test_conditions();
	test_unknown_tier();
	test_samples();
	return unit_done();
}
