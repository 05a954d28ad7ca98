/* sums: count, sum and maximum of numbers per (slot, interval), bounded: when the table is full its intervals get wider.
 *
 * Takes  a slot number (a metric's key, a statement), a number, and the place of its record.
 * Gives  per slot and interval how many, their sum, the largest and where that was; at the end all of them, sorted.
 * Holds  at most LIMIT_GAUGE_CELLS cells of 56 bytes, and an index at half load.
 * Never  loses a number: the widest interval (27 years) is so wide that every slot fits; never overflows: sums stop at
 *        INT64_MAX.
 */
#ifndef ONSET_SUMS_H
#define ONSET_SUMS_H

#include "tally/series.h"

struct sum_cell {
	struct number_cell of; /* `max` is of the first record by time, then by offset */
	uint32_t slot;
};

struct sums {
	struct sum_cell *cells; /* in order of appearance */
	size_t n, cap;
	uint32_t *index; /* open addressing: number of the cell + 1 */
	size_t index_cap;
	const uint32_t *widths; /* cells_seconds or cells_minutes */
	uint32_t width_s;       /* the one in force */
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void sums_init(struct sums *s, const uint32_t *widths);
/* Adds `value` (cut to 0..INT64_MAX). `hint` is the number that the slot's last call gave, or 0: then a record in the same
 * interval costs no look-up. Gives the number for the next call; it may be wrong later, never harmful. */
static inline uint32_t sums_add(struct sums *s, uint32_t slot, uint32_t hint, int64_t value, const struct place *p);
/* The same for a slot whose last cell is another one. */
uint32_t sums_find(struct sums *s, uint32_t slot, uint64_t value, const struct place *p);
/* Sorts by (slot, start_s): nothing can be added afterwards. Owned by `s`. */
const struct sum_cell *sums_by_slot(struct sums *s, size_t *n);
/* The numbers of the slot of the first cell, of `n` that sums_by_slot() gave, but for those that start outside [from_s, to_s]:
 * *made of them, to be freed by the caller; NULL when none is left. Returns how many cells are that slot's. */
size_t sums_take(const struct sum_cell *cells, size_t n, uint32_t from_s, uint32_t to_s, struct number_cell **out, size_t *made);
void sums_release(struct sums *s);

static inline uint32_t sums_add(struct sums *s, uint32_t slot, uint32_t hint, int64_t value, const struct place *p)
{
	uint64_t v = value < 0 ? 0 : (uint64_t)value;
	if (!hint || hint > s->n)
		return sums_find(s, slot, v, p);
	struct sum_cell *last = &s->cells[hint - 1];
	struct number_cell *c = &last->of;
	if (last->slot != slot || p->second < c->start_s || p->second - c->start_s >= s->width_s || c->n == UINT32_MAX)
		return sums_find(s, slot, v, p);
	int64_t at_us = p->second * SECOND_US + p->us;
	if (v > c->max || (v == c->max && (at_us < c->max_at_us || (at_us == c->max_at_us && p->offset < c->max_offset))))
		return sums_find(s, slot, v, p); /* the new largest one */
	c->n++;
	c->sum = c->sum + v > (uint64_t)INT64_MAX ? (uint64_t)INT64_MAX : c->sum + v; /* both are at most INT64_MAX */
	return hint;
}

#endif
