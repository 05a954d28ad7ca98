#include "tally/segment.h"

#include "base/limits.h"
#include "base/memory.h"

static int64_t moved(int64_t time_us, int years)
{
	if (!years)
		return time_us;
	struct civil c;
	instant_to_civil(time_us, &c);
	c.year += years;
	if (c.month == 2 && c.day == 29) { /* only 2000 and every fourth year after it have one */
		struct civil leap = c;
		if (!civil_valid(&leap))
			c.day = 28;
	}
	return instant_of(&c);
}

/* In the year before, of, or after the last dated stamp, whichever is nearest to it. */
static int64_t nearest(int64_t time_us, int64_t dated_us)
{
	struct civil stamp, dated;
	instant_to_civil(time_us, &stamp);
	instant_to_civil(dated_us, &dated);
	int64_t best = 0, best_distance = INT64_MAX;
	for (int year = dated.year - 1; year <= dated.year + 1; year++) {
		int64_t at = moved(time_us, year - stamp.year),
			distance = at < dated_us ? dated_us - at : at - dated_us;
		if (distance < best_distance) {
			best = at;
			best_distance = distance;
		}
	}
	return best;
}

int64_t segments_year(struct segments *s, int64_t time_us)
{
	if (s->dated_us)
		return nearest(time_us, s->dated_us);
	int64_t at = moved(time_us, (int)s->years);
	if (!s->n)
		return at;
	if (at < s->newest_us - 300 * DAY_US && s->years < 100)
		return moved(time_us, (int)++s->years);
	if (at > s->newest_us + 300 * DAY_US && s->years)
		return moved(time_us, (int)s->years - 1);
	return at;
}

static void begin(struct segments *s, struct segment segment)
{
	s->items = memory_grow(s->items, &s->cap, s->n + 1, sizeof *s->items);
	s->items[s->n++] = segment;
}

static void step_back(struct segments *s, uint64_t records, int64_t step_us)
{
	s->disorder += records;
	if (step_us > s->disorder_us)
		s->disorder_us = step_us;
}

/* The run was stragglers of the segment. */
static void run_ends(struct segments *s)
{
	if (s->run)
		step_back(s, s->run_inner + 1, s->run_step_us > s->run_inner_us ? s->run_step_us : s->run_inner_us);
	s->run = 0;
}

/* The run is a segment. */
static void run_becomes_segment(struct segments *s)
{
	s->items[s->n - 1].last_us = s->newest_us;
	if (s->run_inner)
		step_back(s, s->run_inner, s->run_inner_us);
	begin(s, s->candidate);
	s->newest_us = s->run_newest_us;
	s->run = 0;
}

static void run_add(struct segments *s, int64_t time_us, uint64_t record)
{
	if (!s->run++) {
		s->candidate = (struct segment){.first_record = record, .first_us = time_us, .last_us = time_us};
		s->run_newest_us = time_us;
		s->run_step_us = s->previous_us - time_us;
		s->run_inner = 0;
		s->run_inner_us = 0;
		return;
	}
	if (time_us < s->previous_us) {
		s->run_inner++;
		if (s->previous_us - time_us > s->run_inner_us)
			s->run_inner_us = s->previous_us - time_us;
	}
	if (time_us < s->candidate.first_us)
		s->candidate.first_us = time_us;
	if (time_us > s->run_newest_us)
		s->run_newest_us = time_us;
	if (s->run == SEGMENT_RUN)
		run_becomes_segment(s);
}

void segments_slowly(struct segments *s, int64_t time_us, uint64_t record)
{
	if (!s->n) {
		begin(s, (struct segment){.first_record = record, .first_us = time_us, .last_us = time_us});
		s->newest_us = s->previous_us = time_us;
		return;
	}
	if (time_us < s->newest_us - SEGMENT_BACK_US && s->n < LIMIT_SEGMENTS) {
		run_add(s, time_us, record);
	} else {
		run_ends(s);
		if (time_us < s->previous_us)
			step_back(s, 1, s->previous_us - time_us);
		if (time_us < s->items[s->n - 1].first_us && time_us >= s->newest_us - SEGMENT_BACK_US)
			s->items[s->n - 1].first_us = time_us;
		if (time_us > s->newest_us)
			s->newest_us = time_us;
	}
	s->previous_us = time_us;
}

void segments_finish(struct segments *s)
{
	run_ends(s);
	if (s->n)
		s->items[s->n - 1].last_us = s->newest_us;
}

void segments_release(struct segments *s)
{
	memory_free(s->items);
	*s = (struct segments){0};
}
