#include "incident/extent.h"

#include <string.h>

#include "base/memory.h"
#include "incident/burst.h"
#include "unit.h"

/* Refusals on an hour without any other, from DAY on: by second, written down by hand. Each second's events lie at its start. */
enum { DAY = 1700000007, LENGTH = 3600, MOST = 400 };
static struct fold_bin bins[MOST];

struct run {
	int64_t from_s, to_s; /* to: behind the last second */
	uint32_t n;           /* in each of them */
};
struct told {
	int64_t from_s, to_s; /* first and last event */
	uint64_t count;
	bool met;
};
struct fact {
	const char *fact;
	struct run runs[6];
	struct run whiles[2]; /* when other logs fail: both ends included; n: are there any */
	struct told told[4];
};

/* 60 refusals in ten seconds; alone they are a burst. */
#define DENSE(at) {(at), (at) + 10, 6}
#define LONE(at) {(at), (at) + 1, 1}

static const struct fact facts[] = {
	{"what is dense is one burst", {DENSE(1000)}, {{0}}, {{1000, 1009, 60, false}}},
	{"an event 30 s before it is its first one", {LONE(970), DENSE(1000)}, {{0}}, {{970, 1009, 61, false}}},
	{"one 31 s before it is none of it", {LONE(969), DENSE(1000)}, {{0}}, {{1000, 1009, 60, false}}},
	{"30 s behind it, and 30 s behind that", {DENSE(1000), LONE(1039), LONE(1069)}, {{0}}, {{1000, 1069, 62, false}}},
	{"what is 18 s apart is two to the automaton, and joined", {DENSE(1000), DENSE(1027)}, {{0}}, {{1000, 1036, 120, false}}},
	{"20 s part", {DENSE(1000), DENSE(1029)}, {{0}}, {{1000, 1009, 60, false}, {1029, 1038, 60, false}}},
	{"a lone event in the middle of 38 s leaves no 20 s to part them", {DENSE(1000), LONE(1028), DENSE(1047)}, {{0}}, {{1000, 1056, 121, false}}},
	{"of 41 s it is the earlier one's, from which it is nearer",
	 {DENSE(1000), LONE(1029), DENSE(1050)},
	 {{0}},
	 {{1000, 1029, 61, false}, {1050, 1059, 60, false}}},
	{"what parts two bursts, 22 s, parts an event 25 s behind them",
	 {DENSE(1000), DENSE(1031), LONE(1065)},
	 {{0}},
	 {{1000, 1009, 60, false}, {1031, 1040, 60, false}}},
	{"an event 22 s behind it does belong to it",
	 {DENSE(1000), DENSE(1031), LONE(1062)},
	 {{0}},
	 {{1000, 1009, 60, false}, {1031, 1062, 61, false}}},
	/* An hour less the burst and two minutes on both sides are 3350 s: up to 11 events, one in 300 s, are rare. */
	{"a signal that comes every 200 s elsewhere has no first event 30 s early",
	 {{0, 1, 12}, LONE(970), DENSE(1000)},
	 {{0}},
	 {{1000, 1009, 60, false}}},
	{"eleven in the hour are rare", {{0, 1, 11}, LONE(970), DENSE(1000)}, {{0}}, {{970, 1009, 61, false}}},
	{"twenty in one second are a lone peak", {{1000, 1001, 20}}, {{0}}, {{0}}},
	{"while other logs fail they are a burst", {{1000, 1001, 20}}, {{990, 1000, 1}}, {{1000, 1000, 20, true}}},
	{"not when they failed until a second before", {{1000, 1001, 20}}, {{900, 999, 1}}, {{0}}},
	{"one more such a time is asked, too", {{1000, 1001, 20}}, {{900, 999, 1}, {1000, 1000, 1}}, {{1000, 1000, 20, true}}},
	{"nine are too few whatever fails", {{1000, 1001, 9}}, {{0, 3600, 1}}, {{0}}},
	{"ten in two rows of five, 31 s apart, are too", {{1000, 1001, 5}, {1031, 1032, 5}}, {{0, 3600, 1}}, {{0}}},
	{"ten in one row are not", {{1000, 1001, 5}, {1030, 1031, 5}}, {{0, 3600, 1}}, {{1000, 1030, 10, true}}},
	{"eleven in 120 s are less than one in ten seconds",
	 {{1000, 1001, 3}, {1030, 1031, 2}, {1060, 1061, 2}, {1090, 1091, 2}, {1120, 1121, 2}},
	 {{0, 3600, 1}},
	 {{0}}},
	{"twelve are not", {{1000, 1001, 4}, {1030, 1031, 2}, {1060, 1061, 2}, {1090, 1091, 2}, {1120, 1121, 2}}, {{0, 3600, 1}}, {{1000, 1120, 12, true}}},
	{"the peak beside a burst is one more while others fail",
	 {DENSE(1000), {1040, 1041, 20}},
	 {{0, 3600, 1}},
	 {{1000, 1009, 60, false}, {1040, 1040, 20, true}}},
	/* 3600 s less 240 for the peak leave 3360: 11. */
	{"twelve elsewhere: it is not rare, a peak of it is chance", {{0, 1, 12}, {1000, 1001, 20}}, {{1000, 1000, 1}}, {{0}}},
};

static struct fold_series series_of(const struct fact *f)
{
	struct fold_series s = {"test", "", "", FACET_NONE, 1, bins, 0, 0};
	for (size_t i = 0; i < sizeof f->runs / sizeof *f->runs; i++)
		for (int64_t t = f->runs[i].from_s; t < f->runs[i].to_s; t++) {
			bins[s.n++] = (struct fold_bin){.bin = {.start_s = (uint32_t)(DAY + t), .n = f->runs[i].n}};
			s.total += f->runs[i].n;
		}
	return s;
}

/* Two minutes: nothing lies two minutes from a burst. */
enum { SHORT = 120 };
static const struct fact in_two_minutes[] = {
	{"an event 15 s behind the only burst of a short log is its last one", {DENSE(40), LONE(64)}, {{0}}, {{40, 64, 61, false}}},
	{"19 s behind it, too", {DENSE(40), LONE(68)}, {{0}}, {{40, 68, 61, false}}},
	{"what parts bursts, 20 s, parts it", {DENSE(40), LONE(69)}, {{0}}, {{40, 49, 60, false}}},
	{"one 15 s before it is its first one", {LONE(25), DENSE(40)}, {{0}}, {{25, 49, 61, false}}},
	{"with one anywhere else chance cannot be told", {LONE(5), DENSE(40), LONE(64)}, {{0}}, {{40, 49, 60, false}}},
	{"two bursts in it keep apart, and each has its own",
	 {DENSE(10), LONE(30), DENSE(70), LONE(95)},
	 {{0}},
	 {{10, 30, 61, false}, {70, 95, 61, false}}},
};
static const struct fact requests_in_two_minutes[] = {
	{"of requests some fail any day: one that failed 15 s before all the others is not the first of them", {LONE(25), DENSE(40)}, {{0}}, {{40, 49, 60, false}}},
};

static bool holds(const struct fact *f, int64_t length, int64_t cap_ppm)
{
	struct fold_series series = series_of(f);
	struct burst_while whiles[2];
	size_t n = 0, whiles_n = 0, told = 0;
	for (size_t i = 0; i < 2 && f->whiles[i].n; i++)
		whiles[whiles_n++] = (struct burst_while){(DAY + f->whiles[i].from_s) * SECOND_US, (DAY + f->whiles[i].to_s) * SECOND_US};
	struct burst_span *b = burst_find_while(&series, DAY * SECOND_US, (DAY + length) * SECOND_US - 1, NULL, 0, cap_ppm, whiles, whiles_n, &n);
	while (told < 4 && f->told[told].count)
		told++;
	bool same = n == told;
	for (size_t i = 0; same && i < n; i++)
		same = b[i].first_us == (DAY + f->told[i].from_s) * SECOND_US && b[i].last_us == (DAY + f->told[i].to_s) * SECOND_US &&
		       b[i].count == f->told[i].count && b[i].met == f->told[i].met;
	for (size_t i = 0; !same && i < n; i++)
		printf("burst %lld to %lld: %llu\n", (long long)(b[i].first_us / SECOND_US - DAY), (long long)(b[i].last_us / SECOND_US - DAY),
		       (unsigned long long)b[i].count);
	memory_free(b);
	return same;
}

/* Spans of a list are told apart by their first event. */
static void lists(void)
{
	struct burst_list list = {0}, few = {0};
	struct burst_span later = {.first_us = 500 * SECOND_US, .last_us = 600 * SECOND_US}, early = {.first_us = 0, .last_us = 10 * SECOND_US};
	extent_add(&list, &later);
	extent_add(&list, &early);
	extent_sort(&list);
	FACT(list.n == 2 && list.items[0].first_us == 0 && list.items[1].first_us == 500 * SECOND_US, "sorted by the first event");
	FACT(extent_overlaps(&list, 2, &(struct burst_span){.first_us = 600 * SECOND_US, .last_us = 700 * SECOND_US}), "the same instant is an overlap");
	FACT(!extent_overlaps(&list, 1, &later), "only the first ones are asked");
	struct burst_span near = {.first_us = 720 * SECOND_US, .last_us = 721 * SECOND_US, .count = 3}, far = near;
	far.first_us += 1;
	extent_add(&few, &far);
	extent_beside(&list, &few);
	FACT(list.n == 2, "a few events more than 120 s from a burst are none");
	few.items[0] = near;
	extent_beside(&list, &few);
	FACT(list.n == 3 && list.items[2].count == 3, "120 s from it they are one");
	memory_free(list.items);
	memory_free(few.items);
}

int main(void)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		FACT(holds(&facts[i], LENGTH, BURST_CAP_PPM), facts[i].fact);
	for (size_t i = 0; i < sizeof in_two_minutes / sizeof *in_two_minutes; i++)
		FACT(holds(&in_two_minutes[i], SHORT, BURST_CAP_PPM), in_two_minutes[i].fact);
	for (size_t i = 0; i < sizeof requests_in_two_minutes / sizeof *requests_in_two_minutes; i++)
		FACT(holds(&requests_in_two_minutes[i], SHORT, 2 * BURST_CAP_PPM), requests_in_two_minutes[i].fact);
	lists();
	return unit_done();
}
