#include "fold/correlate.h"

#include "base/memory.h"
#include "random.h"
#include "unit.h"

struct world {
	struct correlate_bin a[5000], b[5000];
	struct correlate_series of_a, of_b;
};

static void series_add(struct correlate_bin *bins, struct correlate_series *s, int64_t at_s, uint32_t n)
{
	if (n)
		bins[s->n++] = (struct correlate_bin){at_s, n};
}

static void begin(struct world *w, int64_t from_s, int64_t to_s, int64_t lag_s)
{
	w->of_a = (struct correlate_series){w->a, 0, from_s, to_s};
	w->of_b = (struct correlate_series){w->b, 0, from_s + lag_s, to_s + lag_s};
}

static uint32_t some(unsigned most)
{
	return (uint32_t)(random_next() % (most + 1));
}

/* Traffic that both log, b only a part of it. */
static void traffic(struct world *w, int64_t lag_s, unsigned one_in)
{
	begin(w, 1795345200, 1795345200 + 3600, lag_s);
	for (int64_t s = 0; s < 3600; s++) {
		uint32_t n = some(8), part = 0;
		for (uint32_t i = 0; i < n; i++)
			part += random_next() % one_in == 0;
		series_add(w->a, &w->of_a, w->of_a.from_s + s, n);
		series_add(w->b, &w->of_b, w->of_b.from_s + s, part);
	}
}

/* A burst in an hour of nothing. */
static void burst(struct world *w, int64_t lag_s, int64_t period_s)
{
	begin(w, 1795345200, 1795345200 + 3600, lag_s);
	for (int64_t s = 0; s < 3600; s++) {
		bool on = period_s ? s % period_s < 5 : s >= 1200 && s < 1290;
		uint32_t n = on ? 3 + some(6) : 0;
		series_add(w->a, &w->of_a, w->of_a.from_s + s, n);
		series_add(w->b, &w->of_b, w->of_b.from_s + s, n ? n - some(2) : 0);
	}
}

static bool holds(const struct correlate_lag *lag, int64_t lag_s, int64_t width_s)
{
	return lag->low_s <= lag_s && lag_s <= lag->high_s && lag->high_s - lag->low_s <= width_s;
}

int main(void)
{
	static const int64_t lags_s[] = {0, 7, -7, 19800, -10800, 49500, 3600 - 313};
	struct world *w = memory_new(1, sizeof *w);
	struct correlate_lag lag = {0};
	size_t found = 0, clear = 0, bursts = 0;
	for (size_t i = 0; i < 7; i++) {
		traffic(w, lags_s[i], 4);
		found += correlate(&w->of_a, &w->of_b, 450, 27 * 3600, &lag) && holds(&lag, lags_s[i], 4);
		clear += lag.ratio_ppm > 3000000;
		burst(w, lags_s[i], 0);
		bursts += correlate(&w->of_a, &w->of_b, 450, 27 * 3600, &lag) && holds(&lag, lags_s[i], 120) && lag.ratio_ppm > 3000000;
	}
	FACT(found == 7 && clear == 7, "the lag of traffic of which the other log has a fourth is found to the second, and stands out");
	FACT(bursts == 7, "the lag of a burst is found");
	burst(w, 3600, 600);
	FACT(!correlate(&w->of_a, &w->of_b, 450, 27 * 3600, &lag) || lag.ratio_ppm < 1500000, "of what comes back each ten minutes no lag stands out");
	traffic(w, 3600, 2);
	FACT(!correlate(&w->of_a, &w->of_b, 450, 900, &lag) || lag.ratio_ppm < 1500000, "a lag that is not looked at is not found");
	w->of_b.n = CORRELATE_LEAST - 1;
	FACT(!correlate(&w->of_a, &w->of_b, 450, 27 * 3600, &lag), "four bins say nothing");

	/* The same events, a day long and far too many for one product each. */
	struct correlate_bin *day = memory_new(86400, sizeof *day);
	for (int64_t s = 0; s < 86400; s++)
		day[s] = (struct correlate_bin){1795345200 + s, 1 + some(30)};
	struct correlate_series x = {day, 86400, 1795345200, 1795345200 + 86400}, y = x;
	FACT(correlate(&x, &y, 450, 27 * 3600, &lag) && holds(&lag, 0, 240), "too many seconds are joined to wider ones");
	memory_free(day);

	struct correlate_bin huge[] = {{-10, UINT32_MAX}, {-8, 1}, {0, UINT32_MAX}, {5, UINT32_MAX}, {70, 3}, {86000, UINT32_MAX}};
	struct correlate_series h = {huge, 6, -10, 86001};
	FACT(correlate(&h, &h, 450, 27 * 3600, &lag) && holds(&lag, 0, 30), "huge counts, and times before 1970");
	memory_free(w);
	return unit_done();
}
