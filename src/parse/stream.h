/* stream: lines of one writer to records: joins, attachments, dumps.
 *
 * Takes  lines, one by one, as far as they are at hand what comes behind each; the writer (formats in force).
 * Gives  records in the order of the lines, each as soon as it is known to be whole.
 * Holds  two entries: the one that may go on, and the one behind it, which says where it ends (entry.h); the lines that come
 *        in (intake.h).
 * Never  copies the text of a record that is one line, unless the lines of others come between; never depends on whether the line behind is at hand.
 *
 * The words of reader.h are what it does.
 */
#ifndef ONSET_STREAM_H
#define ONSET_STREAM_H

#include "parse/intake.h"

struct stream {
	struct intake intake;          /* intake.in and intake.next may be set in place before stream_pushed() */
	bool at_hand;                  /* there may be a record without a further line */

	struct entry entries[2];
	struct entry *current, *behind; /* each is one of them */
	bool open;                     /* it may go on */
	bool lies;                     /* it is one line so far, and lies where that does, which it does until a second one is pushed */
	bool over;                     /* it is a dump that has ended: what comes behind is looked for the time of the next record */
	size_t open_len;               /* of its text before lines were joined */
	struct ledger *ledger;         /* its lines are counted there */
	bool ahead;                    /* the one behind has begun, and its record is there */
	const struct format *given;    /* of the record given last; NULL when of none */
};

/* `st` stays where it is. `shared`: other streams use the room, too. */
void stream_init(struct stream *st, struct writer *writer, const struct stream_room *room, bool shared);
/* st->intake.in and .next are the next line. All records of the line before must have been taken. */
static inline void stream_pushed(struct stream *st)
{
	st->intake.has = st->at_hand = true;
}
/* No line will come. */
static inline void stream_end(struct stream *st)
{
	st->intake.ended = st->at_hand = true;
	st->intake.next = NEXT_NONE;
}
/* It has put a line aside (intake_holds_line()), and a look for the formats of its writer was made. */
static inline void stream_looked(struct stream *st)
{
	st->at_hand = true;
}
/* The next record that is whole. False: a line is wanted, or a look (intake_holds_line()); so it is when st->at_hand is false. The
 * record's spans are valid until the next change of the stream, or of another one with the same room. */
bool stream_take(struct stream *st, struct record *r);
/* Number of the first line that is in no record yet that was given; 0: there is none. */
uint64_t stream_waits(const struct stream *st);
/* Bytes of text that it holds. */
size_t stream_holds(const struct stream *st);
/* Gives back room that little text needs. Nothing may wait. */
void stream_trim(struct stream *st);
void stream_release(struct stream *st);

#endif
