/* entry: one log entry while it is read: where it stands in the file, and its lines joined by "\n".
 *
 * Takes  the line that begins it, and those that continue it.
 * Gives  its text and extent; its record.
 * Holds  a copy of the text when it has several lines or must outlive the lines' buffer, LIMIT_JOIN_BYTES at most, and of what
 *        carries it; its record while it waits.
 * Never  copies a line that is an entry by itself.
 */
#ifndef ONSET_ENTRY_H
#define ONSET_ENTRY_H

#include "line/trace.h"
#include "parse/format.h"
#include "parse/replay.h"

struct entry {
	struct format_scratch *scratch; /* borrowed: the room that parsing needs, which no other entry of the stream uses */
	bool shared;                    /* with other streams: what carries the lines is said anew */
	struct text joined;             /* owned */
	const struct format *format;
	struct span text;  /* in the lines' buffer, or in `joined` */
	bool owned;        /* the latter */
	bool full;         /* LIMIT_JOIN_BYTES reached: further lines are only counted */
	bool attachment;   /* DETAIL and the like that found their record */
	bool dump;         /* dump.h; of foreign lines: trace.h */
	struct trace trace; /* of foreign lines that are one */
	bool foreign;      /* no record: given because everything is (reader_give_all()); `format` is NULL but for an orphan */
	bool apart;        /* nothing of the record lies outside of the entry */
	bool cut;          /* its first line is longer than LIMIT_LINE_BYTES */
	uint64_t number, offset, end, lines;
	const struct carried *carried; /* of its first line; the caller's, or in `kept` */
	struct kept kept;
	struct text aside;    /* of a carried line: what the record's spans show and the text has not */
	struct kept_extras extras; /* likewise */
	struct record record; /* while the entry waits for more lines */
};

/* What of a line a format reads. */
static inline struct span entry_text_for(const struct format *format, const struct pushed *p)
{
	return format && format->headed && p->headed.len ? p->headed : p->line.text;
}
/* The entry is this line. */
static inline void entry_begin(struct entry *e, const struct format *format, const struct pushed *p)
{
	e->format = format;
	e->text = entry_text_for(format, p);
	e->owned = e->full = e->attachment = e->dump = e->foreign = e->apart = false;
	e->cut = p->line.cut;
	e->number = p->line.number;
	e->offset = p->line.offset;
	e->end = p->line.offset + p->line.length;
	e->lines = p->lines;
	e->carried = p->carried;
}
/* Parses some text of the entry's format; the record's spans lie in it, or in the entry's scratch. */
static inline enum parse_result entry_parse(const struct entry *e, struct span text, struct record *r)
{
	if (e->shared)
		format_scratch_carried(e->scratch, e->carried);
	return format_parse(e->format, text, e->scratch, r);
}
/* Copies the text and points the record's spans there; nothing when that is done. What was carried is copied too: the line may go. */
void entry_own(struct entry *e, struct record *r);
/* What carries the line is copied: the line may go. */
void entry_keep(struct entry *e);
/* A further line behind `glue` ("\n", or nothing); entry_own() first. e->text is to be taken anew when the last one is joined:
 * entry_joined(). */
void entry_join(struct entry *e, const struct pushed *p, struct span glue);
void entry_joined(struct entry *e);
void entry_release(struct entry *e);

#endif
