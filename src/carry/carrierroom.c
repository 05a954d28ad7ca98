#include "carry/carrierroom.h"

#include "base/memory.h"

struct carrier_room {
	char *at;
	size_t cap, used, line_len;
};

struct carrier_room *carrier_room_new(void)
{
	return memory_new(1, sizeof(struct carrier_room));
}

void carrier_room_free(struct carrier_room *room)
{
	if (room)
		memory_free(room->at);
	memory_free(room);
}

void carrier_room_begin(struct carrier_room *room, size_t line_len)
{
	room->used = 0;
	room->line_len = line_len;
}

char *carrier_room_take(struct carrier_room *room, size_t len)
{
	size_t most = CARRIER_ROOM_TEXTS * (room->line_len + 16) + CARRIER_ROOM_VALUES;
	if (!room->used && room->cap < most)
		room->at = memory_grow(room->at, &room->cap, most, 1);
	if (len > most - room->used)
		return NULL;
	char *taken = room->at + room->used;
	room->used += len;
	return taken;
}

size_t carrier_room_used(const struct carrier_room *room)
{
	return room->used;
}

void carrier_room_rewind(struct carrier_room *room, size_t used)
{
	room->used = used;
}

void carrier_room_give_back(struct carrier_room *room, size_t len)
{
	room->used -= len;
}
