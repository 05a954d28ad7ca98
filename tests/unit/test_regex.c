#include "line/regex.h"

#include <string.h>

#include "base/memory.h"
#include "unit.h"

static struct regex *compiled(const char *source)
{
	struct diag d = {0};
	return regex_new(span_of(source), &d);
}

static void test_groups(struct regex_scratch *s)
{
	struct regex *re = compiled("^(?<a>\\w+)[ ](?<b>\\d+)?(?<c>x*)$ # a comment");
	struct span subject = SPAN("word 12");
	FACT(re && regex_groups(re) == 3, "three groups are counted");
	FACT(regex_match(re, subject, s) == REGEX_MATCH, "blanks and comments in the source mean nothing");
	FACT(span_equal(regex_group(re, subject, s, 1), SPAN("word")), "a group is a part of the subject");
	FACT(span_equal(regex_group_name(re, 2), SPAN("b")), "groups have their names");
	FACT(regex_group(re, subject, s, 3).at && !regex_group(re, subject, s, 3).len, "an empty group took part");
	FACT(!regex_group(re, subject, s, 9).at, "a group that does not exist is empty");
	subject = SPAN("word xx");
	FACT(regex_match(re, subject, s) == REGEX_MATCH && !regex_group(re, subject, s, 2).at,
	     "a group that took no part has no place");
	FACT(regex_match(re, SPAN("word 12\n"), s) == REGEX_MISS, "a dollar does not match before a final newline");
	FACT(regex_match(re, SPAN_NONE, s) == REGEX_MISS, "an empty subject is matched without a pointer");
	regex_free(re);
	re = compiled("(?:a(?<n>\\d)|b(?<n>\\d))");
	FACT(re && span_equal(regex_group_name(re, 1), regex_group_name(re, 2)), "a name may repeat in alternatives");
	regex_free(re);
	re = compiled("caf\xC3.\\z");
	FACT(re && regex_match(re, SPAN("caf\xC3\xFF"), s) == REGEX_MATCH, "subjects are bytes, not UTF-8");
	regex_free(re);
}

static void test_errors(void)
{
	struct diag d = {0};
	size_t offset = 0;
	FACT(!regex_new_at(SPAN("abc(def"), &d, &offset) && d.set && offset == 7,
	     "an open bracket is named with its place");
	d = (struct diag){0};
	FACT(!regex_new(SPAN("(*UTF)a"), &d) && d.set, "a pattern cannot switch UTF-8 on");
	char many[64 * 3 + 1];
	for (int i = 0; i < 64; i++)
		memcpy(many + 3 * i, "(.)", 3);
	d = (struct diag){0};
	FACT(!regex_new((struct span){many, 64 * 3}, &d) && d.set, "64 groups are too many");
	d = (struct diag){0};
	FACT(!regex_new((struct span){many, 1}, &d) && d.set, "an error without a NUL behind the source");
	regex_free(NULL);
	regex_scratch_free(NULL);
}

/* The classic catastrophes: they must end in bounded time, whatever the answer. */
static void test_limits(struct regex_scratch *s)
{
	struct regex *re = compiled("^(?:a+)+$");
	char line[4096];
	memset(line, 'a', sizeof line);
	line[sizeof line - 1] = 'b';
	FACT(regex_match(re, (struct span){line, sizeof line}, s) == REGEX_LIMIT,
	     "a hostile line hits the match limit");
	FACT(regex_match(re, SPAN("aaa"), s) == REGEX_MATCH, "the scratch is good for the next line");
	regex_free(re);
	re = compiled("^(?:a|b|(c))*$");
	size_t n = 1 << 20;
	char *large = memory_new(n, 1);
	memset(large, 'b', n);
	enum regex_result r = regex_match(re, (struct span){large, n}, s);
	FACT(r == REGEX_MATCH || r == REGEX_LIMIT, "a megabyte of alternatives does not overflow a stack");
	memory_free(large);
	regex_free(re);
}

static void test_later(struct regex_scratch *s)
{
	struct regex *re = regex_new_later(SPAN("^(?<a>b+)$"));
	FACT(regex_match(re, SPAN("bb"), s) == REGEX_MATCH && regex_match(re, SPAN("c"), s) == REGEX_MISS,
	     "what is compiled at its first match gives the same answers");
	FACT(regex_groups(re) == 1 && span_equal(regex_group_name(re, 1), SPAN("a")), "and has the same groups");
	regex_free(re);
	re = regex_new_later(SPAN("("));
	FACT(regex_match(re, SPAN("("), s) == REGEX_LIMIT && !regex_groups(re), "what does not compile matches nothing");
	regex_scratch_interprets(s, true);
	FACT(regex_match(re, SPAN("("), s) == REGEX_LIMIT, "nor does the interpreter");
	regex_scratch_interprets(s, false);
	regex_free(re);
}

int main(void)
{
	struct regex_scratch *s = regex_scratch_new();
	test_groups(s);
	test_errors();
	test_limits(s);
	test_later(s);
	regex_scratch_free(s);
	return unit_done();
}
