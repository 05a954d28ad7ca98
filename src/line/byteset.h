/* byteset: a set of bytes.
 *
 * Takes  bytes.
 * Gives  unions, complements, whether a byte is in.
 * Holds  256 bits.
 * Never  knows of locales or of UTF-8.
 */
#ifndef ONSET_BYTESET_H
#define ONSET_BYTESET_H

#include <stdbool.h>
#include <stdint.h>

struct byteset {
	uint64_t bits[4];
};

static inline bool byteset_has(const struct byteset *s, unsigned byte)
{
	return s->bits[byte >> 6 & 3] >> (byte & 63) & 1;
}
static inline void byteset_add(struct byteset *s, unsigned first, unsigned last)
{
	for (unsigned byte = first; byte <= last; byte++)
		s->bits[byte >> 6 & 3] |= UINT64_C(1) << (byte & 63);
}
static inline void byteset_join(struct byteset *s, const struct byteset *other)
{
	for (int i = 0; i < 4; i++)
		s->bits[i] |= other->bits[i];
}
static inline void byteset_turn(struct byteset *s)
{
	for (int i = 0; i < 4; i++)
		s->bits[i] = ~s->bits[i];
}
static inline bool byteset_equal(const struct byteset *a, const struct byteset *b)
{
	return !((a->bits[0] ^ b->bits[0]) | (a->bits[1] ^ b->bits[1]) | (a->bits[2] ^ b->bits[2]) | (a->bits[3] ^ b->bits[3]));
}
static inline bool byteset_meets(const struct byteset *a, const struct byteset *b)
{
	return (a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1]) | (a->bits[2] & b->bits[2]) | (a->bits[3] & b->bits[3]);
}
static inline unsigned byteset_count(const struct byteset *s)
{
	return (unsigned)(__builtin_popcountll(s->bits[0]) + __builtin_popcountll(s->bits[1]) + __builtin_popcountll(s->bits[2]) +
			  __builtin_popcountll(s->bits[3]));
}
/* The lowest byte that is in, from `byte` on; 256 when there is none. */
static inline unsigned byteset_next(const struct byteset *s, unsigned byte)
{
	while (byte < 256) {
		uint64_t rest = s->bits[byte >> 6] >> (byte & 63);
		if (rest)
			return byte + (unsigned)__builtin_ctzll(rest);
		byte = (byte | 63) + 1;
	}
	return 256;
}
/* The highest byte that is in; 0 when there is none. */
static inline unsigned byteset_last(const struct byteset *s)
{
	for (unsigned i = 4; i-- > 0;)
		if (s->bits[i])
			return 64 * i + 63 - (unsigned)__builtin_clzll(s->bits[i]);
	return 0;
}

#endif
