#include "cause/track.h"

#include "made.h"

int main(void)
{
	struct track t;
	track_init(&t, 100 * SECOND_US, 160 * SECOND_US, 10 * SECOND_US);
	FACT(t.n == 6 && t.from_us == 100 * SECOND_US, "a minute has six steps of ten seconds");
	track_add(&t, 100 * SECOND_US, SECOND_US, 3);
	track_add(&t, 109 * SECOND_US, SECOND_US, 4);
	track_add(&t, 110 * SECOND_US, SECOND_US, 5);
	FACT(t.counts[0] == 7 && t.counts[1] == 5, "an event counts in its step");
	track_add(&t, 99 * SECOND_US, SECOND_US, 9);
	track_add(&t, 160 * SECOND_US, SECOND_US, 9);
	FACT(track_sum(&t, 0, 1000 * SECOND_US) == 12, "what lies outside counts nowhere");
	FACT(track_sum(&t, 101 * SECOND_US, 120 * SECOND_US) == 5, "a sum is of the steps that begin in it");
	track_add(&t, 120 * SECOND_US, 30 * SECOND_US, 10);
	FACT(t.counts[2] + t.counts[3] + t.counts[4] == 10 && t.counts[2] == 3 && t.counts[3] == 3 && t.counts[4] == 4,
	     "a wide bin is spread over its steps, and nothing is lost");
	FACT(t.widest_us == 30 * SECOND_US, "how wide is known");
	track_release(&t);
	track_init(&t, -5 * SECOND_US, 5 * SECOND_US, 10 * SECOND_US);
	FACT(t.from_us == -10 * SECOND_US && t.n == 2, "steps before 1970 begin at whole steps too");
	track_release(&t);
	track_init(&t, 0, 400 * DAY_US, 10 * SECOND_US);
	FACT(t.n <= TRACK_STEPS && t.step_us * (int64_t)t.n >= 400 * DAY_US, "a long time has wider steps, not more");
	track_release(&t);
	track_init(&t, 100, 0, SECOND_US);
	FACT(t.n <= 1 && !track_sum(&t, 0, 100), "no time is no steps");
	track_release(&t);
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "access.log", TIER_WEB, "nginx", SECOND_US, 0, 100);
	made_run(p, "http.requests", "", 10, 20, 7, 0, 0);
	struct fold *f = made_fold(&m);
	track_init(&t, (MADE_T0 + 12) * SECOND_US, (MADE_T0 + 15) * SECOND_US, SECOND_US);
	track_series(&t, &f->sources[0], fold_series_find(&f->sources[0], "http.requests", "", FACET_NONE, ""));
	FACT(t.n == 3 && t.counts[0] == 7 && t.counts[2] == 7, "of a series what lies in it");
	track_release(&t);
	made_release(&m);
	return unit_done();
}
