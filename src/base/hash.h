/* hash: one 64-bit hash, the same on every machine and in every run.
 *
 * Takes  bytes.
 * Gives  a well-mixed 64-bit value: for tables, for "the K smallest" samples and for ids in the draft.
 * Holds  nothing; the seed is fixed, because samples chosen by hash must agree between hosts.
 * Never  resists an attacker who chooses keys: tables are bounded, so a collision flood costs time, not memory.
 */
#ifndef ONSET_HASH_H
#define ONSET_HASH_H

#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Multiply two 64-bit words and fold the 128-bit product: the mixing step. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Little-endian loads, so that big-endian hosts agree. */
static inline uint64_t hash_load8(const char *at)
{
	uint64_t v;
	memcpy(&v, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint64_t hash_bytes(struct span s)
{
	const uint64_t k0 = 0x9E3779B97F4A7C15u, k1 = 0xD6E8FEB86659FD93u, k2 = 0xA0761D6478BD642Fu;
	uint64_t h = k0 ^ hash_mix(s.len ^ k1, k2);
	const char *at = s.at;
	size_t n = s.len;
	while (n > 16) {
		h = hash_mix(hash_load8(at) ^ k1, hash_load8(at + 8) ^ h);
		at += 16;
		n -= 16;
	}
	uint64_t a = 0, b = 0;
	if (n >= 8) {
		a = hash_load8(at);
		b = hash_load8(at + n - 8);
	} else if (n) {
		for (size_t i = 0; i < n; i++)
			a |= (uint64_t)(unsigned char)at[i] << (8 * i);
	}
	h = hash_mix(a ^ k2, b ^ h);
	return hash_mix(h ^ k0, h ^ s.len ^ k1);
}

/* The hash of a pair, order matters. */
static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return hash_mix(a ^ 0x9E3779B97F4A7C15u, b ^ 0xD6E8FEB86659FD93u);
}

/* The order of two uint64_t, for qsort(). */
static inline int hash_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

#endif
