/* latency: what a plain table of (interval, bucket) holds, whatever the order of the stamps. */
#include "tally/latency.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "unit.h"

static uint64_t state = 1;
static uint64_t next(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

static bool ascends(const struct latency_cell *cells, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (cells[i - 1].start_s > cells[i].start_s ||
		    (cells[i - 1].start_s == cells[i].start_s && cells[i - 1].bucket >= cells[i].bucket))
			return false;
	return true;
}

enum { INTERVALS = 50, START = 1795305600 };

/* 20,000 requests in 500 s, counted by hand beside. */
static void counts(bool forward, const char *name)
{
	struct latency_counts l;
	static uint32_t truth[INTERVALS][HISTOGRAM_BUCKETS];
	memset(truth, 0, sizeof truth);
	latency_init(&l);
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t second = forward ? i / 40 : (uint32_t)(next() % 500);
		unsigned bucket = (unsigned)(next() % 3 ? next() % 300 : next() % HISTOGRAM_BUCKETS);
		truth[second / 10][bucket]++;
		latency_add(&l, START + second, bucket);
	}
	size_t n, not_zero = 0;
	uint32_t width_s;
	struct latency_cell *cells = latency_freeze(&l, &n, &width_s);
	bool same = width_s == 10;
	for (size_t i = 0; i < n; i++)
		same = same && cells[i].n == truth[(cells[i].start_s - START) / 10][cells[i].bucket];
	for (size_t i = 0; i < INTERVALS; i++)
		for (size_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++)
			not_zero += truth[i][bucket] > 0;
	FACT(same && n == not_zero && ascends(cells, n), name);
	memory_free(cells);
	latency_release(&l);
}

/* `days` days of requests, each of a bucket of its own in its ten seconds. */
static uint32_t width_of(uint32_t days, uint32_t buckets, bool forward, size_t *n, uint64_t *total)
{
	struct latency_counts l;
	uint32_t width_s;
	latency_init(&l);
	for (uint32_t i = 0; i < days * 8640; i++) {
		uint32_t interval = forward ? i : i % 2 ? i - 1 : i + 1;
		for (unsigned bucket = 0; bucket < buckets; bucket++)
			latency_add(&l, START + interval * 10, bucket);
	}
	struct latency_cell *cells = latency_freeze(&l, n, &width_s);
	*total = 0;
	for (size_t i = 0; i < *n; i++)
		*total += cells[i].n;
	FACT(ascends(cells, *n), "wider cells ascend");
	memory_free(cells);
	latency_release(&l);
	return width_s;
}

static void bounded(void)
{
	size_t n;
	uint64_t total;
	/* 8,640 intervals a day and 15 buckets: 129,600 cells are below the limit of 131,072, 16 buckets above it */
	FACT(width_of(1, 15, true, &n, &total) == 10 && n == 129600, "what fits stays fine");
	FACT(width_of(1, 16, true, &n, &total) == 60 && n == 1440 * 16, "what does not becomes wider");
	FACT(total == 8640 * 16, "widening loses nothing");
	FACT(width_of(1, 16, false, &n, &total) == 60 && n == 1440 * 16, "also when stamps go back and forth");
	FACT(width_of(40, 20, true, &n, &total) == 900 && n == 40 * 96 * 20, "twice wider");
	FACT(total == 40 * 8640 * 20, "widening twice loses nothing");
}

static void hostile(void)
{
	struct latency_counts l;
	size_t n;
	uint32_t width_s;
	uint64_t total = 0;
	bool holds = true;
	latency_init(&l);
	for (int i = 0; i < 1000000; i++) {
		latency_add(&l, (uint32_t)next() * 2u, (unsigned)(next() % HISTOGRAM_BUCKETS));
		holds = holds && l.n <= 2 * LIMIT_CELLS;
	}
	struct latency_cell *cells = latency_freeze(&l, &n, &width_s);
	for (size_t i = 0; i < n; i++)
		total += cells[i].n;
	FACT(holds && n <= LIMIT_CELLS, "stamps over all of time stay within the limit");
	FACT(total == 1000000 && ascends(cells, n), "and each request is counted");
	memory_free(cells);
	latency_release(&l);
	latency_init(&l);
	cells = latency_freeze(&l, &n, &width_s);
	FACT(!n, "no request, no cell");
	memory_free(cells);
	latency_release(&l);
}

int main(void)
{
	counts(true, "stamps that ascend are counted in their interval and bucket");
	counts(false, "stamps in any order are counted in their interval and bucket");
	bounded();
	hostile();
	return unit_done();
}
