#include "cause/ratio.h"

#include "base/root.h"
#include "fold/sentence.h"
#include "incident/logarithm.h"

__extension__ typedef unsigned __int128 wide;

#define LN2_MICRO INT64_C(693147)
#define LN2_Q40 INT64_C(762123384786) /* ln 2 * 2^40 */
enum { Q = 40 };
/* Counts above this are taken as this: products stay inside 128 bits, and no log has more lines. */
#define COUNT_MAX (UINT64_C(1) << 40)

int64_t ratio_ln(uint64_t numerator, uint64_t denominator)
{
	return logarithm_micro((__int128)logarithm_of(numerator, 0) - logarithm_of(denominator, 0));
}

static uint64_t bounded(uint64_t n)
{
	return n < COUNT_MAX ? n : COUNT_MAX;
}

/* ln((events + 1/2) / out_of) + ln 2. */
static int64_t ln_of(struct rate r)
{
	return ratio_ln(2 * bounded(r.events) + 1, bounded(r.out_of));
}

/* 1 / (events + 1/2), in units of 10^-12. */
static uint64_t variance_of(struct rate r)
{
	return UINT64_C(2000000000000) / (2 * bounded(r.events) + 1);
}

static struct ratio around(int64_t ln, uint64_t variance, int64_t phi_ppm)
{
	/* The root of units of 10^-12 has units of 10^-6. */
	uint64_t error = root_of((wide)variance * (uint64_t)phi_ppm / 1000000u);
	int64_t half = (int64_t)(((wide)error * 196u + 50u) / 100u);
	return (struct ratio){ln, ln - half, ln + half};
}

struct ratio ratio_of(struct rate a, struct rate b, int64_t phi_ppm)
{
	return around(ln_of(a) - ln_of(b), variance_of(a) + variance_of(b), phi_ppm);
}

struct ratio ratio_of_ratios(struct rate a, struct rate b, struct rate c, struct rate d, int64_t phi_ppm)
{
	return around(ln_of(a) - ln_of(b) - ln_of(c) + ln_of(d), variance_of(a) + variance_of(b) + variance_of(c) + variance_of(d),
		      phi_ppm);
}

/* Over blocks i: sum of (x_i - e_i)^2 / e_i with e_i = n_i X / N, which is (x_i N - n_i X)^2 / (n_i X N). */
void ratio_scatter(const struct rate *blocks, size_t n, uint64_t *chi_ppm, uint64_t *freedom)
{
	const uint64_t most = UINT64_C(1) << 30;
	uint64_t events = 0, out_of = 0, used = 0;
	for (size_t i = 0; i < n; i++) {
		events += blocks[i].out_of ? blocks[i].events : 0;
		out_of += blocks[i].out_of;
		used += blocks[i].out_of > 0;
	}
	if (!events || used < 2 || events > most || out_of > most)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!blocks[i].out_of)
			continue;
		__int128 apart = (__int128)blocks[i].events * out_of - (__int128)blocks[i].out_of * events;
		wide square = (wide)(apart < 0 ? -apart : apart);
		/* Two divisions, so that nothing overflows: first by the larger N, then by n_i X. */
		square = square * square / out_of;
		*chi_ppm += (uint64_t)(square * 1000000u / ((wide)blocks[i].out_of * events));
	}
	*freedom += used - 1;
}

/* Of the t events of a block, a binomial share p is the first group's: p = R n / (R n + m) with R the ratio of all, n and m the block's
 * requests. Sum of (a - t p)^2 / (t p (1 - p)); p has 20 fraction bits. */
void ratio_scatter_of_two(const struct rate *a, const struct rate *c, size_t n, uint64_t *chi_ppm, uint64_t *freedom)
{
	const uint64_t most = UINT64_C(1) << 30, one = UINT64_C(1) << 20;
	struct rate all_a = {0, 0}, all_c = {0, 0};
	uint64_t used = 0;
	for (size_t i = 0; i < n; i++) {
		all_a = (struct rate){all_a.events + a[i].events, all_a.out_of + a[i].out_of};
		all_c = (struct rate){all_c.events + c[i].events, all_c.out_of + c[i].out_of};
	}
	if (!all_a.events || !all_c.events || all_a.out_of > most || all_c.out_of > most || all_a.events > most || all_c.events > most)
		return;
	wide ratio = ((wide)all_a.events * all_c.out_of << 20) / ((wide)all_c.events * all_a.out_of + (all_a.out_of == 0));
	for (size_t i = 0; i < n; i++) {
		uint64_t total = a[i].events + c[i].events;
		wide left = ratio * a[i].out_of, both = left + ((wide)c[i].out_of << 20);
		uint64_t p = both ? (uint64_t)((left << 20) / both) : 0;
		if (!total || !p || p >= one)
			continue;
		__int128 apart = ((__int128)a[i].events << 20) - (__int128)total * p;
		*chi_ppm += (uint64_t)((wide)(apart * apart) * 1000000u / ((wide)total * p * (one - p)));
		used++;
	}
	*freedom += used ? used - 1 : 0;
}

int64_t ratio_phi(uint64_t chi_ppm, uint64_t freedom)
{
	uint64_t phi = freedom ? chi_ppm / freedom : 0;
	return phi > (uint64_t)RATIO_PHI_ONE ? (int64_t)phi : RATIO_PHI_ONE;
}

/* e^r with 40 fraction bits for 0 <= r < ln 2, by Taylor's series. */
static uint64_t exponential(int64_t rest_q40)
{
	uint64_t sum = 0;
	wide term = (wide)1 << Q;
	for (unsigned k = 1; term; k++) {
		sum += (uint64_t)term;
		term = ((term * (uint64_t)rest_q40) >> Q) / k;
	}
	return sum;
}

uint64_t ratio_milli(int64_t ln)
{
	const uint64_t most = UINT64_C(1000000000000);
	if (ln > 40 * LN2_MICRO)
		return most;
	if (ln < -40 * LN2_MICRO)
		return 0;
	__int128 x = (__int128)ln * ((__int128)1 << Q) / 1000000;
	int64_t twos = (int64_t)(x / LN2_Q40);
	twos -= x < (__int128)twos * LN2_Q40;
	wide value = (wide)exponential((int64_t)(x - (__int128)twos * LN2_Q40)) * 1000u;
	value = twos >= 0 ? value << twos : value >> -twos;
	value = (value + ((wide)1 << (Q - 1))) >> Q;
	return value > most ? most : (uint64_t)value;
}

int64_t ratio_chance_ppm(uint64_t micro)
{
	const uint64_t most = 28000000; /* e^-28 is below a millionth of a millionth */
	if (micro > most)
		return 1000000;
	/* e^-x = 1 / e^x. */
	uint64_t whole = micro / (uint64_t)LN2_MICRO;
	int64_t rest = (int64_t)((((wide)micro << Q) / 1000000u) - (wide)whole * (uint64_t)LN2_Q40);
	if (rest < 0)
		rest = 0;
	wide inverse = ((wide)1000000u << (2 * Q)) / exponential(rest);
	return 1000000 - (int64_t)(((inverse >> whole) + ((wide)1 << (Q - 1))) >> Q);
}

void ratio_number(struct text *t, uint64_t milli)
{
	if (milli >= 100000) {
		sentence_count(t, (milli + 500) / 1000);
		return;
	}
	uint64_t cents = (milli + 5) / 10;
	text_format(t, "%llu.%02llu", (unsigned long long)(cents / 100), (unsigned long long)(cents % 100));
}

void ratio_sentence(struct text *t, const struct ratio *r)
{
	ratio_number(t, ratio_milli(r->ln));
	text_append_string(t, " (95 %: ");
	ratio_number(t, ratio_milli(r->lower));
	text_append_string(t, " to ");
	ratio_number(t, ratio_milli(r->upper));
	text_append_byte(t, ')');
}
