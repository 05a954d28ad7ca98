/* carrierroom: where a line's unescaped texts lie: JSON strings, byte arrays, texts without colours.
 *
 * Takes  how long the line is; how much is wanted.
 * Gives  memory that stays where it is until the next line.
 * Holds  one block, which grows to what the longest line needs.
 * Never  moves what it gave, or holds more than four times the line.
 */
#ifndef ONSET_CARRIERROOM_H
#define ONSET_CARRIERROOM_H

#include "base/text.h"

struct carrier_room;
struct carrier_room *carrier_room_new(void);
void carrier_room_free(struct carrier_room *room);

/* Forgets what the line before left there. */
void carrier_room_begin(struct carrier_room *room, size_t line_len);
/* Space for `len` bytes; NULL when the line has used up what it may (then the carrier is taken for none). */
char *carrier_room_take(struct carrier_room *room, size_t len);
/* The string is shorter than what was taken for it last: the rest is free again. */
void carrier_room_give_back(struct carrier_room *room, size_t len);

#endif
