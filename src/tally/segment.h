/* segment: stretches of stamps that go forward.
 *
 * Takes  the stamp of each record, in file order.
 * Gives  the stamp with its year corrected (year-less logs), segments, and how much disorder there was inside them.
 * Holds  at most LIMIT_SEGMENTS segments; a file with more goes on in the last one.
 * Never  takes a few stragglers for a new segment: one begins when ten records in a row lie more than 30 min before
 *        the newest (DST, a clock that was set back), and then with the first of the ten.
 *
 * Year-less stamps of a file that has dated ones too get the year that brings them next to the last dated one. Else
 * they come in year 2000. A stamp that lies more than 300 days before the newest has passed a New Year: the year is
 * counted up. One that would then lie more than 300 days after the newest is a straggler of the old year.
 */
#ifndef ONSET_SEGMENT_H
#define ONSET_SEGMENT_H

#include "tally/part.h"

enum { SEGMENT_RUN = 10 };
#define SEGMENT_BACK_US (30 * MINUTE_US)

struct segments {
	struct segment *items;
	size_t n, cap;
	int64_t newest_us, previous_us; /* of the segment; of the record before */
	/* records in a row that lie far back: not yet decided whether they are a new segment */
	unsigned run;
	struct segment candidate;
	int64_t run_newest_us, run_step_us, run_inner_us;
	uint64_t run_inner;
	unsigned years;   /* New Years passed */
	int64_t dated_us; /* the last stamp with a year; 0 before the first */
	uint64_t disorder;
	int64_t disorder_us;
};

/* Year-less stamps: `time_us` moved to the year it belongs to. */
int64_t segments_year(struct segments *s, int64_t time_us);
void segments_slowly(struct segments *s, int64_t time_us, uint64_t record);

static inline void segments_add(struct segments *s, int64_t time_us, uint64_t record)
{
	if (time_us >= s->newest_us && !s->run && s->n) { /* nearly always */
		s->newest_us = s->previous_us = time_us;
		return;
	}
	segments_slowly(s, time_us, record);
}

/* Decides the open run and closes the last segment. */
void segments_finish(struct segments *s);
void segments_release(struct segments *s);

#endif
