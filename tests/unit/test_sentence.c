#include "fold/sentence.h"

#include <string.h>

#include "base/memory.h"
#include "unit.h"

static struct text t;

static bool says(const char *expected)
{
	bool same = t.len == strlen(expected) && !memcmp(t.at, expected, t.len);
	if (!same)
		printf("got \"%s\", not \"%s\"\n", t.at ? t.at : "", expected);
	text_clear(&t);
	return same;
}

static bool duration(int64_t us, const char *expected)
{
	sentence_duration(&t, us);
	return says(expected);
}

static bool share(int64_t ppm, const char *expected)
{
	sentence_share(&t, ppm);
	return says(expected);
}

static bool rate(int64_t ppm, const char *expected)
{
	sentence_rate(&t, ppm);
	return says(expected);
}

static void counts(void)
{
	sentence_count(&t, 0);
	FACT(says("0"), "nought is written");
	sentence_count(&t, 999);
	FACT(says("999"), "three digits have no separator");
	sentence_count(&t, 6857);
	FACT(says("6,857"), "thousands are separated");
	sentence_count(&t, UINT64_MAX);
	FACT(says("18,446,744,073,709,551,615"), "the largest number fits");
	sentence_counted(&t, 1, "request");
	FACT(says("1 request"), "one has no s");
	sentence_counted(&t, 1000, "request");
	FACT(says("1,000 requests"), "many have one");
}

static void times(void)
{
	/* date -u -d '2026-11-22 11:15:26' +%s = 1795346126 */
	sentence_time(&t, INT64_C(1795346126999999));
	FACT(says("11:15:26"), "times are cut, not rounded");
	sentence_date(&t, INT64_C(1795346126999999), true);
	FACT(says("2026-11-22"), "dates are ISO dates");
	sentence_time(&t, INSTANT_NONE);
	FACT(says("?"), "an unknown time is a question mark");
	sentence_date(&t, INSTANT_NONE, true);
	FACT(says("?"), "an unknown date is a question mark");
}

static void durations(void)
{
	FACT(duration(0, "0 ms"), "nothing lasts 0 ms");
	FACT(duration(999, "999 us"), "less than a millisecond");
	FACT(duration(1499, "1 ms"), "milliseconds are rounded");
	FACT(duration(999499, "999 ms"), "just under a second");
	FACT(duration(999500, "1.0 s"), "what rounds to a second is a second");
	FACT(duration(9949999, "9.9 s"), "tenths below ten seconds");
	FACT(duration(9950000, "10 s"), "what rounds to ten seconds has no tenths");
	FACT(duration(59499999, "59 s"), "seconds below a minute");
	FACT(duration(59500000, "1 min 0 s"), "what rounds to a minute is a minute");
	FACT(duration(87 * SECOND_US, "1 min 27 s"), "minutes and seconds");
	FACT(duration(HOUR_US - 1, "1 h 0 min"), "what rounds to an hour is an hour");
	FACT(duration(2 * HOUR_US + 5 * MINUTE_US, "2 h 5 min"), "hours and minutes");
	FACT(duration(3 * DAY_US + 4 * HOUR_US, "3 d 4 h"), "days and hours");
	FACT(duration(-87 * SECOND_US, "1 min 27 s"), "a negative one is told without sign");
	FACT(duration(INT64_MIN + 1, "106751991 d 4 h"), "the longest one does not overflow");
}

static void shares(void)
{
	FACT(share(0, "0 %"), "nothing");
	FACT(share(99, "under 0.01 %"), "next to nothing");
	FACT(share(4300, "0.43 %"), "two decimals when small");
	FACT(share(288000, "28.8 %"), "one decimal when large");
	FACT(share(99499, "9.95 %"), "just under ten");
	FACT(share(99500, "10.0 %"), "what rounds to ten has one decimal");
	FACT(share(1000000, "100.0 %"), "all");
	FACT(rate(0, "0/s"), "no events");
	FACT(rate(8300, "0.0083/s"), "rare events");
	FACT(rate(20000, "0.02/s"), "few events");
	FACT(rate(92400000, "92.4/s"), "many events");
	FACT(rate(1234500000, "1,234.5/s"), "thousands");
}

static void ids(void)
{
	char *a = sentence_id("burst", "s", "k", 1), *b = sentence_id("burst", "sk", "", 1), *c = sentence_id("burst", "s", "k", 2);
	FACT(strlen(a) == 12 && strspn(a, "0123456789abcdef") == 12, "an id is 12 hex digits");
	FACT(strcmp(a, b), "the border between signal and key counts");
	FACT(strcmp(a, c), "the time counts");
	memory_free(a);
	memory_free(b);
	memory_free(c);
	struct text empty = {0};
	char *taken = sentence_take(&empty);
	FACT(taken && !*taken, "an empty text gives an empty string, not NULL");
	memory_free(taken);
	FACT(!sentence_copy(NULL), "NULL stays NULL");
}

int main(void)
{
	counts();
	times();
	durations();
	shares();
	ids();
	text_release(&t);
	return unit_done();
}
