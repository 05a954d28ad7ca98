/* stream: lines of one writer to records: joins, attachments, dumps.
 *
 * Takes  lines, one by one, as far as they are at hand what comes behind each; the writer (formats in force).
 * Gives  records in the order of the lines, each as soon as it is known to be whole.
 * Holds  two entries: the one that may go on, and the one behind it, which says where it ends (entry.h); the lines of a quote
 *        that is still open (quoted.h); lines to be read again (replay.h).
 * Never  copies a record that is one line and cannot be continued; never depends on whether the line behind is at hand.
 *
 * The words of reader.h are what it does.
 */
#ifndef ONSET_STREAM_H
#define ONSET_STREAM_H

#include "parse/quoted.h"
#include "parse/streamroom.h"
#include "parse/writer.h"

struct stream {
	struct writer *writer;         /* borrowed */
	const struct stream_room *room; /* borrowed */
	struct pushed in;              /* the line that was pushed; its fields may be set in place before stream_pushed() */
	int next;                      /* first byte of the line behind it, or NEXT_NONE, NEXT_UNKNOWN */
	bool has;                      /* it was not read yet */
	bool at_hand;                  /* there may be a record without a further line */
	bool ended;                    /* no line will come */

	struct entry entries[2];
	struct entry *current, *behind; /* each is one of them */
	bool open;                     /* it may go on */
	bool over;                     /* it is a dump that has ended: what comes behind is looked for the time of the next record */
	size_t open_len;               /* of its text before lines were joined */
	struct ledger *ledger;         /* its lines are counted there */
	bool ahead;                    /* the one behind has begun, and its record is there */

	struct quoted quoted;
	size_t quoted_at;              /* in the list of formats: the one whose quote is open */
	struct replay again;
	const struct pushed *now;      /* the line that is looked at: `in`, or one of these */
	struct pushed replayed, first;
	uint64_t bytes;                /* of a carried stream: of its lines so far */
	const struct format *given;    /* of the record given last; NULL when of none */
	uint64_t held;                 /* number of the line that was held last: it is the next one of `again`, until it is settled */
};

/* `st` stays where it is. `shared`: other streams use the room, too. */
void stream_init(struct stream *st, struct writer *writer, const struct stream_room *room, bool shared);
/* st->in and st->next are the next line. All records of the line before must have been taken. */
static inline void stream_pushed(struct stream *st)
{
	st->has = st->at_hand = true;
}
/* No line will come. */
static inline void stream_end(struct stream *st)
{
	st->ended = st->at_hand = true;
	st->next = NEXT_NONE;
}
/* It has put a line aside, because a look for the formats of its writer may find that line's (redetect.h: `ahead`); gives it. Once that
 * was done: stream_looked(). */
static inline bool stream_holds_line(const struct stream *st)
{
	return st->writer->formats.ahead && st->held && replay_has(&st->again);
}
static inline void stream_held(struct stream *st, struct pushed *p)
{
	replay_take(&st->again, p);
	replay_untake(&st->again);
}
static inline void stream_looked(struct stream *st)
{
	st->at_hand = true;
}
/* The next record that is whole. False: a line is wanted, or a look (stream_holds_line()); so it is when st->at_hand is false. The record's spans are valid until the next change of the stream, or of
 * another one with the same room. */
bool stream_take(struct stream *st, struct record *r);
/* Number of the first line that is in no record yet that was given; 0: there is none. */
uint64_t stream_waits(const struct stream *st);
/* Bytes of text that it holds. */
size_t stream_holds(const struct stream *st);
/* Gives back room that little text needs. Nothing may wait. */
enum { STREAM_ROOM_BYTES = 16 << 10 };
void stream_trim(struct stream *st);
void stream_release(struct stream *st);

#endif
