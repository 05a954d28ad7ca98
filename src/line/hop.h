/* hop: to the next separator, for values of a few bytes.
 *
 * Takes  bytes between `at` and `end`.
 * Gives  the place of the next byte `c`, or of the last, or of the next blank; whether bytes are equal.
 * Holds  nothing.
 * Never  reads at or behind `end`.
 *
 * Most values of an access line are shorter than 32 bytes: two compares of 16 bytes cost less than one call of
 * memchr().
 */
#ifndef ONSET_HOP_H
#define ONSET_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* NULL when it does not come. */
static inline const char *hop_to(const char *at, const char *end, char c)
{
#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(c);
	for (int i = 0; i < 2 && end - at >= 16; i++, at += 16) {
		int hits =
			_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), wanted));
		if (hits)
			return at + __builtin_ctz((unsigned)hits);
	}
#endif
	if (end - at >= 16)
		return memchr(at, c, (size_t)(end - at));
	for (; at < end; at++) {
		if (*at == c)
			return at;
	}
	return NULL;
}

/* The next blank, tab or newline; `end` when none comes. */
static inline const char *hop_to_blank(const char *at, const char *end)
{
#ifdef __SSE2__
	const __m128i blank = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t'), newline = _mm_set1_epi8('\n');
	for (; end - at >= 16; at += 16) {
		const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		int hits = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, blank), _mm_cmpeq_epi8(bytes, tab)), _mm_cmpeq_epi8(bytes, newline)));
		if (hits)
			return at + __builtin_ctz((unsigned)hits);
	}
#endif
	while (at < end && *at != ' ' && *at != '\t' && *at != '\n')
		at++;
	return at;
}

/* The last `c` before `end`; NULL when there is none. */
static inline const char *hop_back(const char *begin, const char *end, char c)
{
#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(c);
	for (; end - begin >= 16; end -= 16) {
		int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(end - 16)), wanted));
		if (hits)
			return end - 16 + 31 - __builtin_clz((unsigned)hits);
	}
#endif
	while (end > begin) {
		if (*--end == c)
			return end;
	}
	return NULL;
}

/* A text of at most 8 bytes, as two words: one load compares it. */
struct hop_text {
	uint64_t bytes, mask;
};
static inline struct hop_text hop_text_of(const char *text, size_t len)
{
	struct hop_text t = {0, 0};
	memcpy(&t.bytes, text, len < 8 ? len : 8);
	memset(&t.mask, 0xFF, len < 8 ? len : 8);
	return t;
}
/* `text` of `len` bytes stands at `at`; `head` is hop_text_of(text, len). */
static inline bool hop_is(const char *at, const char *end, struct hop_text head, const char *text, size_t len)
{
	if (end - at < 8)
		return (size_t)(end - at) >= len && !memcmp(at, text, len);
	uint64_t word;
	memcpy(&word, at, 8);
	if ((word & head.mask) != head.bytes)
		return false;
	return len <= 8 || ((size_t)(end - at) >= len && !memcmp(at + 8, text + 8, len - 8));
}

/* `n` bytes are equal; inline for the length of a stamp. */
static inline bool hop_same(const char *a, const char *b, size_t n)
{
	if (n < 16 || n > 32)
		return !memcmp(a, b, n);
	uint64_t x[4], y[4];
	memcpy(x, a, 16);
	memcpy(y, b, 16);
	memcpy(x + 2, a + n - 16, 16);
	memcpy(y + 2, b + n - 16, 16);
	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]));
}

#endif
