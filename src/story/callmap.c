#include "story/callmap.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/sentence.h"

static void calls(const struct topology *t, struct draft *d)
{
	size_t cap = 0;
	for (int caller = 0; caller < TIER_COUNT; caller++)
		for (int called = 0; called < TIER_COUNT; called++) {
			if (!t->direct[caller][called])
				continue;
			const char *how = strcmp(t->how, "addresses") != 0 ? t->how : t->by_address[caller][called] ? "addresses" : "usual";
			d->topology.calls = memory_grow(d->topology.calls, &cap, d->topology.calls_n + 1, sizeof *d->topology.calls);
			d->topology.calls[d->topology.calls_n++] = (struct tier_call){(enum tier)caller, (enum tier)called, sentence_copy(how)};
		}
}

static int by_records(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;
	return *a > *b ? -1 : *a < *b;
}

/* So many records has the last address that is told. */
static uint64_t least_of(const struct callee_list *links)
{
	if (links->n <= CALLMAP_MOST)
		return 0;
	uint64_t *all = memory_new(links->n, sizeof *all);
	for (size_t i = 0; i < links->n; i++)
		all[i] = links->items[i].records;
	qsort(all, links->n, sizeof *all, by_records);
	uint64_t least = all[CALLMAP_MOST - 1];
	memory_free(all);
	return least;
}

void callmap_tell(const struct fold *f, const struct topology *t, struct draft *d)
{
	const struct callee_list *links = &t->links;
	uint64_t least = least_of(links);
	d->topology.how = sentence_copy(t->how);
	d->topology.more = links->more;
	calls(t, d);
	d->topology.upstreams = memory_new(links->n < CALLMAP_MOST ? links->n : CALLMAP_MOST, sizeof *d->topology.upstreams);
	for (size_t i = 0; i < links->n; i++) {
		const struct callee *l = &links->items[i];
		if (l->records < least || d->topology.upstreams_n == CALLMAP_MOST) {
			d->topology.more += l->records;
			continue;
		}
		struct upstream *u = &d->topology.upstreams[d->topology.upstreams_n++];
		*u = (struct upstream){.source = sentence_copy(f->sources[l->caller].id), .address = sentence_copy(l->address), .records = l->records,
				       .failed = l->failed, .tier = l->tier, .how = sentence_copy(l->how), .absent = l->absent, .source_index = l->caller};
		u->called = l->called >= 0 ? sentence_copy(f->sources[l->called].id) : NULL;
		if (l->first)
			fold_evidence(f, l->caller, l->entry, l->first->first_line, l->first->first_offset, l->first->first_length, &u->evidence);
	}
}
