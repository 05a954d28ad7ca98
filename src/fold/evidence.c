#include "fold/evidence.h"

#include "base/memory.h"
#include "fold/sentence.h"

void evidence_copy(const struct evidence_list *from, size_t most, struct evidence_list *to)
{
	size_t n = from->n < most ? from->n : most;
	to->items = memory_grow(to->items, &to->cap, to->n + n, sizeof *to->items);
	for (size_t i = 0; i < n; i++) {
		struct evidence *e = &to->items[to->n++];
		*e = from->items[i];
		e->source = sentence_copy(e->source);
		e->path = sentence_copy(e->path);
		e->excerpt = sentence_copy(e->excerpt);
		e->reason = sentence_copy(e->reason);
	}
}

void evidence_bin(const struct fold *f, size_t source, const struct fold_bin *b, bool last, struct evidence_list *out)
{
	if (last)
		fold_evidence(f, source, b->last_part, b->bin.last_line, b->bin.last_offset, b->bin.last_length, out);
	else
		fold_evidence(f, source, b->first_part, b->bin.first_line, b->bin.first_offset, b->bin.first_length, out);
}

void evidence_event(const struct fold *f, size_t source, uint32_t part, const struct event *e, struct evidence_list *out)
{
	fold_evidence(f, source, part, e->line, e->offset, e->length, out);
}
