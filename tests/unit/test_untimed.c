/* untimed: the time of a record that prints none, by the record before and the one behind it. */
#include "parse/untimed.h"

#include "base/instant.h"
#include "unit.h"

static struct record timed(int64_t time_us)
{
	struct record r;
	record_clear(&r);
	r.time_us = time_us;
	r.resolution_us = 1000;
	r.zone = STAMP_EXPLICIT;
	r.yearless = true;
	r.zone_text = SPAN("+0100");
	return r;
}

int main(void)
{
	const int64_t hour = 3600 * SECOND_US;
	struct untimed u = {0};
	struct record before = timed(7 * hour), r;
	FACT(!u.known, "at first no time is known");
	untimed_after(&u, &before, true);
	FACT(u.known, "behind a record it is");
	before.zone_text = SPAN("gone!");
	static const struct {
		int64_t next, reach;
		const char *name;
	} cases[] = {
		{5 * SECOND_US, 5 * SECOND_US, "from the record before it to the next one"},
		{0, 1000, "a next one of the same time: as exact as the one before it"},
		{-SECOND_US, 1000, "a clock that went back says nothing"},
		{2 * 3600 * SECOND_US, 3600 * SECOND_US, "an hour at most"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record next = timed(7 * hour + cases[i].next);
		record_clear(&r);
		untimed_fill(&u, &next, &r);
		FACT(r.untimed && r.time_us == 7 * hour && r.resolution_us == cases[i].reach, cases[i].name);
	}
	record_clear(&r);
	untimed_fill(&u, NULL, &r);
	FACT(r.time_us == 7 * hour && r.resolution_us == hour, "nothing behind it: an hour");
	FACT(r.zone == STAMP_EXPLICIT && r.yearless && span_equal(r.zone_text, SPAN("+0100")),
	     "zone and year are those of the record before, kept when it is gone");
	before.zone_text = SPAN("a zone of more than 16 bytes");
	untimed_after(&u, &before, true);
	untimed_fill(&u, NULL, &r);
	FACT(!r.zone_text.len, "a zone's text that is none is not kept");
	before.zone_text = SPAN("+0100");
	untimed_after(&u, &before, false);
	untimed_fill(&u, NULL, &r);
	FACT(!r.zone_text.len && r.time_us == 7 * hour, "where no dump is looked for, only the time is kept");
	return unit_done();
}
