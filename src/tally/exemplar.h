/* exemplar: which records are kept as text.
 *
 * Takes  records of kinds, in file order.
 * Gives  per (kind, minute) the first, the last, and the two of smallest hash(offset), masked.
 * Holds  at most LIMIT_EXEMPLARS cells of four texts, each cut to MASK_RAW_BYTES until it is masked at the end; when
 *        there are more cells, they get wider (15 min, 1 h, 1 day, ...).
 * Never  masks a text that will not be kept: of a flood of a million lines four a minute are.
 */
#ifndef ONSET_EXEMPLAR_H
#define ONSET_EXEMPLAR_H

#include "base/limits.h"
#include "tally/part.h"
#include "tally/series.h"

enum { EXEMPLAR_ITEMS = 4 };

struct exemplar_item {
	int64_t at_us;
	uint64_t offset, hash;
	uint32_t line, length;
	char *raw; /* owned */
	uint32_t len, cap;
};
/* item[0] first, item[1] last, item[2] and item[3] of smallest hash, ascending. A record may be in several. */
struct exemplar_cell {
	uint32_t kind, start_s;
	uint64_t n;
	struct exemplar_item item[EXEMPLAR_ITEMS];
};

struct exemplars {
	struct exemplar_cell *cells;
	size_t n, cap;
	uint32_t *index; /* open addressing: number of the cell + 1 */
	size_t index_cap;
	const uint32_t *widths;
	uint32_t width_s;
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void exemplars_init(struct exemplars *e);
/* `focus`: the part of the record that says most (mask_essence). */
void exemplars_add(struct exemplars *e, uint32_t kind, const struct place *p, int64_t at_us, struct span raw,
		   struct span focus);
/* Sorted by (signal, class, offset), each record once. Cells that start outside [from_s, to_s] are left out. The caller
 * frees. */
struct exemplar *exemplars_freeze(struct exemplars *e, const struct signal_set *signals, uint32_t from_s, uint32_t to_s,
				  size_t *n);
void exemplars_release(struct exemplars *e);

#endif
