#include "tally/segment.h"

#include "unit.h"

static const int64_t base = INT64_C(1795346000) * SECOND_US;

static void feed(struct segments *s, uint64_t *record, int64_t at_us, unsigned times, int64_t step_us)
{
	for (unsigned i = 0; i < times; i++)
		segments_add(s, at_us + (int64_t)i * step_us, (*record)++);
}

int main(void)
{
	struct segments s = {0};
	uint64_t record = 0;
	feed(&s, &record, base, 100, SECOND_US);
	segments_add(&s, base + 99 * SECOND_US - 26000, record++);
	feed(&s, &record, base + 100 * SECOND_US, 100, SECOND_US);
	segments_finish(&s);
	FACT(s.n == 1 && s.items[0].first_us == base && s.items[0].last_us == base + 199 * SECOND_US,
	     "one stretch is one segment");
	FACT(s.disorder == 1 && s.disorder_us == 26000, "a step back of 26 ms is disorder");
	segments_release(&s);

	record = 0;
	feed(&s, &record, base, 100, SECOND_US);
	feed(&s, &record, base - HOUR_US, 9, SECOND_US);
	feed(&s, &record, base + 100 * SECOND_US, 10, SECOND_US);
	segments_finish(&s);
	FACT(s.n == 1, "nine records in a row that lie far back are stragglers");
	FACT(s.disorder == 1 && s.disorder_us == HOUR_US + 99 * SECOND_US, "stragglers are disorder: one step back");
	segments_release(&s);

	record = 0;
	feed(&s, &record, base, 100, SECOND_US);
	feed(&s, &record, base - HOUR_US, 10, SECOND_US);
	feed(&s, &record, base - HOUR_US + 20 * SECOND_US, 50, SECOND_US);
	segments_finish(&s);
	FACT(s.n == 2 && s.items[1].first_record == 100, "ten in a row begin a segment with the first of them");
	FACT(s.items[1].first_us == base - HOUR_US && s.items[1].last_us == base - HOUR_US + 69 * SECOND_US,
	     "and it has its own range");
	FACT(s.items[0].last_us == base + 99 * SECOND_US && !s.disorder, "a clock that is set back is no disorder");
	segments_release(&s);

	record = 0;
	for (unsigned i = 0; i < 100000; i++)
		feed(&s, &record, base - (int64_t)i * HOUR_US, 10, 1);
	segments_finish(&s);
	FACT(s.n == 256, "segments are bounded");
	segments_release(&s);

	struct civil december = {2000, 12, 31, 23, 59, 59, 0}, january = {2000, 1, 1, 0, 0, 1, 0},
		     leap = {2000, 2, 29, 1, 0, 0, 0};
	struct civil expected = {2001, 1, 1, 0, 0, 1, 0}, cut = {2001, 2, 28, 1, 0, 0, 0};
	int64_t at = segments_year(&s, instant_of(&december));
	segments_add(&s, at, 0);
	int64_t new_year = segments_year(&s, instant_of(&january));
	FACT(new_year == instant_of(&expected), "a year-less stamp passes New Year");
	segments_add(&s, new_year, 1);
	FACT(segments_year(&s, instant_of(&december)) == instant_of(&december),
	     "a straggler of the old year stays there");
	FACT(segments_year(&s, instant_of(&leap)) == instant_of(&cut), "29 February of a year without one is its 28th");
	segments_release(&s);

	struct civil dated = {2027, 1, 1, 0, 0, 5, 0}, before = {2026, 12, 31, 23, 59, 59, 0};
	s.dated_us = instant_of(&dated);
	FACT(segments_year(&s, instant_of(&december)) == instant_of(&before),
	     "beside dated stamps the nearest year is taken");
	return unit_done();
}
