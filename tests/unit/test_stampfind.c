/* stampfind: the rules of its header, one line each, with the stamp that is meant. */
#include "split/stampfind.h"

#include "unit.h"

struct wanted {
	const char *fact, *line, *stamp; /* NULL: none */
	enum stampfind_why why;
};

static const struct wanted lines[] = {
	{"it begins the line", "2026-11-22 11:15:12,120 INFO started", "2026-11-22 11:15:12,120", STAMPFIND_FOUND},
	{"behind a bracket", "[2026-11-22T11:15:12Z] started", "2026-11-22T11:15:12Z", STAMPFIND_FOUND},
	{"behind Redis's role", "12:M 22 Nov 2026 11:15:12.120 # Server started", "22 Nov 2026 11:15:12.120", STAMPFIND_FOUND},
	{"behind a name of a time", "level=info ts=2026-11-22T11:15:12Z msg=x", "2026-11-22T11:15:12Z", STAMPFIND_FOUND},
	{"glog's letter", "W210503 15:04:25.849080 7 a.go:1] slow", "210503 15:04:25.849080", STAMPFIND_FOUND},
	{"the first of two counts", "[2026-11-22 11:15:12] since 2026-11-20 10:00:00", "2026-11-22 11:15:12", STAMPFIND_FOUND},
	{"a number since 1970 begins the line", "1795346112 started", "1795346112", STAMPFIND_FOUND},
	{"a number between words is none", "job 1795346112 started", NULL, STAMPFIND_NONE},
	{"a number of another century is none", "9995346112 started", NULL, STAMPFIND_NONE},
	{"nor is one of eleven digits", "17953461120 started", NULL, STAMPFIND_NONE},
	{"a line that is indented has no head", "  2026-11-22 11:15:12 at x", NULL, STAMPFIND_NONE},
	{"two words of prose may stand before it", "error at 2026-11-22 11:15:12 x", "2026-11-22 11:15:12", STAMPFIND_FOUND},
	{"behind more it is in the message", "the job that began at 2026-11-22 11:15:12 failed", NULL, STAMPFIND_NONE},
	{"text between quotes is a message", "\"GET /x\" \"from 2026-11-22 11:15:12\"", NULL, STAMPFIND_NONE},
	{"a time without a date is no time", "11:15:12 INFO at 2026-11-20 10:00:00", NULL, STAMPFIND_TIME_ALONE},
	{"a date of unknown order is none", "03/04/2026 11:15:12 INFO x", NULL, STAMPFIND_ORDER},
	{"of a name of a time the value counts, however far", "level=info msg=\"it is 3 o'clock\" user=ada caller=main.go:7 time=2026-11-22T11:15:12Z",
	 "2026-11-22T11:15:12Z", STAMPFIND_FOUND},
	{"an empty line", "", NULL, STAMPFIND_NONE},
};

int main(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const struct wanted *w = &lines[i];
		struct span line = span_of(w->line);
		struct stampfind got = {0};
		enum stampfind_why why = stampfind_scan(line, DATE_ORDER_UNKNOWN, NULL, &got);
		bool right = why == w->why && (!w->stamp || span_equal((struct span){line.at + got.at, got.len}, span_of(w->stamp)));
		if (!FACT(right, w->fact))
			printf("why %d, \"%.*s\"\n", (int)why, why == STAMPFIND_FOUND ? (int)got.len : 0, line.at + got.at);
		if (why == STAMPFIND_ORDER || why == STAMPFIND_TIME_ALONE)
			FACT(stampfind_reason(line), "people are told why");
	}
	FACT(!stampfind_reason(SPAN("2026-11-22 11:15:12 x")), "there is nothing to tell of a line that has one");
	/* A date that the order makes clear. */
	struct stampfind got;
	struct span line = SPAN("03/04/2026 11:15:12 INFO x");
	FACT(stampfind_scan(line, DATE_DAY_FIRST, NULL, &got) == STAMPFIND_FOUND && got.numeric && got.stamp.time_us == INT64_C(1775214912000000),
	     "the third of April, where days stand first");
	FACT(stampfind_scan(line, DATE_MONTH_FIRST, NULL, &got) == STAMPFIND_FOUND && got.stamp.time_us == INT64_C(1772622912000000),
	     "the fourth of March, where months do");
	return unit_done();
}
