#include "fold/clockfit.h"

#include <stdlib.h>

#include "base/instant.h"
#include "base/memory.h"
#include "random.h"
#include "unit.h"

#define T0 (INT64_C(1795345200) * SECOND_US)

/* What is true of a clock: offsets before and after a step, drift, and how well it is seen. */
struct truth {
	const char *fact;
	size_t n;
	int64_t length_us;        /* of the time in which samples lie */
	int64_t before_us, after_us, step_at_us;
	int64_t drift_ppb;
	unsigned wrong_percent;
	size_t stretches;         /* expected; 0: nothing can be told */
};

static int64_t between(int64_t low, int64_t high)
{
	return low + (int64_t)(random_next() % (uint64_t)(high - low + 1));
}

static int64_t true_offset(const struct truth *t, int64_t at_us)
{
	return (at_us < t->step_at_us ? t->before_us : t->after_us) + at_us / 1000 * t->drift_ppb / 1000000;
}

/* Stamps of 1 s against 1 ms: the offset lies somewhere in an interval of 1.1 s. */
static struct clock_sample *samples_of(const struct truth *t)
{
	struct clock_sample *samples = memory_new(t->n, sizeof *samples);
	for (size_t i = 0; i < t->n; i++) {
		int64_t at_us = t->length_us / (int64_t)t->n * (int64_t)i, offset_us = true_offset(t, at_us);
		int64_t low_us = offset_us - between(0, 1100000);
		if (random_next() % 100 < t->wrong_percent)
			low_us += between(-30 * SECOND_US, 30 * SECOND_US);
		samples[i] = (struct clock_sample){T0 + at_us, T0 + at_us + offset_us, low_us, low_us + 1100000};
	}
	return samples;
}

static const struct truth truths[] = {
	{"a level", 100, HOUR_US, 7 * SECOND_US, 7 * SECOND_US, 0, 0, 0, 1},
	{"a level of five samples", 5, HOUR_US, -SECOND_US, -SECOND_US, 0, 0, 0, 1},
	{"four say nothing", 4, HOUR_US, 0, 0, 0, 0, 0, 0},
	{"a fifth of the samples wrong", 100, HOUR_US, 7 * SECOND_US, 7 * SECOND_US, 0, 0, 20, 1},
	{"all of them wrong", 100, HOUR_US, 0, 0, 0, 0, 100, 0},
	{"set by 7 s", 200, HOUR_US, 7 * SECOND_US, 0, 20 * MINUTE_US, 0, 0, 2},
	{"set by 7 s late, a tenth wrong", 400, HOUR_US, 0, -7 * SECOND_US, 50 * MINUTE_US, 0, 10, 2},
	{"summer time begins", 120, 6 * HOUR_US, HOUR_US, 2 * HOUR_US, 3 * HOUR_US, 0, 0, 2},
	{"a drift of 200 ppm", 300, HOUR_US, 0, 0, 0, 200000, 0, 1},
	{"a drift of -200 ppm in a day, a tenth wrong", 2000, DAY_US, SECOND_US, SECOND_US, 0, -200000, 10, 1},
};

static void fits(void)
{
	for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
		const struct truth *t = &truths[i];
		size_t made = 0, stretches = 0, outside = 0, asked = 0, drifts = 0;
		for (int round = 0; round < 20; round++) {
			struct clock_sample *samples = samples_of(t);
			struct clockfit fit;
			made += clockfit_make(&fit, samples, t->n);
			stretches += fit.n == t->stretches;
			drifts += fit.drift_ppb && llabs(fit.drift_ppb - t->drift_ppb) <= fit.drift_spread_ppb;
			for (int64_t at_us = 0; fit.n && at_us <= t->length_us; at_us += t->length_us / 50) {
				int64_t truth_us = true_offset(t, at_us), offset_us, uncertainty_us;
				clockfit_at(&fit, T0 + at_us + truth_us, &offset_us, &uncertainty_us);
				asked++;
				outside += llabs(offset_us - truth_us) > uncertainty_us;
			}
			clockfit_release(&fit);
			memory_free(samples);
		}
		char text[160];
		snprintf(text, sizeof text, "%s: %zu of 20 fits, %zu with %zu stretches", t->fact, made, stretches, t->stretches);
		FACT(made == (t->stretches ? 20 : 0) && stretches >= 19, text);
		snprintf(text, sizeof text, "%s: the truth is in the bound (%zu of %zu times not)", t->fact, outside, asked);
		FACT(outside * 50 <= asked, text);
		if (t->drift_ppb)
			FACT(drifts >= 19, t->fact);
		else
			FACT(!drifts, t->fact);
	}
}

static void by_hand(void)
{
	/* Set back by 10 s at 100 s: its clock shows 90 to 100 twice. */
	struct clock_sample samples[40];
	for (int i = 0; i < 40; i++) {
		int64_t at_us = 5 * i * SECOND_US, offset_us = i < 20 ? 0 : -10 * SECOND_US;
		samples[i] = (struct clock_sample){at_us, at_us + offset_us, offset_us - 1000, offset_us + 1000};
	}
	struct clockfit fit;
	int64_t offset_us, uncertainty_us;
	FACT(clockfit_make(&fit, samples, 40) && fit.n == 2, "a clock that is set back has two stretches");
	clockfit_at(&fit, 50 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(!offset_us && uncertainty_us == 1000, "before it the first offset holds");
	clockfit_at(&fit, 92 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(offset_us == -5 * SECOND_US && uncertainty_us == 5 * SECOND_US + 1000, "what it shows twice is of either");
	clockfit_at(&fit, 120 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(offset_us == -10 * SECOND_US && uncertainty_us == 1000, "behind it the second one");
	clockfit_at(&fit, -1000 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(!offset_us, "and before all samples the first one");
	FACT(clockfit_support_ppm(&fit) == 1000000, "all samples agree");
	FACT(clockfit_uncertainty(&fit, 0, 200 * SECOND_US) == 1000, "the bound is that of a stretch");
	clockfit_release(&fit);

	/* Set forward by 10 s between 95 s and 100 s. */
	for (int i = 20; i < 40; i++)
		samples[i] = (struct clock_sample){5 * i * SECOND_US, (5 * i + 10) * SECOND_US, 10 * SECOND_US - 1000, 10 * SECOND_US + 1000};
	FACT(clockfit_make(&fit, samples, 40) && fit.n == 2, "a clock that is set forward");
	clockfit_at(&fit, 102 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(offset_us == 5 * SECOND_US && uncertainty_us == 5 * SECOND_US + 1000, "in the hole either offset may hold");
	clockfit_at(&fit, 110 * SECOND_US, &offset_us, &uncertainty_us);
	FACT(offset_us == 10 * SECOND_US && uncertainty_us == 1000, "from the first sample behind it on the second one does");
	clockfit_release(&fit);

	for (int i = 0; i < 40; i++)
		samples[i] = (struct clock_sample){i % 2 ? INT64_MIN / 16 : INT64_MAX / 16, i % 3 ? INT64_MAX / 16 : INT64_MIN / 16,
						   -9223372036854775 * i, 9223372036854775 * i};
	clockfit_make(&fit, samples, 40);
	clockfit_release(&fit);
	FACT(!clockfit_make(&fit, NULL, 0) && !fit.n, "of nothing nothing follows");
}

int main(void)
{
	by_hand();
	fits();
	return unit_done();
}
