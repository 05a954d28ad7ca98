/* entry: one log entry while it is read: where it stands in the file, and its lines joined by "\n".
 *
 * Takes  the line that begins it, and those that continue it.
 * Gives  its text and extent; its record.
 * Holds  a copy of the text when it has several lines or must outlive the lines' buffer, LIMIT_JOIN_BYTES at most; the room
 *        that parsing needs, so that the record of one entry stays while another one is parsed.
 * Never  copies a line that is an entry by itself.
 */
#ifndef ONSET_ENTRY_H
#define ONSET_ENTRY_H

#include "parse/format.h"
#include "read/lines.h"

struct entry {
	struct format_scratch *scratch; /* owned */
	struct text joined;             /* owned */
	const struct format *format;
	struct span text;  /* in the lines' buffer, or in `joined` */
	bool owned;        /* the latter */
	bool full;         /* LIMIT_JOIN_BYTES reached: further lines are only counted */
	bool attachment;   /* DETAIL and the like that found their record */
	bool dump;         /* dump.h */
	uint64_t number, offset, end, lines;
};

void entry_init(struct entry *e);
/* The entry is this line. */
static inline void entry_begin(struct entry *e, const struct format *format, const struct line *line)
{
	e->format = format;
	e->text = line->text;
	e->owned = e->full = e->attachment = e->dump = false;
	e->number = line->number;
	e->offset = line->offset;
	e->end = line->offset + line->length;
	e->lines = 1;
}
/* Parses some text of the entry's format; the record's spans lie in it, or in the entry's scratch. */
static inline enum parse_result entry_parse(const struct entry *e, struct span text, struct record *r)
{
	return format_parse(e->format, text, e->scratch, r);
}
/* Copies the text and points the record's spans there; nothing when that is done. */
void entry_own(struct entry *e, struct record *r);
/* A further line; entry_own() first. e->text is to be taken anew when the last one is joined: entry_joined(). */
void entry_join(struct entry *e, const struct line *line);
void entry_joined(struct entry *e);
void entry_release(struct entry *e);

#endif
