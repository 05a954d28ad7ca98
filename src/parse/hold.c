#include "parse/hold.h"

#include "base/memory.h"

enum { ROOM_BYTES = 16 << 10 /* of a text's room that is kept for the next one */ };

static struct held *take_free(struct hold *h)
{
	struct held *new = h->free;
	if (!new)
		return memory_new(1, sizeof *new);
	h->free = new->next;
	return new;
}

void hold_add(struct hold *h, const struct record *r, const struct format *format)
{
	struct held *new = take_free(h);
	record_copy(&new->record, r);
	new->format = format;
	text_clear(&new->raw);
	text_append(&new->raw, r->raw);
	keep_moved(&new->record, r->raw, new->raw.at);
	new->record.raw = text_span(&new->raw);
	keep_spans(&new->record, new->record.raw, &new->aside);
	if (r->extras)
		new->record.extras = keep_extras(&new->extras, r->extras);
	h->bytes += sizeof *new + new->raw.len + new->aside.len;
	/* Nearly always it is the last one; two readings of the same lines are few. */
	struct held **at = h->last && h->last->record.line <= r->line ? &h->last->next : &h->first;
	while (*at && (*at)->record.line <= r->line)
		at = &(*at)->next;
	new->next = *at;
	*at = new;
	if (!new->next)
		h->last = new;
}

static void free_held(struct held *held)
{
	text_release(&held->raw);
	text_release(&held->aside);
	keep_extras_release(&held->extras);
	memory_free(held);
}

bool hold_take(struct hold *h, uint64_t before, struct record *r, const struct format **format)
{
	struct held *first = h->first;
	if (h->given) {
		if (h->given->raw.cap > ROOM_BYTES)
			text_release(&h->given->raw);
		h->given->next = h->free;
		h->free = h->given;
		h->given = NULL;
	}
	if (!first || first->record.line >= before)
		return false;
	h->first = first->next;
	if (!h->first)
		h->last = NULL;
	h->bytes -= sizeof *first + first->raw.len + first->aside.len;
	h->given = first;
	record_copy(r, &first->record);
	*format = first->format;
	return true;
}

void hold_release(struct hold *h)
{
	struct held *lists[] = {h->first, h->free, h->given};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		for (struct held *held = lists[i], *next; held; held = next) {
			next = i == 2 ? NULL : held->next;
			free_held(held);
		}
	}
	*h = (struct hold){0};
}
