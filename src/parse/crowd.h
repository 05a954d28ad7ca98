/* crowd: the records of a file that carries the lines of other programs, of as many as there are.
 *
 * Takes  struct lines; the writers.
 * Gives  records in the order of their first lines, each with the stream that it is of.
 * Holds  what waits for more lines (slots.h), what is whole and waits for that (hold.h).
 * Never  waits for ever: what is not whole ends CROWD_LINES lines or CROWD_US behind its last line, when others have gone on; and
 *        the oldest ends when more than CROWD_BYTES are held in all.
 *
 * A line in parts is put together by the carrier that has it so, whoever else carries it inside: what a part alone carries is not looked
 * at. It goes to the slot of who wrote the whole.
 *
 * A line that nobody carries, in such a file, goes on with the line before it when it begins with a blank or is empty; else it is
 * nobody's, and ends the lines that carriers have in parts.
 */
#ifndef ONSET_CROWD_H
#define ONSET_CROWD_H

#include "parse/hold.h"
#include "parse/slots.h"
#include "parse/writers.h"

enum {
	CROWD_LINES = 1024,      /* a program's trace comes in one piece, but others write between its lines */
	CROWD_US = 2 * SECOND_US, /* and within one write, or a few */
	CROWD_BYTES = 16 << 20,
};

struct crowd {
	struct lines *lines;           /* borrowed */
	struct writer *nobody;         /* borrowed: whose lines nobody carries */
	struct stream_room *room;      /* borrowed */
	struct writers writers;
	struct slots slots;
	struct hold hold;
	struct carrier_room *carrier_room, *part_room; /* owned; of the line at hand, of one that was in parts */
	struct stamp_cache stamps;
	struct extras *extras;         /* owned; NULL: not asked for */

	/* The line at hand. */
	struct line line;
	struct text copy;              /* its bytes, when those of the file had to move */
	struct carried carried;
	struct writer *writer;
	uint64_t key;                  /* of its slot */
	uint64_t last_key;             /* of the one before */
	bool has, ended;
	bool look;                     /* a writer may want other formats */
	struct slot *asked;            /* may have records */
	struct slot *parted;           /* had the parts of the line that is asked for, which is another slot's; NULL */
	const struct format *given;    /* of the record given last */
};

/* All but `c` is borrowed. */
void crowd_init(struct crowd *c, struct lines *lines, struct writer *nobody, struct stream_room *room, const struct format_set *set,
		const struct format *stated, struct outlets *outlets, struct format_scratch *looks);
bool crowd_next(struct crowd *c, struct record *r);
void crowd_release(struct crowd *c);

#endif
