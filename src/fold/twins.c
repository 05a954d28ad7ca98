#include "fold/twins.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/sample.h"

enum {
	TWINS_COVER_PERCENT = 95,  /* of the longest coverage: a source that covers less never counts for one that covers more */
	TWINS_RECORDS_PERCENT = 90,/* two logs of one tier may share ids and still be an error log and an access log */
	TWINS_SPREAD = 3,          /* distinct counts per interval: a heartbeat looks the same on every host */
};

/* Where `a` and `b` both have records, UTC. */
struct shared {
	int64_t start_us, end_us;
};

/* ---- sampled ids ---- */

struct hashed {
	int64_t hour_us; /* start of the printed hour, UTC */
	uint64_t hash;
	int64_t first_us, last_us; /* UTC */
};

/* The hash up to which a source's sample of an hour is complete. */
struct limit {
	int64_t hour_us;
	uint64_t hash;
};

struct ids {
	struct hashed *items; /* by (hour, hash), each once */
	struct limit *limits; /* by hour */
	size_t n, cap, limits_n, limits_cap;
};

static int hashed_order(const void *a, const void *b)
{
	const struct hashed *x = a, *y = b;
	if (x->hour_us != y->hour_us)
		return x->hour_us < y->hour_us ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static int limit_order(const void *a, const void *b)
{
	const struct limit *x = a, *y = b;
	if (x->hour_us != y->hour_us)
		return x->hour_us < y->hour_us ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* One hour of one part: its ids, and how far they are complete. */
static void ids_add_hour(struct ids *ids, const struct fold_source *s, const struct sampled_id *sample, size_t n, uint64_t complete)
{
	int64_t hour_us = fold_uncorrected(s, (int64_t)sample[0].hour * HOUR_US);
	ids->limits = memory_grow(ids->limits, &ids->limits_cap, ids->limits_n + 1, sizeof *ids->limits);
	ids->limits[ids->limits_n++] = (struct limit){hour_us, complete};
	ids->items = memory_grow(ids->items, &ids->cap, ids->n + n, sizeof *ids->items);
	for (size_t i = 0; i < n; i++)
		ids->items[ids->n++] = (struct hashed){hour_us, sample[i].hash, fold_uncorrected(s, sample[i].first_us),
						       fold_uncorrected(s, sample[i].last_us)};
}

static void ids_settle(struct ids *ids)
{
	if (!ids->n)
		return;
	qsort(ids->items, ids->n, sizeof *ids->items, hashed_order);
	qsort(ids->limits, ids->limits_n, sizeof *ids->limits, limit_order);
	size_t kept = 0;
	for (size_t i = 0; i < ids->n; i++) {
		if (!kept || hashed_order(&ids->items[kept - 1], &ids->items[i])) {
			ids->items[kept++] = ids->items[i];
			continue;
		}
		struct hashed *same = &ids->items[kept - 1];
		if (ids->items[i].first_us < same->first_us)
			same->first_us = ids->items[i].first_us;
		if (ids->items[i].last_us > same->last_us)
			same->last_us = ids->items[i].last_us;
	}
	ids->n = kept;
	kept = 0; /* sorted: the first of an hour is its smallest limit */
	for (size_t i = 0; i < ids->limits_n; i++)
		if (!kept || ids->limits[kept - 1].hour_us != ids->limits[i].hour_us)
			ids->limits[kept++] = ids->limits[i];
	ids->limits_n = kept;
}

/* `requests`: which kind of ids (request ids, or pid and second). */
static struct ids ids_of(const struct fold_source *s, const struct tally *tally, bool requests)
{
	struct ids ids = {0};
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->ids_are_requests != requests)
			continue;
		uint64_t complete;
		for (size_t k = 0, n; k < p->ids_n; k += n) {
			n = sample_hour(&p->ids[k], p->ids_n - k, &complete);
			ids_add_hour(&ids, s, &p->ids[k], n, complete);
		}
	}
	ids_settle(&ids);
	return ids;
}

static void ids_release(struct ids *ids)
{
	memory_free(ids->items);
	memory_free(ids->limits);
}

static uint64_t limit_of(const struct ids *ids, int64_t hour_us)
{
	size_t low = 0, high = ids->limits_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ids->limits[middle].hour_us < hour_us)
			low = middle + 1;
		else
			high = middle;
	}
	/* An hour without any id says nothing: parts keep LIMIT_ID_HOURS hours only. */
	return low < ids->limits_n && ids->limits[low].hour_us == hour_us ? ids->limits[low].hash : 0;
}

/* An id counts when both samples are complete up to its hash, and it lies inside the shared time: ids that straddle an edge may
 * have had only one of their records there. */
static bool comparable(const struct hashed *h, const struct ids *a, const struct ids *b, const struct shared *time)
{
	if (h->first_us < time->start_us || h->last_us > time->end_us)
		return false;
	return h->hash <= limit_of(a, h->hour_us) && h->hash <= limit_of(b, h->hour_us);
}

/* Of the ids that either has, the share that both have, in millionths; -1 when there are too few to tell. */
static int64_t ids_agreement(const struct ids *a, const struct ids *b, const struct shared *time)
{
	uint64_t common = 0, either = 0;
	size_t i = 0, k = 0;
	while (i < a->n || k < b->n) {
		int order = i == a->n ? 1 : k == b->n ? -1 : hashed_order(&a->items[i], &b->items[k]);
		const struct hashed *h = order <= 0 ? &a->items[i] : &b->items[k];
		if (comparable(h, a, b, time)) {
			either++;
			common += !order;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return either < TWINS_IDS ? -1 : (int64_t)(common * 1000000u / either);
}

/* ---- counts ---- */

static uint64_t count_between(const struct fold_source *s, const struct fold_series *series, const struct shared *time)
{
	uint64_t count = 0;
	for (size_t i = 0; i < series->n; i++) {
		int64_t at_us = fold_uncorrected(s, (int64_t)series->bins[i].bin.start_s * SECOND_US);
		if (at_us >= time->start_us && at_us + series->width_s * SECOND_US <= time->end_us)
			count += series->bins[i].bin.n;
	}
	return count;
}

/* True when both wrote about equally many records while both wrote. */
static bool records_alike(const struct fold_source *a, const struct fold_source *b, const struct shared *time)
{
	const struct fold_series *in_a = fold_series_find(a, "records", "", FACET_NONE, "");
	const struct fold_series *in_b = fold_series_find(b, "records", "", FACET_NONE, "");
	if (!in_a || !in_b)
		return false;
	uint64_t n_a = count_between(a, in_a, time), n_b = count_between(b, in_b, time);
	uint64_t less = n_a < n_b ? n_a : n_b, more = n_a < n_b ? n_b : n_a;
	return less * 100 >= more * TWINS_RECORDS_PERCENT;
}

/* How many intervals have equal counts, in millionths of those in which either counted something; -1 when that says nothing:
 * too few records, or always the same count (a heartbeat). Edge intervals are left out. */
static int64_t counts_agreement(const struct fold_source *a, const struct fold_source *b, const char *signal,
				const struct shared *time)
{
	const struct fold_series *in_a = fold_series_find(a, signal, "", FACET_NONE, "");
	const struct fold_series *in_b = fold_series_find(b, signal, "", FACET_NONE, "");
	if (!in_a || !in_b || in_a->width_s != in_b->width_s)
		return -1;
	uint64_t equal = 0, either = 0, records = 0;
	uint32_t seen[TWINS_SPREAD] = {0};
	size_t seen_n = 0, i = 0, k = 0;
	while (i < in_a->n || k < in_b->n) {
		int64_t at_a = i < in_a->n ? fold_uncorrected(a, (int64_t)in_a->bins[i].bin.start_s * SECOND_US) : INT64_MAX;
		int64_t at_b = k < in_b->n ? fold_uncorrected(b, (int64_t)in_b->bins[k].bin.start_s * SECOND_US) : INT64_MAX;
		int64_t at_us = at_a < at_b ? at_a : at_b;
		uint32_t n_a = at_a == at_us ? in_a->bins[i++].bin.n : 0, n_b = at_b == at_us ? in_b->bins[k++].bin.n : 0;
		if (at_us < time->start_us || at_us + in_a->width_s * SECOND_US > time->end_us)
			continue;
		either++;
		equal += n_a == n_b;
		records += n_a;
		bool is_new = n_a == n_b && seen_n < TWINS_SPREAD;
		for (size_t s = 0; s < seen_n; s++)
			is_new &= seen[s] != n_a;
		if (is_new)
			seen[seen_n++] = n_a;
	}
	if (records < TWINS_RECORDS || seen_n < TWINS_SPREAD)
		return -1;
	return (int64_t)(equal * 1000000u / either);
}

/* All client hashes of a source, up to the smallest hash at which one of its samples ends. */
static uint64_t *clients_of(const struct fold_source *s, const struct tally *tally, size_t *n_out, uint64_t *limit)
{
	uint64_t *hashes = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		for (size_t d = 0; d < p->distincts_n; d++) {
			const struct distinct *hour = &p->distincts[d];
			if (hour->failed_only || !hour->n)
				continue;
			if (hour->n >= LIMIT_DISTINCT && hour->hashes[hour->n - 1] < *limit)
				*limit = hour->hashes[hour->n - 1];
			hashes = memory_grow(hashes, &cap, n + hour->n, sizeof *hashes);
			memcpy(hashes + n, hour->hashes, hour->n * sizeof *hashes);
			n += hour->n;
		}
	}
	if (n)
		qsort(hashes, n, sizeof *hashes, hash_order);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!kept || hashes[kept - 1] != hashes[i])
			hashes[kept++] = hashes[i];
	*n_out = kept;
	return hashes;
}

/* False when both know their clients and they are others. Twins of different length share at least those of the shorter one. */
static bool clients_alike(const struct fold_source *a, const struct fold_source *b, const struct tally *tally)
{
	uint64_t limit = UINT64_MAX;
	size_t n_a = 0, n_b = 0, kept_a = 0, kept_b = 0, common = 0;
	uint64_t *in_a = clients_of(a, tally, &n_a, &limit), *in_b = clients_of(b, tally, &n_b, &limit);
	while (kept_a < n_a && in_a[kept_a] <= limit)
		kept_a++;
	while (kept_b < n_b && in_b[kept_b] <= limit)
		kept_b++;
	for (size_t i = 0, k = 0; i < kept_a && k < kept_b;) {
		int order = hash_order(&in_a[i], &in_b[k]);
		common += !order;
		i += order <= 0;
		k += order >= 0;
	}
	size_t fewer = kept_a < kept_b ? kept_a : kept_b;
	memory_free(in_a);
	memory_free(in_b);
	return !n_a || !n_b || common * 10 >= fewer * 9;
}

/* ---- pairs and groups ---- */

static const char *format_of(const struct fold_source *s, const struct tally *tally)
{
	for (size_t i = 0; i < s->entries_n; i++)
		if (*tally->entries[s->entries[i]].part->format)
			return tally->entries[s->entries[i]].part->format;
	return "";
}

/* "postgresql", "postgresql_csv" and "postgresql_json" are one family: the same server's words. */
static bool one_family(const char *a, const char *b)
{
	size_t len_a = strcspn(a, "_-:"), len_b = strcspn(b, "_-:");
	return len_a && len_a == len_b && !memcmp(a, b, len_a);
}

static bool busy_known(const struct fold_source *s, const struct tally *tally)
{
	for (size_t i = 0; i < s->entries_n; i++)
		if (tally->entries[s->entries[i]].part->busy_known)
			return true;
	return false;
}

/* What is looked at for every pair is made once per source: no more memory than the parts' own ids. */
struct member {
	const struct fold_source *source;
	const char *format;
	int64_t first_us, last_us; /* UTC */
	struct ids ids[2]; /* [requests] */
};

static struct member member_of(const struct fold_source *s, const struct tally *tally)
{
	struct member m = {s, format_of(s, tally), INSTANT_NONE, INSTANT_NONE, {ids_of(s, tally, false), ids_of(s, tally, true)}};
	if (s->first_us != INSTANT_NONE) {
		m.first_us = fold_uncorrected(s, s->first_us);
		m.last_us = fold_uncorrected(s, s->last_us);
	}
	return m;
}

static bool shared_time(const struct member *a, const struct member *b, struct shared *out)
{
	if (a->first_us == INSTANT_NONE || b->first_us == INSTANT_NONE)
		return false;
	out->start_us = a->first_us > b->first_us ? a->first_us : b->first_us;
	out->end_us = a->last_us < b->last_us ? a->last_us : b->last_us;
	return out->start_us <= out->end_us;
}

/* Agreement in millionths when they are twins, else -1. */
static int64_t twins_agreement(const struct member *x, const struct member *y, const struct tally *tally)
{
	const struct fold_source *a = x->source, *b = y->source;
	struct shared time;
	/* The time first: of very many sources (one log per job) few pairs share any, and this is asked for each pair. */
	if (!shared_time(x, y, &time) || a->tier != b->tier || a->tier == TIER_UNKNOWN || !one_family(x->format, y->format) ||
	    !records_alike(a, b, &time))
		return -1;
	bool silent = true;
	for (int kind = 0; kind < 2 && silent; kind++) {
		int64_t agreement = ids_agreement(&x->ids[kind], &y->ids[kind], &time);
		if (agreement >= TWINS_AGREE_PPM)
			return agreement;
		silent = agreement < 0;
	}
	if (!silent)
		return -1; /* the ids say that they are two */
	bool access = fold_series_find(a, "http.requests", "", FACET_NONE, "");
	int64_t agreement = counts_agreement(a, b, access ? "http.requests" : "records", &time);
	return agreement >= TWINS_COUNTS_PPM && clients_alike(a, b, tally) ? agreement : -1;
}

/* How much a source tells: durations, then request ids, then the format's own richness (PostgreSQL's json and csv logs have all
 * columns, its text log has those of the prefix). */
static int fields_rank(const struct member *m, const struct tally *tally)
{
	const char *format = m->format;
	return (busy_known(m->source, tally) ? 8 : 0) + (m->ids[true].n ? 4 : 0) + (strstr(format, "json") ? 2 : 0) +
	       (strstr(format, "csv") ? 1 : 0);
}

/* The one that counts, of the sources whose group is `g`. */
static size_t group_best(const struct member *members, const size_t *group, size_t n, size_t g, const struct tally *tally)
{
	int64_t longest_us = 0;
	for (size_t i = g; i < n; i++) {
		int64_t length_us = members[i].source->last_us - members[i].source->first_us;
		if (group[i] == g && length_us > longest_us)
			longest_us = length_us;
	}
	size_t best = g;
	int best_rank = -1;
	for (size_t i = g; i < n; i++) {
		const struct fold_source *s = members[i].source;
		if (group[i] != g || (s->last_us - s->first_us) / TWINS_COVER_PERCENT < longest_us / 100)
			continue;
		int rank = fields_rank(&members[i], tally);
		if (rank > best_rank) { /* sources ascend by key: the smaller key stays */
			best_rank = rank;
			best = i;
		}
	}
	return best;
}

/* Makes one group of two. */
static void group_join(size_t *group, size_t n, size_t i, size_t k)
{
	size_t to = group[i] < group[k] ? group[i] : group[k], from = group[i] < group[k] ? group[k] : group[i];
	for (size_t m = 0; m < n; m++)
		if (group[m] == from)
			group[m] = to;
}

void twins_find(struct fold_source *sources, size_t n, const struct tally *tally)
{
	size_t *group = memory_new(n, sizeof *group);    /* smallest index of the group */
	int64_t *linked = memory_new(n, sizeof *linked); /* the agreement that put it into its group */
	bool *joined = memory_new(n, sizeof *joined);    /* the group has more than one */
	struct member *members = memory_new(n, sizeof *members);
	for (size_t i = 0; i < n; i++) {
		group[i] = i;
		sources[i].twin_of = -1;
		members[i] = member_of(&sources[i], tally);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			int64_t agreement = group[i] == group[k] ? -1 : twins_agreement(&members[i], &members[k], tally);
			if (agreement < 0)
				continue;
			group_join(group, n, i, k);
			joined[group[i]] = true;
			linked[k] = agreement;
			linked[i] = linked[i] ? linked[i] : agreement;
		}
	for (size_t g = 0; g < n; g++) {
		if (group[g] != g || !joined[g])
			continue;
		size_t best = group_best(members, group, n, g, tally);
		for (size_t i = g; i < n; i++) {
			if (group[i] != g || i == best)
				continue;
			int64_t agreement = twins_agreement(&members[best], &members[i], tally);
			sources[i].twin_of = (ptrdiff_t)best;
			sources[i].twin_agreement_ppm = agreement >= 0 ? agreement : linked[i];
		}
	}
	for (size_t i = 0; i < n; i++) {
		ids_release(&members[i].ids[false]);
		ids_release(&members[i].ids[true]);
	}
	memory_free(members);
	memory_free(joined);
	memory_free(group);
	memory_free(linked);
}
