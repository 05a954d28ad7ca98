#include "base/nearest.h"

#include "unit.h"

static bool meant(const char *word, const char *wanted)
{
	static const char *const known[] = {"tier", "title", "format", "template", "multiline", "csv"};
	struct nearest n = nearest_to(span_of(word));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		nearest_try(&n, span_of(known[i]));
	return span_equal(n.best, span_of(wanted));
}

int main(void)
{
	FACT(meant("teir", "tier"), "two letters that changed places are one slip");
	FACT(meant("titel", "title"), "the first one tried of those at one distance: title, one swap away");
	FACT(meant("formt", "format") && meant("formatt", "format") && meant("farmat", "format"),
	     "a letter dropped, added or changed");
	FACT(meant("tamplat", "template"), "two slips");
	FACT(meant("tmlats", ""), "three slips are another word");
	FACT(meant("c", "") && meant("csw", "csv") && meant("xyv", ""), "of a short word at most half may be wrong");
	FACT(meant("", ""), "nothing is near to nothing");
	char longest[200];
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	FACT(meant(longest, ""), "a word of any length is taken");
	return unit_done();
}
