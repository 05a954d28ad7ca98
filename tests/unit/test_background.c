#include "incident/background.h"

#include "base/memory.h"
#include "unit.h"

#define ONE_Q32 (UINT64_C(1) << 32)
enum { BEGIN = 1700000040, LONGEST = 7200 }; /* the begin of a minute */

static uint32_t counts[LONGEST];
static struct cell items[LONGEST];

/* The same count in each second of [from, to). */
static void put(size_t from, size_t to, uint32_t x)
{
	for (size_t i = from; i < to; i++)
		counts[i] = x;
}

static struct background fit(size_t seconds, int64_t cap_ppm, struct cell_gap *gaps, size_t gaps_n)
{
	struct cells cells = {.width_s = 1,
			      .items = items,
			      .begin = BEGIN,
			      .end = BEGIN + (uint32_t)seconds - 1,
			      .gaps = gaps,
			      .gaps_n = gaps_n};
	for (size_t i = 0; i < seconds; i++)
		if (counts[i])
			items[cells.n++] = (struct cell){.index = BEGIN + (uint32_t)i, .x = counts[i], .n = counts[i]};
	struct background b;
	background_fit(&b, &cells, cap_ppm);
	return b;
}

static bool near(uint64_t got, uint64_t expected)
{
	return got < expected + 4 && expected < got + 4;
}

static void rates(void)
{
	put(0, LONGEST, 0);
	struct background b = fit(1500, 0, NULL, 0);
	FACT(near(b.rate_q32, ONE_Q32 / 120) && b.high == 3, "nothing in 25 minutes: half an event a minute is the least");
	background_release(&b);
	for (size_t minute = 0; minute < 25; minute++)
		put(minute * 60, minute * 60 + (minute < 12 ? 60 : 6), 1);
	b = fit(1500, 0, NULL, 0);
	FACT(near(b.rate_q32, ONE_Q32 * 13 / 120),
	     "the median minute has 6: (6 + 1/2) / 60, whatever twelve of the 25 do");
	FACT(b.low == 0 && b.high == 3, "nothing is background then, and three in a second a peak");
	FACT(b.quiet == 5, "2.17 events in 20 seconds, and twice the root of that");
	FACT(!b.filled && !b.overdispersed, "without a cap nothing is filled");
	background_release(&b);
	b = fit(1500, 50000, NULL, 0);
	FACT(near(b.rate_q32, ONE_Q32 / 20), "a signal that is ~0 in health has at most the cap");
	FACT(b.quiet == 3, "one in 20 seconds, and twice the root of that");
	FACT(b.filled, "which more than half of the minutes exceed here");
	background_release(&b);
	struct cell_gap gap = {BEGIN, BEGIN + 12 * 60 - 1, false};
	b = fit(1980, 0, &gap, 1);
	FACT(near(b.rate_q32, ONE_Q32 * 13 / 120), "minutes without a log count for nothing");
	background_release(&b);
	put(0, LONGEST, 0);
	put(0, 600, 20);
	put(400, 500, 900);
	b = fit(600, 0, NULL, 0);
	FACT(near(b.rate_q32, 20 * ONE_Q32 + ONE_Q32 / 120),
	     "of ten minutes the quieter ten-second blocks tell what is normal");
	background_release(&b);
	b = fit(2, 0, NULL, 0);
	FACT(near(b.rate_q32, 20 * ONE_Q32 + ONE_Q32 / 120), "of two seconds the seconds do");
	background_release(&b);
}

/* What a count says, by Python's lgamma: the Poisson of the rate, a geometric of mean max(5 rate, 2), and a lone peak in
 * 600 seconds. */
struct gain {
	uint32_t x;
	int64_t micro;
};

static void gains(void)
{
	static const struct gain sixth[] = {{0, -1100000}, {1, 824657},	 {2, 3292790},
					    {3, 5629970},  {5, 6395408}, {1000, 6396930}};
	static const struct gain twenty[] = {
		{0, -1100000}, {24, -1100000}, {30, -131609}, {60, 6396930}, {BACKGROUND_COUNT_MAX, 6396930}};
	put(0, LONGEST, 0);
	for (size_t minute = 0; minute < 25; minute++)
		put(minute * 60, minute * 60 + 6, 1);
	struct background b = fit(1500, 0, NULL, 0);
	uint64_t peak_q32 = ONE_Q32 / 600;
	for (size_t i = 0; i < sizeof sixth / sizeof *sixth; i++) {
		int64_t off = background_gain(&b, sixth[i].x, peak_q32) - sixth[i].micro;
		FACT(off >= -3 && off <= 3, "a count over a background of 0.108 a second");
	}
	background_release(&b);
	put(0, LONGEST, 20);
	b = fit(1500, 0, NULL, 0);
	FACT(near(b.rate_q32, ONE_Q32 * 2401 / 120) && !b.overdispersed, "1,200 a minute, evenly");
	for (size_t i = 0; i < sizeof twenty / sizeof *twenty; i++) {
		int64_t off = background_gain(&b, twenty[i].x, peak_q32) - twenty[i].micro;
		FACT(off >= -3 && off <= 3, "a count over a background of 20 a second");
	}
	FACT(background_gain(&b, 60, ONE_Q32 / 2) < background_gain(&b, 60, peak_q32),
	     "where a peak is usual it says less");
	background_release(&b);
	for (size_t i = 0; i < LONGEST; i++)
		counts[i] = i % 2 ? 40 : 0;
	b = fit(1500, 0, NULL, 0);
	/* Mean 20, variance 400: 20^2 / (400 - 20). */
	FACT(b.overdispersed && near(b.shape_q32 >> 8, (ONE_Q32 * 400 / 380) >> 8),
	     "counts that spread more than by chance are known");
	FACT(background_gain(&b, 60, peak_q32) < 6000000, "and one of 60 says less then");
	background_release(&b);
}

static void peaks(void)
{
	put(0, LONGEST, 0);
	for (size_t i = 17; i < 1500; i += 60)
		counts[i] = 50;
	struct background b = fit(1500, 50000, NULL, 0);
	FACT(background_periodic(&b, BEGIN + 17) && background_periodic(&b, BEGIN + 60 * 20 + 17),
	     "a peak each minute is periodic");
	FACT(background_periodic(&b, BEGIN + 15) && background_periodic(&b, BEGIN + 19) &&
		     !background_periodic(&b, BEGIN + 14) && !background_periodic(&b, BEGIN + 20),
	     "two seconds early or late");
	FACT(near(background_peak_q32(&b, BEGIN + 17), (uint64_t)(((unsigned __int128)9 << 32) / 10)) &&
		     near(background_peak_q32(&b, BEGIN + 30), ONE_Q32 / 600),
	     "its share is at most nine tenths; elsewhere it is a lone peak each ten minutes");
	background_release(&b);
	b = fit(239, 50000, NULL, 0);
	FACT(!background_periodic(&b, BEGIN + 17), "fewer than four minutes prove no period");
	background_release(&b);
	put(0, LONGEST, 0);
	for (size_t i = 17; i < 1500; i += 120)
		counts[i] = 50;
	b = fit(1500, 50000, NULL, 0);
	FACT(!b.masks[0].period, "a peak in every second minute is none of each minute");
	background_release(&b);
	put(0, LONGEST, 0);
	for (size_t minute = 0; minute < 25; minute++)
		put(minute * 60, minute * 60 + 20, 50);
	b = fit(1500, 50000, NULL, 0);
	FACT(!background_periodic(&b, BEGIN + 5), "a third of each minute is a level, no peak");
	background_release(&b);
}

static void cover(void)
{
	struct cell_gap gaps[] = {{100, 109, false}, {200, 200, false}};
	struct cells cells = {.width_s = 1, .begin = 50, .end = 249, .gaps = gaps, .gaps_n = 2};
	FACT(background_covered(&cells) == 200 - 10 - 1, "cells in gaps are not covered");
	cells = (struct cells){.width_s = 1, .begin = 0, .end = UINT32_MAX};
	FACT(background_covered(&cells) == UINT64_C(1) << 32, "as many as there are seconds");
	struct background b;
	background_fit(&b, &cells, 50000);
	FACT(near(b.rate_q32, ONE_Q32 / 120), "136 empty years are no work");
	background_release(&b);
}

int main(void)
{
	rates();
	gains();
	peaks();
	cover();
	return unit_done();
}
