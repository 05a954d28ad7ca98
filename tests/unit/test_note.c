#include "incident/note.h"

#include <string.h>

#include "base/memory.h"
#include "unit.h"

int main(void)
{
	struct note_list list = {0};
	struct note *n = note_add(&list, RANK_SIGNAL, 3, 7, "finding", "warning");
	FACT(list.n == 1 && n->rank == RANK_SIGNAL && n->incident == 3 && n->source == 7 && !strcmp(n->kind, "finding") && !strcmp(n->severity, "warning"),
	     "a note is what it was made as");
	FACT(n->end_us == INSTANT_NONE && !n->sentence && !n->count.known && !n->evidence.n, "a point in time; the rest is not known yet");
	n->sentence = memory_new(6, 1);
	memcpy(n->sentence, "first", 6);
	n->count.reason = memory_new(2, 1);
	for (size_t i = 0; i < 1000; i++)
		note_add(&list, RANK_MINOR, SIZE_MAX, SIZE_MAX, "context", "info");
	FACT(list.n == 1001 && !strcmp(list.items[0].sentence, "first") && list.items[1000].incident == SIZE_MAX, "a list grows and keeps what it has");
	note_release(&list);
	FACT(!list.n && !list.cap && !list.items, "what is released is empty");
	note_release(&list);
	FACT(!list.n, "and may be released again");
	return unit_done();
}
