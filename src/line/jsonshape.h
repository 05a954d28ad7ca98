/* jsonshape: the keys of the JSON lines before, in the order in which they came.
 *
 * Takes  keys of objects as they come in a line.
 * Gives  the key that stands at a place of the line, when it is one that followed the key before it in an earlier line.
 * Holds  at most JSONSHAPE_KEYS keys, each with the two that came after it last; one per thread.
 * Never  says a key that does not stand there: a guess is compared with the line.
 *
 * Lines of one logger have a few shapes; following the shape costs one compare a key.
 */
#ifndef ONSET_JSONSHAPE_H
#define ONSET_JSONSHAPE_H

#include "line/jsonkeys.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	JSONSHAPE_KEYS = 512,        /* keys remembered; more are looked up the slow way */
	JSONSHAPE_SLOTS = 2048,      /* of their hash table, a power of two */
	JSONSHAPE_KEY_BYTES = 52,    /* key, closing quote and colon of a remembered key */
	JSONSHAPE_NONE = 0xFFFF,     /* no key */
};

/* A key as it came in an object of node `parent`. */
struct jsonshape_key {
	uint16_t next[2];      /* guesses for the key behind it; JSONSHAPE_NONE for none */
	uint16_t parent, node; /* of struct jsonkeys; `node` may be JSONKEYS_NONE */
	unsigned char len;
	char text[JSONSHAPE_KEY_BYTES + 1]; /* `key":`: a match of it is a match of the whole key */
};

struct jsonshape {
	struct jsonshape_key keys[JSONSHAPE_KEYS];
	uint16_t slots[JSONSHAPE_SLOTS];
	uint16_t n;
	uint16_t first[2]; /* guesses for the first key of a line */
};

/* Forgets everything; before the first use, and when other jsonkeys take over. */
void jsonshape_clear(struct jsonshape *s);

/* The bytes at `at` begin with the key. Nearly all keys are shorter than one wide load. */
static inline bool jsonshape_here(const struct jsonshape_key *k, const char *at, const char *end)
{
	size_t room = (size_t)(end - at);
#ifdef __SSE2__
	if (k->len <= 16 && room >= 16) {
		__m128i line = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i text = _mm_loadu_si128((const __m128i *)(const void *)k->text);
		unsigned differ = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(line, text)) ^ 0xFFFFu;
		return !(differ & ((1u << k->len) - 1));
	}
#endif
	return room >= k->len && !memcmp(at, k->text, k->len);
}

/* The one of the two guesses that stands at `at`, behind the key's opening quote, in an object of `parent`; NULL for neither. */
static inline struct jsonshape_key *jsonshape_guess(struct jsonshape *s, const uint16_t *guess, uint16_t parent, const char *at,
						    const char *end)
{
	for (int i = 0; i < 2 && guess[i] != JSONSHAPE_NONE; i++) {
		struct jsonshape_key *k = &s->keys[guess[i]];
		if (k->parent == parent && jsonshape_here(k, at, end))
			return k;
	}
	return NULL;
}

/* The key (no escapes in it) as it is remembered, from now on when it was not; NULL when the memory is full or the key too
 * long. It becomes the first of the two guesses. */
struct jsonshape_key *jsonshape_learn(struct jsonshape *s, uint16_t *guess, const struct jsonkeys *keys, uint16_t parent,
				      struct span key);

#endif
