/* address: the network addresses that records name: those that they call, and those of the program that writes them.
 *
 * Takes  records, in file order: their upstream, local and peer addresses; messages that say who was dialled.
 * Gives  per side and address the records that name it, those of them that failed, and the place of the first.
 * Holds  LIMIT_ADDRESSES of each side, first come, of ADDRESS_BYTES (a longer one is cut); the others are counted together.
 * Never  calls a function for the address of an access record that came lately: they repeat a few.
 */
#ifndef ONSET_ADDRESS_H
#define ONSET_ADDRESS_H

#include "base/hash.h"
#include "base/limits.h"
#include "tally/part.h"
#include "tally/series.h"

enum { ADDRESS_BYTES = 64, ADDRESS_TABLE = 4 * LIMIT_ADDRESSES, ADDRESS_RECENT = 64 };

struct address_entry {
	char bytes[ADDRESS_BYTES];
	uint32_t len, first_line, first_length;
	uint64_t n, failed, first_offset;
};
struct address_side_counts {
	struct address_entry *entries; /* LIMIT_ADDRESSES, or NULL before the first */
	size_t n;
	uint64_t more;
	uint8_t table[ADDRESS_TABLE];  /* open addressing: number + 1 */
};
/* An upstream of 8 to 24 bytes, by three words that overlap. Where there is none `len` is 0. */
struct address_recent {
	uint64_t head, middle, tail;
	size_t len;
	struct address_entry *entry;
};
struct addresses {
	struct address_side_counts sides[ADDRESS_SIDES];
	struct address_recent recent[ADDRESS_RECENT]; /* by the tail's hash */
	struct text joined; /* scratch: host and port */
	unsigned share;     /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share / 2 (part.h, part_share) */
};

static inline size_t address_recent_place(uint64_t tail)
{
	return tail * 0x9E3779B97F4A7C15u >> 58;
}
static inline uint64_t address_middle(struct span s)
{
	return hash_load8(s.at + (s.len - 8) / 2);
}
/* True when the upstream was among the recent ones, and is counted; else call addresses_add(). */
static inline bool addresses_again(struct addresses *a, struct span upstream, bool failed)
{
	if (upstream.len - 8 > 16)
		return false;
	uint64_t tail = hash_load8(upstream.at + upstream.len - 8);
	const struct address_recent *e = &a->recent[address_recent_place(tail)];
	if (e->tail != tail || e->len != upstream.len || e->head != hash_load8(upstream.at) || e->middle != address_middle(upstream))
		return false;
	e->entry->n++;
	e->entry->failed += failed;
	return true;
}
/* A record that names `address` as it stands. Empty ones are none. */
void addresses_add(struct addresses *a, enum address_side side, const struct place *p, struct span address, bool failed);
/* Appends "host:port", or the one of them that is not empty; of an address with colons "[host]:port". */
void address_pair(struct text *out, struct span host, struct span port);
/* The same, of host and port that stand apart; either may be empty. */
void addresses_add_pair(struct addresses *a, enum address_side side, const struct place *p, struct span host, struct span port, bool failed);
/* Sorted by (side, address); gives `more` of each side. The caller frees. */
struct address *addresses_freeze(const struct addresses *a, size_t *n, uint64_t more[ADDRESS_SIDES]);
void addresses_release(struct addresses *a);

#endif
