#include "line/literals.h"

#include <string.h>

#include "base/memory.h"

/* Why windows and no Aho-Corasick: some 250 literals of 35 bytes make 6,000 states, dense tables of which leave the cache, and
 * sparse ones cost a branch per byte. A four-byte window costs one multiplication and one load per byte, from 16 KiB of table,
 * and the texts that are scanned (failing records) nearly never hit. */
enum {
	BUCKET_BITS = 14,
	BUCKETS = 1 << BUCKET_BITS,
	WINDOW = 4,
	NONE = UINT16_MAX,
};

struct literal {
	struct span text;
	uint32_t window;    /* the four bytes at `offset` of text */
	uint16_t offset;
	uint16_t next;      /* in the same bucket, NONE at the end */
	unsigned number;
};

struct literals {
	struct literal *items;
	size_t n, cap;
	unsigned char filled[BUCKETS]; /* a byte each: eight are asked at once */
	uint16_t first[BUCKETS];
};

static uint32_t load4(const char *at)
{
	uint32_t v;
	memcpy(&v, at, sizeof v);
	return v;
}

static uint32_t bucket_of(uint32_t window)
{
	return window * UINT32_C(0x9E3779B1) >> (32 - BUCKET_BITS);
}

struct literals *literals_new(void)
{
	return memory_new(1, sizeof(struct literals));
}

bool literals_add(struct literals *set, struct span literal, unsigned number)
{
	if (literal.len < LITERALS_MIN || set->n >= NONE || literal.len > UINT16_MAX)
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

static uint16_t rarest_window(const unsigned char rare[256], struct span text)
{
	size_t best = 0;
	unsigned most = 0, sum = 0;
	for (size_t end = 0; end < text.len; end++) {
		sum += rare[(unsigned char)text.at[end]];
		if (end + 1 < WINDOW)
			continue;
		if (sum > most) {
			most = sum;
			best = end + 1 - WINDOW;
		}
		sum -= rare[(unsigned char)text.at[end + 1 - WINDOW]];
	}
	return (uint16_t)best;
}

void literals_finish(struct literals *set)
{
	unsigned char rare[256];
	if (!set->n)
		return;
	for (unsigned c = 0; c < 256; c++)
		rare[c] = (unsigned char)rarity((unsigned char)c);
	for (size_t i = 0; i < BUCKETS; i++)
		set->first[i] = NONE;
	for (size_t i = set->n; i-- > 0;) {
		struct literal *l = &set->items[i];
		l->offset = rarest_window(rare, l->text);
		l->window = load4(l->text.at + l->offset);
		uint32_t bucket = bucket_of(l->window);
		l->next = set->first[bucket];
		set->first[bucket] = (uint16_t)i;
		set->filled[bucket] = 1;
	}
}

void literals_free(struct literals *set)
{
	if (!set)
		return;
	memory_free(set->items);
	memory_free(set);
}

size_t literals_count(const struct literals *set)
{
	return set->n;
}

static void look(const struct literals *set, struct span text, size_t at, uint32_t window, literals_found *found,
		 void *context)
{
	for (uint16_t i = set->first[bucket_of(window)]; i != NONE; i = set->items[i].next) {
		const struct literal *l = &set->items[i];
		if (l->window != window || at < l->offset || text.len - (at - l->offset) < l->text.len)
			continue;
		if (!memcmp(text.at + (at - l->offset), l->text.at, l->text.len))
			found(context, l->number, at - l->offset);
	}
}

static inline unsigned char filled_at(const struct literals *set, const char *at)
{
	return set->filled[bucket_of(load4(at))];
}

static inline void ask(const struct literals *set, struct span text, size_t at, literals_found *found, void *context)
{
	uint32_t window = load4(text.at + at);
	if (set->filled[bucket_of(window)])
		look(set, text, at, window, found, context);
}

void literals_scan(const struct literals *set, struct span text, literals_found *found, void *context)
{
	size_t at = 0;
	if (!set->n)
		return;
	for (; at + WINDOW + 7 <= text.len; at += 8) {
		const char *w = text.at + at;
		unsigned any = filled_at(set, w) | filled_at(set, w + 1) | filled_at(set, w + 2) | filled_at(set, w + 3);
		any |= filled_at(set, w + 4) | filled_at(set, w + 5) | filled_at(set, w + 6) | filled_at(set, w + 7);
		for (size_t i = 0; any && i < 8; i++)
			ask(set, text, at + i, found, context);
	}
	for (; at + WINDOW <= text.len; at++)
		ask(set, text, at, found, context);
}
