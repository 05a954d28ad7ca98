#include "incident/note.h"

#include "base/memory.h"

struct note *note_add(struct note_list *list, enum rank rank, size_t incident, size_t source, const char *kind, const char *severity)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	struct note *n = &list->items[list->n++];
	*n = (struct note){.rank = rank, .incident = incident, .source = source, .kind = kind, .severity = severity, .end_us = INSTANT_NONE};
	return n;
}

void note_release(struct note_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		memory_free(list->items[i].sentence);
		memory_free(list->items[i].count.reason);
		memory_free(list->items[i].at.reason);
		evidence_release(&list->items[i].evidence);
	}
	memory_free(list->items);
	*list = (struct note_list){0};
}
