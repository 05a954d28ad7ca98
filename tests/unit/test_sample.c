#include <stdlib.h>

#include "base/memory.h"
#include "tally/sample.h"

#include "random.h"
#include "unit.h"

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void smallest(void)
{
	enum { N = 20000 };
	static uint64_t all[2][N];
	struct sample_hours ids = {0}, clients = {0};
	for (int i = 0; i < N; i++) {
		uint64_t h = random_next();
		uint32_t hour = i & 1;
		all[hour][i / 2] = h;
		sample_id(&ids, 7200 + hour * 3600 + (uint32_t)i % 3600, h, 10 + i, i % 7);
		sample_client(&clients, 7200 + hour * 3600, h, false);
		if (i % 5 == 0) /* twice */
			sample_id(&ids, 7200 + hour * 3600, h, 5, 100);
	}
	size_t n, m;
	struct sampled_id *got = sample_freeze_ids(&ids, &n);
	struct distinct *d = sample_freeze_clients(&clients, &m);
	bool same = n == 2 * LIMIT_IDS_PER_HOUR && m == 2;
	for (int hour = 0; hour < 2 && same; hour++) {
		qsort(all[hour], N / 2, sizeof **all, ascending);
		for (size_t k = 0; k < LIMIT_IDS_PER_HOUR; k++)
			same = same && got[(size_t)hour * LIMIT_IDS_PER_HOUR + k].hash == all[hour][k] &&
			       got[(size_t)hour * LIMIT_IDS_PER_HOUR + k].hour == 2u + (uint32_t)hour;
		for (size_t k = 0; k < LIMIT_DISTINCT; k++)
			same = same && d[hour].hashes[k] == all[hour][k];
	}
	FACT(same, "each hour keeps the smallest hashes of all that were given");
	bool both = true;
	for (size_t i = 0; i < n; i++)
		both = both && (got[i].duration_us != 100 || got[i].first_us == 5) && got[i].first_us <= got[i].last_us;
	FACT(both, "an id that comes again keeps its first and last stamp and longest duration");
	double share = (double)d[0].hashes[LIMIT_DISTINCT - 1] / 18446744073709551616.0;
	double estimate = (LIMIT_DISTINCT - 1) / share;
	FACT(estimate > 0.8 * N / 2 && estimate < 1.2 * N / 2,
	     "the number of distinct keys follows from the largest kept hash");
	memory_free(got);
	for (size_t i = 0; i < m; i++)
		memory_free(d[i].hashes);
	memory_free(d);
	sample_release(&ids);
	sample_release(&clients);
}

static void hours(void)
{
	struct sample_hours s = {0};
	for (uint32_t h = 0; h < 1000; h++)
		sample_id(&s, ((h * 577) % 1000) * 3600, 1, 0, -1); /* every hour once, in a wild order */
	size_t n;
	struct sampled_id *ids = sample_freeze_ids(&s, &n);
	FACT(n == LIMIT_ID_HOURS && ids[0].hour == 1000 - LIMIT_ID_HOURS && ids[n - 1].hour == 999,
	     "the latest hours are kept");
	memory_free(ids);
	sample_release(&s);
	sample_client(&s, UINT32_MAX, 7, true);
	struct distinct *d = sample_freeze_clients(&s, &n);
	FACT(n == 1 && d[0].failed_only && d[0].n == 1, "an empty set is left out");
	memory_free(d[0].hashes);
	memory_free(d);
	sample_release(&s);
}

/* What a part holds of several hours, made by hand: 3 ids of hour 7, and as many as are kept at most of hour 9. */
static void complete(void)
{
	struct sampled_id ids[3 + LIMIT_IDS_PER_HOUR] = {{.hour = 7, .hash = 10}, {.hour = 7, .hash = 20}, {.hour = 7, .hash = 30}};
	uint64_t up_to;
	for (size_t i = 0; i < LIMIT_IDS_PER_HOUR; i++)
		ids[3 + i] = (struct sampled_id){.hour = 9, .hash = 1000 + i};
	FACT(sample_hour(ids, 3 + LIMIT_IDS_PER_HOUR, &up_to) == 3 && up_to == UINT64_MAX, "of an hour of few ids there are no others");
	FACT(sample_hour(ids + 3, LIMIT_IDS_PER_HOUR, &up_to) == LIMIT_IDS_PER_HOUR && up_to == 1000 + LIMIT_IDS_PER_HOUR - 1,
	     "of a full hour those beyond the last are not known");
	FACT(sample_hour(ids + 4, LIMIT_IDS_PER_HOUR - 1, &up_to) == LIMIT_IDS_PER_HOUR - 1 && up_to == UINT64_MAX, "one less is not full");
	FACT(sample_hour(ids, 1, &up_to) == 1, "the last id is an hour, too");
}

int main(void)
{
	complete();
	smallest();
	hours();
	return unit_done();
}
