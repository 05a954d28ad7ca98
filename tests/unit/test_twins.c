#include "fold/fold.h"
#include "handmade.h"
#include "unit.h"

static const struct story_options nothing_stated;
static struct tally t;
static struct fold *f;

static struct part *log_of(const char *format, enum tier tier, const char *key, int64_t seconds)
{
	struct part *p = handmade_part(format, tier, 1000 + t.n, T0, T0 + seconds);
	p->ids_are_requests = tier != TIER_DB;
	handmade_records(p, 20);
	handmade_add(&t, p, key, key);
	return p;
}

/* `n` ids of one hour, ascending; every `other`-th is of this log only (0: none). */
static void ids(struct part *p, size_t n, size_t other, uint64_t salt)
{
	for (size_t i = 1; i <= n; i++)
		handmade_id(p, i * 1000 + (other && i % other == 0 ? salt : 0), T0 + 10 + (int64_t)i);
}

/* Requests in every second: a count that looks random, the same for the same salt. */
static void requests(struct part *p, int64_t seconds, uint32_t salt)
{
	struct series *s = handmade_series(p, "http.requests", "", FACET_NONE, "", 1);
	for (uint32_t i = 0; i < seconds; i++)
		handmade_bin(s, T0 + i, 1 + ((i + salt * 7919u) * 2654435761u >> 29), 0, 999999);
}

static void clients(struct part *p, uint64_t first, size_t n)
{
	p->distincts = memory_new(1, sizeof *p->distincts);
	p->distincts_n = 1;
	p->distincts[0] = (struct distinct){(uint32_t)(T0 / 3600), false, memory_new(n, sizeof(uint64_t)), n};
	for (size_t i = 0; i < n; i++)
		p->distincts[0].hashes[i] = first + i;
}

static const struct fold_source *source_of(const char *key)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->sources[i].key, key))
			return &f->sources[i];
	return NULL;
}

static bool twin(const char *key, const char *of)
{
	ptrdiff_t at = source_of(key)->twin_of;
	return of ? at >= 0 && !strcmp(f->sources[at].key, of) : at == -1;
}

static void fold(void)
{
	struct diag_list trouble = {0};
	fold_free(f);
	f = fold_new(&t, NULL, &nothing_stated, &trouble);
	diag_release(&trouble);
}

static void forget(void)
{
	fold_free(f);
	f = NULL;
	handmade_release(&t);
}

static void by_ids(void)
{
	ids(log_of("postgresql", TIER_DB, "a.log", 3000), 100, 0, 0);
	ids(log_of("postgresql_csv", TIER_DB, "b.csv", 3000), 100, 0, 0);
	ids(log_of("postgresql_json", TIER_DB, "c.json", 3000), 100, 50, 7);
	ids(log_of("postgresql", TIER_DB, "other.log", 3000), 100, 1, 13);
	fold();
	FACT(twin("a.log", "c.json") && twin("b.csv", "c.json") && twin("c.json", NULL), "of three PostgreSQL logs the json log counts");
	FACT(source_of("a.log")->twin_agreement_ppm == 98 * 1000000 / 102, "agreement is what both have of what either has");
	FACT(twin("other.log", NULL), "another server is no twin");
	forget();
	ids(log_of("postgresql", TIER_DB, "long.log", 3000), 100, 0, 0);
	ids(log_of("postgresql_json", TIER_DB, "short.json", 200), 100, 0, 0);
	fold();
	FACT(twin("short.json", "long.log"), "the log that covers more counts, whatever it tells");
	forget();
	ids(log_of("nginx", TIER_WEB, "w1", 3000), 100, 8, 1);
	ids(log_of("nginx", TIER_WEB, "w2", 3000), 100, 8, 2);
	fold();
	FACT(twin("w1", NULL) && twin("w2", NULL), "seven eighths of the ids are not enough");
	forget();
	ids(log_of("nginx", TIER_WEB, "w1", 3000), 100, 0, 0);
	ids(log_of("json", TIER_APP, "app", 3000), 100, 0, 0);
	fold();
	FACT(twin("w1", NULL) && twin("app", NULL), "one request in two tiers makes no twins");
	forget();
}

static void by_samples(void)
{
	/* 128 ids are a full sample: the first log saw twice as many requests' ids, so that its sample ends at half the hash. */
	struct part *a = log_of("nginx", TIER_WEB, "a", 3000), *b = log_of("nginx", TIER_WEB, "b", 3000);
	for (uint64_t i = 1; i <= LIMIT_IDS_PER_HOUR; i++) {
		handmade_id(a, i * 1000, T0 + 100);
		if (i <= 64)
			handmade_id(b, i * 1000, T0 + 100);
	}
	for (uint64_t i = 65; i <= LIMIT_IDS_PER_HOUR; i++)
		handmade_id(b, i * 1000 + 70000, T0 + 100);
	fold();
	FACT(!twin("b", "a"), "inside both samples half of the ids are missing: two hosts");
	forget();
	a = log_of("nginx", TIER_WEB, "a", 3000), b = log_of("nginx", TIER_WEB, "b", 3000);
	for (uint64_t i = 1; i <= LIMIT_IDS_PER_HOUR; i++) {
		handmade_id(a, i * 1000, T0 + 100);
		if (i <= 40)
			handmade_id(b, i * 1000, T0 + 100);
	}
	b->first_us = (T0 + 50) * SECOND_US;
	for (size_t i = 40; i < a->ids_n; i++)
		a->ids[i].first_us = a->ids[i].last_us = T0 * SECOND_US;
	fold();
	FACT(twin("b", "a"), "ids from before the other log began do not count");
	forget();
}

static void by_counts(void)
{
	struct part *rich = log_of("nginx", TIER_WEB, "rich", 600), *poor = log_of("nginx", TIER_WEB, "combined", 600);
	ids(rich, 100, 0, 0);
	rich->busy_known = true;
	requests(rich, 600, 1);
	requests(poor, 600, 1);
	clients(rich, 5, 40);
	clients(poor, 5, 40);
	requests(log_of("nginx", TIER_WEB, "host2", 600), 600, 2);
	fold();
	FACT(twin("combined", "rich") && twin("rich", NULL), "an access log without ids is known by its counts; the one with durations counts");
	FACT(twin("host2", NULL), "other counts are another host");
	poor->distincts[0].hashes[0] = 1;
	for (size_t i = 0; i < 40; i++)
		poor->distincts[0].hashes[i] = 1000 + i;
	fold();
	FACT(twin("combined", NULL), "equal counts of other clients are another host");
	forget();
	for (int k = 0; k < 2; k++) {
		struct part *p = log_of("nginx", TIER_WEB, k ? "h1" : "h2", 6000);
		struct series *s = handmade_series(p, "http.requests", "", FACET_NONE, "", 1);
		for (int64_t i = 0; i < 6000; i += 10)
			handmade_bin(s, T0 + i, 1, 0, 0);
	}
	fold();
	FACT(twin("h1", NULL) && twin("h2", NULL), "a health check each ten seconds looks alike on every host");
	forget();
}

int main(void)
{
	by_ids();
	by_samples();
	by_counts();
	return unit_done();
}
