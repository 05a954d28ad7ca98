#include "fold/coverage.h"

#include "made.h"

/* A log as its heartbeat: in each 10 s of [from, to) n records, evenly. */
struct beat {
	int64_t from_s, to_s;
	uint32_t n;
};

static struct fold_series heartbeat(const struct beat *beats, size_t n)
{
	struct fold_series s = {"records", "", "", FACET_NONE, 10, NULL, 0, 0};
	size_t cap = 0;
	for (size_t i = 0; i < n; i++)
		for (int64_t at = beats[i].from_s; at < beats[i].to_s; at += 10) {
			/* 10 records: at 0, 1, ... 9 s; 5: at 0, 2, ... 8; 1: at 0. */
			uint32_t last_us = (beats[i].n - 1) * (10000000 / beats[i].n);
			s.bins = memory_grow(s.bins, &cap, s.n + 1, sizeof *s.bins);
			s.bins[s.n++] = (struct fold_bin){
				.bin = {.start_s = (uint32_t)(MADE_T0 + at), .n = beats[i].n, .last_us = last_us}};
			s.total += beats[i].n;
		}
	return s;
}

/* Gaps in seconds after MADE_T0, counted by hand: from the last record before to the first one after. */
struct log {
	const char *fact;
	struct beat beats[8];
	size_t n;
	struct {
		int64_t start_s, end_s;
	} gaps[3];
	size_t gaps_n;
};

static const struct log logs[] = {
	{"no records, no gaps", {{0}}, 0, {{0}}, 0},
	{"one record is no gap", {{0, 10, 1}}, 1, {{0}}, 0},
	{"a log that beats has none", {{0, 600, 10}}, 1, {{0}}, 0},
	{"a minute without a line is one", {{0, 300, 10}, {360, 600, 10}}, 2, {{299, 360}}, 1},
	{"exactly a minute too", {{0, 290, 10}, {290, 300, 1}, {350, 600, 10}}, 3, {{290, 350}}, 1},
	{"52 seconds are none", {{0, 300, 5}, {350, 600, 5}}, 2, {{0}}, 0},
	{"two gaps, in the order of time",
	 {{0, 300, 10}, {400, 700, 10}, {900, 1200, 10}},
	 3,
	 {{299, 400}, {699, 900}},
	 2},
	{"nothing before the first record and after the last", {{5000, 5600, 10}}, 1, {{0}}, 0},
	{"a log with a line each 10 s may be silent for 20 times that", {{0, 1000, 1}, {1180, 2000, 1}}, 2, {{0}}, 0},
	{"200 s are a gap of it", {{0, 1000, 1}, {1190, 2000, 1}}, 2, {{990, 1190}}, 1},
	{"a log that speaks for half a minute does not beat", {{0, 20, 10}, {600, 610, 10}}, 2, {{0}}, 0},
	{"lines in bundles far apart are no gaps",
	 {{0, 10, 10},
	  {300, 310, 10},
	  {600, 610, 10},
	  {900, 910, 10},
	  {1200, 1210, 10},
	  {1500, 1510, 10},
	  {1800, 1810, 10}},
	 7,
	 {{0}},
	 0},
};

static void table(void)
{
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		const struct log *l = &logs[i];
		struct fold_series records = heartbeat(l->beats, l->n);
		struct fold_source s = {.series = &records, .series_n = 1};
		coverage_find(&s, NULL);
		bool same = s.gaps_n == l->gaps_n;
		for (size_t k = 0; same && k < s.gaps_n; k++)
			same = s.gaps[k].start_us == made_us(l->gaps[k].start_s, 0) &&
			       s.gaps[k].end_us == made_us(l->gaps[k].end_s, 0);
		if (!FACT(same, l->fact))
			for (size_t k = 0; k < s.gaps_n; k++)
				printf("gap %lld to %lld\n", (long long)(s.gaps[k].start_us / SECOND_US - MADE_T0),
				       (long long)(s.gaps[k].end_us / SECOND_US - MADE_T0));
		memory_free(s.gaps);
		memory_free(records.bins);
	}
	struct fold_source nothing = {0};
	coverage_find(&nothing, NULL);
	FACT(!nothing.gaps_n, "a source without a heartbeat has no gaps");
}

/* A log with one record each `every_s`, but not those between 1000 s and `until_s`: how many gaps it has. */
static size_t ticks(enum tier tier, int64_t every_s, int64_t length_s, int64_t until_s)
{
	struct fold_series records = {"records", "", "", FACET_NONE, 10, NULL, 0, 0};
	records.bins = memory_new((size_t)(length_s / every_s) + 1, sizeof *records.bins);
	for (int64_t at = 0; at < length_s; at += every_s)
		if (at <= 1000 || at >= until_s)
			records.bins[records.n++] = (struct fold_bin){.bin = {.start_s = (uint32_t)(MADE_T0 + at), .n = 1}};
	struct fold_source s = {.series = &records, .series_n = 1, .tier = tier};
	coverage_find(&s, NULL);
	size_t n = s.gaps_n;
	memory_free(s.gaps);
	memory_free(records.bins);
	return n;
}

/* Ten lines a second apart, then none for 21 s, again and again until `length_s`, but for a silence that begins at 609 s and ends at `until_s`,
 * and one more from 1209 s to `again_s`: how many gaps. Two thirds of the time lie in pauses of 21 s: none of it is 20 times shorter. */
static size_t bundles(int64_t length_s, int64_t until_s, int64_t again_s)
{
	struct fold_series records = {"records", "", "", FACET_NONE, 10, NULL, 0, 0};
	records.bins = memory_new((size_t)length_s / 30 + 2, sizeof *records.bins);
	for (int64_t at = 0; at < length_s; at = at == 600 ? until_s : at < 1200 && at + 30 >= 1200 ? (again_s ? again_s : at + 30) : at + 30)
		records.bins[records.n++] = (struct fold_bin){.bin = {.start_s = (uint32_t)(MADE_T0 + at), .n = 10, .last_us = 9000000}};
	struct fold_source s = {.series = &records, .series_n = 1, .tier = TIER_DB};
	coverage_find(&s, NULL);
	size_t n = s.gaps_n;
	memory_free(s.gaps);
	memory_free(records.bins);
	return n;
}

static void lively(void)
{
	FACT(bundles(1200, 630, 0) == 0, "a lively log has its pauses");
	FACT(bundles(1200, 672, 0) == 1, "63 s are three times the longest of 21 s: a gap");
	FACT(bundles(1200, 671, 0) == 0, "62 s are not");
	FACT(bundles(1200, 800, 0) == 1, "a longer one is one, too");
	FACT(bundles(1800, 700, 1300) == 2, "two of them are two");
	/* Of 609 s before and 9 behind, 618 in all: a third is 206. */
	FACT(bundles(825, 815, 0) == 1, "206 s are known by three times as long a time");
	FACT(bundles(826, 816, 0) == 0, "207 s are not: nobody knows how long it may be silent");
}

static void poolers(void)
{
	FACT(ticks(TIER_POOL, 60, 3600, 0) == 0, "a pooler that tells its totals each minute has no gap");
	FACT(ticks(TIER_POOL, 60, 3600, 1021) == 1, "a total that did not come is one");
	FACT(ticks(TIER_POOL, 60, 3600, 1200) == 1, "four of them are one");
	FACT(ticks(TIER_POOL, 60, 1380, 1200) == 1, "sixteen that came and two behind them are enough to know");
	FACT(ticks(TIER_POOL, 300, 36000, 2100) == 1, "a slower clock ticks too");
	FACT(ticks(TIER_DB, 60, 3600, 1200) == 0, "a database that has nothing to do skips its checkpoints");
	/* 1, 2, .. 30 times ten seconds apart: no clock. 310 s are as little a gap as 300 s. */
	struct fold_series records = {"records", "", "", FACET_NONE, 10, memory_new(31, sizeof *records.bins), 31, 0};
	for (int64_t i = 0, at = 0; i < 31; at += 10 * ++i)
		records.bins[i] = (struct fold_bin){.bin = {.start_s = (uint32_t)(MADE_T0 + at), .n = 1}};
	struct fold_source s = {.series = &records, .series_n = 1, .tier = TIER_POOL};
	coverage_find(&s, NULL);
	FACT(s.gaps_n == 0, "what has no rhythm misses no tick");
	memory_free(s.gaps);
	memory_free(records.bins);
}

/* Refusals in each second of [from, to), beside a heartbeat. */
struct sick {
	const char *fact;
	struct beat beats[6];
	size_t n;
	int64_t from_s, to_s;
	size_t gaps;	  /* as the signals' roles say */
	size_t otherwise; /* were the lines no symptom */
};

static const struct sick sicks[] = {
	{"a database that speaks each 300 s, and beats while it refuses, is not gone before and after",
	 {{0, 10, 1}, {300, 310, 1}, {600, 610, 1}, {900, 1200, 100}, {1500, 1510, 1}, {1800, 1810, 1}},
	 6,
	 900,
	 1200,
	 0,
	 5},
	{"lines that are there because of trouble count for the median step",
	 {{0, 300, 10}, {400, 10400, 1}},
	 2,
	 400,
	 10400,
	 0,
	 0},
	{"silence beside trouble is no healthy time",
	 {{0, 100, 10}, {700, 710, 1}, {750, 760, 1}, {800, 810, 1}, {850, 860, 1}, {900, 910, 1}},
	 6,
	 700,
	 910,
	 1,
	 0},
	{"and is not taken off it", {{0, 100, 10}, {400, 410, 1}, {700, 710, 1}, {1000, 1010, 1}}, 4, 1000, 1010, 2, 0},
	{"69 healthy seconds beat; trouble begins right behind them", {{0, 80, 10}, {400, 410, 1}}, 2, 70, 80, 1, 1},
	{"or ended right before them", {{0, 80, 10}, {400, 410, 1}}, 2, 0, 10, 1, 1},
	{"59 do not", {{0, 80, 10}, {400, 410, 1}}, 2, 65, 75, 0, 1},
};

static struct fold_series refusals(int64_t from_s, int64_t to_s)
{
	struct fold_series s = {"db.connections.exhausted", "db.max_connections", "", FACET_NONE, 1, NULL, 0, 0};
	s.bins = memory_new((size_t)(to_s - from_s), sizeof *s.bins);
	for (int64_t at = from_s; at < to_s; at++)
		s.bins[s.n++] = (struct fold_bin){.bin = {.start_s = (uint32_t)(MADE_T0 + at), .n = 10}};
	return s;
}

static size_t gaps(struct fold_series *series, size_t n, const struct signal_set *signals)
{
	struct fold_source s = {.series = series, .series_n = n};
	coverage_find(&s, signals);
	memory_free(s.gaps);
	return s.gaps_n;
}

static void trouble(void)
{
	struct signal_set *signals = builtin_signals();
	for (size_t i = 0; i < sizeof sicks / sizeof *sicks; i++) {
		const struct sick *c = &sicks[i];
		struct fold_series series[] = {refusals(c->from_s, c->to_s), heartbeat(c->beats, c->n)};
		size_t got = gaps(series, 2, signals), otherwise = gaps(series, 2, NULL);
		if (!FACT(got == c->gaps && otherwise == c->otherwise, c->fact))
			printf("%zu gaps, were they no symptom %zu\n", got, otherwise);
		memory_free(series[0].bins);
		memory_free(series[1].bins);
	}
	struct fold_series series[] = {refusals(900, 1200), heartbeat(sicks[0].beats, sicks[0].n), {0}};
	series[0].facet = FACET_USER;
	FACT(gaps(series, 2, signals) == 5, "facets of a symptom are not looked at");
	series[0].facet = FACET_NONE;
	series[0].signal = "process.start";
	FACT(gaps(series, 2, signals) == 5, "a start is no symptom");
	series[0].signal = "db.connections.exhausted";
	series[2] = series[1];
	series[1] = (struct fold_series){"http.requests", "", "", FACET_NONE, 1, NULL, 0, 0};
	FACT(gaps(series, 3, signals) == 5, "in a log of requests trouble does not make the lines");
	memory_free(series[0].bins);
	memory_free(series[2].bins);
	signal_set_free(signals);
}

/* Tallies from anywhere: bins whose last record lies after the next bin's first one. */
static void hostile(void)
{
	struct fold_bin bins[] = {{.bin = {.start_s = 0, .n = UINT32_MAX, .first_us = UINT32_MAX}},
				  {.bin = {.start_s = 10, .n = 0, .last_us = UINT32_MAX}},
				  {.bin = {.start_s = 20, .n = 1}},
				  {.bin = {.start_s = UINT32_MAX, .n = UINT32_MAX, .last_us = UINT32_MAX}}};
	struct fold_series records = {"records", "", "", FACET_NONE, 10, bins, 4, 0};
	struct fold_source s = {.series = &records, .series_n = 1};
	coverage_find(&s, NULL);
	bool fine = true;
	for (size_t i = 0; i < s.gaps_n; i++)
		fine &= s.gaps[i].end_us - s.gaps[i].start_us >= COVERAGE_GAP_US;
	FACT(fine, "bins that make no sense give no gap that goes back in time");
	memory_free(s.gaps);
}

int main(void)
{
	table();
	lively();
	poolers();
	trouble();
	hostile();
	return unit_done();
}
