#include "tally/marks.h"

enum { S = 1, V = 2, P = 4, F = 8 }; /* of struct marks_block: split, varied, piece, foreign */

static const unsigned char class_of[256] = {
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* 00 */
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* 10 */
	S, 0, S, 0, 0, 0, 0, S, S, S, 0, 0, S, 0, P, P, /* 20 */
	V, V, V, V, V, V, V, V, V, V, S, S, 0, S, 0, 0, /* 30 */
	V, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 40 */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, S, 0, S, 0, 0, /* 50 */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 60 */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, S, S, S, 0, S, /* 70 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 80 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* 90 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* A0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* B0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* C0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* D0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* E0 */
	F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* F0 */
};

void marks_by_table(const unsigned char bytes[MARKS_BLOCK], struct marks_block *out)
{
	*out = (struct marks_block){0};
	for (unsigned i = 0; i < MARKS_BLOCK; i++) {
		uint64_t class = class_of[bytes[i]];
		out->split |= (class & 1) << i;
		out->varied |= (class >> 1 & 1) << i;
		out->piece |= (class >> 2 & 1) << i;
		out->foreign |= (class >> 3) << i;
	}
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* A byte has a bit when its row (upper half) and its column (lower half) have it: one bit for each set of columns. Rows above 7 have
 * none, they are told by their sign. */
enum {
	ALL = 1,     /* rows 0 and 1: control characters */
	MARK2 = 2,   /* row 2: blank " ' ( ) , */
	MARK3 = 4,   /* row 3: : ; = */
	MARK5 = 8,   /* row 5: [ ] */
	MARK7 = 16,  /* row 7: { | } DEL */
	POINT = 32,  /* row 2: . / */
	AT = 64,     /* row 4: @ */
	DIGIT = 128, /* row 3: 0 to 9 */
	SPLITS = ALL | MARK2 | MARK3 | MARK5 | MARK7,
};

/* Twice: a vector looks up in each of its halves. */
static const unsigned char rows[32] __attribute__((aligned(32))) = {
	ALL, ALL, MARK2 | POINT, MARK3 | DIGIT, AT, MARK5, 0, MARK7, 0, 0, 0, 0, 0, 0, 0, 0,
	ALL, ALL, MARK2 | POINT, MARK3 | DIGIT, AT, MARK5, 0, MARK7, 0, 0, 0, 0, 0, 0, 0, 0,
};
#define COLUMNS \
	ALL | MARK2 | AT | DIGIT, ALL | DIGIT, ALL | MARK2 | DIGIT, ALL | DIGIT, ALL | DIGIT, ALL | DIGIT, ALL | DIGIT, \
	ALL | MARK2 | DIGIT, ALL | MARK2 | DIGIT, ALL | MARK2 | DIGIT, ALL | MARK3, ALL | MARK3 | MARK5 | MARK7, \
	ALL | MARK2 | MARK7, ALL | MARK3 | MARK5 | MARK7, ALL | POINT, ALL | POINT | MARK7
static const unsigned char columns[32] __attribute__((aligned(32))) = {COLUMNS, COLUMNS};
#undef COLUMNS

AVX2 static inline uint64_t sign_bits(__m256i a)
{
	return (uint32_t)_mm256_movemask_epi8(a);
}

AVX2 static inline void mark_half(const unsigned char *bytes, struct marks_block *out, unsigned shift)
{
	const __m256i low = _mm256_set1_epi8(15);
	__m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
	__m256i row = _mm256_shuffle_epi8(*(const __m256i *)(const void *)rows, _mm256_and_si256(_mm256_srli_epi16(text, 4), low));
	__m256i column = _mm256_shuffle_epi8(*(const __m256i *)(const void *)columns, _mm256_and_si256(text, low));
	__m256i class = _mm256_and_si256(row, column);
	__m256i others = _mm256_cmpeq_epi8(_mm256_and_si256(class, _mm256_set1_epi8(SPLITS)), _mm256_setzero_si256());
	out->split |= (uint64_t)(uint32_t)~sign_bits(others) << shift;
	out->varied |= (sign_bits(class) | sign_bits(_mm256_slli_epi16(class, 1))) << shift;
	out->piece |= sign_bits(_mm256_slli_epi16(class, 2)) << shift;
	out->foreign |= sign_bits(text) << shift;
}

AVX2 static void mark(const unsigned char bytes[MARKS_BLOCK], struct marks_block *out)
{
	struct marks_block made = {0};
	mark_half(bytes, &made, 0);
	mark_half(bytes + 32, &made, 32);
	*out = made;
}

bool marks_by_vectors(const unsigned char bytes[MARKS_BLOCK], struct marks_block *out)
{
	if (!__builtin_cpu_supports("avx2"))
		return false;
	mark(bytes, out);
	return true;
}

#else

bool marks_by_vectors(const unsigned char bytes[MARKS_BLOCK], struct marks_block *out)
{
	(void)bytes;
	(void)out;
	return false;
}

#endif

void marks_extend(struct marks *m, size_t block)
{
	for (; m->known <= block; m->known++) {
		const unsigned char *bytes = (const unsigned char *)m->text.at + m->known * MARKS_BLOCK;
		size_t n = m->text.len - m->known * MARKS_BLOCK;
		unsigned char padded[MARKS_BLOCK];
		if (n < MARKS_BLOCK) {
			memset(padded, 0, sizeof padded);
			memcpy(padded, bytes, n);
			bytes = padded;
		}
		if (!marks_by_vectors(bytes, &m->blocks[m->known]))
			marks_by_table(bytes, &m->blocks[m->known]);
	}
}

struct marks_token marks_long_token(struct marks *m, size_t from)
{
	struct marks_token token = {.end = from};
	for (size_t block = from / MARKS_BLOCK; block * MARKS_BLOCK < m->text.len; block++) {
		if (block >= m->known)
			marks_extend(m, block);
		const struct marks_block *b = &m->blocks[block];
		unsigned shift = token.end % MARKS_BLOCK;
		uint64_t splits = b->split >> shift;
		uint64_t bits = (splits ? (splits & (~splits + 1)) - 1 : ~UINT64_C(0)) << shift;
		token.varied |= b->varied & bits;
		token.foreign |= b->foreign & bits;
		/* Two at the same place of two blocks are two. */
		token.piece = token.piece && b->piece & bits ? ~UINT64_C(0) : token.piece | (b->piece & bits);
		token.end += splits ? (unsigned)__builtin_ctzll(splits) : MARKS_BLOCK - shift;
		if (splits)
			break;
	}
	return token;
}
