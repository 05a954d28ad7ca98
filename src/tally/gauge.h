/* gauge: numbers that servers print about themselves, over time: queues, connection counters, wait times, limits.
 *
 * Takes  records with metrics, in file order.
 * Gives  per metric and value of its key field (metric_key()): count, sum, maximum and its place in each interval.
 * Holds  LIMIT_FACETS values of each key field, first come, then "other"; LIMIT_GAUGE_CELLS cells.
 * Never  looks a name up twice in a row: HAProxy prints ten metrics a line, of three keys, which rarely change.
 */
#ifndef ONSET_GAUGE_H
#define ONSET_GAUGE_H

#include "base/limits.h"
#include "line/record.h"
#include "tally/part.h"
#include "tally/sums.h"

enum { GAUGE_KEY_BYTES = 64, GAUGE_KEYS = LIMIT_FACETS + 1 };

/* The values of one key field; the last place is "other". */
struct gauge_keys {
	enum field field;
	struct {
		char *key; /* owned */
		size_t len;
		uint64_t hash;
	} values[GAUGE_KEYS];
	size_t n, last; /* `last`: where the last value was found */
	uint64_t turn;  /* the record whose value that is: gauges.turn */
};

struct gauges {
	struct gauge_keys *keys; /* one for each key field that came */
	size_t keys_n, keys_cap;
	uint64_t turn; /* records with metrics so far */
	uint32_t (*hints)[GAUGE_KEYS]; /* by metric: sums_add(); NULL before the first number */
	uint8_t fields[METRIC_COUNT];  /* index into `keys` + 1 */
	struct sums sums;              /* slot = metric * GAUGE_KEYS + key */
};

void gauges_init(struct gauges *g);
void gauges_add(struct gauges *g, const struct place *p, const struct record *r);
/* Sorted by (name, key); cells that start outside [from_s, to_s] are left out. The caller frees. */
struct gauge *gauges_freeze(struct gauges *g, uint32_t from_s, uint32_t to_s, size_t *n);
void gauges_release(struct gauges *g);

#endif
