/* writers: who writes in a file that carries the lines of several, and the formats of each.
 *
 * Takes  what carriers say of lines (carried.h); the bytes that come next, to find formats in.
 * Gives  the writer of a line.
 * Holds  LIMIT_WRITERS writers; all others are one.
 * Never  forgets one; never unwraps the bytes at hand more than once for all writers that want a look.
 */
#ifndef ONSET_WRITERS_H
#define ONSET_WRITERS_H

#include "parse/stream.h"

struct writers {
	struct writer *all[LIMIT_WRITERS + 1]; /* owned */
	uint64_t keys[LIMIT_WRITERS + 1];
	size_t n;
	uint16_t index[4 * LIMIT_WRITERS];     /* by key; number + 1 */
	const struct format_set *set;          /* borrowed, as the next two */
	const struct format *stated;
	struct outlets *outlets;
	struct carrier_room *room;             /* owned: looks unwrap here */
	struct stamp_cache stamps;
	struct format_scratch *scratch;        /* borrowed: looks parse here */
};

void writers_init(struct writers *w, const struct format_set *set, const struct format *stated, struct outlets *outlets,
		  struct format_scratch *scratch);
/* Its key: the same for all lines of a writer. */
uint64_t writers_key(const struct carried *c);
/* NULL: the writer is not known yet. */
struct writer *writers_find(const struct writers *w, uint64_t key);
/* Looks for formats of the writers that want it and of those that are new: in `line` (empty: none) and the bytes behind it, which begin
 * at `offset`. */
void writers_look(struct writers *w, struct span line, struct span behind, uint64_t offset);
/* Whether a known format takes the line that a stream of the writer holds (redetect_ask()). True: writers_look_ahead() must follow. */
bool writers_ask(struct writers *w, struct writer *writer, const struct pushed *held);
/* A look for that line's format at the writer's lines in `line` (empty: none) and the bytes behind it, which begin at `offset`. */
void writers_look_ahead(struct writers *w, struct writer *writer, const struct pushed *held, struct span line, struct span behind,
			uint64_t offset);
void writers_release(struct writers *w);

#endif
