#include "fold/match.h"

#include <stdlib.h>

#include "base/memory.h"
#include "tally/sample.h"

static int id_order(const void *a, const void *b)
{
	const struct match_id *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->start_us < y->start_us ? -1 : x->start_us > y->start_us;
}

/* Joins what an id's hours and files hold of it, and drops what is no request. */
static void ids_settle(struct match_ids *ids)
{
	if (ids->n)
		qsort(ids->items, ids->n, sizeof *ids->items, id_order);
	size_t kept = 0;
	for (size_t i = 0, end; i < ids->n; i = end) {
		struct match_id joined = ids->items[i];
		for (end = i + 1; end < ids->n && ids->items[end].hash == joined.hash; end++) {
			joined.end_us = ids->items[end].end_us > joined.end_us ? ids->items[end].end_us : joined.end_us;
			joined.timed |= ids->items[end].timed;
			joined.failed |= ids->items[end].failed;
		}
		if (joined.end_us - joined.start_us <= MATCH_REQUEST_US)
			ids->items[kept++] = joined;
	}
	ids->n = kept;
}

static void ids_add(struct match_ids *ids, const struct fold_source *s, const struct sampled_id *sampled, size_t n, bool failed)
{
	for (size_t i = 0; i < n; i++) {
		const struct sampled_id *id = &sampled[i];
		bool timed = id->duration_us >= 0;
		if (fold_twice(s, id->first_us) || fold_twice(s, id->last_us))
			continue;
		int64_t first_us = fold_uncorrected(s, id->first_us), last_us = fold_uncorrected(s, id->last_us);
		/* The record that says it was written at the latest when the last one was. */
		int64_t began_us = timed ? last_us - id->duration_us : first_us;
		ids->items = memory_grow(ids->items, &ids->cap, ids->n + 1, sizeof *ids->items);
		ids->items[ids->n++] = (struct match_id){id->hash, began_us < first_us ? began_us : first_us, last_us, timed, failed};
	}
}

/* The sample of a full hour ends at a hash: beyond it are some ids, not all. */
static void ids_bound(struct match_ids *ids, const struct sampled_id *sampled, size_t n)
{
	uint64_t complete;
	for (size_t i = 0; i < n;) {
		i += sample_hour(&sampled[i], n - i, &complete);
		ids->complete = complete < ids->complete ? complete : ids->complete;
	}
}

struct match_ids match_ids_of(const struct fold_source *s, const struct tally *tally)
{
	struct match_ids ids = {.source = s, .complete = UINT64_MAX};
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (!p->ids_are_requests)
			continue;
		ids_bound(&ids, p->ids, p->ids_n);
		ids_add(&ids, s, p->ids, p->ids_n, false);
		ids_add(&ids, s, p->failed_ids, p->failed_ids_n, true);
	}
	ids_settle(&ids);
	return ids;
}

void match_ids_move(struct match_ids *ids, int64_t by_us)
{
	for (size_t i = 0; i < ids->n; i++) {
		ids->items[i].start_us += by_us;
		ids->items[i].end_us += by_us;
	}
}

void match_ids_release(struct match_ids *ids)
{
	memory_free(ids->items);
	*ids = (struct match_ids){0};
}

/* What the one logs lies inside of what the other one does: both say how long it took, or the one in front does. */
static bool nested(const struct match_ids *a, const struct match_id *x, const struct match_ids *b, const struct match_id *y)
{
	if (x->timed == y->timed)
		return x->timed;
	return x->timed ? a->source->tier < b->source->tier : b->source->tier < a->source->tier;
}

static struct clock_sample sample_of(const struct match_ids *a, const struct match_id *x, const struct match_ids *b, const struct match_id *y)
{
	int64_t starts_us = y->start_us - x->start_us, ends_us = y->end_us - x->end_us;
	int64_t slack_us = MATCH_SLACK_US + (nested(a, x, b, y) ? 0 : MATCH_UNTIMED_US);
	return (struct clock_sample){
		.at_us = x->end_us,
		.own_us = y->end_us,
		.low_us = (starts_us < ends_us ? starts_us : ends_us) - a->source->resolution_us - slack_us,
		.high_us = (starts_us < ends_us ? ends_us : starts_us) + b->source->resolution_us + slack_us,
	};
}

static int sample_order(const void *a, const void *b)
{
	const struct clock_sample *x = a, *y = b;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return x->low_us < y->low_us ? -1 : x->low_us > y->low_us;
}

/* The next id that both have, from (*i, *k) on, which are moved behind it. */
static bool next_shared(const struct match_ids *a, const struct match_ids *b, size_t *i, size_t *k, const struct match_id **x, const struct match_id **y)
{
	while (*i < a->n && *k < b->n) {
		*x = &a->items[*i];
		*y = &b->items[*k];
		*i += (*x)->hash <= (*y)->hash;
		*k += (*y)->hash <= (*x)->hash;
		int64_t apart_us = (*y)->end_us - (*x)->end_us;
		if ((*x)->hash == (*y)->hash && apart_us <= MATCH_APART_US && apart_us >= -MATCH_APART_US)
			return true;
	}
	return false;
}

static bool healthy_suffice(const struct match_ids *a, const struct match_ids *b)
{
	const struct match_id *x, *y;
	size_t i = 0, k = 0, healthy = 0;
	while (healthy < MATCH_HEALTHY && next_shared(a, b, &i, &k, &x, &y))
		healthy += !x->failed && !y->failed;
	return healthy >= MATCH_HEALTHY;
}

struct clock_sample *match_samples(const struct match_ids *a, const struct match_ids *b, const struct clockfit *of_a, size_t *n)
{
	struct clock_sample *samples = NULL;
	const struct match_id *x, *y;
	size_t cap = 0, i = 0, k = 0;
	bool healthy = healthy_suffice(a, b);
	*n = 0;
	while (next_shared(a, b, &i, &k, &x, &y)) {
		if (healthy && (x->failed || y->failed))
			continue;
		struct clock_sample s = sample_of(a, x, b, y);
		int64_t offset_us = 0, uncertainty_us = 0;
		if (of_a)
			clockfit_at(of_a, s.at_us, &offset_us, &uncertainty_us);
		s.at_us -= offset_us;
		s.low_us += offset_us;
		s.high_us += offset_us;
		samples = memory_grow(samples, &cap, *n + 1, sizeof *samples);
		samples[(*n)++] = s;
	}
	if (*n)
		qsort(samples, *n, sizeof *samples, sample_order);
	return samples;
}

/* An id and a source that has it. */
struct owner {
	uint64_t hash;
	size_t source;
};

static int owner_order(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->source < y->source ? -1 : x->source > y->source;
}

static int pair_order(const void *a, const void *b)
{
	const struct match_pair *x = a, *y = b;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Once for each id that two sources share. */
static struct match_pair *meetings(const struct owner *owners, size_t n, size_t *pairs_n)
{
	struct match_pair *pairs = NULL;
	size_t cap = 0;
	*pairs_n = 0;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && owners[end].hash == owners[i].hash; end++)
			;
		for (size_t a = i; a < end && end - i <= MATCH_SOURCES; a++)
			for (size_t b = a + 1; b < end; b++) {
				pairs = memory_grow(pairs, &cap, *pairs_n + 1, sizeof *pairs);
				pairs[(*pairs_n)++] = (struct match_pair){owners[a].source, owners[b].source};
			}
	}
	return pairs;
}

static size_t ids_up_to(const struct match_ids *ids, uint64_t hash)
{
	size_t n = 0;
	while (n < ids->n && ids->items[n].hash <= hash)
		n++;
	return n;
}

/* Of one tier, and most of the ids of each are its own. */
static bool replicas(const struct match_ids *a, const struct match_ids *b)
{
	if (a->source->tier != b->source->tier)
		return false;
	uint64_t complete = a->complete < b->complete ? a->complete : b->complete;
	size_t n_a = ids_up_to(a, complete), n_b = ids_up_to(b, complete), shared = 0;
	for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
		uint64_t x = a->items[i].hash, y = b->items[k].hash;
		shared += x == y;
		i += x <= y;
		k += y <= x;
	}
	return 2 * shared < (n_a < n_b ? n_a : n_b);
}

struct match_pair *match_pairs(const struct match_ids *ids, size_t n, size_t *pairs_n)
{
	size_t all = 0, at = 0, kept = 0;
	for (size_t i = 0; i < n; i++)
		all += ids[i].n;
	struct owner *owners = memory_new(all, sizeof *owners);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ids[i].n; k++)
			owners[at++] = (struct owner){ids[i].items[k].hash, i};
	qsort(owners, all, sizeof *owners, owner_order);
	struct match_pair *pairs = meetings(owners, all, pairs_n);
	memory_free(owners);
	if (*pairs_n)
		qsort(pairs, *pairs_n, sizeof *pairs, pair_order);
	for (size_t i = 0, end; i < *pairs_n; i = end) {
		struct match_pair pair = pairs[i];
		for (end = i + 1; end < *pairs_n && !pair_order(&pair, &pairs[end]); end++)
			;
		if (end - i >= CLOCKFIT_LEAST && !replicas(&ids[pair.a], &ids[pair.b]))
			pairs[kept++] = pair;
	}
	*pairs_n = kept;
	return pairs;
}
