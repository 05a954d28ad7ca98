#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "tally/series.h"

#include "random.h"
#include "unit.h"

static struct place place(uint32_t second, uint32_t us, uint64_t offset)
{
	return (struct place){second, us, (uint32_t)offset + 1, 10, offset};
}

/* Every bin against a count of all records by brute force. */
static void agrees_with_counting(void)
{
	enum { RECORDS = 4000, FROM = 1795346000 };
	struct count_pool pool = {0};
	struct count c;
	uint32_t seconds[RECORDS], us[RECORDS];
	count_init(&c, 1, false);
	for (uint32_t i = 0; i < RECORDS; i++) {
		seconds[i] = FROM + i / 40 + (uint32_t)(random_next() % 3); /* disorder over two seconds */
		us[i] = (uint32_t)(random_next() % 4) * 250000;
		struct place p = place(seconds[i], us[i], i);
		count_add(&pool, &c, &p);
	}
	count_sort(&c);
	bool counts = true, firsts = true, lasts = true, ascending = true;
	uint64_t total = 0;
	for (size_t k = 0; k < c.n; k++) {
		const struct bin *b = &c.bins[k];
		uint32_t n = 0, first = 0, last = 0;
		for (uint32_t i = 0; i < RECORDS; i++) {
			if (seconds[i] != b->start_s)
				continue;
			if (!n || us[i] < us[first])
				first = i;
			if (!n || us[i] >= us[last])
				last = i;
			n++;
		}
		counts = counts && b->n == n;
		firsts = firsts && b->first_offset == first && b->first_us == us[first] && b->first_line == first + 1;
		lasts = lasts && b->last_offset == last && b->last_us == us[last] && b->last_line == last + 1;
		ascending = ascending && (!k || c.bins[k - 1].start_s < b->start_s);
		total += b->n;
	}
	FACT(counts && total == RECORDS, "each bin counts the records of its second");
	FACT(firsts, "first is the smallest time, then the smallest offset");
	FACT(lasts, "last is the largest time, then the largest offset");
	FACT(ascending, "bins are sorted");
	count_release(&c);
	count_pool_release(&pool);
}

static void coarsens_alone(void)
{
	struct count_pool pool = {0};
	struct count busy, quiet;
	count_init(&busy, 1, false);
	count_init(&quiet, 1, false);
	uint64_t records = 0;
	struct place p = place(1000000, 0, records++);
	count_add(&pool, &quiet, &p);
	bool bounded = true;
	for (uint32_t s = 0; s < LIMIT_BINS + 1000; s++) {
		p = place(1000000 + s, s % 1000000, records++);
		count_add(&pool, &busy, &p);
		bounded = bounded && pool.bins <= LIMIT_BINS;
	}
	FACT(bounded, "the bins of all series together hold the limit while building");
	FACT(busy.width_s == 10 && quiet.width_s == 1, "the series that holds most coarsens, the quiet one does not");
	count_sort(&busy);
	uint64_t total = 0;
	bool aligned = true;
	for (size_t i = 0; i < busy.n; i++) {
		total += busy.bins[i].n;
		aligned = aligned && busy.bins[i].start_s % 10 == 0 && busy.bins[i].last_us < 10000000 &&
			  busy.bins[i].first_us <= busy.bins[i].last_us;
	}
	FACT(total == LIMIT_BINS + 1000, "coarsening loses no record");
	FACT(aligned, "coarse bins begin at multiples of their width and times count from there");
	FACT(busy.bins[1].first_offset == 11 && busy.bins[1].last_offset == 20,
	     "coarse bins keep first and last record");
	count_release(&busy);
	count_release(&quiet);
	count_pool_release(&pool);
}

static void hostile_stamps(void)
{
	struct count_pool pool = {0};
	struct count series[3];
	bool bounded = true;
	for (int i = 0; i < 3; i++)
		count_init(&series[i], 1, i == 2);
	for (uint64_t i = 0; i < 3000000; i++) {
		struct place p = place((uint32_t)random_next(), 0, i);
		count_add(&pool, &series[i % 3], &p);
		bounded = bounded && pool.bins <= LIMIT_BINS && pool.facet_bins <= LIMIT_BINS / 2;
	}
	FACT(bounded && pool.full, "stamps spread over all time end in a refusal, not in growth");
	struct place p = place(series[0].bins[0].start_s, 0, 1);
	FACT(count_add(&pool, &series[0], &p), "bins that exist still count when the pool is full");
	for (int i = 0; i < 3; i++)
		count_release(&series[i]);
	count_pool_release(&pool);
}

int main(void)
{
	agrees_with_counting();
	coarsens_alone();
	hostile_stamps();
	return unit_done();
}
