/* carrierroom: where a line's unescaped texts lie: JSON strings, byte arrays, texts without colours.
 *
 * Takes  how long the line is; how much is wanted.
 * Gives  memory that stays where it is until the next line.
 * Holds  one block, which grows to what the longest line needs.
 * Never  moves what it gave within a line, or holds more than CARRIER_ROOM_TEXTS times the longest line.
 */
#ifndef ONSET_CARRIERROOM_H
#define ONSET_CARRIERROOM_H

#include "base/text.h"

/* Each carrier writes its text and its values at most once, together no longer than what it read; carriers nest
 * CARRIER_DEPTH deep. Beside that the names of extras. */
enum { CARRIER_ROOM_TEXTS = 6, CARRIER_ROOM_VALUES = 8192 };

struct carrier_room;
struct carrier_room *carrier_room_new(void);
void carrier_room_free(struct carrier_room *room);

/* Forgets what the line before left there. */
void carrier_room_begin(struct carrier_room *room, size_t line_len);
/* Space for `len` bytes; NULL when the line has used up what it may (then the carrier is taken for none). */
char *carrier_room_take(struct carrier_room *room, size_t len);
/* How much is taken; and back to that, when what was taken since is not needed. */
size_t carrier_room_used(const struct carrier_room *room);
void carrier_room_rewind(struct carrier_room *room, size_t used);
/* The string is shorter than what was taken for it last: the rest is free again. */
void carrier_room_give_back(struct carrier_room *room, size_t len);

#endif
