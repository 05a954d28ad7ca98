/* top: the most frequent keys (SpaceSaving).
 *
 * Takes  keys, in file order.
 * Gives  at most LIMIT_TOP counters; the true count of a key lies in [n - error, n]; every key with more than N/1024
 *        of the N additions is among them (Metwally, Agrawal, El Abbadi 2005).
 * Holds  64 bytes for each key (a longer one is cut) and a table of 4,096 numbers.
 * Never  searches for the smallest counter twice: counters only grow, so one cursor passes over the array for each
 *        value of the minimum. A key that is there costs one look-up and one increment.
 */
#ifndef ONSET_TOP_H
#define ONSET_TOP_H

#include "base/limits.h"
#include "tally/part.h"

enum { TOP_KEY_BYTES = 64, TOP_TABLE = 4096 };

struct top_key {
	uint64_t hash;
	uint32_t hour, failed_hour; /* the caller's notes: the hours in which this key was last sampled */
	uint32_t len;
	char bytes[TOP_KEY_BYTES];
};

struct top_counts {
	uint64_t count[LIMIT_TOP], error[LIMIT_TOP];
	struct top_key key[LIMIT_TOP];
	uint16_t table[TOP_TABLE]; /* open addressing: number + 1 */
	uint32_t n, cursor;
	uint64_t least; /* no counter is below it */
};

struct top_counts *top_new(void);
/* `hash` is hash_bytes(key). Returns the counter's key (notes are zero when it is new); valid until the next call. */
struct top_key *top_add(struct top_counts *t, struct span key, uint64_t hash);
/* Sorted by (n descending, key); the caller frees keys and array. */
struct top *top_freeze(const struct top_counts *t, size_t *n);
void top_free(struct top_counts *t);

#endif
