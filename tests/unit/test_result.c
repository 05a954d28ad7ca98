#include "verify/result.h"

#include "unit.h"

static const char *text_of(const struct result *r)
{
	static struct text out;
	text_clear(&out);
	result_append(r, &out);
	return out.at;
}

static bool says(const struct result *r, const char *what)
{
	return strstr(text_of(r), what);
}

int main(void)
{
	struct result r = {0};
	FACT(result_is_none(&r) && says(&r, "nothing could be checked"), "nothing is nothing");
	result_hold(&r, RESULT_FILES, 2);
	result_hold(&r, RESULT_LINES, 1);
	FACT(result_is_whole(&r) && !result_is_none(&r) && says(&r, "everything holds: 2 files, 1 piece of evidence\n"), "all that was looked at holds");
	result_aside(&r, RESULT_VALUES, "no patterns");
	result_aside(&r, RESULT_VALUES, "another reason");
	FACT(!result_is_whole(&r) && says(&r, "unchecked no patterns\n") && says(&r, "what was checked holds; not all was checked\n"), "what was not looked at does not hold");
	result_trouble(&r, RESULT_FILES, RESULT_MISSING, "look there", "a\x1B[0m");
	result_trouble(&r, RESULT_FILES, RESULT_MISSING, "look there", "b");
	FACT(says(&r, "  missing   a\\x1B[0m. look there\n  missing   b\n"), "a hint is said once; control characters are escaped");
	for (int i = 0; i < RESULT_MOST + 5; i++)
		result_trouble(&r, RESULT_VALUES, RESULT_DIFFERS, NULL, "v");
	FACT(r.n[RESULT_VALUES][RESULT_DIFFERS] == RESULT_MOST + 5 && says(&r, "  differs   and 5 values more\n"), "all are counted, the first are shown");
	FACT(says(&r, "not everything holds: missing 2 files; different 25 values; not all was checked\n"), "the verdict names kinds and numbers");
	result_release(&r);
	return unit_done();
}
