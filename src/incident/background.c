#include "incident/background.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/root.h"
#include "incident/logarithm.h"

typedef unsigned __int128 wide;
#define ONE_Q32 (UINT64_C(1) << 32)

enum {
	BLOCK_S = 60,       /* the background is the median of blocks of this length */
	BLOCKS = 20,        /* when there are so many */
	SHORT_BLOCK_S = 10, /* else what the quieter blocks of this length have in common, */
	SHORT_BLOCKS = 3,   /* or of one cell when there are not even so many of them */
	MASK_PERIODS = 4,   /* fewer prove no period */
	MASK_TOLERANCE_S = 2,
	MASK_PHASES = 6,    /* fewer cells a period are too coarse to tell a peak */
	MASK_SHARE = 4,     /* when more than a quarter of the phases peak, it is no peak but a level */
	LONE_PEAK_S = 600,  /* 1/600: a lone peak each ten minutes is background */
};
static const uint32_t periods_s[BACKGROUND_MASKS] = {60, 300, 600, 900, 1800, 3600};

uint64_t background_covered(const struct cells *cells)
{
	uint64_t covered = (uint64_t)cells->end - cells->begin + 1;
	for (size_t i = 0; i < cells->gaps_n; i++)
		covered -= (uint64_t)cells->gaps[i].last - cells->gaps[i].first + 1;
	return covered;
}

/* ---- rate: from blocks that are covered whole ---- */

struct blocks {
	uint64_t *sums; /* of blocks that are not empty; owned; sorted */
	size_t n;
	uint64_t all;   /* covered blocks, empty ones too */
	uint32_t cells; /* cells in a block */
};

static int sum_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Blocks that a gap touches are not covered. Moves *gap on; blocks are asked for in ascending order. */
static bool block_in_gap(const struct cells *cells, uint64_t block, uint32_t block_cells, size_t *gap)
{
	while (*gap < cells->gaps_n && cells->gaps[*gap].last / block_cells < block)
		++*gap;
	return *gap < cells->gaps_n && cells->gaps[*gap].first / block_cells <= block;
}

static uint64_t blocks_covered(const struct cells *cells, uint64_t first, uint64_t last, uint32_t block_cells)
{
	uint64_t covered = last - first + 1, next = first; /* blocks below `next` are dealt with */
	for (size_t i = 0; i < cells->gaps_n; i++) {
		uint64_t from = cells->gaps[i].first / block_cells, to = cells->gaps[i].last / block_cells;
		from = from < next ? next : from;
		to = to > last ? last : to;
		if (from > to)
			continue;
		covered -= to - from + 1;
		next = to + 1;
	}
	return covered;
}

static struct blocks blocks_of(const struct cells *cells, uint32_t block_s)
{
	struct blocks b = {.cells = cells->width_s < block_s ? block_s / cells->width_s : 1};
	uint64_t first = ((uint64_t)cells->begin + b.cells - 1) / b.cells;
	uint64_t beyond = ((uint64_t)cells->end + 1) / b.cells; /* the first block that is not whole */
	if (first >= beyond)
		return b;
	b.all = blocks_covered(cells, first, beyond - 1, b.cells);
	b.sums = memory_new(cells->n, sizeof *b.sums);
	size_t gap = 0;
	uint64_t open = UINT64_MAX;
	for (size_t i = 0; i < cells->n; i++) {
		uint64_t block = cells->items[i].index / b.cells;
		if (block < first || block >= beyond || !cells->items[i].x || block_in_gap(cells, block, b.cells, &gap))
			continue;
		if (block != open)
			b.n++;
		open = block;
		b.sums[b.n - 1] += cells->items[i].x;
	}
	if (b.n)
		qsort(b.sums, b.n, sizeof *b.sums, sum_order);
	return b;
}

static uint64_t block_at(const struct blocks *b, uint64_t place)
{
	uint64_t empty = b->all - b->n;
	return place < empty ? 0 : b->sums[place - empty];
}

/* The least count that is far above a rate: rate + 5 sqrt(rate) + 1, at least 3. */
static uint32_t peak_of(uint64_t rate_q32)
{
	wide high_q32 = (wide)rate_q32 + 5 * (wide)root_of((wide)rate_q32 << 32) + ONE_Q32;
	uint32_t high = (uint32_t)((high_q32 + ONE_Q32 - 1) >> 32);
	return high < 3 ? 3 : high;
}

/* rate = (median block + 1/2) / cells of a block. */
static uint64_t rate_of_median(const struct blocks *b)
{
	uint64_t twice = block_at(b, (b->all - 1) / 2) + block_at(b, b->all / 2);
	return (uint64_t)(((wide)(twice + 1) << 32) / (2 * b->cells));
}

/* In a capture of minutes the incident touches most of the 60 s blocks, often it is most of the capture. The quietest quarter of
 * short blocks says about what is normal; the mean of all blocks that are not far above that is the rate (the quartile itself
 * would be 0 for rates that matter). The least rate stays the same: half an event a minute. */
static uint64_t rate_of_quiet(const struct blocks *b, uint32_t width_s)
{
	uint64_t least_q32 = ((uint64_t)width_s << 32) / (2 * BLOCK_S); /* a cell */
	uint32_t high = peak_of((block_at(b, (b->all - 1) / 4) << 32) + least_q32 * b->cells);
	wide sum = 0;
	uint64_t quiet = b->all - b->n;
	for (size_t i = 0; i < b->n && b->sums[i] < high; i++) {
		sum += b->sums[i];
		quiet++;
	}
	return (uint64_t)((sum << 32) / ((wide)quiet * b->cells)) + least_q32;
}

static void fit_rate(struct background *b, const struct cells *cells, int64_t cap_ppm)
{
	struct blocks blocks = blocks_of(cells, BLOCK_S);
	if (blocks.all >= BLOCKS) {
		b->rate_q32 = rate_of_median(&blocks);
	} else {
		memory_free(blocks.sums);
		blocks = blocks_of(cells, SHORT_BLOCK_S);
		if (blocks.all < SHORT_BLOCKS) {
			memory_free(blocks.sums);
			blocks = blocks_of(cells, 1);
		}
		b->rate_q32 = rate_of_quiet(&blocks, cells->width_s);
	}
	uint64_t block_s = (uint64_t)blocks.cells * cells->width_s, filled = 0;
	for (size_t i = 0; i < blocks.n; i++)
		filled += (wide)blocks.sums[i] * 1000000u > (wide)(uint64_t)cap_ppm * block_s;
	b->filled = cap_ppm > 0 && filled * 2 > blocks.all;
	uint64_t cap_q32 = (uint64_t)(((wide)(uint64_t)cap_ppm * cells->width_s << 32) / 1000000u);
	if (cap_ppm > 0 && b->rate_q32 > cap_q32)
		b->rate_q32 = cap_q32;
	memory_free(blocks.sums);
}

/* ---- spread ---- */

/* Negative binomial when rate > 0.1 and variance > 1.2 mean, of covered cells below 4 high; shape = mean^2 / (variance - mean),
 * at least 0.2. With N cells, S their sum, R the sum of squares: mean = S/N, variance = (R N - S^2) / N^2. */
static void fit_spread(struct background *b, const struct cells *cells)
{
	wide n = background_covered(cells), sum = 0, squares = 0;
	for (size_t i = 0; i < cells->n; i++) {
		uint64_t x = cells->items[i].x;
		if (x >= 4 * (uint64_t)b->high) {
			n--;
			continue;
		}
		sum += x;
		squares += x * x;
	}
	if (b->rate_q32 <= ONE_Q32 / 10 || 5 * (squares * n - sum * sum) <= 6 * sum * n)
		return;
	wide over = squares * n - sum * sum - sum * n, mean2 = sum * sum;
	while (mean2 >> 94) { /* room for the 32 fraction bits */
		mean2 >>= 1;
		over >>= 1;
	}
	b->overdispersed = true;
	b->shape_q32 = over ? (uint64_t)((mean2 << 32) / over) : ONE_Q32;
	if (b->shape_q32 < ONE_Q32 / 5)
		b->shape_q32 = ONE_Q32 / 5;
}

/* ---- periodic peaks ---- */

static void fit_mask(struct mask *mask, const struct background *b, const struct cells *cells, uint32_t period_s)
{
	uint64_t covered = background_covered(cells);
	uint32_t period = period_s / cells->width_s;
	if (period_s % cells->width_s || period < MASK_PHASES || covered / period < MASK_PERIODS)
		return;
	uint64_t times = covered / period;
	int64_t tolerance = cells->width_s == 1 ? MASK_TOLERANCE_S : 0;
	uint32_t *count = memory_new(period, sizeof *count);
	int64_t *newest = memory_new(period, sizeof *newest); /* 1 + number of the last period that had a peak at this phase */
	for (size_t i = 0; i < cells->n; i++) {
		if (cells->items[i].x < b->high)
			continue;
		/* Of one phase the periods come in order: cells ascend, and the tolerance is less than a period. */
		for (int64_t d = -tolerance; d <= tolerance; d++) {
			int64_t at = cells->items[i].index + d;
			if (at < 0 || newest[at % period] == at / period + 1)
				continue;
			newest[at % period] = at / period + 1;
			count[at % period]++;
		}
	}
	uint32_t peaks = 0;
	for (uint32_t phase = 0; phase < period; phase++)
		peaks += (uint64_t)count[phase] * 10 >= times * 6;
	if (peaks && peaks <= period / MASK_SHARE) {
		const uint64_t most_q32 = (uint64_t)(((wide)9 << 32) / 10);
		mask->period = period;
		mask->share_q32 = memory_new(period, sizeof *mask->share_q32);
		for (uint32_t phase = 0; phase < period; phase++) {
			if ((uint64_t)count[phase] * 10 < times * 6)
				continue;
			uint64_t share_q32 = (uint64_t)(((wide)count[phase] << 32) / times);
			mask->share_q32[phase] = share_q32 > most_q32 ? most_q32 : share_q32;
		}
	}
	memory_free(count);
	memory_free(newest);
}

bool background_periodic(const struct background *b, uint32_t index)
{
	for (size_t i = 0; i < BACKGROUND_MASKS; i++)
		if (b->masks[i].period && b->masks[i].share_q32[index % b->masks[i].period])
			return true;
	return false;
}

uint64_t background_peak_q32(const struct background *b, uint32_t index)
{
	uint64_t most = ONE_Q32 / LONE_PEAK_S;
	for (size_t i = 0; i < BACKGROUND_MASKS; i++) {
		const struct mask *m = &b->masks[i];
		if (m->period && m->share_q32[index % m->period] > most)
			most = m->share_q32[index % m->period];
	}
	return most;
}

/* ---- gains ---- */

void background_fit(struct background *b, const struct cells *cells, int64_t cap_ppm)
{
	*b = (struct background){0};
	fit_rate(b, cells, cap_ppm);
	uint64_t root_q32 = root_of((wide)b->rate_q32 << 32);
	b->low = (uint32_t)(((wide)b->rate_q32 + root_q32) >> 32);
	b->high = peak_of(b->rate_q32);
	wide quiet_q32 = (wide)b->rate_q32 * BACKGROUND_QUIET_CELLS;
	/* The rate was cut to 32 bits: 2^-16 more, so that 1 + 2 sqrt(1) stays 3. */
	b->quiet = (uint64_t)((quiet_q32 + 2 * (wide)root_of(quiet_q32 << 32) + (1 << 16)) >> 32);
	fit_spread(b, cells);
	for (size_t i = 0; i < BACKGROUND_MASKS; i++)
		fit_mask(&b->masks[i], b, cells, periods_s[i]);
	uint64_t burst_q32 = 5 * b->rate_q32 > 2 * ONE_Q32 ? 5 * b->rate_q32 : 2 * ONE_Q32; /* mean of the burst's geometric */
	b->ln_burst_stop = -logarithm_of(burst_q32 + ONE_Q32, 32);
	b->ln_burst_go = logarithm_of(burst_q32, 32) + b->ln_burst_stop;
	b->ln_rate = logarithm_of(b->rate_q32, 32);
	if (b->overdispersed) {
		int64_t ln_both = logarithm_of(b->rate_q32 + b->shape_q32, 32);
		b->ln_rate_share = b->ln_rate - ln_both;
		b->ln_shape_share = logarithm_of(b->shape_q32, 32) - ln_both;
		b->ln_gamma_shape = logarithm_gamma(b->shape_q32);
	}
}

int64_t background_gain(const struct background *b, uint32_t x, uint64_t peak_q32)
{
	if (x <= b->low)
		return BACKGROUND_LOW_NATS;
	__int128 burst = b->ln_burst_stop + (__int128)x * b->ln_burst_go;
	__int128 quiet = -logarithm_gamma(((uint64_t)x + 1) << 32);
	if (b->overdispersed) {
		quiet += logarithm_gamma(((uint64_t)x << 32) + b->shape_q32) - b->ln_gamma_shape;
		quiet += (((__int128)b->shape_q32 * b->ln_shape_share) >> 32) + (__int128)x * b->ln_rate_share;
	} else {
		quiet += (__int128)x * b->ln_rate - ((__int128)b->rate_q32 << 24);
	}
	quiet += logarithm_of(ONE_Q32 - peak_q32, 32);
	return logarithm_micro(burst - logarithm_sum(quiet, burst + logarithm_of(peak_q32, 32)));
}

bool background_gap_between(const struct cells *c, uint64_t first, uint64_t last, size_t *gap)
{
	while (*gap < c->gaps_n && c->gaps[*gap].last < first)
		++*gap;
	return *gap < c->gaps_n && c->gaps[*gap].first <= last;
}

void background_release(struct background *b)
{
	for (size_t i = 0; i < BACKGROUND_MASKS; i++)
		memory_free(b->masks[i].share_q32);
}
