/* cells: counts per (slot, interval), bounded: when the table is full its intervals get wider.
 *
 * Takes  a slot number (an endpoint, a message, a holder) and a second.
 * Gives  three counters of that slot in the interval that the second lies in; at the end all of them, sorted.
 * Holds  at most `limit` cells of 24 bytes at half load.
 * Never  loses a count: the widest interval is so wide that every slot fits.
 */
#ifndef ONSET_CELLS_H
#define ONSET_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cell {
	uint32_t slot, start_s;
	uint32_t n, failed, slow;
	uint32_t used;
};

struct cells {
	struct cell *table; /* open addressing, capacity a power of two */
	size_t cap, n, limit;
	const uint32_t *widths; /* ascending, each divides the next, ends with 0; static */
	uint32_t width_s;       /* the one in force */
	uint32_t at_s;          /* interval of the last call */
	unsigned shift;         /* 64 - log2(cap) */
};

/* 1 min, 15 min, 1 h, 1 day, and two widths that only a hostile spread of stamps needs (100 days, 27 years). */
extern const uint32_t cells_minutes[];
/* 1 s, 10 s, 1 min, 15 min, 1 day, 100 days, 27 years. */
extern const uint32_t cells_seconds[];

void cells_init(struct cells *c, const uint32_t *widths, size_t limit);
/* The cell of (slot, second), made when there is none. Valid until the next call. */
struct cell *cells_make(struct cells *c, uint32_t slot, uint32_t second);
/* Packs and sorts by (slot, start_s): returns the cells, *n of them; nothing can be added afterwards. Owned by `c`. */
struct cell *cells_by_slot(struct cells *c, size_t *n);
void cells_release(struct cells *c);

static inline uint64_t cells_hash(uint32_t slot, uint32_t start_s)
{
	/* Fibonacci hashing; the top bits are used. */
	return ((uint64_t)slot * 0xD6E8FEB86659FD93u ^ start_s) * 0x9E3779B97F4A7C15u;
}

static inline struct cell *cells_at(struct cells *c, uint32_t slot, uint32_t second)
{
	if (second - c->at_s >= c->width_s) /* wraps for an earlier second, and is then large */
		c->at_s = second - second % c->width_s;
	if (c->cap) {
		struct cell *cell = &c->table[cells_hash(slot, c->at_s) >> c->shift];
		if (cell->slot == slot && cell->start_s == c->at_s && cell->used)
			return cell;
	}
	return cells_make(c, slot, second);
}

#endif
