#include "base/limits.h"
#include "base/memory.h"
#include "tally/cells.h"
#include "tally/sums.h"

#include "random.h"
#include "unit.h"

static struct place at(uint32_t second, uint32_t us, uint32_t line)
{
	return (struct place){second, us, line, 50, (uint64_t)line * 100};
}

static void facts(void)
{
	struct sums s;
	sums_init(&s, cells_seconds);
	struct place p = at(1000, 5, 1);
	uint32_t hint = sums_add(&s, 3, 0, 7, &p);
	p = at(1000, 900000, 2);
	FACT(sums_add(&s, 3, hint, 9, &p) == hint, "the same second needs no look-up");
	p = at(1001, 0, 3);
	sums_add(&s, 3, hint, 9, &p);
	p = at(1000, 1, 4); /* a stamp that goes back */
	sums_add(&s, 3, 0, 9, &p);
	p = at(1000, 1, 5);
	sums_add(&s, 2, hint, INT64_MAX, &p); /* a hint of another slot */
	sums_add(&s, 2, 0, INT64_MAX, &p);
	sums_add(&s, 2, 99999, -4, &p);
	size_t n;
	const struct sum_cell *c = sums_by_slot(&s, &n);
	FACT(n == 3 && c[0].slot == 2 && c[1].slot == 3 && c[2].slot == 3 && c[1].of.start_s == 1000 && c[2].of.start_s == 1001,
	     "cells are sorted by slot and second");
	FACT(c[1].of.n == 3 && c[1].of.sum == 25 && c[1].of.max == 9, "count, sum and maximum");
	FACT(c[1].of.max_line == 4 && c[1].of.max_at_us == 1000 * SECOND_US + 1 && c[1].of.max_offset == 400,
	     "of equal maxima the earliest stamp is kept");
	FACT(c[0].of.n == 3 && c[0].of.sum == INT64_MAX && c[0].of.max == INT64_MAX, "a sum stops at the largest number");
	struct number_cell *taken;
	size_t made;
	FACT(sums_take(c + 1, n - 1, 1001, 2000, &taken, &made) == 2 && made == 1 && taken[0].start_s == 1001 && taken[0].max == 9,
	     "the cells of a slot, without those outside");
	memory_free(taken);
	FACT(sums_take(c, n, 5, 6, &taken, &made) == 1 && !made && !taken, "none is left");
	sums_release(&s);
}

/* More cells than fit: wider intervals, no number lost. */
static void bounded(void)
{
	struct sums s;
	sums_init(&s, cells_seconds);
	uint64_t want = 0, sum = 0, numbers = 0;
	enum { SLOTS = 1500, NUMBERS = 400000 };
	uint32_t hints[SLOTS] = {0};
	for (uint32_t i = 0; i < NUMBERS; i++) {
		uint32_t slot = (uint32_t)(random_next() % SLOTS);
		struct place p = at(i < NUMBERS / 2 ? i : (uint32_t)random_next(), i % 1000000, i);
		hints[slot] = sums_add(&s, slot, hints[slot], i % 1000, &p);
		want += i % 1000;
	}
	size_t n;
	const struct sum_cell *c = sums_by_slot(&s, &n);
	bool aligned = true, once = true, inside = true;
	for (size_t i = 0; i < n; i++) {
		sum += c[i].of.sum;
		numbers += c[i].of.n;
		aligned = aligned && c[i].of.start_s % s.width_s == 0;
		once = once && (!i || c[i - 1].slot < c[i].slot || c[i - 1].of.start_s < c[i].of.start_s);
		inside = inside && c[i].of.max_at_us / SECOND_US - c[i].of.start_s < s.width_s && c[i].of.max_at_us / SECOND_US >= c[i].of.start_s;
	}
	FACT(n <= LIMIT_GAUGE_CELLS && s.width_s > 1, "there are never more cells than the limit: intervals get wider");
	FACT(sum == want && numbers == NUMBERS, "and no number is lost");
	FACT(aligned, "cells lie on multiples of the width");
	FACT(once, "each once");
	FACT(inside, "with their maximum inside");
	sums_release(&s);
}

int main(void)
{
	facts();
	bounded();
	return unit_done();
}
