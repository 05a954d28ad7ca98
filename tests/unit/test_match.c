#include "fold/match.h"

#include "requests.h"

/* One request in two logs: what each printed of it, in ms, and the interval that follows; the truth is an offset of 0. */
struct nest {
	const char *fact;
	enum tier tier_a, tier_b;
	int64_t resolution_a_ms, resolution_b_ms;
	int64_t first_a, last_a, length_a, first_b, last_b, length_b; /* length -1: not printed */
	int64_t low_ms, high_ms; /* without the slack */
};

static const struct nest nests[] = {
	{"a line in the middle of a request of 100 ms", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, 100, 5040, 5040, -1, -61, 41},
	{"stamps of whole seconds in front", TIER_WEB, TIER_APP, 1000, 1, 5000, 5000, 100, 5040, 5040, -1, 40 - 1000, 141},
	{"two lines narrow it", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, 100, 5010, 5090, -1, -11, 11},
	{"so does its own length", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, 100, 5095, 5095, 90, -6, 6},
	{"the one behind may take longer: nginx gave up", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, 100, 5000, 5300, -1, -1, 201},
	{"where no length is printed, a second more to both sides", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, -1, 5040, 5040, -1, -61 - 1000, -59 + 1000},
	{"a length behind says nothing of what is in front", TIER_WEB, TIER_APP, 1, 1, 5100, 5100, -1, 5090, 5090, 80, -91 - 1000, -9 + 1000},
	{"nor do lengths of one tier", TIER_APP, TIER_APP, 1, 1, 5100, 5100, 100, 5040, 5040, -1, -61 - 1000, 41 + 1000},
};

static struct match_ids list(struct fold_source *s, struct match_id *id)
{
	return (struct match_ids){id, 1, 1, UINT64_MAX, s};
}

static struct match_id id_of(int64_t first_ms, int64_t last_ms, int64_t length_ms)
{
	int64_t began_ms = length_ms >= 0 && last_ms - length_ms < first_ms ? last_ms - length_ms : first_ms;
	return (struct match_id){7, began_ms * 1000, last_ms * 1000, length_ms >= 0, false};
}

static void intervals(void)
{
	for (size_t i = 0; i < sizeof nests / sizeof *nests; i++) {
		const struct nest *t = &nests[i];
		struct fold_source a = {.tier = t->tier_a, .resolution_us = t->resolution_a_ms * 1000},
				   b = {.tier = t->tier_b, .resolution_us = t->resolution_b_ms * 1000};
		struct match_id x = id_of(t->first_a, t->last_a, t->length_a), y = id_of(t->first_b, t->last_b, t->length_b);
		struct match_ids in_a = list(&a, &x), in_b = list(&b, &y);
		size_t n;
		struct clock_sample *samples = match_samples(&in_a, &in_b, NULL, &n);
		int64_t low_us = t->low_ms * 1000 - MATCH_SLACK_US, high_us = t->high_ms * 1000 + MATCH_SLACK_US;
		if (!FACT(n == 1 && samples[0].low_us == low_us && samples[0].high_us == high_us, t->fact))
			printf("got %lld to %lld\n", (long long)samples[0].low_us, (long long)samples[0].high_us);
		memory_free(samples);
	}
	struct fold_source s = {.tier = TIER_WEB, .resolution_us = 1000};
	struct match_id x = id_of(0, 0, 1), y = id_of(0, 0, 1);
	y.end_us = y.start_us = MATCH_APART_US + HOUR_US;
	struct match_ids a = list(&s, &x), b = list(&s, &y);
	size_t n;
	struct clock_sample *samples = match_samples(&a, &b, NULL, &n);
	FACT(!n, "an id that comes again the next day is another request's");
	memory_free(samples);
}

/* A front that gives up after 3 s, 30 s before the application does: of `healthy` requests of 100 ms, and of 50 that failed. */
static void given_up(size_t healthy, int64_t low_ms, int64_t high_ms, size_t count, const char *fact)
{
	struct fold_source front = {.tier = TIER_WEB, .resolution_us = 1000}, app = {.tier = TIER_APP, .resolution_us = 1000};
	struct match_id x[80], y[80];
	size_t n = 0, samples_n;
	for (; n < healthy + 50; n++) {
		bool failed = n >= healthy;
		int64_t start_us = (int64_t)n * SECOND_US;
		x[n] = (struct match_id){n, start_us, start_us + (failed ? 3000000 : 100000), true, failed};
		y[n] = (struct match_id){n, start_us + (failed ? 33000000 : 50000), start_us + (failed ? 33000000 : 50000), false, false};
	}
	struct match_ids a = {x, n, n, UINT64_MAX, &front}, b = {y, n, n, UINT64_MAX, &app};
	struct clock_sample *samples = match_samples(&a, &b, NULL, &samples_n);
	int64_t low_us = INT64_MAX, high_us = INT64_MIN;
	for (size_t i = 0; i < samples_n; i++) {
		low_us = samples[i].low_us < low_us ? samples[i].low_us : low_us;
		high_us = samples[i].high_us > high_us ? samples[i].high_us : high_us;
	}
	FACT(samples_n == count && low_us == low_ms * 1000 - MATCH_SLACK_US && high_us == high_ms * 1000 + MATCH_SLACK_US, fact);
	memory_free(samples);
}

static void lists(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "a", TIER_APP, "x", 1000, 0, 7200);
	int64_t t = made_us(3599, 900000);
	p->ids = memory_new(5, sizeof *p->ids);
	uint32_t hour = (uint32_t)(MADE_T0 / 3600);
	p->ids[0] = (struct sampled_id){hour, 5, t, t, -1};
	p->ids[1] = (struct sampled_id){hour, 9, t, t, -1};
	p->ids[2] = (struct sampled_id){hour + 1, 5, t + 200000, t + 300000, 350000};
	p->ids[3] = (struct sampled_id){hour + 1, 9, t + 3000 * SECOND_US, t + 3000 * SECOND_US, -1};
	p->ids_n = 4;
	p->ids_are_requests = true;
	made_fold(&m);
	struct match_ids ids = match_ids_of(&m.fold->sources[0], m.fold->tally);
	FACT(ids.n == 1 && ids.items[0].hash == 5, "what comes back after the better part of an hour is no request's id");
	FACT(ids.items[0].start_us == t - 50000 && ids.items[0].end_us == t + 300000 && ids.items[0].timed,
	     "a request over the hour is one, and begins when its length says");
	match_ids_release(&ids);
	p->failed_ids = memory_new(2, sizeof *p->failed_ids);
	p->failed_ids[0] = (struct sampled_id){hour + 1, 5, t + 300000, t + 300000, -1};
	p->failed_ids[1] = (struct sampled_id){hour + 1, 11, t, t, -1};
	p->failed_ids_n = 2;
	ids = match_ids_of(&m.fold->sources[0], m.fold->tally);
	FACT(ids.n == 2 && ids.items[1].hash == 11 && ids.items[0].start_us == t - 50000, "ids of failed requests count, each once");
	ids.n = 1;
	match_ids_move(&ids, -HOUR_US);
	FACT(ids.items[0].start_us == t - 50000 - HOUR_US && ids.items[0].end_us == t + 300000 - HOUR_US, "moved with its zone");
	match_ids_release(&ids);
	p->ids_are_requests = false;
	ids = match_ids_of(&m.fold->sources[0], m.fold->tally);
	FACT(!ids.n, "pids are no requests");
	match_ids_release(&ids);
	made_release(&m);
}

/* Two applications of twelve ids each, some of them the same; beyond `complete` a sample holds some ids only. */
static size_t pairs_of(enum tier tier_a, enum tier tier_b, uint64_t shared, uint64_t complete)
{
	struct match_id items[2][12];
	const struct fold_source a = {.tier = tier_a}, b = {.tier = tier_b};
	struct match_ids ids[2] = {{items[0], 12, 12, complete, &a}, {items[1], 12, 12, UINT64_MAX, &b}};
	for (uint64_t k = 0; k < 12; k++) {
		items[0][k] = (struct match_id){10 * k, 0, 0, false, false};
		items[1][k] = (struct match_id){10 * k + (k >= shared), 0, 0, false, false};
	}
	size_t n;
	memory_free(match_pairs(ids, 2, &n));
	return n;
}

static void replicas(void)
{
	FACT(pairs_of(TIER_APP, TIER_APP, 5, UINT64_MAX) == 0, "five of twelve, one tier: requests that came again");
	FACT(pairs_of(TIER_APP, TIER_APP, 6, UINT64_MAX) == 1, "six of twelve, one tier: the one calls the other");
	FACT(pairs_of(TIER_WEB, TIER_APP, 5, UINT64_MAX) == 1, "five of twelve, two tiers");
	FACT(pairs_of(TIER_APP, TIER_APP, 5, 95) == 1, "five of the ten up to which both samples are complete");
	FACT(pairs_of(TIER_APP, TIER_APP, 5, 115) == 0, "five of all");
}

static void pairs(void)
{
	struct match_id items[20][10];
	struct match_ids ids[20];
	const struct fold_source web = {.tier = TIER_WEB}, app = {.tier = TIER_APP};
	for (size_t i = 0; i < 20; i++) {
		ids[i] = (struct match_ids){items[i], 0, 10, UINT64_MAX, i ? &app : &web};
		for (uint64_t k = 0; k < 10; k++)
			if (i < 2 || (i == 2 && k < 4) || k >= 9) /* 0 and 1 share ten, 2 four of them, all one */
				items[i][ids[i].n++] = (struct match_id){k + 1, 0, 0, false, false};
	}
	size_t n;
	struct match_pair *found = match_pairs(ids, 20, &n);
	FACT(n == 1 && found[0].a == 0 && found[0].b == 1, "two lists with ids enough in common, of twenty");
	memory_free(found);
	found = match_pairs(ids, 0, &n);
	FACT(!n, "no lists, no pairs");
	memory_free(found);
}

int main(void)
{
	intervals();
	given_up(MATCH_HEALTHY, -51, 51, MATCH_HEALTHY, "requests that the front gave up are not compared where enough others are");
	given_up(MATCH_HEALTHY - 1, -51, 33001, MATCH_HEALTHY + 49, "they are where there is nothing else");
	lists();
	replicas();
	pairs();
	return unit_done();
}
