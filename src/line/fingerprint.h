/* fingerprint: at which of 64 places four bytes stand that some of many texts begin with, or nearly so.
 *
 * Takes  fingerprints of four bytes, dealt to eight groups by the caller; then bytes of any kind.
 * Gives  a bit for each place where a fingerprint may stand: each where one does, and few others.
 * Holds  for each of the four bytes the groups that have its upper, and its lower four bits (Hyperscan's "Teddy").
 * Never  misses one, or differs between machines: where there are no vectors a loop says the same.
 */
#ifndef ONSET_FINGERPRINT_H
#define ONSET_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

enum { FINGERPRINT_BYTES = 4, FINGERPRINT_GROUPS = 8, FINGERPRINT_PLACES = 64, FINGERPRINT_READS = FINGERPRINT_PLACES + FINGERPRINT_BYTES - 1 };

struct fingerprints {
	/* A bit for each group; twice, as a vector looks up in each of its halves. */
	unsigned char low[FINGERPRINT_BYTES][32], high[FINGERPRINT_BYTES][32];
};

void fingerprints_add(struct fingerprints *f, const char bytes[FINGERPRINT_BYTES], unsigned group);
/* Bit i: one may stand at at[i]. Reads FINGERPRINT_READS bytes. */
uint64_t fingerprints_at(const struct fingerprints *f, const char *at);
/* How it is done: by vectors, false where the machine has none; by a loop. */
bool fingerprints_by_vectors(const struct fingerprints *f, const char *at, uint64_t *places);
uint64_t fingerprints_by_loop(const struct fingerprints *f, const char *at);

#endif
