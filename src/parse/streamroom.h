/* streamroom: what streams parse in.
 *
 * Takes  a format set.
 * Gives  two rooms for parsing, which streams that are not asked at the same time may share; formats of the carriers' own, by carrier.
 * Holds  the rooms.
 * Never  keeps anything of a line.
 */
#ifndef ONSET_STREAMROOM_H
#define ONSET_STREAMROOM_H

#include "carry/carried.h"
#include "parse/format.h"

struct stream_room {
	struct format_scratch *scratch[2];                   /* owned */
	const struct format *carriers[CARRIER_COUNT];        /* borrowed; NULL: there is none */
	bool all;                                            /* reader_give_all() */
};
void stream_room_init(struct stream_room *room, const struct format_set *set);
void stream_room_release(struct stream_room *room);

#endif
