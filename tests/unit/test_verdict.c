#include "cause/verdict.h"

#include "made.h"

/* One letter a test, R1 to R8: r refutes, s supports, - no evidence, . not applicable. */
static const struct {
	const char *name, *results, *verdict;
} rules[] = {
	{"nothing said", "--------", "undetermined"},
	{"nothing asked", "........", "undetermined"},
	{"the onset came before it", "r-......", "refuted"},
	{"the unchanged instances failed as much", "-r------", "refuted"},
	{"taking it back did not help: alone not enough", "--r-----", "undetermined"},
	{"taking it back did not help, and it ended without", "--rr----", "refuted"},
	{"taking it back did not help, and nothing new was said", "--r-r---", "refuted"},
	{"it ended although it stayed: alone not enough", "---r----", "undetermined"},
	{"it ended although it stayed, and it cannot reach what failed", "---r---r", "refuted"},
	{"it ended although it stayed, and nothing new was said", "---rr---", "weakened"},
	{"chance and a long time", "-----rr-", "weakened"},
	{"nothing new and no path", "----r--r", "weakened"},
	{"failures where it was changed", "-s------", "supported"},
	{"the failures ended when it was taken back", "--s-----", "supported"},
	{"a new error", "----s---", "supported"},
	{"two speak for it", "-s--s---", "supported"},
	{"one for it, one against it that is not enough", "-s---r--", "supported"},
	{"one for it, two against it", "-s-r-r--", "undetermined"},
	{"new error, but the unchanged instances failed as much", "-r--s---", "undetermined"},
	{"no cause comes after its effect, whatever else is said", "rs--s---", "refuted"},
};

static const char *word_of(char letter)
{
	return letter == 'r' ? "refutes" : letter == 's' ? "supports" : letter == '-' ? "no_evidence" : "not_applicable";
}

static void rule(void)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct change_test tests[VERDICT_TESTS];
		for (size_t k = 0; k < VERDICT_TESTS; k++)
			tests[k] = (struct change_test){.result = word_of(rules[i].results[k])};
		TEXT_IS(verdict_of(tests), rules[i].verdict, rules[i].name);
	}
}

int main(void)
{
	rule();
	return unit_done();
}
