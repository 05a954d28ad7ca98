#include "line/fingerprint.h"

void fingerprints_add(struct fingerprints *f, const char bytes[FINGERPRINT_BYTES], unsigned group)
{
	unsigned char bit = (unsigned char)(1u << group);
	for (unsigned k = 0; k < FINGERPRINT_BYTES; k++) {
		unsigned char c = (unsigned char)bytes[k];
		for (unsigned half = 0; half < 32; half += 16) {
			f->low[k][half + (c & 15u)] |= bit;
			f->high[k][half + (c >> 4)] |= bit;
		}
	}
}

static inline unsigned groups_of(const struct fingerprints *f, unsigned k, unsigned char c)
{
	return f->low[k][c & 15] & f->high[k][c >> 4];
}

uint64_t fingerprints_by_loop(const struct fingerprints *f, const char *at)
{
	const unsigned char *b = (const unsigned char *)at;
	uint64_t places = 0;
	for (unsigned i = 0; i < FINGERPRINT_PLACES; i++) {
		unsigned groups = groups_of(f, 0, b[i]);
		if (groups && groups & groups_of(f, 1, b[i + 1]) & groups_of(f, 2, b[i + 2]) & groups_of(f, 3, b[i + 3]))
			places |= UINT64_C(1) << i;
	}
	return places;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const void *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

AVX2 static inline __m256i vector_groups(const struct fingerprints *f, unsigned k, __m256i bytes)
{
	const __m256i four = _mm256_set1_epi8(15);
	return _mm256_and_si256(_mm256_shuffle_epi8(load(f->low[k]), _mm256_and_si256(bytes, four)),
				_mm256_shuffle_epi8(load(f->high[k]), _mm256_and_si256(_mm256_srli_epi16(bytes, 4), four)));
}

AVX2 static inline uint32_t half_places(const struct fingerprints *f, const char *at)
{
	__m256i groups = _mm256_and_si256(_mm256_and_si256(vector_groups(f, 0, load(at)), vector_groups(f, 1, load(at + 1))),
					  _mm256_and_si256(vector_groups(f, 2, load(at + 2)), vector_groups(f, 3, load(at + 3))));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256()));
}

AVX2 static uint64_t places_of(const struct fingerprints *f, const char *at)
{
	return half_places(f, at) | (uint64_t)half_places(f, at + 32) << 32;
}

bool fingerprints_by_vectors(const struct fingerprints *f, const char *at, uint64_t *places)
{
	if (!__builtin_cpu_supports("avx2"))
		return false;
	*places = places_of(f, at);
	return true;
}

#else

bool fingerprints_by_vectors(const struct fingerprints *f, const char *at, uint64_t *places)
{
	(void)f;
	(void)at;
	(void)places;
	return false;
}

#endif

uint64_t fingerprints_at(const struct fingerprints *f, const char *at)
{
	uint64_t places;
	return fingerprints_by_vectors(f, at, &places) ? places : fingerprints_by_loop(f, at);
}
