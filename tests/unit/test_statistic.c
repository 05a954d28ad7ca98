#include "cause/statistic.h"

#include "unit.h"

/* Python: round(0.5 * (1 + math.erf(z / 1000 / math.sqrt(2))) * 1e6). */
static const struct {
	int64_t z_milli, ppm;
} normals[] = {{-5000, 0},     {-4499, 3},	{-2500, 6210},	{-1000, 158655}, {-333, 369567}, {0, 500000},	 {50, 519939},	 {674, 749844},
	       {1000, 841345}, {1645, 950015}, {1960, 975002}, {2576, 995002}, {3250, 999423},	{4449, 999996}, {4500, 999997}};

/* Python: Spearman with mean ranks of ties, Pearson's formula over the ranks in floats, cut to thousandths. */
static const struct {
	const char *fact;
	size_t n;
	uint64_t x[12], y[12];
	int64_t milli;
} ranks[] = {
	{"rising together", 5, {1, 2, 3, 4, 5}, {10, 20, 30, 40, 50}, 1000},
	{"one against the other", 5, {1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, -1000},
	{"ties get their mean rank", 8, {0, 0, 0, 5, 9, 9, 3, 0}, {0, 1, 0, 7, 8, 6, 2, 0}, 915},
	{"noise", 12, {20, 9, 25, 41, 3, 4, 34, 6, 23, 37, 3, 32}, {13, 2, 5, 27, 26, 4, 15, 5, 35, 27, 3, 36}, 601},
	{"one follows the other roughly",
	 12,
	 {15, 28, 80, 80, 74, 7, 73, 74, 50, 6, 28, 5},
	 {80, 138, 248, 258, 248, 30, 253, 229, 186, 37, 119, 67},
	 915},
	{"what never changes goes with nothing", 4, {7, 7, 7, 7}, {1, 2, 3, 4}, 0},
	{"two values say nothing", 2, {1, 2}, {1, 2}, 0},
};

int main(void)
{
	for (size_t i = 0; i < sizeof normals / sizeof *normals; i++) {
		int64_t off = statistic_normal(normals[i].z_milli) - normals[i].ppm;
		FACT(off >= -400 && off <= 400, "the normal distribution, to 0.0004");
		FACT(statistic_normal(normals[i].z_milli) + statistic_normal(-normals[i].z_milli) == 1000000, "it is symmetric");
	}
	for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
		int64_t got = statistic_spearman(ranks[i].x, ranks[i].y, ranks[i].n);
		FACT(got >= ranks[i].milli - 1 && got <= ranks[i].milli + 1, ranks[i].fact);
		FACT(got == statistic_spearman(ranks[i].y, ranks[i].x, ranks[i].n), "in either order");
	}
	FACT(statistic_hypotenuse(3, 4) == 5 && statistic_hypotenuse(0, 0) == 0 && statistic_hypotenuse(1, 1) == 1, "sqrt(a^2 + b^2), cut");
	FACT(statistic_hypotenuse(UINT64_MAX, UINT64_MAX) > UINT64_C(1) << 62, "and no overflow");
	return unit_done();
}
