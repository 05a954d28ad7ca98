#include "cause/statistic.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/root.h"

__extension__ typedef unsigned __int128 wide;

int64_t statistic_normal(int64_t x_milli)
{
	/* Python: round(0.5 * (1 + math.erf(i / 10 / math.sqrt(2))) * 1e6) for i in 0..45. */
	static const int32_t at[] = {500000, 539828, 579260, 617911, 655422, 691462, 725747, 758036, 788145, 815940, 841345, 864334,
				     884930, 903200, 919243, 933193, 945201, 955435, 964070, 971283, 977250, 982136, 986097, 989276,
				     991802, 993790, 995339, 996533, 997445, 998134, 998650, 999032, 999313, 999517, 999663, 999767,
				     999841, 999892, 999928, 999952, 999968, 999979, 999987, 999991, 999995, 999997};
	const int64_t last = (int64_t)(sizeof at / sizeof *at) - 1;
	if (x_milli <= -last * 100)
		return 0;
	if (x_milli >= last * 100)
		return 1000000;
	int64_t x = x_milli < 0 ? -x_milli : x_milli, i = x / 100;
	int64_t value = at[i] + (at[i + 1] - at[i]) * (x % 100) / 100;
	return x_milli < 0 ? 1000000 - value : value;
}

uint64_t statistic_hypotenuse(uint64_t a, uint64_t b)
{
	const uint64_t most = UINT64_C(1) << 62;
	a = a < most ? a : most;
	b = b < most ? b : most;
	return root_of((wide)a * a + (wide)b * b);
}

struct ranked {
	uint64_t value;
	size_t at;
};

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Twice the mean rank of each value, less that of the middle: sums to 0. */
static void rank(const uint64_t *values, size_t n, struct ranked *room, int64_t *ranks)
{
	for (size_t i = 0; i < n; i++)
		room[i] = (struct ranked){values[i], i};
	qsort(room, n, sizeof *room, by_value);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && room[end].value == room[i].value; end++)
			;
		for (size_t k = i; k < end; k++)
			ranks[room[k].at] = (int64_t)(i + end) - (int64_t)n;
	}
}

int64_t statistic_spearman(const uint64_t *x, const uint64_t *y, size_t n)
{
	enum { MOST = 16384 };
	n = n < MOST ? n : MOST;
	if (n < 3)
		return 0;
	struct ranked *room = memory_new(n, sizeof *room);
	int64_t *a = memory_new(n, sizeof *a), *b = memory_new(n, sizeof *b);
	int64_t both = 0, of_x = 0, of_y = 0; /* each < 2^14 * 2^28 */
	rank(x, n, room, a);
	rank(y, n, room, b);
	for (size_t i = 0; i < n; i++) {
		both += a[i] * b[i];
		of_x += a[i] * a[i];
		of_y += b[i] * b[i];
	}
	memory_free(room);
	memory_free(a);
	memory_free(b);
	/* Ten more binary digits of the root: those of few values are small. */
	int64_t root = (int64_t)root_of(((wide)(uint64_t)of_x * (uint64_t)of_y) << 20);
	return root ? both * 1000 * 1024 / root : 0;
}
