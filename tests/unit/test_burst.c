#include "incident/burst.h"

#include <string.h>

#include "base/memory.h"
#include "incident/background.h"
#include "incident/logarithm.h"
#include "random.h"
#include "unit.h"

/* A series that is made second by second. Day 0 of the cases begins at an odd second, so that nothing is aligned. */
enum { DAY = 1700000007, LONGEST = 20000 };
static uint32_t counts[LONGEST];
static struct fold_bin bins[LONGEST];

/* Arrivals at `rate_milli` / 1000 a second, from 1,024 independent slices of the second: Poisson for all that matters here. */
static uint32_t arrivals(uint32_t rate_milli)
{
	uint32_t n = 0;
	for (int i = 0; rate_milli && i < 1024; i++)
		n += (random_next() >> 32) * 1024000u >> 32 < rate_milli;
	return n;
}

static void background(size_t seconds, uint32_t rate_milli)
{
	for (size_t i = 0; i < LONGEST; i++)
		counts[i] = i < seconds ? arrivals(rate_milli) : 0;
}

static void add(size_t from, size_t seconds, uint32_t n)
{
	for (size_t i = from; i < from + seconds; i++)
		counts[i] += n;
}

/* Bins of the seconds that are not empty: first event 100 ms into the second, last one 900 ms. */
static struct fold_series series(size_t seconds)
{
	struct fold_series s = {"test", "", "", FACET_NONE, 1, bins, 0, 0};
	for (size_t i = 0; i < seconds; i++)
		if (counts[i]) {
			bins[s.n++] = (struct fold_bin){.bin = {.start_s = (uint32_t)(DAY + i), .n = counts[i], .first_us = 100000,
								.last_us = 900000}};
			s.total += counts[i];
		}
	return s;
}

static int64_t at_us(int64_t second)
{
	return (DAY + second) * SECOND_US;
}

static struct burst_span *found;
static size_t find(size_t seconds, bool health_zero, const struct fold_gap *gaps, size_t gaps_n)
{
	struct fold_series s = series(seconds);
	size_t n = 0;
	memory_free(found);
	found = burst_find(&s, at_us(0), at_us((int64_t)seconds) - 1, gaps, gaps_n, health_zero ? BURST_CAP_PPM : 0, &n);
	return n;
}

static bool spans(const struct burst_span *b, int64_t first_s, int64_t last_s)
{
	return b->first_us == at_us(first_s) + 100000 && b->last_us == at_us(last_s) + 900000;
}

/* The natural logarithm of n / 2^20 in micro-nats, as the automaton takes it. */
static int64_t ln_q20(uint64_t n_q20)
{
	return logarithm_micro(logarithm_of(n_q20, 20));
}

static void logarithms(void)
{
	/* Digits from a table of logarithms. */
	FACT(ln_q20(UINT64_C(1) << 20) == 0, "ln 1 is 0");
	FACT(ln_q20(UINT64_C(2) << 20) == 693147, "ln 2 is 0.693147");
	FACT(ln_q20(UINT64_C(10) << 20) == 2302585, "ln 10 is 2.302585");
	FACT(ln_q20(UINT64_C(1000003) << 20) == 13815514, "ln 1000003 is 13.815514 (13.8155135..)");
	FACT(ln_q20(UINT64_C(1) << 19) == -693147, "ln 1/2 is -0.693147");
	FACT(ln_q20(1) == -13862944, "the smallest number has ln -13.862944");
	FACT(ln_q20(UINT64_MAX) == 30498476, "the largest one ln 2^44 = 30.498476");
}

static void what_is_none(void)
{
	background(14400, 0);
	FACT(find(14400, true, NULL, 0) == 0, "an empty series has no burst");
	background(14400, 20);
	FACT(find(14400, true, NULL, 0) == 0, "a trickle is none");
	for (size_t t = 31; t < 14400; t += 433)
		counts[t] += 50;
	FACT(find(14400, true, NULL, 0) == 0, "lone spikes are none, however high");
	background(14400, 20);
	for (size_t t = 12; t < 14400; t += 300)
		add(t + t % 2, 1, 40);
	FACT(find(14400, true, NULL, 0) == 0, "peaks every five minutes, a second early or late, are none");
	background(14400, 0);
	for (size_t t = 12; t < 14400; t += 60)
		add(t, 4, 10);
	FACT(find(14400, true, NULL, 0) == 0, "four seconds of errors each minute are none");
	background(14400, 20);
	add(5000, 3, 3);
	FACT(find(14400, true, NULL, 0) == 0, "nine events are none");
	background(3600, 10000);
	for (size_t t = 1000; t < 1300; t++)
		counts[t] = arrivals(3000);
	FACT(find(3600, false, NULL, 0) == 0, "a drop is none");
	background(3600, 20);
	counts[0] += 5000;
	FACT(find(3600, true, NULL, 0) == 0, "a spike in the first second is none");
	memset(counts, 0, sizeof counts);
	counts[3599] = 5000;
	FACT(find(3600, true, NULL, 0) == 0, "a spike in the last second is none");
}

static void what_is_one(void)
{
	background(7200, 0);
	add(3000, 60, 20);
	FACT(find(7200, true, NULL, 0) == 1 && spans(&found[0], 3000, 3059), "a minute of errors is one, to the microsecond");
	FACT(found[0].count == 1200 && found[0].peak == 20 && found[0].width_s == 1, "its events and its fullest second count");
	FACT(found[0].background_ppm == 8333, "half an event a minute is the least background");
	FACT(!found[0].censored_start && !found[0].censored_end && !found[0].ongoing && !found[0].assumed_baseline,
	     "a burst in the middle is whole");
	add(5000, 3, 4);
	FACT(find(7200, true, NULL, 0) == 2 && spans(&found[1], 5000, 5002), "three seconds with twelve events are one more");
	background(14400, 0);
	for (size_t t = 12; t < 14400; t += 300)
		add(t, 1, 40);
	add(6000, 200, 15);
	FACT(find(14400, true, NULL, 0) == 1 && spans(&found[0], 6000, 6199), "a burst through a periodic peak is not cut");
	background(7200, 0);
	for (size_t t = 3000; t < 4200; t += 9)
		counts[t] = 1;
	FACT(find(7200, true, NULL, 0) == 1 && found[0].width_s > 1 && found[0].first_us >= at_us(2940) &&
		     found[0].first_us <= at_us(3060) && found[0].last_us >= at_us(4100) && found[0].last_us < at_us(4200),
	     "one event each nine seconds is found in wider cells");
	background(3600, 20000);
	for (size_t t = 1500; t < 1800; t++)
		counts[t] = arrivals(60000);
	FACT(find(3600, false, NULL, 0) == 1 && found[0].first_us <= at_us(1502) && found[0].first_us >= at_us(1500) &&
		     found[0].last_us < at_us(1802) && found[0].last_us > at_us(1797) && !found[0].assumed_baseline,
	     "three times the traffic is a surge");
	FACT(found[0].background_ppm > 19000000 && found[0].background_ppm < 21000000, "over a background of about 20/s");
}

static void holes(void)
{
	static const uint32_t rates_milli[] = {0, 50, 500, 2000, 10000, 50000};
	static const char *const bridged[] = {"a hole of 15 s is bridged at 0/s", "at 0.05/s", "at 0.5/s", "at 2/s", "at 10/s",
					      "at 50/s"};
	static const char *const split[] = {"20 s at background level separate two at 0/s", "at 0.05/s", "at 0.5/s", "at 2/s",
					    "at 10/s", "at 50/s"};
	for (size_t i = 0; i < sizeof rates_milli / sizeof *rates_milli; i++) {
		uint32_t more = 20 + 4 * rates_milli[i] / 1000;
		for (int hole = 15; hole <= 20; hole += 5) {
			background(7200, rates_milli[i]);
			/* The hole and the edges lie at the median of the background: what chance puts there is not at issue. */
			for (size_t t = 2970; t < 3170; t++)
				counts[t] = rates_milli[i] / 1000;
			add(3000, 60, more);
			add(3060 + (size_t)hole, 60, more);
			size_t n = find(7200, false, NULL, 0);
			if (hole == 15)
				FACT(n == 1 && spans(&found[0], 3000, 3134), bridged[i]);
			else
				FACT(n == 2 && spans(&found[0], 3000, 3059) && spans(&found[1], 3080, 3139), split[i]);
		}
	}
}

/* The same with whatever the background puts into the hole. */
static void noisy_holes(void)
{
	static const uint32_t rates_milli[] = {50, 500, 2000, 10000, 50000};
	for (size_t i = 0; i < sizeof rates_milli / sizeof *rates_milli; i++) {
		int ones = 0, twos = 0;
		for (int round = 0; round < 10; round++) {
			for (int hole = 15; hole <= 20; hole += 5) {
				background(3600, rates_milli[i]);
				add(1500, 60, 20 + 2 * rates_milli[i] / 1000);
				add(1560 + (size_t)hole, 60, 20 + 2 * rates_milli[i] / 1000);
				size_t n = find(3600, false, NULL, 0);
				ones += hole == 15 && n == 1;
				twos += hole == 20 && n == 2;
			}
		}
		FACT(ones == 10, "fifteen seconds of background are always bridged");
		FACT(twos >= 9, "twenty seconds of background separate two");
	}
}

/* Real incidents are cut out of the logs with a few minutes around them. */
static void short_captures(void)
{
	background(232, 100);
	add(75, 75, 90);
	FACT(find(232, false, NULL, 0) == 1 && spans(&found[0], 75, 149) && found[0].background_ppm < 300000,
	     "an incident that touches each of the three whole minutes of a capture");
	background(840, 30);
	add(120, 600, 50);
	FACT(find(840, false, NULL, 0) == 1 && spans(&found[0], 120, 719), "ten minutes of outage and two minutes around them");
	background(66, 0);
	add(12, 3, 5);
	FACT(find(66, true, NULL, 0) == 1 && spans(&found[0], 12, 14) && !found[0].assumed_baseline, "three seconds in a minute");
	background(25, 0);
	add(10, 5, 5);
	FACT(find(25, false, NULL, 0) == 1 && spans(&found[0], 10, 14), "five seconds in twenty-five");
	background(240, 5000);
	FACT(find(240, false, NULL, 0) == 0, "steady errors of a short capture are its background");
	background(300, 40000);
	for (size_t t = 0; t < 100; t++)
		counts[t] = arrivals(4000);
	FACT(find(300, false, NULL, 0) == 1 && found[0].ongoing, "traffic that rises after a third of the capture is a surge");
}

static void gaps(void)
{
	background(14400, 20);
	memset(counts + 3800, 0, 800 * sizeof *counts); /* no trickle at the edges */
	struct fold_gap five = {at_us(3999) + 900000, at_us(4301) + 100000};
	FACT(find(14400, true, &five, 1) == 0, "a log gap is no burst");
	add(3900, 100, 10);
	add(4301, 100, 10);
	FACT(find(14400, true, &five, 1) == 1 && spans(&found[0], 3900, 4400) && !found[0].censored_start &&
		     !found[0].censored_end,
	     "a burst goes on behind a log gap of five minutes");
	FACT(find(14400, true, NULL, 0) == 2, "the same silence with other lines in it separates two");
	memset(counts + 4301, 0, 100 * sizeof *counts);
	FACT(find(14400, true, &five, 1) == 1 && spans(&found[0], 3900, 3999) && found[0].censored_end && !found[0].ongoing,
	     "a burst that ends at a log gap is censored there");
	memset(counts + 3900, 0, 100 * sizeof *counts);
	add(4301, 50, 10);
	FACT(find(14400, true, &five, 1) == 1 && spans(&found[0], 4301, 4350) && found[0].censored_start && !found[0].censored_end,
	     "one that begins behind it is censored too");
	background(14400, 0);
	add(3000, 100, 10);
	add(4000, 100, 10);
	struct fold_gap long_gap = {at_us(3099) + 900000, at_us(4000) + 100000};
	FACT(find(14400, true, &long_gap, 1) == 2 && found[0].censored_end && found[1].censored_start && !found[0].ongoing,
	     "nothing goes on behind fifteen minutes without a line");
	FACT(found[0].gap_start_us == INSTANT_NONE && found[0].gap_end_us == at_us(4000) + 100000 &&
		     found[1].gap_start_us == at_us(3099) + 900000 && found[1].gap_end_us == INSTANT_NONE,
	     "each may have met its other end anywhere in it");
	/* Refusals from 4000 on; a gap until some seconds before that. */
	background(14400, 0);
	add(4000, 100, 10);
	struct fold_gap before = {at_us(3700) + 500000, at_us(3970) + 100000};
	FACT(find(14400, true, &before, 1) == 1 && found[0].censored_start && found[0].gap_start_us == at_us(3700) + 500000 && spans(&found[0], 4000, 4099),
	     "30 s of health behind a gap do not show that it had not begun");
	before.end_us -= 1;
	FACT(find(14400, true, &before, 1) == 1 && !found[0].censored_start && found[0].gap_start_us == INSTANT_NONE, "a moment more does");
	before.end_us = at_us(3990);
	FACT(find(14400, false, &before, 1) == 1 && !found[0].censored_start, "of a signal that may happen at any time ten seconds do");
	before.end_us = at_us(3999) + 100000;
	FACT(find(14400, false, &before, 1) == 1 && found[0].censored_start, "one does not");
	struct fold_gap behind = {at_us(4129) + 900000, at_us(4300)};
	FACT(find(14400, true, &behind, 1) == 1 && found[0].censored_end && !found[0].ongoing && found[0].gap_end_us == at_us(4300),
	     "nor do 30 s of health before a gap show that it was over");
	behind.start_us += 1;
	FACT(find(14400, true, &behind, 1) == 1 && !found[0].censored_end && found[0].gap_end_us == INSTANT_NONE, "a moment more does");
}

static void beside(void)
{
	background(14400, 0);
	add(4000, 10, 5);
	add(4050, 3, 3);
	FACT(find(14400, true, NULL, 0) == 2 && spans(&found[1], 4050, 4052) && found[1].count == 9, "nine refusals 40 s behind a burst are one, too");
	memset(counts + 4050, 0, 3 * sizeof *counts);
	add(3878, 3, 3);
	FACT(find(14400, true, NULL, 0) == 2 && spans(&found[0], 3878, 3880) && spans(&found[1], 4000, 4009), "and 119.2 s before it");
	FACT(find(14400, false, NULL, 0) == 1, "of what may happen at any time they are not");
	memset(counts + 3878, 0, 3 * sizeof *counts);
	add(3877, 3, 3);
	FACT(find(14400, true, NULL, 0) == 1, "120.2 s before it they are not");
	memset(counts + 3877, 0, 3 * sizeof *counts);
	add(3950, 1, 9);
	FACT(find(14400, true, NULL, 0) == 1, "one second is none, wherever it stands");
}

static void edges(void)
{
	background(3600, 0);
	add(0, 100, 10);
	FACT(find(3600, true, NULL, 0) == 1 && found[0].censored_start && !found[0].censored_end, "a burst that was on when the log begins");
	background(3600, 0);
	add(3500, 100, 10);
	FACT(find(3600, true, NULL, 0) == 1 && !found[0].censored_start && found[0].censored_end && found[0].ongoing,
	     "a burst that is on when the log ends");
	background(3600, 0);
	add(5, 100, 10);
	FACT(find(3600, true, NULL, 0) == 1 && !found[0].censored_start, "five seconds of health before it are enough to see its onset");
}

static void all_of_it(void)
{
	background(900, 5000);
	FACT(find(900, true, NULL, 0) == 1 && found[0].censored_start && found[0].ongoing && found[0].assumed_baseline,
	     "a capture that is all incident is one burst of a signal that is about zero in health");
	FACT(found[0].background_ppm == 50000, "its background is assumed: 0.05/s");
	FACT(find(900, false, NULL, 0) == 0, "and the background of any other signal");
	background(900, 0);
	for (size_t t = 7; t < 900; t += 14)
		counts[t] = 1;
	FACT(find(900, true, NULL, 0) == 1 && found[0].assumed_baseline && found[0].first_us == at_us(7) + 100000,
	     "four events in every minute are the whole capture");
	background(900, 0);
	add(300, 600, 30);
	FACT(find(900, true, NULL, 0) == 1 && spans(&found[0], 300, 899) && !found[0].censored_start && found[0].ongoing,
	     "most of the capture: the healthy minutes before it still show the onset");
	background(25, 0);
	add(0, 25, 30);
	FACT(find(25, true, NULL, 0) == 1 && found[0].assumed_baseline, "less than a minute of log, all of it errors");
}

static void wide_series(void)
{
	struct fold_bin wide[400] = {0};
	struct fold_series s = {"test", "", "", FACET_NONE, 10, wide, 0, 0};
	for (uint32_t i = 0; i < 400; i++)
		if (i % 50 == 7 || (i >= 200 && i < 240))
			wide[s.n++] = (struct fold_bin){.bin = {.start_s = 1700000000 + i * 10, .n = i % 50 == 7 ? 1 : 300, .last_us = 9999999}};
	size_t n = 0;
	struct burst_span *b = burst_find(&s, 1700000000 * SECOND_US, 1700004000 * SECOND_US, NULL, 0, BURST_CAP_PPM, &n);
	FACT(n == 1 && b[0].first_us == 1700002000 * SECOND_US && b[0].last_us == 1700002400 * SECOND_US - 1 && b[0].width_s == 10,
	     "a series of 10 s bins is searched at 10 s");
	memory_free(b);
	s.width_s = 900;
	s.n = 0;
	for (uint32_t i = 0; i < 96; i++)
		wide[s.n++] = (struct fold_bin){.bin = {.start_s = 1700000100 + i * 900, .n = i >= 50 && i < 60 ? 90000 : 100}};
	b = burst_find(&s, 1700000100 * SECOND_US, 1700086400 * SECOND_US, NULL, 0, 0, &n);
	FACT(n == 1 && b[0].first_bin == 50 && b[0].last_bin == 59, "one of 15 min bins at 15 min");
	memory_free(b);
}

/* Nothing here may take memory or time by the span of the stamps, or overflow (the sanitizers look on). */
static void hostile(void)
{
	struct fold_bin far[64] = {0};
	struct fold_series s = {"test", "", "", FACET_NONE, 1, far, 0, 0};
	for (uint32_t i = 0; i < 64; i++)
		far[s.n++] = (struct fold_bin){.bin = {.start_s = i < 32 ? i : UINT32_MAX - 63 + i, .n = 9, .last_us = UINT32_MAX}};
	size_t n = 0;
	struct burst_span *b = burst_find(&s, INT64_MIN, INT64_MAX, NULL, 0, BURST_CAP_PPM, &n);
	FACT(n == 2 && b[0].first_bin == 0 && b[0].last_bin == 31 && b[1].last_bin == 63 && b[1].ongoing, "two bursts 136 years apart are two");
	memory_free(b);
	for (uint32_t i = 0; i < 64; i++)
		far[i].bin.n = UINT32_MAX;
	b = burst_find(&s, 0, 5, NULL, 0, 0, &n);
	FACT(n == 2 && b[0].count == 32 * (uint64_t)UINT32_MAX, "counts at their limit, coverage that leaves bins out");
	memory_free(b);
	const struct fold_gap mad[] = {{INT64_MAX, INT64_MIN}, {-5, 100 * SECOND_US}, {0, INT64_MAX}, {3 * SECOND_US, 2 * SECOND_US}};
	b = burst_find(&s, 0, INT64_MAX, mad, 4, BURST_CAP_PPM, &n);
	FACT(n == 2, "gaps that hold bins, overlap or end before they begin");
	memory_free(b);
	s.n = 1;
	b = burst_find(&s, INSTANT_NONE, INSTANT_NONE, NULL, 0, BURST_CAP_PPM, &n);
	FACT(n <= 1, "a single bin without coverage");
	memory_free(b);
	s.n = 0;
	b = burst_find(&s, 0, 0, NULL, 0, BURST_CAP_PPM, &n);
	FACT(n == 0 && b, "no bin at all");
	memory_free(b);
}

/* For tests/unit/burst_oracle.py: series on standard input, bursts on standard output.
 * "S first_second last_second health_zero bins gaps whiles", then "second count" for each bin, "second second" for each gap and each time
 * in which other logs fail. */
static void caps(void)
{
	struct fold_series requests = {.signal = "http.requests", .class = "", .facet_value = "", .width_s = 1, .total = 6000};
	struct fold_source s = {.series = &requests, .series_n = 1, .first_us = at_us(0), .last_us = at_us(100) - 1};
	struct signal any = {.health = HEALTH_ANY}, few = {.health = HEALTH_FEW}, zero = {.health = HEALTH_ZERO};
	FACT(burst_cap(&s, &any) == 0, "what may happen at any time has no bound");
	FACT(burst_cap(&s, &zero) == 50000, "what is ~0 in health is background up to three a minute");
	FACT(burst_cap(&s, &few) == 3000000, "of 60 requests a second 3 may fail in health, no more");
	requests.total = 10;
	FACT(burst_cap(&s, &few) == 50000, "a log with few requests has the bound of what is ~0");
	s.series_n = 0;
	FACT(burst_cap(&s, &few) == 50000, "and so has one without requests");
}

static int serve(void)
{
	long long start_s, end_s;
	unsigned health_zero;
	size_t n, gaps_n, whiles_n;
	while (scanf(" S %lld %lld %u %zu %zu %zu", &start_s, &end_s, &health_zero, &n, &gaps_n, &whiles_n) == 6) {
		struct fold_series s = {"test", "", "", FACET_NONE, 1, memory_new(n, sizeof *s.bins), n, 0};
		struct fold_gap *all = memory_new(gaps_n, sizeof *all);
		struct burst_while *whiles = memory_new(whiles_n, sizeof *whiles);
		for (size_t i = 0; i < n; i++)
			if (scanf("%u %u", &s.bins[i].bin.start_s, &s.bins[i].bin.n) != 2)
				return 1;
		for (size_t i = 0; i < gaps_n; i++) {
			long long from_s, until_s;
			if (scanf("%lld %lld", &from_s, &until_s) != 2)
				return 1;
			all[i] = (struct fold_gap){from_s * SECOND_US, until_s * SECOND_US};
		}
		for (size_t i = 0; i < whiles_n; i++) {
			long long from_s, until_s;
			if (scanf("%lld %lld", &from_s, &until_s) != 2)
				return 1;
			whiles[i] = (struct burst_while){from_s * SECOND_US, until_s * SECOND_US};
		}
		size_t spans_n = 0;
		struct burst_span *b = burst_find_while(&s, start_s * SECOND_US, end_s * SECOND_US, all, gaps_n,
							health_zero ? BURST_CAP_PPM : 0, whiles, whiles_n, &spans_n);
		printf("%zu\n", spans_n);
		for (size_t i = 0; i < spans_n; i++)
			printf("%zu %zu %u %d %d %d %d\n", b[i].first_bin, b[i].last_bin, b[i].width_s, b[i].censored_start,
			       b[i].censored_end, b[i].ongoing, b[i].assumed_baseline);
		memory_free(b);
		memory_free(s.bins);
		memory_free(all);
		memory_free(whiles);
	}
	return 0;
}

/* Likewise: "n_q20 z_q32 a b" to ln_q20(n_q20), ln gamma(z), ln(e^a + e^b) for a, b in micro-nats; all in micro-nats. */
static int serve_logarithms(void)
{
	unsigned long long v, z;
	long long a, b;
	while (scanf("%llu %llu %lld %lld", &v, &z, &a, &b) == 4) {
		__int128 a_q56 = ((__int128)1 << 56) * a / 1000000, b_q56 = ((__int128)1 << 56) * b / 1000000;
		printf("%lld %lld %lld\n", (long long)ln_q20(v), (long long)logarithm_micro(logarithm_gamma(z)),
		       (long long)logarithm_micro(logarithm_sum(a_q56, b_q56)));
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--series"))
		return serve();
	if (argc == 2 && !strcmp(argv[1], "--logarithms"))
		return serve_logarithms();
	logarithms();
	caps();
	what_is_none();
	what_is_one();
	holes();
	noisy_holes();
	short_captures();
	gaps();
	beside();
	edges();
	all_of_it();
	wide_series();
	hostile();
	memory_free(found);
	return unit_done();
}
