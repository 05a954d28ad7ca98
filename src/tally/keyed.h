/* keyed: counts per minute of endpoints or of messages.
 *
 * Takes  masked keys (UTF-8: message.h), or raw URL paths.
 * Gives  per key and minute three counters; where the key was seen first; the highest severity.
 * Holds  `limit` keys, first come, then "other"; LIMIT_CELLS cells, then wider ones.
 * Never  masks a path or a short message twice in a row: recent ones are remembered with their key's number.
 */
#ifndef ONSET_KEYED_H
#define ONSET_KEYED_H

#include "tally/cells.h"
#include "tally/part.h"
#include "tally/series.h"
#include "tally/shape.h"

struct keyed_entry {
	uint64_t hash, first_offset;
	char *key; /* owned */
	uint32_t len, first_line, first_length;
	uint8_t severity;
};

enum { KEYED_RAW_BYTES = 52, KEYED_RECENT = 512 };
/* One cache line: a raw path and its slot. */
struct keyed_recent {
	uint64_t hash;
	uint16_t len, slot;
	char raw[KEYED_RAW_BYTES];
};

enum { KEYED_LINE_BYTES = 244, KEYED_LINES = 64 };
/* A raw message and its slot: floods repeat one. */
struct keyed_line {
	uint64_t hash;
	uint16_t len, slot;
	char raw[KEYED_LINE_BYTES];
};

struct keyed_counts {
	struct keyed_entry *entries;
	size_t n, cap, limit;
	uint32_t *table; /* open addressing: number + 1 */
	size_t table_cap;
	struct cells cells;
	struct keyed_recent *recent; /* KEYED_RECENT of them, or NULL before the first path */
	struct keyed_line *lines;    /* KEYED_LINES of them, or NULL before the first message */
	unsigned lines_missed;       /* how much more often than they hit, of late */
	unsigned lines_skipped;      /* messages that were not looked for among them, because few are said twice */
	struct shapes shapes;        /* of messages that differ */
};

void keyed_init(struct keyed_counts *k, size_t limit);
/* The slot of the endpoint of a raw URL path. */
uint32_t keyed_path_slot(struct keyed_counts *k, struct span path, const struct place *p);
/* The slot of the signature of a message; false when it has none. */
bool keyed_message_slot(struct keyed_counts *k, struct span message, const struct place *p, uint8_t severity,
			uint32_t *slot);
static inline void keyed_count(struct keyed_counts *k, uint32_t slot, uint32_t second, bool failed, bool slow)
{
	struct cell *cell = cells_at(&k->cells, slot, second);
	cell->n++;
	cell->failed += failed;
	cell->slow += slow;
}
/* Sorted by key; cells outside [from_s, to_s] are left out, and keys without cells. The caller frees all. */
struct keyed *keyed_freeze(struct keyed_counts *k, uint32_t from_s, uint32_t to_s, size_t *n);
void keyed_release(struct keyed_counts *k);

#endif
