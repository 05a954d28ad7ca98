#include "incident/aftermath.h"

#include <stdlib.h>

#include "base/memory.h"
#include "incident/incident.h"
#include "incident/symptom.h"
#include "tally/sample.h"

enum { MORE_SHARE = 20 }; /* repetitions may be a 20th more than refusals: the database's log may begin later */

static uint64_t refused(const struct incident *in, const char *source)
{
	uint64_t n = 0;
	for (size_t i = 0; i < in->refusals_n; i++)
		if (!strcmp(in->refusals[i].source, source))
			n += in->refusals[i].count;
	return n;
}

static bool one_database(const struct incident *in, const char *source)
{
	for (size_t i = 0; i < in->refusals_n; i++)
		if (in->refusals[i].tier == TIER_DB && strcmp(in->refusals[i].source, source))
			return false;
	return true;
}

uint64_t aftermath_repeats(const struct incident *in, const struct propagation *first, const struct propagation *p, uint64_t *said)
{
	*said = 0;
	if (first->tier != TIER_DB || incident_depth(p->tier) >= incident_depth(first->tier))
		return 0;
	if (!symptom_refuses(p->signal) || strcmp(p->signal, first->signal) || !one_database(in, first->source))
		return 0;
	*said = refused(in, first->source);
	uint64_t repeated = refused(in, p->source);
	return repeated <= *said + *said / MORE_SHARE ? repeated : 0;
}

static int hash_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* The failed requests of some sources, and the hash up to which all of each hour are among them. */
struct failed {
	uint64_t *hashes;
	size_t n, cap;
	uint64_t complete;
};

static void failed_add(struct failed *out, const struct sampled_id *ids, size_t n)
{
	uint64_t complete;
	for (size_t i = 0; i < n; i++) {
		out->hashes = memory_grow(out->hashes, &out->cap, out->n + 1, sizeof *out->hashes);
		out->hashes[out->n++] = ids[i].hash;
	}
	for (size_t i = 0; i < n;) {
		i += sample_hour(&ids[i], n - i, &complete);
		out->complete = complete < out->complete ? complete : out->complete;
	}
}

/* By time, then by hash: the first ones are the same in whatever order files come. */
static int asked_order(const void *a, const void *b)
{
	const struct sampled_id *x = a, *y = b;
	if (x->last_us != y->last_us)
		return x->last_us < y->last_us ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static struct sampled_id *first_failed(const struct fold *f, size_t front, int64_t from_us, uint64_t complete, size_t *n)
{
	const struct fold_source *s = &f->sources[front];
	struct sampled_id *out = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = f->tally->entries[s->entries[i]].part;
		for (size_t k = 0; k < p->failed_ids_n; k++) {
			const struct sampled_id *id = &p->failed_ids[k];
			if (id->last_us < from_us || id->last_us - from_us >= AFTERMATH_BEGIN_US || id->hash > complete)
				continue;
			out = memory_grow(out, &cap, *n + 1, sizeof *out);
			out[(*n)++] = *id;
		}
	}
	if (*n)
		qsort(out, *n, sizeof *out, asked_order);
	*n = *n < AFTERMATH_FIRST ? *n : AFTERMATH_FIRST;
	return out;
}

size_t aftermath_requests(const struct fold *f, size_t front, int64_t from_us, const size_t *behind, size_t behind_n, size_t *failed)
{
	struct failed all = {.complete = UINT64_MAX};
	size_t n = 0;
	*failed = 0;
	for (size_t b = 0; b < behind_n; b++)
		for (size_t i = 0; i < f->sources[behind[b]].entries_n; i++) {
			const struct part *p = f->tally->entries[f->sources[behind[b]].entries[i]].part;
			failed_add(&all, p->failed_ids, p->failed_ids_n);
		}
	if (!all.n)
		return 0;
	qsort(all.hashes, all.n, sizeof *all.hashes, hash_order);
	struct sampled_id *asked = first_failed(f, front, from_us, all.complete, &n);
	for (size_t i = 0; i < n; i++)
		*failed += bsearch(&asked[i].hash, all.hashes, all.n, sizeof *all.hashes, hash_order) != NULL;
	memory_free(asked);
	memory_free(all.hashes);
	return n;
}
