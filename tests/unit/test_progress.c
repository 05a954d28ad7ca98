#include "unit.h"

#include "base/instant.h"
#include "cmd/progress.h"

struct progress_case {
	const char *name;
	int64_t done, total, elapsed_us;
	const char *line;
};

static const struct progress_case cases[] = {
	{"share, rate and time left", 516 * INT64_C(1000000), 1200 * INT64_C(1000000), 2 * SECOND_US,
	 "onset: 43 % of 1.2 GB, 258 MB/s, 3 s left"},
	{"minutes left", 1000000, 601 * INT64_C(1000000), SECOND_US, "onset: 0 % of 601 MB, 1.0 MB/s, 10 min 0 s left"},
	{"nothing read yet", 0, 5000, 10 * SECOND_US, "onset: 0 % of 5.0 kB"},
	{"no time has passed", 10, 5000, 0, "onset: 0 % of 5.0 kB"},
	{"the size is not known", 2500, -1, SECOND_US, "onset: 2.5 kB, 2.5 kB/s"},
	{"a file grew meanwhile", 6000, 5000, SECOND_US, "onset: 100 % of 5.0 kB, 5.0 kB/s"},
	{"all files are empty", 0, 0, SECOND_US, "onset: 0 B"},
	{"the largest sizes there are", INT64_MAX, INT64_MAX, 1, "onset: 100 % of 9.2 EB, 9.2 EB/s"},
	{"just under a unit", 999999, 999999, SECOND_US, "onset: 100 % of 999 kB, 999 kB/s"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text line = {0};
		progress_line(&line, cases[i].done, cases[i].total, cases[i].elapsed_us);
		if (!FACT(!strcmp(line.at, cases[i].line), cases[i].name))
			printf("  got %s\n", line.at);
		FACT(line.len < 79, "it fits one line of a terminal");
		text_release(&line);
	}
	return unit_done();
}
