#include "read/crc.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <wmmintrin.h>

/* The arithmetic is that of Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009), in
 * its bit-reflected form: 128 bits A, n bits before others, are replaced by their two halves times x^(n+32) and x^(n-32) mod P, which
 * leaves the same remainder. P is gzip's polynomial; each constant is reflected and shifted by one, as the product of two reflected
 * numbers is a bit short. */
#define CLMUL __attribute__((target("sse2,pclmul")))

static const uint64_t by_512[2] __attribute__((aligned(16))) = {0x154442bd4, 0x1c6e41596}; /* x^(512+32), x^(512-32) mod P */
static const uint64_t by_128[2] __attribute__((aligned(16))) = {0x1751997d0, 0x0ccaa009e}; /* x^(128+32), x^(128-32) mod P */
static const uint64_t by_64[2] __attribute__((aligned(16))) = {0x163cd6124, 0};            /* x^64 mod P */
static const uint64_t barrett[2] __attribute__((aligned(16))) = {0x1db710641, 0x1f7011641}; /* P, x^64 / P */

CLMUL static inline __m128i load(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

CLMUL static inline __m128i fold(__m128i a, __m128i by, __m128i next)
{
	return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(a, by, 0x00), _mm_clmulepi64_si128(a, by, 0x11)), next);
}

/* 128 bits to 32. */
CLMUL static uint32_t reduce(__m128i a)
{
	const __m128i low = _mm_setr_epi32(-1, 0, -1, 0);
	const __m128i by = *(const __m128i *)by_128, p = *(const __m128i *)barrett;
	a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by, 0x10));
	a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low), *(const __m128i *)by_64, 0x00));
	__m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, low), p, 0x10);
	a = _mm_xor_si128(a, _mm_clmulepi64_si128(_mm_and_si128(quotient, low), p, 0x00));
	return (uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(a, 4));
}

CLMUL static size_t take(uint32_t *crc, const unsigned char *at, size_t n)
{
	const size_t taken = n & ~(size_t)15;
	const __m128i far = *(const __m128i *)by_512, near = *(const __m128i *)by_128;
	__m128i a = _mm_xor_si128(load(at), _mm_cvtsi32_si128((int)~*crc));
	__m128i b = load(at + 16), c = load(at + 32), d = load(at + 48);
	for (at += 64, n -= 64; n >= 64; at += 64, n -= 64) {
		a = fold(a, far, load(at));
		b = fold(b, far, load(at + 16));
		c = fold(c, far, load(at + 32));
		d = fold(d, far, load(at + 48));
	}
	a = fold(fold(fold(a, near, b), near, c), near, d);
	for (; n >= 16; at += 16, n -= 16)
		a = fold(a, near, load(at));
	*crc = ~reduce(a);
	return taken;
}

size_t crc_take(uint32_t *crc, const void *bytes, size_t n)
{
	if (n < CRC_LEAST || !__builtin_cpu_supports("pclmul"))
		return 0;
	return take(crc, bytes, n);
}

#else

size_t crc_take(uint32_t *crc, const void *bytes, size_t n)
{
	(void)crc;
	(void)bytes;
	(void)n;
	return 0;
}

#endif
