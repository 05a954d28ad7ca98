/* What steps answer is compared with PCRE2 in test_translate; here is when they give up, and that they read nothing behind the subject. */
#include "line/walk.h"

#include "line/translate.h"
#include "patterns.h"
#include "unit.h"

static enum walk_result answer(const char *source, struct span subject, struct span *group)
{
	struct steps *p = translate(span_of(source));
	size_t ends[2 * STEPS_GROUPS];
	uint64_t took = 0;
	struct span exact = patterns_exact(subject);
	enum walk_result result = walk(p, exact, ends, &took);
	*group = took & 2 ? (struct span){subject.at + ends[2], ends[3] - ends[2]} : SPAN_NONE;
	memory_free((void *)(uintptr_t)exact.at);
	steps_free(p);
	return result;
}

static void test_answers(void)
{
	struct span group;
	FACT(answer("^(?<n>\\d+)[ ]x$", SPAN("12345678901234567890 x"), &group) == WALK_MATCH && group.len == 20, "a run longer than a lane");
	FACT(answer("b(a+)c", SPAN("abaac"), &group) == WALK_MATCH && span_equal(group, SPAN("aa")), "a match may begin anywhere");
	FACT(answer("(x?)$", SPAN("ab"), &group) == WALK_MATCH && group.at && !group.len, "also at the end");
	FACT(answer("^(a)?b", SPAN("b"), &group) == WALK_MATCH && !group.at, "a group that took no part is not set");
	FACT(answer("^(?:(a)x|ab)b", SPAN("abb"), &group) == WALK_MATCH && !group.at, "nor is one that was given back");
	FACT(answer("^a", SPAN_NONE, &group) == WALK_MISS, "an empty subject needs no pointer");
}

static void test_gives_up(void)
{
	struct span group;
	size_t n = 1 << 20;
	char *large = memory_new(n, 1);
	memset(large, 'a', n);
	FACT(answer("^(?:a+)+$", SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), &group) == WALK_GAVE_UP, "runs in runs: too many turns");
	FACT(answer("^(?:ab?)*c", (struct span){large, n}, &group) != WALK_MATCH, "a megabyte of rounds ends");
	FACT(answer("a[^b]*bc", (struct span){large, n}, &group) == WALK_GAVE_UP, "so does a search that would begin a million times");
	FACT(answer("^(a*)(?s:.*)$", (struct span){large, n}, &group) == WALK_MATCH && group.len == n, "a long run is one step");
	memory_free(large);
}

int main(void)
{
	test_answers();
	test_gives_up();
	return unit_done();
}
