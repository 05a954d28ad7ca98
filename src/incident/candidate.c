#include "incident/candidate.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/sentence.h"

struct entry *candidate_add(struct candidate_list *list, enum rank rank, size_t incident)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	struct candidate *c = &list->items[list->n++];
	*c = (struct candidate){.rank = rank, .incident = incident};
	c->entry.end_us = INSTANT_NONE;
	c->entry.at_source_us = INSTANT_NONE;
	return &c->entry;
}

void candidate_link(struct entry *e, const char *rel, const char *id)
{
	struct link *grown = memory_new(e->links_n + 1, sizeof *grown);
	if (e->links_n)
		memcpy(grown, e->links, e->links_n * sizeof *grown);
	memory_free(e->links);
	e->links = grown;
	e->links[e->links_n++] = (struct link){sentence_copy(rel), sentence_copy(id)};
}

static void entry_release(struct entry *e)
{
	char *strings[] = {e->id, e->source, e->kind, e->severity, e->summary, e->body, e->count.reason};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		memory_free(strings[i]);
	evidence_release(&e->evidence);
	for (size_t i = 0; i < e->links_n; i++) {
		memory_free(e->links[i].rel);
		memory_free(e->links[i].id);
	}
	memory_free(e->links);
}

static int time_order(const struct entry *x, const struct entry *y)
{
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	/* An incident begins before what is told of it. */
	bool begins = x->kind && !strcmp(x->kind, "onset"), other = y->kind && !strcmp(y->kind, "onset");
	if (begins != other)
		return begins ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->incident != y->incident)
		return x->incident < y->incident ? -1 : 1;
	if (x->rank != y->rank)
		return (int)x->rank - (int)y->rank;
	return time_order(&x->entry, &y->entry);
}

static int by_time(const void *a, const void *b)
{
	return time_order(a, b);
}

/* Entries sorted by (at, id): the same thing near two incidents is told once. */
static size_t drop_twice(struct entry *entries, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept && entries[kept - 1].at_us == entries[i].at_us && !strcmp(entries[kept - 1].id, entries[i].id))
			entry_release(&entries[i]);
		else
			entries[kept++] = entries[i];
	}
	return kept;
}

static int by_id(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = time_order(&x->entry, &y->entry);
	if (order)
		return order;
	if (x->rank != y->rank)
		return (int)x->rank - (int)y->rank;
	return x->incident < y->incident ? -1 : x->incident > y->incident;
}

size_t candidate_filter(struct candidate_list *list, bool (*keep)(const void *context, const struct candidate *c), const void *context)
{
	size_t kept = 0, dropped = 0;
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, by_id);
	for (size_t i = 0, end; i < list->n; i = end) {
		bool yes = keep(context, &list->items[i]);
		for (end = i + 1; end < list->n && !time_order(&list->items[i].entry, &list->items[end].entry); end++) {
			yes |= keep(context, &list->items[end]);
			entry_release(&list->items[end].entry);
		}
		if (yes) {
			list->items[kept++] = list->items[i];
		} else {
			entry_release(&list->items[i].entry);
			dropped++;
		}
	}
	list->n = kept;
	return dropped;
}

size_t candidate_choose(struct candidate_list *list, size_t most, size_t outside, struct entry **out, size_t *out_n)
{
	size_t left_out = 0, told = 0;
	*out = memory_new(list->n, sizeof **out);
	*out_n = 0;
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, by_rank);
	for (size_t i = 0; i < list->n; i++) {
		struct candidate *c = &list->items[i];
		if (!i || list->items[i - 1].incident != c->incident)
			told = 0;
		if (c->rank == RANK_FRAME || (c->rank != RANK_UNTOLD && told < (c->incident == SIZE_MAX ? outside : most))) {
			(*out)[(*out_n)++] = c->entry;
			told++;
		} else {
			entry_release(&c->entry);
			left_out++;
		}
	}
	if (*out_n)
		qsort(*out, *out_n, sizeof **out, by_time);
	*out_n = drop_twice(*out, *out_n);
	memory_free(list->items);
	*list = (struct candidate_list){0};
	return left_out;
}
