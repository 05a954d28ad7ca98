#include "read/prefixcode.h"

enum { SYMBOLS = 288 };

/* RFC 1951 section 3.2.5. */
static const uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
					 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const unsigned char length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
					   193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const unsigned char distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

/* What a symbol means, but for its code's length: the extra bits stand in bits 0-7. */
typedef uint32_t meaning(unsigned symbol);

static uint32_t length_of(unsigned symbol)
{
	if (symbol < 256)
		return CODE_LITERAL | symbol << 16;
	if (symbol == 256)
		return CODE_SPECIAL | CODE_END;
	return symbol < 286 ? (uint32_t)length_base[symbol - 257] << 16 | length_extra[symbol - 257] : CODE_SPECIAL;
}

static uint32_t distance_of(unsigned symbol)
{
	return symbol < 30 ? (uint32_t)distance_base[symbol] << 16 | distance_extra[symbol] : CODE_SPECIAL;
}

static uint32_t order_of(unsigned symbol)
{
	return symbol << 16;
}

/* More codes than there are: a negative number; fewer: how many of the longest are missing. */
static int missing(const unsigned counts[CODE_LONGEST + 1])
{
	int left = 1;
	for (unsigned len = 1; len <= CODE_LONGEST; len++) {
		left = 2 * left - (int)counts[len];
		if (left < 0)
			return left;
	}
	return left;
}

/* The next code of `len` bits, first bit lowest. */
static inline unsigned next_code(unsigned code, unsigned len)
{
	unsigned bit = 1u << (len - 1);
	while (code & bit)
		bit >>= 1;
	return bit ? (code & (bit - 1)) + bit : 0;
}

static void fill(uint32_t *table, unsigned root, const uint16_t *sorted, const unsigned counts[CODE_LONGEST + 1], meaning *of)
{
	unsigned code = 0, second = 1u << root;
	uint32_t *under = NULL; /* the second table of the codes that begin as the last one did */
	unsigned prefix = 0;
	for (unsigned len = 1; len <= CODE_LONGEST; len++) {
		for (unsigned i = 0; i < counts[len]; i++, code = next_code(code, len)) {
			uint32_t entry = of(*sorted++);
			unsigned bits = len;
			uint32_t *to = table;
			unsigned at = code, size = 1u << root;
			if (len > root) {
				if (!under || prefix != (code & (size - 1))) {
					prefix = code & (size - 1);
					under = table + second;
					table[prefix] = second << 16 | CODE_SPECIAL | CODE_SECOND | root << 8 | root;
					second += 1u << (CODE_LONGEST - root);
				}
				bits = len - root;
				to = under;
				at = code >> root;
				size = 1u << (CODE_LONGEST - root);
			}
			entry += bits << 8 | bits;
			for (; at < size; at += 1u << bits)
				to[at] = entry;
		}
	}
}

/* `lone`: a single code of one bit will do, and none at all. */
static bool make(uint32_t *table, unsigned root, const unsigned char *lengths, size_t n, meaning *of, bool lone)
{
	unsigned counts[CODE_LONGEST + 1] = {0}, longest = 0;
	uint16_t starts[CODE_LONGEST + 2] = {0}, sorted[SYMBOLS];
	for (size_t i = 0; i < n; i++)
		counts[lengths[i]]++;
	counts[0] = 0;
	for (unsigned len = 1; len <= CODE_LONGEST; len++) {
		starts[len + 1] = (uint16_t)(starts[len] + counts[len]);
		if (counts[len])
			longest = len;
	}
	int left = missing(counts);
	if (left < 0 || (left > 0 && (!lone || longest > 1)))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (lengths[i])
			sorted[starts[lengths[i]]++] = (uint16_t)i;
	}
	if (left > 0) {
		for (size_t i = 0; i < 1u << root; i++)
			table[i] = CODE_SPECIAL | 1 << 8 | 1;
	}
	fill(table, root, sorted, counts, of);
	return true;
}

bool prefixcode_lengths(uint32_t table[LENGTHS_TABLE], const unsigned char *lengths, size_t n)
{
	return make(table, LENGTHS_ROOT, lengths, n, length_of, true);
}

bool prefixcode_distances(uint32_t table[DISTANCES_TABLE], const unsigned char *lengths, size_t n)
{
	return make(table, DISTANCES_ROOT, lengths, n, distance_of, true);
}

bool prefixcode_orders(uint32_t table[ORDERS_TABLE], const unsigned char *lengths, size_t n)
{
	return make(table, ORDERS_ROOT, lengths, n, order_of, false);
}
