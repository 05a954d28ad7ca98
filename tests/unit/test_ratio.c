#include "cause/ratio.h"

#include "unit.h"

static bool near(int64_t got, int64_t wanted, int64_t by)
{
	if (got >= wanted - by && got <= wanted + by)
		return true;
	printf("got %lld, not %lld\n", (long long)got, (long long)wanted);
	return false;
}

static bool same(struct ratio r, const int64_t *wanted)
{
	/* The root is rounded down: 1.96 millionths at most. */
	return near(r.ln, wanted[0], 4) && near(r.lower, wanted[1], 6) && near(r.upper, wanted[2], 6);
}

/* The numbers of all tables are those of verdict_oracle.py. */
static const struct {
	struct rate a, b;
	int64_t phi, wanted[3];
} ratios[] = {
	{{100, 1000}, {10, 1000}, 1000000, {2258782, 1623101, 2894464}},
	{{0, 500}, {0, 500}, 1000000, {0, -3920000, 3920000}},
	{{7, 90}, {3, 4000}, 2500000, {4556380, 2550256, 6562504}},
	{{30000, 70000}, {29000, 70500}, 12000000, {41018, -14894, 96931}},
};
static const struct {
	struct rate a, b, c, d;
	int64_t phi, wanted[3];
} doubles[] = {
	{{100, 1000}, {10, 1000}, {110, 1000}, {9, 1000}, 1000000, {-194941, -1113220, 723338}},
	{{400, 1000}, {2, 9000}, {3, 1000}, {2, 9000}, 3000000, {4739951, 1198565, 8281337}},
	{{0, 100}, {0, 100}, {50, 100}, {1, 100}, 1000000, {-3516508, -7759566, 726549}},
	{{900, 2000}, {10, 8000}, {870, 1900}, {12, 8000}, 4200000, {156942, -1535355, 1849240}},
};
static const struct {
	uint64_t x;
	int64_t ppm;
} chances[] = {{0, 0},		 {1, 1},	    {100000, 95163},   {223144, 200000},
	       {693147, 500000}, {1000000, 632121}, {5000000, 993262}, {20000000, 1000000}};
static const struct {
	int64_t ln;
	uint64_t milli;
} powers[] = {{0, 1000},       {405465, 1500},	    {693147, 2000},	  {-693147, 500},
	      {2302585, 10000}, {-2302585, 100}, {10000000, 22026466}, {-9000000, 0}};

#define EACH(i, table) for (size_t i = 0; i < sizeof table / sizeof *table; i++)

int main(void)
{
	EACH(i, ratios)
		FACT(same(ratio_of(ratios[i].a, ratios[i].b, ratios[i].phi), ratios[i].wanted), "a ratio of rates and its interval");
	EACH(i, doubles)
		FACT(same(ratio_of_ratios(doubles[i].a, doubles[i].b, doubles[i].c, doubles[i].d, doubles[i].phi), doubles[i].wanted),
		     "a ratio of ratios and its interval");
	EACH(i, chances)
		FACT(near(ratio_chance_ppm(chances[i].x), chances[i].ppm, 1), "a chance");
	EACH(i, powers)
		FACT(near((int64_t)ratio_milli(powers[i].ln), (int64_t)powers[i].milli, 1 + (int64_t)powers[i].milli / 100000), "a power of e");
	uint64_t chi = 0, freedom = 0;
	ratio_scatter((const struct rate[]){{1, 10}, {2, 10}, {0, 10}, {9, 10}}, 4, &chi, &freedom);
	FACT(near(ratio_phi(chi, freedom), 5555556, 2), "blocks of one rate scatter more than chance");
	chi = freedom = 0;
	ratio_scatter((const struct rate[]){{5, 100}, {5, 100}}, 2, &chi, &freedom);
	ratio_scatter((const struct rate[]){{50, 100}, {10, 100}, {3, 0}}, 3, &chi, &freedom);
	FACT(near(ratio_phi(chi, freedom), 13333333, 2), "groups are taken together, a block without requests is none");
	chi = freedom = 0;
	ratio_scatter((const struct rate[]){{0, 5}, {0, 5}}, 2, &chi, &freedom);
	FACT(ratio_phi(chi, freedom) == RATIO_PHI_ONE, "without events nothing scatters");
	chi = freedom = 0;
	ratio_scatter_of_two((const struct rate[]){{40, 100}, {90, 100}, {88, 90}}, (const struct rate[]){{90, 100}, {80, 110}, {95, 100}}, 3, &chi, &freedom);
	FACT(near(ratio_phi(chi, freedom), 9764151, 200), "two groups whose ratio changes from block to block");
	chi = freedom = 0;
	ratio_scatter_of_two((const struct rate[]){{10, 100}, {50, 100}}, (const struct rate[]){{11, 100}, {48, 100}}, 2, &chi, &freedom);
	FACT(ratio_phi(chi, freedom) == RATIO_PHI_ONE, "what both do alike is no scatter");
	struct text t = {0};
	struct ratio r = ratio_of((struct rate){100, 1000}, (struct rate){10, 1000}, RATIO_PHI_ONE);
	ratio_sentence(&t, &r);
	TEXT_IS(t.at, "9.57 (95 %: 5.07 to 18.07)", "a ratio in words");
	text_release(&t);
	FACT(ratio_of((struct rate){UINT64_MAX, UINT64_MAX}, (struct rate){0, 1}, INT64_MAX / 2).ln > 0, "numbers that no log has do no harm");
	return unit_done();
}
