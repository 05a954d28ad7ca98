#include "cause/changelist.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"

struct change *changelist_add(struct change_list *list, const struct fold *f, size_t source, const char *kind, int64_t at_us)
{
	const struct fold_source *s = &f->sources[source];
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	struct change *c = &list->items[list->n++];
	c->at = moment_of(s, at_us);
	c->id = sentence_id("change", kind, s->key, c->at.at_us);
	c->kind = sentence_copy(kind);
	c->tier = s->tier;
	c->source = sentence_copy(s->id);
	c->verdict = sentence_copy("undetermined");
	c->after_onset_us = INSTANT_NONE;
	c->end_us = INSTANT_NONE;
	c->begun_us = c->at.at_us;
	c->source_index = source;
	return c;
}

static int change_order(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	if (x->at.at_us != y->at.at_us)
		return x->at.at_us < y->at.at_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

void changelist_sort(struct change_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, change_order);
}

void changelist_release(struct change_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		change_release(&list->items[i]);
	memory_free(list->items);
	*list = (struct change_list){0};
}
