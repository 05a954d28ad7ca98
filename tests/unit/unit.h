/* unit: the whole test framework: named cases that read as facts.
 *
 * Takes  conditions and names.
 * Gives  "ok NAME" for nothing (silent), "FAIL file:line NAME" on standard output, and a last line "N passed, N failed".
 * Holds  two counters.
 * Never  stops at the first failure.
 */
#ifndef ONSET_UNIT_H
#define ONSET_UNIT_H

#include <stdio.h>
#include <string.h>

static unsigned unit_passed, unit_failed;

/* One fact. `name` says what holds ("a line without a final newline is kept"). */
#define FACT(condition, name) unit_fact((condition) ? 1 : 0, name, __FILE__, __LINE__)

static inline int unit_fact(int holds, const char *name, const char *file, int line)
{
	if (holds)
		unit_passed++;
	else {
		unit_failed++;
		printf("FAIL %s:%d: %s\n", file, line, name);
	}
	return holds;
}

/* One fact about text: `got` (NULL is "") is `wanted`; both are shown when it is not. */
#define TEXT_IS(got, wanted, name) unit_text(got, wanted, name, __FILE__, __LINE__)

static inline int unit_text(const char *got, const char *wanted, const char *name, const char *file, int line)
{
	got = got ? got : "";
	int same = unit_fact(!strcmp(got, wanted), name, file, line);
	if (!same)
		printf("got \"%s\", not \"%s\"\n", got, wanted);
	return same;
}

/* Last statement of main(). */
static inline int unit_done(void)
{
	printf("%u passed, %u failed\n", unit_passed, unit_failed);
	return unit_failed != 0;
}

#endif
