#include "read/deflate.h"

#include <string.h>

#include "base/memory.h"
#include "read/prefixcode.h"

enum {
	HISTORY = 32 << 10, /* how far back a stream may point */
	CHUNK = 128 << 10,  /* of text, with the history inside a second-level cache */
	LONGEST = 258,      /* match */
	WIDE = 16,          /* bytes copied at a time: they may be written behind the end of what is copied */
	SLACK = LONGEST + 2 * WIDE,
	ORDERS = 19,
	MAX_LENGTHS = 286, /* of literals and lengths; zlib's limits, which are RFC 1951's */
	MAX_DISTANCES = 30,
	LOAD = 8,
};

enum place { AT_HEAD, IN_STORED, IN_CODED, AT_END, IS_BROKEN };

struct deflate {
	enum place place;
	bool last;          /* the block at hand */
	size_t stored;      /* bytes of it that are left */
	uint64_t bits;      /* the next `bits_n` bits of the stream, the first one lowest; at most 7 between two calls */
	unsigned bits_n;
	unsigned char *text; /* the history, then what was not given yet: text[from..end) */
	size_t from, end;
	uint32_t lengths[LENGTHS_TABLE], distances[DISTANCES_TABLE];
};

struct deflate *deflate_new(void)
{
	struct deflate *d = memory_new(1, sizeof *d);
	d->text = memory_new(HISTORY + CHUNK + SLACK, 1);
	return d;
}

void deflate_free(struct deflate *d)
{
	if (!d)
		return;
	memory_free(d->text);
	memory_free(d);
}

void deflate_begin(struct deflate *d)
{
	d->place = AT_HEAD;
	d->last = false;
	d->bits = 0;
	d->bits_n = 0;
	d->from = d->end = 0;
}

/* ---- bits ---- */

struct source {
	const unsigned char *at, *end;
};

static inline uint64_t load(const unsigned char *at)
{
	uint64_t v;
	memcpy(&v, at, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint64_t low(uint64_t bits, unsigned n)
{
	return bits & ((UINT64_C(1) << n) - 1);
}

/* As many as there are, up to 56 or some more. */
static void fetch(struct deflate *d, struct source *s)
{
	while (d->bits_n < 56 && s->at < s->end) {
		d->bits |= (uint64_t)*s->at++ << d->bits_n;
		d->bits_n += 8;
	}
}

static inline void drop(struct deflate *d, unsigned n)
{
	d->bits >>= n;
	d->bits_n -= n;
}

/* `n` bits, at most 32. False: they are not there. */
static bool take_bits(struct deflate *d, struct source *s, unsigned n, unsigned *value)
{
	if (d->bits_n < n)
		fetch(d, s);
	if (d->bits_n < n)
		return false;
	*value = (unsigned)low(d->bits, n);
	drop(d, n);
	return true;
}

/* Whole bytes go back to where they came from. */
static void give_back(struct deflate *d, struct source *s)
{
	s->at -= d->bits_n / 8;
	d->bits_n %= 8;
	d->bits = low(d->bits, d->bits_n);
}

/* ---- the head of a block: RFC 1951 section 3.2.3 to 3.2.7 ---- */

enum head { HEAD_READ, HEAD_WANTS, HEAD_BROKEN };

static enum head read_stored(struct deflate *d, struct source *s)
{
	unsigned len, not_len;
	drop(d, d->bits_n % 8);
	if (!take_bits(d, s, 16, &len) || !take_bits(d, s, 16, &not_len))
		return HEAD_WANTS;
	if (len != (not_len ^ 0xFFFF))
		return HEAD_BROKEN;
	give_back(d, s);
	d->stored = len;
	d->place = IN_STORED;
	return HEAD_READ;
}

static void read_fixed(struct deflate *d)
{
	unsigned char lengths[288], distances[32];
	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 256 - 144);
	memset(lengths + 256, 7, 280 - 256);
	memset(lengths + 280, 8, 288 - 280);
	memset(distances, 5, sizeof distances);
	prefixcode_lengths(d->lengths, lengths, sizeof lengths);
	prefixcode_distances(d->distances, distances, sizeof distances);
	d->place = IN_CODED;
}

/* The lengths of the codes, themselves coded. */
static enum head read_lengths(struct deflate *d, struct source *s, const uint32_t orders[ORDERS_TABLE], unsigned char *lengths,
			      unsigned n)
{
	/* Of 16, 17, 18: copy the one before, or zeros; so many and more, by so many bits. */
	static const unsigned char least[] = {3, 3, 11}, extra[] = {2, 3, 7};
	for (unsigned i = 0; i < n;) {
		if (d->bits_n < ORDERS_ROOT + 7)
			fetch(d, s);
		uint32_t entry = orders[low(d->bits, ORDERS_ROOT)];
		unsigned symbol = entry >> 16, more;
		if ((entry & 0xFF) > d->bits_n)
			return HEAD_WANTS;
		drop(d, entry & 0xFF);
		if (symbol < 16) {
			lengths[i++] = (unsigned char)symbol;
			continue;
		}
		if (!take_bits(d, s, extra[symbol - 16], &more))
			return HEAD_WANTS;
		more += least[symbol - 16];
		if ((symbol == 16 && !i) || more > n - i)
			return HEAD_BROKEN;
		memset(lengths + i, symbol == 16 ? lengths[i - 1] : 0, more);
		i += more;
	}
	return HEAD_READ;
}

static enum head read_dynamic(struct deflate *d, struct source *s)
{
	static const unsigned char order[ORDERS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	unsigned char lengths[MAX_LENGTHS + MAX_DISTANCES] = {0}, of_orders[ORDERS] = {0};
	uint32_t orders[ORDERS_TABLE];
	unsigned counts, len;
	if (!take_bits(d, s, 14, &counts))
		return HEAD_WANTS;
	unsigned n = (counts & 31) + 257, distances_n = (counts >> 5 & 31) + 1, orders_n = (counts >> 10) + 4;
	if (n > MAX_LENGTHS || distances_n > MAX_DISTANCES)
		return HEAD_BROKEN;
	for (unsigned i = 0; i < orders_n; i++) {
		if (!take_bits(d, s, 3, &len))
			return HEAD_WANTS;
		of_orders[order[i]] = (unsigned char)len;
	}
	if (!prefixcode_orders(orders, of_orders, ORDERS))
		return HEAD_BROKEN;
	enum head head = read_lengths(d, s, orders, lengths, n + distances_n);
	if (head != HEAD_READ)
		return head;
	if (!lengths[256] || !prefixcode_lengths(d->lengths, lengths, n) ||
	    !prefixcode_distances(d->distances, lengths + n, distances_n))
		return HEAD_BROKEN;
	d->place = IN_CODED;
	return HEAD_READ;
}

/* A head that is not at hand as a whole is read again from its first bit. */
static enum head read_head(struct deflate *d, struct source *s)
{
	struct source first = *s;
	uint64_t bits = d->bits;
	unsigned bits_n = d->bits_n, head;
	enum head result = HEAD_WANTS;
	if (take_bits(d, s, 3, &head)) {
		d->last = head & 1;
		result = HEAD_BROKEN;
		if (head >> 1 == 0)
			result = read_stored(d, s);
		else if (head >> 1 == 2)
			result = read_dynamic(d, s);
		else if (head >> 1 == 1) {
			read_fixed(d);
			result = HEAD_READ;
		}
	}
	if (result == HEAD_WANTS) {
		*s = first;
		d->bits = bits;
		d->bits_n = bits_n;
	}
	return result;
}

/* ---- codes ---- */

/* The length or distance of an entry: its base and the extra bits behind its code. */
static inline size_t number(uint64_t bits, uint32_t entry)
{
	return (entry >> 16) + (size_t)(low(bits, entry & 0xFF) >> (entry >> 8 & 15));
}

/* Both spans may overlap as a match does that is longer than its distance. Writes up to WIDE - 1 bytes behind `end`. */
static inline void copy_match(unsigned char *to, size_t distance, size_t len)
{
	const unsigned char *from = to - distance, *end = to + len;
	if (distance >= WIDE) {
		do {
			memcpy(to, from, WIDE);
			to += WIDE;
			from += WIDE;
		} while (to < end);
	} else if (distance == 1) {
		memset(to, *from, len);
	} else {
		while (to < end)
			*to++ = *from++;
	}
}

/* While there are LOAD bytes to read and room to write: nothing is asked twice. Leaves a block's end, and whatever is not a literal or a match,
 * to read_symbol(). */
static void read_fast(struct deflate *d, struct source *s, unsigned char *const limit)
{
	const uint32_t *const lengths = d->lengths, *const distances = d->distances;
	const unsigned char *at = s->at, *const last = s->end - LOAD;
	unsigned char *to = d->text + d->end;
	uint64_t bits = d->bits;
	unsigned n = d->bits_n;
	while (at <= last && to < limit) {
		bits |= load(at) << n;
		at += (63 - n) >> 3;
		n |= 56;
		uint32_t entry = lengths[low(bits, LENGTHS_ROOT)];
		if (entry & CODE_LITERAL) {
			*to++ = (unsigned char)(entry >> 16);
			bits >>= entry & 0xFF;
			n -= entry & 0xFF;
			entry = lengths[low(bits, LENGTHS_ROOT)];
			if (entry & CODE_LITERAL) {
				*to++ = (unsigned char)(entry >> 16);
				bits >>= entry & 0xFF;
				n -= entry & 0xFF;
				entry = lengths[low(bits, LENGTHS_ROOT)];
				if (entry & CODE_LITERAL) {
					*to++ = (unsigned char)(entry >> 16);
					bits >>= entry & 0xFF;
					n -= entry & 0xFF;
				}
				continue;
			}
			/* The bits above `n` are those of bytes that `at` has not passed: they come again as they are. */
			if (at > last)
				break;
			bits |= load(at) << n;
			at += (63 - n) >> 3;
			n |= 56;
		}
		uint64_t before = bits;
		unsigned before_n = n;
		if (entry & CODE_SPECIAL) {
			if (!(entry & CODE_SECOND))
				break;
			bits >>= LENGTHS_ROOT;
			n -= LENGTHS_ROOT;
			entry = lengths[(entry >> 16) + low(bits, CODE_LONGEST - LENGTHS_ROOT)];
			if (entry & CODE_LITERAL) {
				*to++ = (unsigned char)(entry >> 16);
				bits >>= entry & 0xFF;
				n -= entry & 0xFF;
				continue;
			}
			if (entry & CODE_SPECIAL) {
				bits = before;
				n = before_n;
				break;
			}
		}
		size_t len = number(bits, entry);
		bits >>= entry & 0xFF;
		n -= entry & 0xFF;
		entry = distances[low(bits, DISTANCES_ROOT)];
		if (entry & CODE_SECOND) {
			bits >>= DISTANCES_ROOT;
			n -= DISTANCES_ROOT;
			entry = distances[(entry >> 16) + low(bits, CODE_LONGEST - DISTANCES_ROOT)];
		}
		size_t distance = number(bits, entry);
		if (entry & CODE_SPECIAL || distance > (size_t)(to - d->text)) {
			bits = before;
			n = before_n;
			break;
		}
		bits >>= entry & 0xFF;
		n -= entry & 0xFF;
		copy_match(to, distance, len);
		to += len;
	}
	d->bits = low(bits, n);
	d->bits_n = n;
	d->end = (size_t)(to - d->text);
	s->at = at;
}

enum symbol { SYMBOL_READ, SYMBOL_WANTS, SYMBOL_BROKEN, SYMBOL_ENDS };

/* The next entry of a table, if the bits that it takes are there: else 0. */
static uint32_t look(const struct deflate *d, const uint32_t *table, unsigned root, unsigned *taken)
{
	uint32_t entry = table[low(d->bits >> *taken, root)];
	if (entry & CODE_SECOND) {
		if (*taken + root > d->bits_n)
			return 0;
		*taken += root;
		entry = table[(entry >> 16) + low(d->bits >> *taken, CODE_LONGEST - root)];
	}
	return *taken + (entry & 0xFF) <= d->bits_n ? entry : 0;
}

/* One literal, match or end, with as few bytes as it needs. There must be room. */
static enum symbol read_symbol(struct deflate *d, struct source *s)
{
	unsigned taken = 0;
	fetch(d, s);
	uint32_t entry = look(d, d->lengths, LENGTHS_ROOT, &taken);
	if (!entry)
		return SYMBOL_WANTS;
	size_t len = number(d->bits >> taken, entry);
	taken += entry & 0xFF;
	if (entry & (CODE_LITERAL | CODE_SPECIAL)) {
		drop(d, taken);
		if (entry & CODE_LITERAL)
			d->text[d->end++] = (unsigned char)(entry >> 16);
		return entry & CODE_LITERAL ? SYMBOL_READ : entry & CODE_END ? SYMBOL_ENDS : SYMBOL_BROKEN;
	}
	entry = look(d, d->distances, DISTANCES_ROOT, &taken);
	if (!entry)
		return SYMBOL_WANTS;
	size_t distance = number(d->bits >> taken, entry);
	drop(d, taken + (entry & 0xFF));
	if (entry & CODE_SPECIAL || distance > d->end)
		return SYMBOL_BROKEN;
	copy_match(d->text + d->end, distance, len);
	d->end += len;
	return SYMBOL_READ;
}

/* ---- blocks ---- */

/* False: more bytes are wanted. */
static bool read_block(struct deflate *d, struct source *s)
{
	unsigned char *limit = d->text + HISTORY + CHUNK;
	if (d->place == IN_STORED) {
		size_t room = (size_t)(limit - d->text) - d->end, left = (size_t)(s->end - s->at);
		size_t n = d->stored < room ? d->stored : room;
		n = n < left ? n : left;
		memcpy(d->text + d->end, s->at, n);
		d->end += n;
		s->at += n;
		d->stored -= n;
		if (!d->stored)
			d->place = d->last ? AT_END : AT_HEAD;
		return n || !d->stored;
	}
	while (d->text + d->end < limit) {
		if (s->end - s->at >= LOAD)
			read_fast(d, s, limit);
		if (d->text + d->end >= limit)
			break;
		switch (read_symbol(d, s)) {
		case SYMBOL_READ:
			continue;
		case SYMBOL_WANTS:
			return false;
		case SYMBOL_BROKEN:
			d->place = IS_BROKEN;
			return true;
		case SYMBOL_ENDS:
			d->place = d->last ? AT_END : AT_HEAD;
			return true;
		}
	}
	return true;
}

/* Text until the chunk is full or the stream stops. */
static bool read_on(struct deflate *d, struct source *s)
{
	while (d->end < HISTORY + CHUNK && d->place != AT_END && d->place != IS_BROKEN) {
		if (d->place != AT_HEAD) {
			if (!read_block(d, s))
				return false;
			continue;
		}
		enum head head = read_head(d, s);
		if (head == HEAD_WANTS)
			return false;
		if (head == HEAD_BROKEN)
			d->place = IS_BROKEN;
	}
	return true;
}

static void forget(struct deflate *d)
{
	if (d->end < HISTORY + CHUNK)
		return;
	memmove(d->text, d->text + d->end - HISTORY, HISTORY);
	d->from = d->end = HISTORY;
}

enum deflate_result deflate_read(struct deflate *d, const unsigned char *in, size_t n, size_t *at, unsigned char *out, size_t cap,
				 size_t *given)
{
	struct source s = {in + *at, in + n};
	bool wants = false;
	*given = 0;
	for (;;) {
		size_t give = d->end - d->from < cap - *given ? d->end - d->from : cap - *given;
		if (give)
			memcpy(out + *given, d->text + d->from, give);
		*given += give;
		d->from += give;
		if (d->from < d->end || wants || d->place == AT_END || d->place == IS_BROKEN)
			break;
		forget(d);
		wants = !read_on(d, &s);
	}
	give_back(d, &s);
	*at = (size_t)(s.at - in);
	if (d->from < d->end)
		return DEFLATE_GOES_ON;
	return d->place == AT_END ? DEFLATE_END : d->place == IS_BROKEN ? DEFLATE_BROKEN : DEFLATE_WANTS;
}
