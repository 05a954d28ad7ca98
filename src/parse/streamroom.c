#include "parse/streamroom.h"

void stream_room_init(struct stream_room *room, const struct format_set *set)
{
	*room = (struct stream_room){.scratch = {format_scratch_new(), format_scratch_new()}};
	for (size_t i = 0; set && i < set->n; i++) {
		if (set->formats[i]->kind == FORMAT_CARRIED)
			room->carriers[set->formats[i]->carrier] = set->formats[i];
	}
}

void stream_room_release(struct stream_room *room)
{
	format_scratch_free(room->scratch[0]);
	format_scratch_free(room->scratch[1]);
}
