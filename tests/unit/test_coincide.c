#include "fold/coincide.h"

#include <stdlib.h>

#include "base/instant.h"
#include "base/memory.h"
#include "random.h"
#include "unit.h"

enum { EVENTS = 300 };

/* A database refuses two applications; each repeats its own ones some milliseconds later, by a clock of its own. */
struct world {
	const char *fact;
	int64_t offset_us;         /* the application's clock less the database's */
	int64_t late_us;           /* at most this */
	int64_t every_us;          /* between refusals, on the average */
	unsigned own_percent;      /* of the refusals are of this application */
	unsigned other_percent;    /* of its lines come of another database that nobody logs */
	bool known, even;          /* even: at even distances */
};

static const struct world worlds[] = {
	{"all refusals are its own", 2 * SECOND_US, 5000, 400000, 100, 0, true, false},
	{"a half of them", -700000, 5000, 400000, 50, 0, true, false},
	{"one in ten", 700000, 5000, 400000, 10, 0, true, false},
	{"clocks that agree", 0, 15000, 400000, 50, 0, true, false},
	{"half of its lines are of another database", 2 * SECOND_US, 5000, 400000, 50, 50, false, false},
	{"nothing in common", 2 * SECOND_US, 5000, 400000, 50, 100, false, false},
	{"one each second to the microsecond: any second will do", 2 * SECOND_US, 0, SECOND_US, 100, 0, false, true},
};

static uint32_t random_below(uint32_t n)
{
	return (uint32_t)(random_next() % n);
}

static int time_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static void of_worlds(void)
{
	for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++) {
		const struct world *t = &worlds[w];
		int64_t happens[EVENTS], repeats[EVENTS], at_us = 0;
		size_t n = 0;
		for (size_t i = 0; i < EVENTS; i++) {
			at_us += t->even ? t->every_us : (int64_t)random_below((uint32_t)(2 * t->every_us));
			happens[i] = at_us / 1000 * 1000;
			if (random_below(100) >= t->own_percent)
				continue;
			int64_t said_us = at_us + t->offset_us + (t->late_us ? (int64_t)random_below((uint32_t)t->late_us) : 0);
			if (random_below(100) < t->other_percent)
				said_us = t->offset_us + (int64_t)random_below(EVENTS) * t->every_us + (int64_t)random_below(400000);
			repeats[n++] = said_us / 1000 * 1000;
		}
		qsort(repeats, n, sizeof *repeats, time_order);
		struct coincide_log a = {happens, EVENTS, NULL, 0, 1000}, b = {repeats, n, NULL, 0, 1000};
		struct coincide c;
		bool found = coincide(&a, &b, -5 * SECOND_US, 5 * SECOND_US, &c);
		FACT(found == t->known, t->fact);
		size_t right = 0;
		for (size_t i = 0; i < c.n; i++)
			right += c.samples[i].low_us <= t->offset_us && c.samples[i].high_us >= t->offset_us;
		FACT(!found || (right * 10 >= c.n * 9 && c.n * 10 >= n * 9), t->fact);
		coincide_release(&c);
	}
}

/* What is repeated of a second whose events are not known one by one is not denied; what nothing can have been before is. */
static void of_what_is_hidden(void)
{
	int64_t happens[12], repeats[24];
	for (size_t i = 0; i < 12; i++) {
		happens[i] = (int64_t)(i * i) * 1300000;
		repeats[2 * i] = happens[i] + 1000;
		repeats[2 * i + 1] = happens[i] + 130000 + (int64_t)i * 30000; /* in what is hidden */
	}
	struct coincide_span hidden[12];
	for (size_t i = 0; i < 12; i++)
		hidden[i] = (struct coincide_span){happens[i], happens[i] + 500000};
	struct coincide_log a = {happens, 12, hidden, 12, 1000}, b = {repeats, 24, NULL, 0, 1000};
	struct coincide c;
	FACT(coincide(&a, &b, -SECOND_US, SECOND_US, &c) && c.n == 12 && !c.denied, "what may have been repeated denies nothing");
	coincide_release(&c);
	a.hidden_n = 0;
	FACT(!coincide(&a, &b, -SECOND_US, SECOND_US, &c), "as many that repeat nothing do");
	a.hidden_n = 12;
	FACT(coincide_happens(&a, 300000, 310000) && coincide_happens(&a, -10, 0) && !coincide_happens(&a, 600000, 1200000),
	     "something happens where something may");
	b.n = 12;
	a.n = a.hidden_n = 6;
	FACT(!coincide(&a, &b, -SECOND_US, SECOND_US, &c), "six repetitions are too few");
	a.n = b.n = 0;
	FACT(!coincide(&a, &b, -SECOND_US, SECOND_US, &c), "of nothing nothing is told");
}

struct burst_case {
	const char *fact;
	int64_t offset_us, late_us;
	int64_t stray_us; /* a repetition of nothing, by the database's clock; 0: none */
	bool known;
};

static const struct burst_case bursts[] = {
	{"clocks that agree", 0, 30000, 0, true},
	{"a minute ahead", MINUTE_US, 30000, 0, true},
	{"70 ms behind", -70000, 400000, 0, true},
	{"what comes two seconds late is no repetition of this", 0, 30000, 122 * SECOND_US, false},
	{"nor what was said a minute before", 0, 30000, -MINUTE_US, false},
};

/* Two bursts of 100 refusals a second, of which only the first and the last of each second are known: what is repeated lies in them. */
static void of_bursts(void)
{
	for (size_t c = 0; c < sizeof bursts / sizeof *bursts; c++) {
		const struct burst_case *t = &bursts[c];
		int64_t happens[80], repeats[200];
		struct coincide_span hidden[40];
		size_t n = 0, hidden_n = 0, repeats_n = 0;
		for (int64_t second = 0; second < 120; second++) {
			if (second >= 20 && second < 100)
				continue;
			hidden[hidden_n] = (struct coincide_span){second * SECOND_US + 4000, second * SECOND_US + 995000};
			happens[n++] = hidden[hidden_n].from_us;
			happens[n++] = hidden[hidden_n++].to_us;
			repeats[repeats_n++] = second * SECOND_US + 104000 + t->offset_us + (second % 7 ? t->late_us / 2 : t->late_us);
			repeats[repeats_n++] = second * SECOND_US + 895000 + t->offset_us + (second % 5 ? 0 : t->late_us);
		}
		if (t->stray_us)
			repeats[repeats_n++] = t->stray_us + t->offset_us;
		qsort(repeats, repeats_n, sizeof *repeats, time_order);
		struct coincide_log a = {happens, n, hidden, hidden_n, 1000}, b = {repeats, repeats_n, NULL, 0, 1000};
		int64_t from_us = 0, to_us = 0;
		bool found = coincide_within(&a, &b, 500000, t->offset_us - 5 * SECOND_US, t->offset_us + 5 * SECOND_US, &from_us, &to_us);
		FACT(found == t->known, t->fact);
		/* The first repetition came 100 ms and its lateness after the first refusal, the last one 100 ms before the last one. */
		FACT(!found || (from_us <= t->offset_us && to_us >= t->offset_us && to_us - from_us <= 700000 + t->late_us), t->fact);
	}
	int64_t one = 0;
	struct coincide_log a = {&one, 1, NULL, 0, 1000}, none = {0};
	int64_t from_us, to_us;
	FACT(!coincide_within(&a, &none, 500000, -SECOND_US, SECOND_US, &from_us, &to_us), "nothing repeated bounds nothing");
	FACT(!coincide_within(&a, &a, 500000, -100, 100, &from_us, &to_us), "what may lie beyond the ends is not bounded");
}

int main(void)
{
	of_bursts();
	of_worlds();
	of_what_is_hidden();
	return unit_done();
}
