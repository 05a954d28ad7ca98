#include "incident/front.h"

#include "base/memory.h"
#include "unit.h"

/* One bin of 10 s, [100, 110), against intervals in seconds. */
struct edge {
	const char *fact;
	int64_t from_s, to_s;
	enum front_edge edge;
	bool counts;
};

static const struct edge edges[] = {
	{"a bin inside counts", 90, 120, FRONT_DURING, true},
	{"a bin that the interval begins in counts during it", 105, 120, FRONT_DURING, true},
	{"so does one that it ends in", 90, 105, FRONT_DURING, true},
	{"an interval inside of one bin has it", 103, 104, FRONT_DURING, true},
	{"an instant has its bin", 103, 103, FRONT_DURING, true},
	{"the bin's first instant belongs to it", 90, 100, FRONT_DURING, true},
	{"a bin's end does not", 110, 120, FRONT_DURING, false},
	{"a bin after the interval does not count", 80, 99, FRONT_DURING, false},
	{"before: a bin that ends by the end counts", 90, 110, FRONT_BEFORE, true},
	{"before: a bin that the end cuts does not", 90, 109, FRONT_BEFORE, false},
	{"before: nor does one that begins at the end", 90, 100, FRONT_BEFORE, false},
	{"before: one that the begin cuts does", 105, 120, FRONT_BEFORE, true},
	{"before: one that is over does not", 110, 130, FRONT_BEFORE, false},
};

static void intervals(void)
{
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		const struct edge *e = &edges[i];
		FACT(front_in(100 * SECOND_US, 10 * SECOND_US, e->from_s * SECOND_US, e->to_s * SECOND_US, e->edge) ==
			     e->counts,
		     e->fact);
	}
	FACT(!front_in(100 * SECOND_US, SECOND_US, 101 * SECOND_US, 200 * SECOND_US, FRONT_DURING) &&
		     front_in(100 * SECOND_US, SECOND_US, 101 * SECOND_US - 1, 200 * SECOND_US, FRONT_DURING),
	     "to the microsecond");
}

/* Who has access records (and is no twin); which sources are the front. */
struct choice {
	const char *fact;
	struct {
		enum tier tier;
		uint64_t requests;
		bool twin;
	} sources[4];
	size_t n;
	enum tier tier;
	const char *chosen; /* indices as digits */
};

static const struct choice choices[] = {
	{"no sources, no front", {{0}}, 0, TIER_UNKNOWN, ""},
	{"the load balancer before the web servers",
	 {{TIER_WEB, 9, false}, {TIER_LB, 1, false}, {TIER_APP, 9, false}},
	 3,
	 TIER_LB,
	 "1"},
	{"web servers before applications, all of them",
	 {{TIER_APP, 9, false}, {TIER_WEB, 9, false}, {TIER_DB, 9, false}, {TIER_WEB, 1, false}},
	 4,
	 TIER_WEB,
	 "13"},
	{"a tier without access records is passed over", {{TIER_LB, 0, false}, {TIER_APP, 5, false}}, 2, TIER_APP, "1"},
	{"a twin does not count twice", {{TIER_WEB, 9, true}, {TIER_WEB, 9, false}}, 2, TIER_WEB, "1"},
	{"a tier of twins only is passed over", {{TIER_LB, 9, true}, {TIER_WEB, 9, false}}, 2, TIER_WEB, "1"},
	{"access records of an unknown tier are better than none",
	 {{TIER_UNKNOWN, 5, false}, {TIER_DB, 0, false}},
	 2,
	 TIER_UNKNOWN,
	 "0"},
	{"a database's are not the users' requests", {{TIER_DB, 5, false}, {TIER_POOL, 5, false}}, 2, TIER_UNKNOWN, ""},
};

static void chosen(void)
{
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		const struct choice *c = &choices[i];
		struct fold_source sources[4] = {0};
		struct fold_series requests[4];
		for (size_t k = 0; k < c->n; k++) {
			requests[k] = (struct fold_series){"http.requests",	  "", "", FACET_NONE, 1, NULL, 0,
							   c->sources[k].requests};
			sources[k] = (struct fold_source){.tier = c->sources[k].tier,
							  .series = &requests[k],
							  .series_n = 1,
							  .twin_of = c->sources[k].twin ? 1 : -1};
		}
		struct fold f = {.sources = sources, .n = c->n};
		struct front a;
		front_init(&a, &f);
		char digits[5] = "";
		for (size_t k = 0; k < a.n && k < 4; k++)
			digits[k] = (char)('0' + a.sources[k]);
		FACT(a.tier == c->tier && a.n < 5 && !strcmp(digits, c->chosen), c->fact);
		front_release(&a);
		FACT(!a.sources && !a.n, "a released front is empty");
	}
}

/* Two web servers: one with bins of 1 s and a clock at +01:00 that was stated, one with bins of 10 s in UTC. */
static void counts(void)
{
	struct fold_bin seconds[] = {{.bin = {.start_s = 3600 + 100, .n = 1}},
				     {.bin = {.start_s = 3600 + 101, .n = 2}},
				     {.bin = {.start_s = 3600 + 109, .n = 4}},
				     {.bin = {.start_s = 3600 + 110, .n = 8}}};
	struct fold_bin tens[] = {{.bin = {.start_s = 90, .n = 16}},
				  {.bin = {.start_s = 100, .n = 32}},
				  {.bin = {.start_s = 110, .n = 64}}};
	struct fold_series first[] = {{"http.failed", "", "", FACET_NONE, 10, tens, 1, 16},
				      {"http.requests", "", "", FACET_NONE, 1, seconds, 4, 15}};
	struct fold_series second[] = {{"http.requests", "", "", FACET_NONE, 10, tens, 3, 112}};
	struct zone *zone = zone_fixed(SPAN("+01:00"));
	struct fold_source sources[] = {
		{.tier = TIER_WEB, .series = first, .series_n = 2, .twin_of = -1, .zone = zone},
		{.tier = TIER_WEB, .series = second, .series_n = 1, .twin_of = -1, .zone_printed = true}};
	struct fold f = {.sources = sources, .n = 2};
	struct front a;
	front_init(&a, &f);
	FACT(front_count(&f, &a, "http.requests", 100 * SECOND_US, 109 * SECOND_US + 999999, FRONT_DURING) ==
		     1 + 2 + 4 + 32,
	     "sources add up, each in its own clock");
	FACT(front_count(&f, &a, "http.requests", 100 * SECOND_US, 110 * SECOND_US, FRONT_DURING) ==
		     1 + 2 + 4 + 8 + 32 + 64,
	     "during: the bin of the last instant counts");
	FACT(front_count(&f, &a, "http.requests", 100 * SECOND_US, 110 * SECOND_US, FRONT_BEFORE) == 1 + 2 + 4 + 32,
	     "before: it does not");
	FACT(front_count(&f, &a, "http.requests", 101 * SECOND_US + 500000, 105 * SECOND_US, FRONT_DURING) == 2 + 32,
	     "bins that an edge cuts count whole");
	FACT(front_count(&f, &a, "http.requests", 0, 1000 * SECOND_US, FRONT_DURING) == 127, "all of it");
	FACT(front_count(&f, &a, "http.requests", 1000 * SECOND_US, 0, FRONT_DURING) == 0,
	     "an interval that ends before it begins is empty");
	FACT(front_count(&f, &a, "http.failed", -3600 * SECOND_US, 0, FRONT_DURING) == 16,
	     "a source without the series adds nothing");
	FACT(front_count(&f, &a, "http.retried", 0, 7200 * SECOND_US, FRONT_DURING) == 0,
	     "a series that nobody has is nought");
	front_release(&a);
	zone_free(zone);
}

int main(void)
{
	intervals();
	chosen();
	counts();
	return unit_done();
}
