#include "cause/slope.h"

#include "unit.h"

/* The numbers are those of verdict_oracle.py. */
static const struct {
	const char *name;
	int64_t levels[40];
	size_t n;
	struct slope wanted;
} cases[] = {
	{"a straight line", {10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32}, 12, {2000000, 2000000, 2000000}},
	{"noise does not rise",
	 {50, 44, 52, 41, 42, 57, 43, 51, 58, 41, 56, 46, 41, 42, 53, 53, 42, 47, 42, 57, 53, 41, 58, 43, 47, 58, 41, 58, 58, 52}, 30,
	 {111111, -66667, 416667}},
	{"a noisy ramp does",
	 {0,  3,  1,  9,  4,  6,  9,  5,  12, 5,  9,  13, 8,  7,  10, 12, 9,  16, 10, 9,
	  13, 17, 19, 17, 17, 19, 20, 18, 18, 17, 17, 18, 17, 20, 25, 24, 23, 25, 23, 20}, 40,
	 {541104, 461538, 615385}},
	{"a level is no ramp", {5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, 10, {0, 0, 0}},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slope s;
		bool found = slope_find(cases[i].levels, cases[i].n, &s);
		int64_t apart[3] = {s.micro - cases[i].wanted.micro, s.lower - cases[i].wanted.lower, s.upper - cases[i].wanted.upper};
		bool near = found;
		for (size_t k = 0; k < 3; k++)
			near = near && apart[k] >= -1 && apart[k] <= 1;
		if (!FACT(near, cases[i].name))
			printf("got %lld, %lld to %lld\n", (long long)s.micro, (long long)s.lower, (long long)s.upper);
	}
	struct slope none;
	FACT(!slope_find((const int64_t[]){3, 1, 2}, 3, &none), "three steps are too few");
	return unit_done();
}
