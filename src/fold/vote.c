#include "fold/vote.h"

#include <stdlib.h>

#include "base/memory.h"

enum { NEEDED_PERCENT = 95 };

static int end_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Begins and ends, each sorted: where the next begin is not behind the next end, it comes first, for intervals are closed. */
struct ends {
	int64_t *lows, *highs;
	size_t n;
};

static struct ends ends_of(const struct vote_interval *items, size_t n)
{
	struct ends ends = {memory_new(n, sizeof(int64_t)), memory_new(n, sizeof(int64_t)), n};
	for (size_t i = 0; i < n; i++) {
		ends.lows[i] = items[i].low_us;
		ends.highs[i] = items[i].high_us;
	}
	qsort(ends.lows, n, sizeof *ends.lows, end_order);
	qsort(ends.highs, n, sizeof *ends.highs, end_order);
	return ends;
}

static void ends_release(struct ends *ends)
{
	memory_free(ends->lows);
	memory_free(ends->highs);
}

static size_t best_count(const struct ends *ends)
{
	size_t best = 0;
	for (size_t begun = 0, ended = 0; begun < ends->n;) {
		if (ends->lows[begun] <= ends->highs[ended]) {
			begun++;
			best = begun - ended > best ? begun - ended : best;
		} else {
			ended++;
		}
	}
	return best;
}

size_t vote_needed(size_t count)
{
	size_t needed = (count * NEEDED_PERCENT + 99) / 100;
	return needed == count && count > 1 ? count - 1 : needed;
}

struct vote vote_hold(const struct vote_interval *items, size_t n)
{
	struct ends ends = ends_of(items, n);
	struct vote vote = {0, 0, n, best_count(&ends)};
	size_t needed = vote_needed(vote.count);
	bool found = false;
	for (size_t begun = 0, ended = 0; ended < n;) {
		if (begun < n && ends.lows[begun] <= ends.highs[ended]) {
			begun++;
			if (!found && begun - ended >= needed) {
				found = true;
				vote.low_us = ends.lows[begun - 1];
			}
		} else {
			if (begun - ended >= needed)
				vote.high_us = ends.highs[ended];
			ended++;
		}
	}
	ends_release(&ends);
	return vote;
}

size_t vote_count(const struct vote_interval *items, size_t n)
{
	struct ends ends = ends_of(items, n);
	size_t count = best_count(&ends);
	ends_release(&ends);
	return count;
}
