#include "fold/stated.h"

#include "unit.h"

/* 2026-11-22T11:20:00Z */
#define NOON (INT64_C(1795346400) * SECOND_US)

static void test_window(void)
{
	static const struct {
		struct stated_words words;
		struct story_window wanted;
		const char *name;
	} good[] = {
		{{0}, {false, INSTANT_NONE, INSTANT_NONE}, "nothing said: all of it"},
		{{.since = "2026-11-22 11:20"}, {true, NOON, INSTANT_NONE}, "since alone: open to the end"},
		{{.until = "2026-11-22T12:20:00+01:00"}, {true, INSTANT_NONE, NOON}, "until alone: open to the beginning"},
		{{.since = "2026-11-22", .until = "2026-11-22T11:20Z"}, {true, NOON - 680 * MINUTE_US, NOON}, "a date alone is its 00:00"},
		{{.around = "2026-11-22 11:20"}, {true, NOON - HOUR_US, NOON + HOUR_US}, "around without margin: an hour on both sides"},
		{{.around = "2026-11-22 11:20", .margin = "1h30m"}, {true, NOON - 90 * MINUTE_US, NOON + 90 * MINUTE_US}, "around with margin"},
	};
	static const struct {
		struct stated_words words;
		const char *what, *hint;
	} bad[] = {
		{{.since = "11:20"}, "--since \"11:20\": expected a date and a time", "needs its date"},
		{{.until = "yesterday"}, "--until \"yesterday\": expected a date and a time", "Such as"},
		{{.around = "2026-11-22 11:20", .margin = "15"}, "--margin \"15\": expected a length of time", "Such as 15m"},
		{{.around = "2026-11-22 11:20", .margin = "0s"}, "--margin \"0s\"", "between 1s and 400d"},
		{{.around = "2026-11-22 11:20", .since = "2026-11-22"}, "--around and --since exclude each other", "--since T-D"},
		{{.around = "2026-11-22 11:20", .until = "2026-11-22"}, "--around and --until exclude each other", "--since T-D"},
		{{.margin = "15m"}, "--margin needs --around", "Such as"},
		{{.since = "2026-11-22 11:20", .until = "2026-11-22 11:20"}, "is not after --since", "UTC unless"},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct story_window w = {0};
		struct diag d = {0};
		FACT(stated_window(&good[i].words, &w, &d) && !d.set && w.asked == good[i].wanted.asked &&
			     w.since_us == good[i].wanted.since_us && w.until_us == good[i].wanted.until_us,
		     good[i].name);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct story_window w = {0};
		struct diag d = {0};
		FACT(!stated_window(&bad[i].words, &w, &d) && !w.asked && strstr(d.what, bad[i].what) && strstr(d.hint, bad[i].hint), bad[i].what);
	}
}

int main(void)
{
	test_window();
	return unit_done();
}
