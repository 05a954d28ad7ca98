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

/* The bits of the first `n` bytes of a block. */
static inline uint64_t bits_of(size_t n)
{
	return n < MARKS_BLOCK ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
}

void marks_by_table(struct span text, size_t block, struct marks_block *out)
{
	struct span bytes = span_head(span_from(text, block * MARKS_BLOCK), MARKS_BLOCK);
	*out = (struct marks_block){.split = ~bits_of(bytes.len)};
	for (unsigned i = 0; i < bytes.len; i++) {
		uint64_t class = class_of[(unsigned char)bytes.at[i]];
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

enum { HALF = MARKS_BLOCK / 2 };

AVX2 static inline uint64_t sign_bits(__m256i a)
{
	return (uint32_t)_mm256_movemask_epi8(a);
}

/* Of HALF bytes. */
AVX2 static inline struct marks_block mark_half(const char *bytes)
{
	const __m256i low = _mm256_set1_epi8(15);
	__m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
	__m256i row = _mm256_shuffle_epi8(*(const __m256i *)(const void *)rows, _mm256_and_si256(_mm256_srli_epi16(text, 4), low));
	__m256i column = _mm256_shuffle_epi8(*(const __m256i *)(const void *)columns, _mm256_and_si256(text, low));
	__m256i class = _mm256_and_si256(row, column);
	__m256i others = _mm256_cmpeq_epi8(_mm256_and_si256(class, _mm256_set1_epi8(SPLITS)), _mm256_setzero_si256());
	return (struct marks_block){(uint32_t)~sign_bits(others), sign_bits(_mm256_or_si256(class, _mm256_slli_epi16(class, 1))),
				    sign_bits(_mm256_slli_epi16(class, 2)), sign_bits(text)};
}

AVX2 static inline struct marks_block mark_both(const char *low, const char *high, unsigned shift)
{
	struct marks_block a = mark_half(low), b = mark_half(high);
	return (struct marks_block){a.split | b.split << shift, a.varied | b.varied << shift, a.piece | b.piece << shift,
				    a.foreign | b.foreign << shift};
}

/* The last bytes of a text, fewer than a block: what stands before them is read with them, so that nothing behind them is. */
AVX2 static struct marks_block mark_end(struct span text, unsigned n)
{
	const char *end = text.at + text.len;
	struct marks_block b;
	if (n >= HALF) {
		b = mark_both(end - n, end - HALF, n - HALF);
	} else if (text.len >= HALF) {
		unsigned before = HALF - n;
		b = mark_half(end - HALF);
		b = (struct marks_block){b.split >> before, b.varied >> before, b.piece >> before, b.foreign >> before};
	} else {
		char padded[HALF] = {0};
		memcpy(padded, text.at, n);
		b = mark_half(padded);
	}
	b.split |= ~bits_of(n);
	return b;
}

AVX2 static void mark_blocks(struct span text, size_t from, size_t to, struct marks_block *out)
{
	size_t whole = text.len / MARKS_BLOCK;
	for (; from < to && from < whole; from++)
		*out++ = mark_both(text.at + from * MARKS_BLOCK, text.at + from * MARKS_BLOCK + HALF, HALF);
	if (from < to)
		*out = mark_end(text, text.len % MARKS_BLOCK);
}

bool marks_by_vectors(struct span text, size_t from, size_t to, struct marks_block *out)
{
	if (!__builtin_cpu_supports("avx2"))
		return false;
	mark_blocks(text, from, to, out);
	return true;
}

#else

bool marks_by_vectors(struct span text, size_t from, size_t to, struct marks_block *out)
{
	(void)text;
	(void)from;
	(void)to;
	(void)out;
	return false;
}

#endif

void marks_extend(struct marks *m, size_t block)
{
	enum { AT_ONCE = 4 }; /* most messages are no longer */
	size_t all = (m->text.len + MARKS_BLOCK - 1) / MARKS_BLOCK, to = block < AT_ONCE ? AT_ONCE : block + 1;
	to = to < all ? to : all;
	if (!marks_by_vectors(m->text, m->known, to, m->blocks + m->known))
		for (size_t i = m->known; i < to; i++)
			marks_by_table(m->text, i, &m->blocks[i]);
	m->known = to;
}

/* The 64 bits from `shift` on. */
static inline uint64_t window(uint64_t low, uint64_t high, unsigned shift)
{
	return low >> shift | high << 1 << (63 - shift);
}

/* Where the next byte that parts tokens stands, from `at` on. */
static size_t next_split(struct marks *m, size_t at)
{
	while (at < m->text.len) {
		size_t block = at / MARKS_BLOCK;
		if (block >= m->known)
			marks_extend(m, block);
		uint64_t splits = m->blocks[block].split >> at % MARKS_BLOCK;
		if (splits)
			return at + (unsigned)__builtin_ctzll(splits);
		at = (block + 1) * MARKS_BLOCK;
	}
	return m->text.len;
}

struct marks_token marks_long_token(struct marks *m, size_t from)
{
	static const struct marks_block behind = {.split = ~UINT64_C(0)};
	size_t block = from / MARKS_BLOCK;
	unsigned shift = from % MARKS_BLOCK;
	bool more = (block + 1) * MARKS_BLOCK < m->text.len;
	if (more && block + 1 >= m->known)
		marks_extend(m, block + 1);
	const struct marks_block *b = &m->blocks[block], *next = more ? b + 1 : &behind;
	uint64_t splits = window(b->split, next->split, shift), bits = splits ? (splits & (~splits + 1)) - 1 : ~UINT64_C(0);
	return (struct marks_token){splits ? from + (unsigned)__builtin_ctzll(splits) : next_split(m, from + MARKS_BLOCK),
				    window(b->varied, next->varied, shift) & bits, window(b->piece, next->piece, shift) & bits,
				    window(b->foreign, next->foreign, shift) & bits};
}
