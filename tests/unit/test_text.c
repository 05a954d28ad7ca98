#include "base/text.h"

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "unit.h"

static bool is(const struct text *t, const char *want)
{
	return span_equal(text_span(t), span_of(want));
}

static void test_spans(void)
{
	struct span s = SPAN("one two  three"), none = SPAN_NONE;
	FACT(span_equal(span_from(s, 4), SPAN("two  three")) && !span_from(s, 99).len && !span_from(none, 1).len, "a tail");
	FACT(span_equal(span_head(s, 3), SPAN("one")) && span_equal(span_head(s, 99), s), "a head");
	FACT(span_starts(s, SPAN("one")) && !span_starts(s, SPAN("two")) && span_starts(s, none) && !span_starts(none, s), "starts");
	FACT(span_ends(s, SPAN("three")) && !span_ends(s, SPAN("two")) && span_ends(s, none) && span_ends(none, none), "ends");
	FACT(span_compare(SPAN("a"), SPAN("ab")) < 0 && span_compare(SPAN("b"), SPAN("ab")) > 0 && !span_compare(s, s) &&
		     span_compare(SPAN("a"), SPAN("\xFF")) < 0 && span_compare(none, SPAN("a")) < 0 && !span_compare(none, none),
	     "byte order, unsigned, the shorter first");
	FACT(span_find(s, SPAN("two")) == 4 && span_find(s, SPAN("three")) == 9 && span_find(s, SPAN("four")) == -1 &&
		     span_find(s, none) == 0 && span_find(none, SPAN("a")) == -1 && span_find(SPAN("aab"), SPAN("ab")) == 1 &&
		     span_find(SPAN("ab"), SPAN("abc")) == -1,
	     "the first place of a text");
	FACT(span_find_byte(s, ' ') == 3 && span_find_byte(s, 'x') == -1 && span_find_byte(none, 'x') == -1 &&
		     span_find_byte(SPAN("a\0b"), 0) == 1,
	     "the first place of a byte");
	FACT(span_equal(span_trim(SPAN(" \t\r\n\v\f a b \n")), SPAN("a b")) && !span_trim(SPAN(" \n")).len && !span_trim(none).len,
	     "blanks at both ends go");
	FACT(span_equal(span_cut(&s, ' '), SPAN("one")) && span_equal(span_cut(&s, ' '), SPAN("two")) && !span_cut(&s, ' ').len &&
		     span_equal(span_cut(&s, ' '), SPAN("three")) && !s.len && !span_cut(&s, ' ').len,
	     "cutting at blanks");
	FACT(span_equal_nocase(SPAN("Upstream-STATUS"), SPAN("upstream-status")) && !span_equal_nocase(SPAN("a["), SPAN("a{")) &&
		     !span_equal_nocase(SPAN("a"), SPAN("ab")) && !span_equal_nocase(SPAN("\xC3\x89"), SPAN("\xC3\xA9")),
	     "case is ASCII case");
}

static void test_numbers(void)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} ints[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"007", true, 7},
		{"-42", true, -42},
		{"9223372036854775807", true, INT64_MAX},
		{"-9223372036854775807", true, -INT64_MAX},
		{"9223372036854775808", false, 0},
		{"99999999999999999999999", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"--1", false, 0},
		{"+1", false, 0},
		{"1 ", false, 0},
		{" 1", false, 0},
		{"1.0", false, 0},
		{"0x10", false, 0},
	};
	static const struct {
		const char *text;
		int64_t unit_us;
		bool ok;
		int64_t us;
	} durations[] = {
		{"0.192", 1000000, true, 192000},
		{"12", 1000000, true, 12000000},
		{"12.", 1000000, true, 12000000},
		{"0.1234567899", 1000000, true, 123456},
		{"3.5", 1000, true, 3500},
		{"3.0001", 1000, true, 3000},
		{"1.5", 60000000, true, 90000000},
		{"0.25", 3600000000, true, 900000000},
		{"0.05", 60000000, true, 3000000},
		{"2", 1, true, 2},
		{"2.9", 1, true, 2},
		{"9223372036854", 1000000, false, 0},
		{"99999999999999999999", 1, false, 0},
		{"", 1000000, false, 0},
		{".5", 1000000, false, 0},
		{"-1", 1000000, false, 0},
		{"-", 1000000, false, 0},
		{"1.2.3", 1000000, false, 0},
		{"1,5", 1000000, false, 0},
		{"1e3", 1000000, false, 0},
		{"0.1 ", 1000000, false, 0},
	};
	for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
		int64_t v = 77;
		bool ok = span_to_int(span_of(ints[i].text), &v);
		FACT(ok == ints[i].ok && v == (ok ? ints[i].value : 77), ints[i].text);
	}
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		int64_t us = 77;
		bool ok = span_to_duration(span_of(durations[i].text), durations[i].unit_us, &us);
		FACT(ok == durations[i].ok && us == (ok ? durations[i].us : 77), durations[i].text);
	}
}

static void test_globs(void)
{
	static const struct {
		const char *pattern, *name;
		bool match;
	} cases[] = {
		{"*.log", "access.log", true},
		{"*.log", "/var/log/nginx/access.log", true},
		{"*.log", "access.log.1", false},
		{"access*", "/var/log/access/x.log", false},
		{"/var/*/access.log", "/var/log/access.log", true},
		{"/var/*/access.log", "/var/log/nginx/access.log", false},
		{"/var/**/access.log", "/var/log/nginx/access.log", true},
		{"/var/**/access.log", "/var/log/access.log", true},
		{"**/access.log", "a/b/access.log", true},
		{"/var/**", "/var/log/x", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"d/a?c", "d/a/c", false},
		{"x[0-9].log", "x7.log", true},
		{"x[!0-9].log", "x7.log", false},
		{"x[!0-9].log", "xa.log", true},
		{"x[]a].log", "x].log", true},
		{"x[.log", "x[.log", true},
		{"d/x[!a]y", "d/x/y", false},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"?", "", false},
		{"*a*b", "xxaxxab", true},
		{"*a*b", "xxaxxabc", false},
		{"pg-*.csv", "pg-2026-11-22.csv", true},
		{"**a/*b", "xa/yb", true},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "a/xb", false},
		{"**/b", "b", true},
		{"**/b", "x/b", true},
		{"**/b", "xb", false},
		{"**/x/**/*.log", "a/x/b/c.log", true},
		{"**/x/**/*.log", "a/y/b/c.log", false},
		{"a/**/b/**/c", "a/b/x/b/c", true},
		{"a/**", "a/b/c", true},
		{"./a", "a", true},
		{"a/b", "./a/b", true},
		{"./a", "/a", false},
		{"./**/a", "x/a", true},
		{"./**/a", "../a", false},
		{"./**/a", "/x/a", false},
		{"./*.log", "x/a.log", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char name[100];
		snprintf(name, sizeof name, "glob %s %s %s", cases[i].pattern, cases[i].match ? "matches" : "does not match", cases[i].name);
		FACT(glob_match(span_of(cases[i].pattern), span_of(cases[i].name)) == cases[i].match, name);
	}
	struct text pattern = {0}, name = {0};
	for (int i = 0; i < 2000; i++) {
		text_append_string(&pattern, i % 2 ? "*a" : "**a");
		text_append_string(&name, "aaaa");
	}
	text_append_byte(&pattern, 'b');
	clock_t start = clock();
	FACT(!glob_match(text_span(&pattern), text_span(&name)), "a hostile pattern does not match");
	FACT((clock() - start) / CLOCKS_PER_SEC < 5, "a hostile pattern ends in bounded time");
	text_release(&pattern);
	text_release(&name);
}

static void test_owned(void)
{
	struct text t = {0};
	text_append(&t, SPAN_NONE);
	FACT(t.len == 0 && t.at && !t.at[0], "appending nothing gives an empty string");
	text_append_string(&t, "a");
	text_append_byte(&t, 'b');
	text_append_int(&t, INT64_MIN);
	text_format(&t, "%s-%03d", "", 7);
	FACT(is(&t, "ab-9223372036854775808-007") && !t.at[t.len], "pieces are appended, a NUL stands behind them");
	text_clear(&t);
	FACT(!t.len && !t.at[0], "a cleared text is empty");
	for (int i = 0; i < 100000; i++)
		text_append_byte(&t, (char)i);
	FACT(t.len == 100000 && t.at[99999] == (char)99999, "a long text grows");
	text_release(&t);
	text_release(&t);
	text_clear(&t);
	FACT(!t.at && !t.cap, "releasing twice is fine");
	char *copy = span_copy(SPAN("a\0b"));
	FACT(!memcmp(copy, "a\0b", 4), "a copy keeps NULs and ends in one");
	memory_free(copy);
	copy = span_copy(SPAN_NONE);
	FACT(!copy[0], "a copy of nothing is an empty string");
	memory_free(copy);
}

static void test_utf8(void)
{
	/* Unicode 15 table 3-7 and 3-8 (U+FFFD for each ill-formed byte, as text.h says). */
	static const struct {
		const char *name;
		struct span in;
		const char *utf8, *printable;
	} cases[] = {
		{"ASCII", {"plain ~", 7}, "plain ~", "plain ~"},
		{"two to four bytes", {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9}, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
		 "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
		{"a lone continuation", {"a\x80z", 3}, "a\xEF\xBF\xBDz", "a\\x80z"},
		{"an overlong slash", {"\xC0\xAF", 2}, "\xEF\xBF\xBD\xEF\xBF\xBD", "\\xC0\\xAF"},
		{"an overlong of three", {"\xE0\x80\xAF", 3}, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "\\xE0\\x80\\xAF"},
		{"a surrogate", {"\xED\xA0\x80", 3}, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "\\xED\\xA0\\x80"},
		{"the last rune, which is no character", {"\xF4\x8F\xBF\xBF", 4}, "\xF4\x8F\xBF\xBF", "\\u{10FFFF}"},
		{"the last one that may be one", {"\xF4\x8F\xBF\xBD", 4}, "\xF4\x8F\xBF\xBD", "\xF4\x8F\xBF\xBD"},
		{"no character", {"\xEF\xBF\xBE", 3}, "\xEF\xBF\xBE", "\\u{FFFE}"},
		{"above the last rune", {"\xF4\x90\x80\x80", 4}, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "\\xF4\\x90\\x80\\x80"},
		{"a cut rune", {"\xE2\x82", 2}, "\xEF\xBF\xBD\xEF\xBF\xBD", "\\xE2\\x82"},
		{"NUL", {"a\0b", 3}, "a\xEF\xBF\xBD" "b", "a\\x00b"},
		{"an escape sequence", {"\x1B[2J\n\r\t\x7F", 8}, "\x1B[2J\n\r\t\x7F", "\\x1B[2J\\x0A\\x0D\\x09\\x7F"},
		{"C1", {"\xC2\x9B", 2}, "\xC2\x9B", "\\x9B"},
		{"a bidi override", {"\xE2\x80\xAE", 3}, "\xE2\x80\xAE", "\\u{202E}"},
		{"a line separator", {"\xE2\x80\xA8", 3}, "\xE2\x80\xA8", "\\u{2028}"},
		{"a bidi isolate", {"\xE2\x81\xA6", 3}, "\xE2\x81\xA6", "\\u{2066}"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = {0};
		text_append_utf8(&t, cases[i].in);
		FACT(is(&t, cases[i].utf8), cases[i].name);
		text_clear(&t);
		text_append_printable(&t, cases[i].in);
		FACT(is(&t, cases[i].printable), cases[i].name);
		text_release(&t);
	}
}

/* The escapes are Python's: json.dumps of the same characters. */
static void test_json(void)
{
	static const struct {
		const char *name, *in, *out;
	} cases[] = {
		{"ASCII stays", "{\"a\": \"b\\n\"}", "{\"a\": \"b\\n\"}"},
		{"letters stay", "\"\xC3\xA9\xF0\x9F\x98\x80\"", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
		{"what a terminal would obey does not", "\"a\x7F\xC2\x9B" "31m\"", "\"a\\u007f\\u009b31m\""},
		{"what turns does not", "\"\xE2\x80\xAEx\"", "\"\\u202ex\""},
		{"a tag is two", "\xF3\xA0\x81\x81", "\\udb40\\udc41"},
		{"what is not UTF-8 is not touched", "\"\x80\xE2\"", "\"\x80\xE2\""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = {0};
		text_append_json(&t, span_of(cases[i].in));
		FACT(is(&t, cases[i].out), cases[i].name);
		text_release(&t);
	}
}

/* Bytes that end where an unmapped page begins: reading past the span is a crash. */
static void test_over_read(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int zero = -1;
	FILE *file = tmpfile();
	if (file && !ftruncate(fileno(file), (off_t)(2 * page)))
		zero = fileno(file);
	char *map = zero < 0 ? MAP_FAILED : mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	if (FACT(map != MAP_FAILED && !mprotect(map + page, page, PROT_NONE), "a guard page")) {
		static const char tail[] = "x\xF0\x9F\x98";
		for (size_t n = 0; n < sizeof tail; n++) {
			struct span s = {map + page - n, n};
			struct text t = {0};
			int64_t v;
			memcpy(map + page - n, tail, n);
			text_append_utf8(&t, s);
			text_append_printable(&t, s);
			text_append_json(&t, s);
			span_to_int(s, &v);
			span_to_duration(s, 1, &v);
			span_trim(s);
			span_find(s, SPAN("ab"));
			glob_match(s, s);
			text_release(&t);
		}
		FACT(true, "nothing is read behind a span");
		munmap(map, 2 * page);
	}
	if (file)
		fclose(file);
}

int main(void)
{
	test_spans();
	test_numbers();
	test_globs();
	test_owned();
	test_utf8();
	test_json();
	test_over_read();
	return unit_done();
}
