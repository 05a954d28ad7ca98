#include "parse/slots.h"

#include "base/memory.h"

struct slot *slots_find(const struct slots *s, uint64_t key)
{
	struct slot *slot = s->buckets[key % SLOT_BUCKETS];
	while (slot && slot->key != key)
		slot = slot->chained;
	return slot;
}

struct slot *slots_take(struct slots *s, uint64_t key, struct writer *writer, const struct stream_room *room)
{
	struct slot *slot = s->idle;
	if (slot) {
		s->idle = slot->chained;
	} else if (s->n < LIMIT_WRITERS) {
		slot = s->all[s->n++] = memory_new(1, sizeof *slot);
		stream_init(&slot->stream, writer, room, true);
	} else {
		return NULL;
	}
	slot->stream.intake.writer = writer;
	slot->parts = (struct parts){0};
	slot->key = key;
	slot->chained = s->buckets[key % SLOT_BUCKETS];
	s->buckets[key % SLOT_BUCKETS] = slot;
	return slot;
}

static void leave(struct slots *s, struct slot *slot)
{
	struct slot **at = &s->buckets[slot->key % SLOT_BUCKETS];
	while (*at != slot)
		at = &(*at)->chained;
	*at = slot->chained;
	slot->chained = s->idle;
	s->idle = slot;
	stream_trim(&slot->stream);
	if (slot->part_text.cap > INTAKE_ROOM_BYTES)
		text_release(&slot->part_text);
}

static void unlink_slot(struct slots *s, struct slot *slot)
{
	*(slot->older ? &slot->older->newer : &s->oldest) = slot->newer;
	*(slot->newer ? &slot->newer->older : &s->newest) = slot->older;
}

/* Behind all that have waited longer: nearly always it is the newest. */
static void link_slot(struct slots *s, struct slot *slot)
{
	struct slot *older = s->newest;
	while (older && older->waits > slot->waits)
		older = older->older;
	slot->older = older;
	slot->newer = older ? older->newer : s->oldest;
	*(older ? &older->newer : &s->oldest) = slot;
	*(slot->newer ? &slot->newer->older : &s->newest) = slot;
}

void slots_changed(struct slots *s, struct slot *slot, bool done)
{
	uint64_t waits = stream_waits(&slot->stream);
	size_t holds = stream_holds(&slot->stream) + (slot->part.lines ? slot->part_text.len : 0);
	if (slot->part.lines && (!waits || slot->part.line.number < waits))
		waits = slot->part.line.number;
	s->holds = s->holds + holds - slot->holds;
	slot->holds = holds;
	if (waits != slot->waits) {
		if (slot->waits)
			unlink_slot(s, slot);
		slot->waits = waits;
		if (waits)
			link_slot(s, slot);
	}
	if (done && !waits)
		leave(s, slot);
}

void slots_release(struct slots *s)
{
	for (size_t i = 0; i < s->n; i++) {
		stream_release(&s->all[i]->stream);
		text_release(&s->all[i]->part_text);
		keep_release(&s->all[i]->part_kept);
		memory_free(s->all[i]);
	}
	*s = (struct slots){0};
}
