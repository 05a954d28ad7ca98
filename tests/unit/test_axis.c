#include "unit.h"

#include "base/instant.h"
#include "report/axis.h"

static int64_t us(const char *at)
{
	int64_t value = 0;
	return instant_parse(span_of(at), &value) ? value : 0;
}

/* Places that a pocket calculator gives: (at - from) * length / (to - from), cut. */
static void test_place(void)
{
	static const struct {
		const char *name;
		struct axis axis;
		int64_t at, place;
	} rows[] = {
		{"the beginning is at zero", {10, 20, 8920}, 10, 0},
		{"the end is at the length", {10, 20, 8920}, 20, 8920},
		{"half way is half", {10, 20, 8920}, 15, 4460},
		{"before the beginning is the beginning", {10, 20, 8920}, -5, 0},
		{"behind the end is the end", {10, 20, 8920}, 25, 8920},
		{"negative ends", {-20, -10, 1000}, -13, 700},
		{"the whole range of a microsecond stamp", {INT64_MIN, INT64_MAX, 1000}, 0, 500},
		{"the years 1 to 9999", {INT64_C(-62135596800000000), INT64_C(253402300799999999), 1000}, INT64_C(253402300799999999), 1000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t place = axis_place(&rows[i].axis, rows[i].at);
		FACT(place >= rows[i].place - 1 && place <= rows[i].place, rows[i].name);
	}
}

static void test_time_ticks(void)
{
	static const struct {
		const char *name, *from, *to, *ticks;
	} rows[] = {
		{"two minutes", "2026-11-22T13:39:34Z", "2026-11-22T13:41:45Z",
		 "13:39:45 13:40:00 13:40:15 13:40:30 13:40:45 13:41:00 13:41:15 13:41:30 13:41:45"},
		{"three seconds", "2026-11-22T13:00:00.5Z", "2026-11-22T13:00:03.5Z", "13:00:01 13:00:02 13:00:03"},
		{"two hours", "2026-11-22T09:50:00Z", "2026-11-22T12:10:00Z", "10:00 10:30 11:00 11:30 12:00"},
		{"over midnight", "2026-11-22T22:10:00Z", "2026-11-23T02:00:00Z", "22:30 23:00 23:30 00:00 00:30 01:00 01:30 02:00"},
		{"a week", "2026-11-22T00:00:00Z", "2026-11-28T00:00:00Z", "22 Nov 23 Nov 24 Nov 25 Nov 26 Nov 27 Nov 28 Nov"},
		{"a month (multiples of four days since 1970)", "2026-11-01T00:00:00Z", "2026-11-30T00:00:00Z", "3 Nov 7 Nov 11 Nov 15 Nov 19 Nov 23 Nov 27 Nov"},
		{"before 1970", "1969-12-31T23:59:57Z", "1970-01-01T00:00:01Z", "23:59:57 23:59:58 23:59:59 00:00:00 00:00:01"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ticks t;
		struct text words = {0};
		axis_time_ticks(us(rows[i].from), us(rows[i].to), 9, &t);
		for (size_t k = 0; k < t.n; k++) {
			text_append_string(&words, k ? " " : "");
			axis_append_time(&words, t.at[k], t.step);
		}
		TEXT_IS(words.at, rows[i].ticks, rows[i].name);
		text_release(&words);
	}
	struct ticks t;
	axis_time_ticks(us("0001-01-01T00:00:00Z"), us("9999-12-31T00:00:00Z"), 9, &t);
	FACT(t.n > 2 && t.n <= 9, "ten thousand years have ticks too");
}

static void test_value_ticks(void)
{
	static const struct {
		const char *name;
		int64_t top;
		const char *ticks;
	} rows[] = {
		{"nothing", 0, "0 0.001"},
		{"one", 1000, "0 0.5 1"},
		{"seventeen", 17000, "0 10 20"},
		{"a hundred and eighty-two", 182000, "0 100 200"},
		{"twenty-nine", 29000, "0 10 20 30"},
		{"ten and a half", 10583, "0 5 10 15"},
		{"a million and a half", 1500000000, "0 500 k 1,000 k 1,500 k"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ticks t;
		struct text words = {0};
		axis_value_ticks(rows[i].top, &t);
		for (size_t k = 0; k < t.n; k++) {
			text_append_string(&words, k ? " " : "");
			axis_append_value(&words, t.at[k]);
		}
		TEXT_IS(words.at, rows[i].ticks, rows[i].name);
		text_release(&words);
		FACT(t.n >= 2 && t.at[t.n - 1] >= rows[i].top, "the last tick is at least the top");
	}
	struct ticks t;
	axis_value_ticks(INT64_MAX, &t);
	FACT(t.n >= 2 && t.at[t.n - 1] > 0, "the largest number has ticks too");
}

static void test_value(void)
{
	static const struct {
		int64_t milli;
		const char *words;
	} rows[] = {
		{0, "0"}, {5, "0.005"}, {50, "0.05"}, {500, "0.5"}, {1250, "1.25"}, {9990, "9.99"}, {12500, "12.5"}, {17000, "17"}, {182000, "182"},
		{9340000, "9,340"}, {34000000, "34,000"}, {340000000, "340 k"}, {INT64_C(50000000000), "50 M"}, {-1500, "-1.5"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text words = {0};
		axis_append_value(&words, rows[i].milli);
		TEXT_IS(words.at, rows[i].words, "a number of thousandths as people write it");
		text_release(&words);
	}
}

/* Equal ratios are equally long: log10 by a pocket calculator. */
static void test_logarithmic(void)
{
	static const struct {
		const char *name;
		int64_t from, to, at, place;
	} rows[] = {
		{"the square root of the ends is half way", 10000, 100000000, 1000000, 500},
		{"two of ten is log10 2", 1000, 10000, 2000, 301},
		{"below the beginning is the beginning", 1000, 10000, 0, 0},
		{"behind the end is the end", 1000, 10000, INT64_MAX, 1000},
		{"an axis of no length", 7, 7, 7, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t place = axis_place_logarithmic(&(struct axis){rows[i].from, rows[i].to, 1000}, rows[i].at);
		FACT(place >= rows[i].place - 1 && place <= rows[i].place, rows[i].name);
	}
	static const struct {
		int64_t least, top;
		const char *ticks;
	} ticks[] = {
		{46591, 10092543, "20 ms 100 ms 1 s 10 s 20 s"}, {1, 1, "1 us"}, {3, 4, "2 us 5 us"}, {1, 20, "1 us 10 us 20 us"}, {10, 10, "10 us"},
		{1, 9000000, "5 us 10 us 100 us 1 ms 10 ms 100 ms 1 s 10 s"}, {0, 1000000, "1 us 10 us 100 us 1 ms 10 ms 100 ms 1 s"},
		{60000000, 7200000000, "50 s 100 s 1,000 s 10,000 s"},
	};
	for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
		struct ticks t;
		struct text words = {0};
		axis_logarithmic_ticks(ticks[i].least, ticks[i].top, &t);
		for (size_t k = 0; k < t.n; k++) {
			text_append_string(&words, k ? " " : "");
			axis_append_duration(&words, t.at[k]);
		}
		TEXT_IS(words.at, ticks[i].ticks, "ticks of a logarithmic axis");
		text_release(&words);
	}
	struct ticks t;
	axis_logarithmic_ticks(1, INT64_MAX, &t);
	FACT(t.n <= AXIS_MOST_TICKS && t.at[0] >= INT64_C(100000000000), "what lies six decades below the top is at the bottom");
}

int main(void)
{
	test_logarithmic();
	test_place();
	test_time_ticks();
	test_value_ticks();
	test_value();
	return unit_done();
}
