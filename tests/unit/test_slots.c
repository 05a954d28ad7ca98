/* slots: who waits for more lines, the one that has waited longest first; what waits for nothing is anybody's. A stream made for the test stands in. */
#include "parse/slots.h"

#include "unit.h"

uint64_t stream_waits(const struct stream *st)
{
	return st->intake.held;
}

size_t stream_holds(const struct stream *st)
{
	return st->intake.bytes;
}

void stream_init(struct stream *st, struct writer *writer, const struct stream_room *room, bool shared)
{
	(void)shared;
	*st = (struct stream){.intake = {.writer = writer, .room = room}};
}

void stream_trim(struct stream *st)
{
	st->intake.bytes = 0;
}

void stream_release(struct stream *st)
{
	st->intake.writer = NULL;
}

static struct slot *waits(struct slots *s, uint64_t key, uint64_t line, size_t bytes)
{
	struct slot *slot = slots_find(s, key);
	if (!slot)
		slot = slots_take(s, key, NULL, NULL);
	slot->stream.intake.held = line;
	slot->stream.intake.bytes = bytes;
	slots_changed(s, slot, true);
	return slot;
}

int main(void)
{
	struct slots s = {0};
	FACT(!slots_find(&s, 1) && !s.oldest, "there is none");
	struct slot *a = waits(&s, 1, 30, 5), *b = waits(&s, 1 + SLOT_BUCKETS, 10, 7), *c = waits(&s, 2, 20, 1);
	FACT(slots_find(&s, 1) == a && slots_find(&s, 1 + SLOT_BUCKETS) == b && slots_find(&s, 2) == c, "each key has its own, also in one bucket");
	FACT(s.oldest == b && b->newer == c && c->newer == a && s.newest == a, "by the lines that they wait for, whatever came first");
	FACT(s.holds == 13, "bytes are counted");
	waits(&s, 1, 5, 2);
	FACT(s.oldest == a && s.newest == c && s.holds == 10, "one that waits for another line changes its place");
	c->part.lines = 1;
	c->part.line.number = 3;
	slots_changed(&s, c, false);
	FACT(s.oldest == c && c->waits == 3, "a line in parts waits, too");
	c->part.lines = 0;
	waits(&s, 2, 0, 0);
	FACT(!slots_find(&s, 2) && s.idle == c && s.oldest == a && s.newest == b, "what waits for nothing is anybody's");
	FACT(waits(&s, 77, 40, 0) == c && slots_find(&s, 77) == c && s.newest == c, "and is taken again");
	struct slot *d = slots_take(&s, 78, NULL, NULL);
	slots_changed(&s, d, false);
	FACT(slots_find(&s, 78) == d && s.newest == c, "one that is still asked for stays, and does not wait");
	for (uint64_t i = 100; s.n < LIMIT_WRITERS; i++)
		waits(&s, i, i, 0);
	FACT(!slots_take(&s, 99, NULL, NULL), "when all wait, none is there");
	waits(&s, 100, 0, 0);
	FACT(slots_take(&s, 99, NULL, NULL), "until one has what it waits for");
	slots_release(&s);
	FACT(!s.n && !s.oldest, "nothing is left");
	return unit_done();
}
