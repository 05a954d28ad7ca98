#include "line/literals.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "line/fingerprint.h"

/* Why windows and no Aho-Corasick: some 320 literals of 30 bytes make 6,000 states, dense tables of which leave the cache, and
 * sparse ones cost a branch per byte.
 *
 * Of STRIDE windows of a literal that stand next to each other exactly one lies at a multiple of STRIDE, wherever the literal does; so
 * only every STRIDE-th place is looked at: one multiplication and one load, from 16 KiB of bits. The few literals that are too short
 * for that are found by four of their bytes (fingerprint.h). The texts that are scanned (failing records) seldom hit. */
enum {
	HASH_BITS = 17,
	BUCKETS = 1 << 14, /* of several hashes each */
	STRIDE = 8,
	LONG_BYTES = 6, /* of four, many stand in words that logs have, too */
	LONG_LEAST = LONG_BYTES + STRIDE - 1,
	LITERALS_MAX = UINT16_MAX / STRIDE - 1,
	NONE = UINT16_MAX,
};
_Static_assert((int)LITERALS_MIN >= (int)FINGERPRINT_BYTES, "a literal has a fingerprint");
_Static_assert(FINGERPRINT_PLACES == 8 * STRIDE, "both are looked for in the same bytes");

struct literal {
	struct span text;
	unsigned number;
};

struct window {
	uint64_t bytes;
	uint16_t literal, offset; /* where it stands in its text */
	uint16_t next;            /* in the same bucket, NONE at the end */
};

struct net {
	struct window *windows;
	size_t n, cap;
	uint32_t filled[(1 << HASH_BITS) / 32]; /* a bit for each hash */
	uint16_t first[BUCKETS];
};

struct literals {
	struct literal *items;
	size_t n, cap;
	struct net longs;  /* STRIDE windows of each */
	struct net shorts; /* their fingerprints */
	struct fingerprints fingerprints;
};

/* The first LONG_BYTES of the eight that are read. */
static inline uint64_t load_long(const char *at)
{
	return hash_load8(at) << (64 - 8 * LONG_BYTES);
}

static inline uint64_t load_short(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;
	return (uint64_t)b[0] << 24 | (uint64_t)b[1] << 16 | (uint64_t)b[2] << 8 | b[3];
}

static inline uint32_t hash_of(uint64_t window)
{
	return (uint32_t)(window * UINT64_C(0x9E3779B97F4A7C15) >> (64 - HASH_BITS));
}

static inline uint32_t bucket_of(uint64_t window)
{
	return hash_of(window) / ((1 << HASH_BITS) / BUCKETS);
}

struct literals *literals_new(void)
{
	return memory_new(1, sizeof(struct literals));
}

bool literals_add(struct literals *set, struct span literal, unsigned number)
{
	if (literal.len < LITERALS_MIN || set->n >= LITERALS_MAX || literal.len > UINT16_MAX)
		return false;
	set->items = memory_grow(set->items, &set->cap, set->n + 1, sizeof *set->items);
	set->items[set->n++] = (struct literal){.text = literal, .number = number};
	return true;
}

/* How often a byte is in log text. */
static unsigned frequency(unsigned char c)
{
	if (strchr("etaoinsr ", c) && c)
		return 4;
	if (c >= 'a' && c <= 'z')
		return 2;
	/* Digits, dots, colons and slashes fill stamps and addresses. */
	return (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '/' || c == '-' ? 3 : 0;
}

/* Of the end of a text, too. */
static uint64_t window_of(struct span text, size_t at)
{
	char bytes[8] = {0};
	memcpy(bytes, text.at + at, LONG_BYTES);
	return load_long(bytes);
}

/* How common each byte of a text is, and the window that begins there: words that many of the literals have are those that logs have.
 * `shared`: how often each window is in all literals, by bucket. */
static void commonness(const unsigned char often[256], const uint16_t shared[BUCKETS], struct span text, uint32_t *common)
{
	for (size_t at = 0; at < text.len; at++) {
		common[at] = often[(unsigned char)text.at[at]];
		if (at + LONG_BYTES <= text.len)
			common[at] += 2 * (uint32_t)shared[bucket_of(window_of(text, at))];
	}
}

/* Where the `run` bytes begin that are seldom in log text. */
static size_t rarest_run(const uint32_t *common, size_t len, size_t run)
{
	size_t best = 0;
	uint64_t sum = 0, least = UINT64_MAX;
	for (size_t end = 0; end < len; end++) {
		sum += common[end];
		if (end + 1 < run)
			continue;
		if (sum < least) {
			least = sum;
			best = end + 1 - run;
		}
		sum -= common[end + 1 - run];
	}
	return best;
}

static void net_add(struct net *net, uint64_t bytes, size_t literal, size_t offset)
{
	net->windows = memory_grow(net->windows, &net->cap, net->n + 1, sizeof *net->windows);
	net->windows[net->n++] = (struct window){.bytes = bytes, .literal = (uint16_t)literal, .offset = (uint16_t)offset};
}

static void net_finish(struct net *net)
{
	for (size_t i = 0; i < BUCKETS; i++)
		net->first[i] = NONE;
	for (size_t i = net->n; i-- > 0;) {
		uint32_t bucket = bucket_of(net->windows[i].bytes);
		net->windows[i].next = net->first[bucket];
		net->first[bucket] = (uint16_t)i;
		uint32_t hash = hash_of(net->windows[i].bytes);
		net->filled[hash / 32] |= UINT32_C(1) << hash % 32;
	}
}

static void add_windows(struct literals *set, size_t literal, const uint32_t *common)
{
	struct span text = set->items[literal].text;
	if (text.len < LONG_LEAST) {
		size_t at = rarest_run(common, text.len, FINGERPRINT_BYTES);
		net_add(&set->shorts, load_short(text.at + at), literal, at);
		return;
	}
	/* The last first: what begins before is found before. */
	size_t from = rarest_run(common, text.len, LONG_LEAST);
	for (size_t k = STRIDE; k-- > 0;)
		net_add(&set->longs, window_of(text, from + k), literal, from + k);
}

/* Chooses the windows of all literals. */
static void choose_windows(struct literals *set)
{
	unsigned char often[256];
	size_t longest = 0;
	uint16_t *shared = memory_new(BUCKETS, sizeof *shared);
	for (unsigned c = 0; c < 256; c++)
		often[c] = (unsigned char)frequency((unsigned char)c);
	for (size_t i = 0; i < set->n; i++) {
		struct span text = set->items[i].text;
		longest = text.len > longest ? text.len : longest;
		for (size_t at = 0; at + LONG_BYTES <= text.len; at++)
			shared[bucket_of(window_of(text, at))]++;
	}
	uint32_t *common = memory_new(longest, sizeof *common);
	for (size_t i = 0; i < set->n; i++) {
		commonness(often, shared, set->items[i].text, common);
		add_windows(set, i, common);
	}
	memory_free(common);
	memory_free(shared);
}

static int compare_windows(const void *a, const void *b)
{
	const struct window *x = a, *y = b;
	return x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

/* Those that are alike share a group. */
static void add_fingerprints(struct literals *set)
{
	const struct net *net = &set->shorts;
	struct window *sorted = memory_new(net->n, sizeof *sorted);
	if (net->n) {
		memcpy(sorted, net->windows, net->n * sizeof *sorted);
		qsort(sorted, net->n, sizeof *sorted, compare_windows);
	}
	for (size_t i = 0; i < net->n; i++)
		fingerprints_add(&set->fingerprints, set->items[sorted[i].literal].text.at + sorted[i].offset,
				 (unsigned)(i * FINGERPRINT_GROUPS / net->n));
	memory_free(sorted);
}

void literals_finish(struct literals *set)
{
	if (!set->n)
		return;
	choose_windows(set);
	net_finish(&set->longs);
	net_finish(&set->shorts);
	add_fingerprints(set);
}

void literals_free(struct literals *set)
{
	if (!set)
		return;
	memory_free(set->items);
	memory_free(set->longs.windows);
	memory_free(set->shorts.windows);
	memory_free(set);
}

size_t literals_count(const struct literals *set)
{
	return set->n;
}

struct search {
	const struct literals *set;
	struct span text;
	literals_found *found;
	void *context;
};

static inline bool is_filled(const struct net *net, uint64_t bytes)
{
	uint32_t hash = hash_of(bytes);
	return net->filled[hash / 32] >> hash % 32 & 1;
}

static inline bool stands_at(struct span literal, struct span text, size_t start)
{
	size_t last = literal.len - 1;
	return text.len > start + last && text.at[start] == literal.at[0] && text.at[start + last] == literal.at[last] &&
	       !memcmp(text.at + start, literal.at, literal.len);
}

static void look(const struct search *s, const struct net *net, size_t at, uint64_t bytes)
{
	for (uint16_t i = net->first[bucket_of(bytes)]; i != NONE; i = net->windows[i].next) {
		const struct window *w = &net->windows[i];
		const struct literal *l = &s->set->items[w->literal];
		if (w->bytes == bytes && at >= w->offset && stands_at(l->text, s->text, at - w->offset))
			s->found(s->context, l->number, at - w->offset);
	}
}

/* Looks for what may stand at at[i], which is text[from + i], where bit i of `shorts` or of `longs` is set. */
static void look_at(const struct search *s, const char *at, size_t from, uint64_t shorts, uint64_t longs)
{
	for (uint64_t places = shorts | longs; places; places &= places - 1) {
		unsigned i = (unsigned)__builtin_ctzll(places);
		if (longs >> i & 1 && is_filled(&s->set->longs, load_long(at + i)))
			look(s, &s->set->longs, from + i, load_long(at + i));
		if (shorts >> i & 1 && is_filled(&s->set->shorts, load_short(at + i)))
			look(s, &s->set->shorts, from + i, load_short(at + i));
	}
}

static inline bool has_long(const struct net *longs, const char *at)
{
	bool any = false;
	for (size_t i = 0; i < FINGERPRINT_PLACES; i += STRIDE)
		any |= is_filled(longs, load_long(at + i));
	return any;
}

/* FINGERPRINT_READS bytes: those of the text at `from`, or a copy of its last ones; bit i of `valid`: at[i] is no padding. */
static inline void scan_part(const struct search *s, const char *at, size_t from, uint64_t valid)
{
	uint64_t shorts = fingerprints_at(&s->set->fingerprints, at) & valid;
	uint64_t longs = has_long(&s->set->longs, at) ? UINT64_MAX / 255 & valid : 0; /* every eighth */
	_Static_assert(STRIDE == 8, "every eighth");
	if (shorts | longs)
		look_at(s, at, from, shorts, longs);
}

void literals_scan(const struct literals *set, struct span text, literals_found *found, void *context)
{
	const struct search s = {set, text, found, context};
	size_t at = 0;
	if (!set->n)
		return;
	for (; at + FINGERPRINT_READS <= text.len; at += FINGERPRINT_PLACES)
		scan_part(&s, text.at + at, at, UINT64_MAX);
	if (at + FINGERPRINT_BYTES > text.len)
		return;
	char padded[FINGERPRINT_READS] = {0};
	memcpy(padded, text.at + at, text.len - at);
	scan_part(&s, padded, at, UINT64_MAX >> (FINGERPRINT_READS - (text.len - at)));
}
