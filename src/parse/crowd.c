#include "parse/crowd.h"

#include "base/hash.h"
#include "base/memory.h"

void crowd_init(struct crowd *c, struct lines *lines, struct writer *nobody, struct stream_room *room, const struct format_set *set,
		const struct format *stated, struct outlets *outlets, struct format_scratch *looks)
{
	*c = (struct crowd){.lines = lines, .nobody = nobody, .room = room, .carrier_room = carrier_room_new(), .part_room = carrier_room_new()};
	writers_init(&c->writers, set, stated, outlets, looks);
	if (room->all)
		c->extras = memory_new(1, sizeof *c->extras);
}

/* ---- the line at hand ---- */

static uint64_t slot_key(const struct carried *d)
{
	return hash_pair(writers_key(d), hash_pair(hash_bytes(d->iostream), hash_bytes(d->pid)));
}

/* The line at hand goes on with one in parts. */
static bool is_part(struct crowd *c)
{
	if (!c->slots.parts || !carrier_unwrap_outer(c->line.text, c->carrier_room, &c->stamps, c->extras, &c->carried))
		return false;
	const struct slot *s = slots_find(&c->slots, slot_key(&c->carried));
	return s && s->part.lines;
}

static void unwrap(struct crowd *c)
{
	extras_clear(c->extras);
	if (!is_part(c)) {
		extras_clear(c->extras);
		carrier_unwrap(c->line.text, c->carrier_room, &c->stamps, c->extras, &c->carried);
	}
	c->carried.extras = c->extras;
}

/* The bytes behind the line, as far as detection looks, without the line that their end cuts. Moves the bytes of the line. */
static struct span bytes_behind(struct crowd *c)
{
	return candidates_bytes(lines_peek(c->lines));
}

/* A new writer's formats are looked for before its first line is read. */
static void meet(struct crowd *c, uint64_t key)
{
	text_clear(&c->copy);
	text_append(&c->copy, c->line.text);
	c->line.text = text_span(&c->copy);
	writers_look(&c->writers, c->line.text, bytes_behind(c), c->line.offset);
	unwrap(c);
	c->writer = writers_find(&c->writers, key);
}

static bool is_blank(struct span line)
{
	return !line.len || line.at[0] == ' ' || line.at[0] == '\t';
}

/* Whose line it is, and which slot's. */
static void attribute(struct crowd *c)
{
	const struct carried *d = &c->carried;
	if (!d->depth) {
		c->writer = c->nobody;
		c->key = is_blank(c->line.text) && slots_find(&c->slots, c->last_key) ? c->last_key : 0;
		return;
	}
	uint64_t key = writers_key(d);
	c->writer = writers_find(&c->writers, key);
	if (!c->writer)
		meet(c, key);
	c->key = slot_key(d);
}

static bool read_line(struct crowd *c)
{
	struct redetect *nobody = &c->nobody->formats;
	if (nobody->due) {
		struct candidates *found = memory_new(1, sizeof *found);
		candidates_of(found, bytes_behind(c));
		if (redetect_look(nobody, found, c->lines->offset, c->writers.scratch))
			writer_found(c->nobody);
		memory_free(found);
	}
	bool wanted = false;
	for (size_t i = 0; c->look && i < c->writers.n; i++)
		wanted |= c->writers.all[i]->formats.due;
	if (wanted)
		writers_look(&c->writers, SPAN_NONE, bytes_behind(c), c->lines->offset);
	c->look = false;
	if (!lines_next(c->lines, &c->line))
		return false;
	unwrap(c);
	attribute(c);
	return true;
}

/* ---- slots ---- */

/* Part of a line: the rest of it comes later. */
static void add_part(struct crowd *c, struct slot *s)
{
	struct pushed *p = &s->part;
	if (!p->lines) {
		keep(&s->part_kept, &c->carried);
		*p = (struct pushed){.line = c->line, .carried = &s->part_kept.carried};
		text_clear(&s->part_text);
		c->slots.parts++;
	}
	p->lines++;
	p->line.length = c->line.offset + c->line.length - p->line.offset;
	p->line.cut |= c->line.cut;
	size_t room = LIMIT_LINE_BYTES - s->part_text.len;
	p->line.cut |= c->carried.text.len > room;
	text_append(&s->part_text, span_head(c->carried.text, room));
}

/* The slot of who wrote the line that slot `s` had in parts; `d` is what carries it. NULL: it stays there. */
static struct slot *slot_of_whole(struct crowd *c, const struct slot *s, const struct carried *d)
{
	struct writer *writer = writers_find(&c->writers, writers_key(d));
	uint64_t key = slot_key(d);
	struct slot *to = slots_find(&c->slots, key);
	if (!to && writer)
		to = slots_take(&c->slots, key, writer, c->room);
	if (!to || !writer || to->part.lines)
		return NULL;
	to->line = s->line;
	to->timed = s->timed;
	to->time_us = s->time_us;
	return to;
}

/* The line in parts is whole, or has to be. It is asked for. */
static void push_part(struct crowd *c, struct slot *s)
{
	struct pushed in = s->part;
	struct carried d = s->part_kept.carried;
	struct slot *to = s;
	s->part.lines = 0;
	c->slots.parts--;
	d.text = in.line.text = text_span(&s->part_text);
	bool deeper = carrier_unwrap_whole(&d, c->part_room, &c->stamps);
	struct slot *other = deeper ? slot_of_whole(c, s, &d) : NULL;
	if (other || !deeper) {
		to = other ? other : s;
		in.line.text = d.text;
		in.headed = d.headed;
		in.how = parts_next(&to->parts, &d);
		s->part_kept.carried = d;
	}
	in.carried = &s->part_kept.carried;
	to->stream.intake.in = in;
	stream_pushed(&to->stream);
	c->asked = to;
	if (to == s)
		return;
	to->stream.intake.bytes += in.line.length;
	c->last_key = c->last_key == s->key ? to->key : c->last_key;
	c->parted = s;
	slots_changed(&c->slots, to, false);
	slots_changed(&c->slots, s, false);
}

/* The line at hand goes to its slot. */
static void push(struct crowd *c, struct slot *s)
{
	const struct carried *d = &c->carried;
	struct stream *st = &s->stream;
	s->line = c->line.number;
	s->timed = d->depth && d->has_stamp;
	if (s->timed)
		s->time_us = d->stamp.time_us;
	st->intake.bytes += c->line.length;
	c->has = false;
	if (d->depth && (d->partial || s->part.lines)) {
		add_part(c, s);
		if (!d->partial)
			push_part(c, s);
		return;
	}
	st->intake.in = (struct pushed){.line = c->line, .lines = 1};
	if (d->depth) {
		st->intake.in.line.text = d->text;
		st->intake.in.headed = d->headed;
		st->intake.in.carried = d;
		st->intake.in.how = d->part ? parts_next(&s->parts, d) : PARTS_NONE;
	}
	stream_pushed(st);
}

/* What waits in the slot is whole. */
static void end(struct crowd *c, struct slot *s)
{
	c->asked = s;
	if (s->part.lines)
		push_part(c, s);
	else
		stream_end(&s->stream);
}

static bool is_old(const struct crowd *c, const struct slot *s)
{
	int64_t apart_us = s->timed && c->carried.depth && c->carried.has_stamp ? c->carried.stamp.time_us - s->time_us : 0;
	return c->line.number - s->line > CROWD_LINES || apart_us > CROWD_US || apart_us < -(int64_t)CROWD_US;
}

/* A slot that must not wait any longer before the line at hand is read. NULL: there is none. */
static struct slot *due_slot(struct crowd *c)
{
	struct slot *oldest = c->slots.oldest;
	if (!oldest || c->ended || c->slots.holds + c->hold.bytes > CROWD_BYTES)
		return oldest;
	if (!c->has)
		return NULL;
	if (oldest->key != c->key && is_old(c, oldest))
		return oldest;
	if (c->slots.parts && !c->carried.depth && !is_blank(c->line.text)) {
		while (!oldest->part.lines)
			oldest = oldest->newer;
		return oldest;
	}
	bool full = c->slots.n == LIMIT_WRITERS && !c->slots.idle;
	return full && !slots_find(&c->slots, c->key) ? oldest : NULL;
}

/* ---- records ---- */

/* The line that the slot's stream holds may be of a format that is not in force yet. */
static void look_ahead(struct crowd *c, struct slot *s)
{
	struct pushed held;
	intake_held(&s->stream.intake, &held);
	if (writers_ask(&c->writers, s->stream.intake.writer, &held)) {
		if (c->has) {
			text_clear(&c->copy);
			text_append(&c->copy, c->line.text);
			c->line.text = text_span(&c->copy);
		}
		struct span behind = bytes_behind(c);
		writers_look_ahead(&c->writers, s->stream.intake.writer, &held, c->has ? c->line.text : SPAN_NONE, behind, c->lines->offset);
		if (c->has)
			unwrap(c);
	}
	stream_looked(&s->stream);
}

/* The next record of the slot that may have one, or of those that are held. */
static bool take(struct crowd *c, struct record *r)
{
	for (;;) {
		struct slot *s = c->asked;
		if (hold_take(&c->hold, c->slots.oldest ? c->slots.oldest->waits : UINT64_MAX, r, &c->given))
			return true;
		if (!s)
			return false;
		if (s->stream.at_hand && stream_take(&s->stream, r)) {
			slots_changed(&c->slots, s, false);
			if (!c->slots.oldest || r->line < c->slots.oldest->waits) {
				c->given = s->stream.given;
				return true;
			}
			hold_add(&c->hold, r, s->stream.given);
			continue;
		}
		if (intake_holds_line(&s->stream.intake)) {
			look_ahead(c, s);
			continue;
		}
		s->stream.intake.ended = false;
		s->stream.intake.next = NEXT_UNKNOWN;
		struct redetect *formats = &s->stream.intake.writer->formats;
		c->look |= formats->due;
		if (formats->doubtful && redetect_look_back(formats, c->carried.depth ? &c->carried : NULL, c->writers.scratch))
			writer_found(s->stream.intake.writer);
		c->asked = NULL;
		slots_changed(&c->slots, s, true);
		if (c->parted)
			slots_changed(&c->slots, c->parted, true);
		c->parted = NULL;
	}
}

bool crowd_next(struct crowd *c, struct record *r)
{
	while (!take(c, r)) {
		struct slot *due = due_slot(c);
		if (due) {
			end(c, due);
		} else if (c->has) {
			struct slot *s = slots_find(&c->slots, c->key);
			c->asked = s ? s : slots_take(&c->slots, c->key, c->writer, c->room);
			c->last_key = c->key;
			push(c, c->asked);
			slots_changed(&c->slots, c->asked, false);
		} else if (c->ended) {
			return false;
		} else {
			c->has = read_line(c);
			c->ended = !c->has;
		}
	}
	return true;
}

void crowd_release(struct crowd *c)
{
	writers_release(&c->writers);
	slots_release(&c->slots);
	hold_release(&c->hold);
	carrier_room_free(c->carrier_room);
	carrier_room_free(c->part_room);
	text_release(&c->copy);
	memory_free(c->extras);
}
