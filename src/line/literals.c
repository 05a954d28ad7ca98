#include "line/literals.h"

#include <string.h>

#include "base/memory.h"

/* Why windows and no Aho-Corasick: some 250 literals of 35 bytes make 6,000 states, dense tables of which leave the cache, and
 * sparse ones cost a branch per byte. A window costs one multiplication and one load, from 16 KiB of table, and the texts that
 * are scanned (failing records) nearly never hit. Windows at both of two neighbouring places of a literal need to be looked for at
 * every second byte of a text only. The few literals that are too short for two are looked for by their rarest byte. */
enum {
	BUCKET_BITS = 14,
	BUCKETS = 1 << BUCKET_BITS,
	WINDOW = 4,
	STRIDE = 2,
	MOST = UINT16_MAX / STRIDE - 1,
};

struct literal {
	struct span text;
	uint16_t offset; /* of its first window; of a short one, of its rarest byte */
	unsigned number;
};

/* A window of a literal. */
struct window {
	uint32_t bytes;
	uint16_t literal;
	uint16_t next; /* in the same bucket: one more than its place, 0 at the end */
};

struct literals {
	struct literal *items;
	size_t n, cap;
	struct window *windows;        /* STRIDE for each that is long enough */
	uint16_t *shorts;              /* the others */
	size_t shorts_n;
	unsigned char filled[BUCKETS]; /* a byte each: several are asked at once */
	uint16_t first[BUCKETS];       /* one more than the window's place; 0: none */
};

static inline uint32_t load4(const char *at)
{
	uint32_t v;
	memcpy(&v, at, sizeof v);
	return v;
}

static inline uint32_t bucket_of(uint32_t window)
{
	return window * UINT32_C(0x9E3779B1) >> (32 - BUCKET_BITS);
}

struct literals *literals_new(void)
{
	return memory_new(1, sizeof(struct literals));
}

bool literals_add(struct literals *set, struct span literal, unsigned number)
{
	if (literal.len < LITERALS_MIN || set->n >= MOST || literal.len > UINT16_MAX)
		return false;
	set->items = memory_grow(set->items, &set->cap, set->n + 1, sizeof *set->items);
	set->items[set->n++] = (struct literal){.text = literal, .number = number};
	return true;
}

/* How seldom a byte is in log text: the rarer the window's bytes, the fewer places are looked at twice. */
static unsigned rarity(unsigned char c)
{
	if (strchr("etaoinsr ", c) && c)
		return 0;
	if (c >= 'a' && c <= 'z')
		return 2;
	/* Digits, dots, colons and slashes fill stamps and addresses. */
	return (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '/' || c == '-' ? 1 : 4;
}

/* Where the `len` bytes begin that are the rarest together. */
static uint16_t rarest_place(const unsigned char rare[256], struct span text, size_t len)
{
	size_t best = 0;
	unsigned most = 0, sum = 0;
	for (size_t end = 0; end < text.len; end++) {
		sum += rare[(unsigned char)text.at[end]];
		if (end + 1 < len)
			continue;
		if (sum > most) {
			most = sum;
			best = end + 1 - len;
		}
		sum -= rare[(unsigned char)text.at[end + 1 - len]];
	}
	return (uint16_t)best;
}

static inline bool is_short(const struct literal *l)
{
	return l->text.len < WINDOW + STRIDE - 1;
}

void literals_finish(struct literals *set)
{
	unsigned char rare[256];
	if (!set->n)
		return;
	for (unsigned c = 0; c < 256; c++)
		rare[c] = (unsigned char)rarity((unsigned char)c);
	set->windows = memory_new(set->n * STRIDE + 1, sizeof *set->windows);
	set->shorts = memory_new(set->n + 1, sizeof *set->shorts);
	for (size_t i = set->n; i-- > 0;) {
		struct literal *l = &set->items[i];
		l->offset = rarest_place(rare, l->text, is_short(l) ? 1 : WINDOW + STRIDE - 1);
		for (size_t place = 0; place < STRIDE && !is_short(l); place++) {
			uint32_t bytes = load4(l->text.at + l->offset + place), bucket = bucket_of(bytes);
			size_t w = i * STRIDE + place;
			set->windows[w] = (struct window){bytes, (uint16_t)i, set->first[bucket]};
			set->first[bucket] = (uint16_t)(w + 1);
			set->filled[bucket] = 1;
		}
	}
	for (size_t i = 0; i < set->n; i++) {
		if (is_short(&set->items[i]))
			set->shorts[set->shorts_n++] = (uint16_t)i;
	}
}

void literals_free(struct literals *set)
{
	if (!set)
		return;
	memory_free(set->items);
	memory_free(set->windows);
	memory_free(set->shorts);
	memory_free(set);
}

size_t literals_count(const struct literals *set)
{
	return set->n;
}

/* The window at `at` of the text is one of a literal's, or has its bucket. */
static void look(const struct literals *set, struct span text, size_t at, uint32_t bytes, literals_found *found,
		 void *context)
{
	for (uint16_t i = set->first[bucket_of(bytes)]; i; i = set->windows[i - 1].next) {
		const struct window *w = &set->windows[i - 1];
		const struct literal *l = &set->items[w->literal];
		size_t before = l->offset + (size_t)(i - 1) % STRIDE;
		if (w->bytes != bytes || at < before || text.len - (at - before) < l->text.len)
			continue;
		if (!memcmp(text.at + (at - before), l->text.at, l->text.len))
			found(context, l->number, at - before);
	}
}

static inline unsigned filled_at(const struct literals *set, const char *at)
{
	return set->filled[bucket_of(load4(at))];
}

static inline void ask(const struct literals *set, struct span text, size_t at, literals_found *found, void *context)
{
	uint32_t bytes = load4(text.at + at);
	if (set->filled[bucket_of(bytes)])
		look(set, text, at, bytes, found, context);
}

static void scan_short(const struct literal *l, struct span text, literals_found *found, void *context)
{
	char rare = l->text.at[l->offset];
	size_t from = l->offset;
	while (from < text.len) {
		const char *hit = memchr(text.at + from, rare, text.len - from);
		if (!hit)
			return;
		size_t start = (size_t)(hit - text.at) - l->offset;
		if (text.len - start >= l->text.len && !memcmp(text.at + start, l->text.at, l->text.len))
			found(context, l->number, start);
		from = start + l->offset + 1;
	}
}

void literals_scan(const struct literals *set, struct span text, literals_found *found, void *context)
{
	enum { AT_ONCE = 4 * STRIDE };
	size_t at = 0;
	if (text.len < LITERALS_MIN)
		return;
	for (size_t i = 0; i < set->shorts_n; i++)
		scan_short(&set->items[set->shorts[i]], text, found, context);
	if (set->shorts_n == set->n)
		return;
	for (; at + AT_ONCE + WINDOW - STRIDE <= text.len; at += AT_ONCE) {
		const char *w = text.at + at;
		if (!(filled_at(set, w) | filled_at(set, w + STRIDE) | filled_at(set, w + 2 * STRIDE) | filled_at(set, w + 3 * STRIDE)))
			continue;
		for (size_t i = 0; i < AT_ONCE; i += STRIDE)
			ask(set, text, at + i, found, context);
	}
	for (; at + WINDOW <= text.len; at += STRIDE)
		ask(set, text, at, found, context);
}
