#include "incident/starmerge.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

/* A word of a signature. */
struct word {
	uint32_t start, len;
	bool varies; /* may be replaced */
};

/* A signature without one of its words. */
struct without {
	uint64_t key, word;
	uint32_t signature;
};

/* The words of all signatures, one after the other. */
struct words {
	struct word *items; /* owned */
	size_t n, cap;
	size_t *first; /* owned; of signature i: items[first[i]] to items[first[i + 1]] */
};

static bool is_of_a_word(char c)
{
	return is_letter(c) || (unsigned char)c >= 0x80;
}

static bool is_separator(char c)
{
	return c == ' ' || (c && strchr("=:,;()[]{}|\"'", c));
}

static void words_add(struct words *w, struct span s)
{
	size_t first = w->n;
	for (size_t i = 0; i < s.len && w->n < first + STARMERGE_POSITIONS;) {
		if (is_separator(s.at[i])) {
			i++;
			continue;
		}
		w->items = memory_grow(w->items, &w->cap, w->n + 1, sizeof *w->items);
		struct word *word = &w->items[w->n++];
		*word = (struct word){.start = (uint32_t)i};
		for (; i < s.len && !is_separator(s.at[i]); i++)
			word->varies |= w->n > first + 1 && is_of_a_word(s.at[i]);
		word->len = (uint32_t)i - word->start;
	}
}

/* A word in its place: two texts that differ in one word only differ by this in their sums. */
static uint64_t placed(uint64_t hash, size_t position)
{
	return hash_pair(hash, position);
}

/* Of the whole text: words and what stands between them, each in its place. Beyond the last position all is one piece. */
static uint64_t sum_of(struct span s, const struct word *words, size_t n)
{
	uint64_t sum = 0;
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		sum += placed(hash_bytes((struct span){s.at + from, words[i].start - from}), STARMERGE_POSITIONS + i);
		sum += placed(hash_bytes((struct span){s.at + words[i].start, words[i].len}), i);
		from = words[i].start + words[i].len;
	}
	return sum + placed(hash_bytes(span_from(s, from)), 2 * STARMERGE_POSITIONS);
}

static int without_order(const void *a, const void *b)
{
	const struct without *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return x->signature < y->signature ? -1 : x->signature > y->signature;
}

/* What is replaced in a signature in this round: a bit for each position. */
struct marks {
	uint64_t bits[STARMERGE_POSITIONS / 64];
	bool any;
};

static void mark_groups(const struct without *items, size_t n, size_t position, struct marks *marks)
{
	for (size_t i = 0, end; i < n; i = end) {
		size_t different = 1;
		for (end = i + 1; end < n && items[end].key == items[i].key; end++)
			different += items[end].word != items[end - 1].word;
		for (size_t k = i; different >= STARMERGE_WORDS && k < end; k++) {
			struct marks *m = &marks[items[k].signature];
			m->bits[position / 64] |= UINT64_C(1) << position % 64;
			m->any = true;
		}
	}
}

/* The text with its marked words replaced. */
static struct text replace(struct span s, const struct word *words, size_t n, const struct marks *m)
{
	struct text out = {0};
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		if (!(m->bits[i / 64] >> i % 64 & 1))
			continue;
		text_append(&out, (struct span){s.at + from, words[i].start - from});
		text_append(&out, SPAN("<*>"));
		from = words[i].start + words[i].len;
	}
	text_append(&out, span_from(s, from));
	return out;
}

/* What a round works with, for n signatures. */
struct round {
	struct words words;
	struct marks *marks;
	struct without *items;
	uint64_t *sums;
};

static void round_find(const struct starmerge *m, struct round *r)
{
	size_t longest = 0;
	r->words.n = 0;
	for (size_t i = 0; i < m->n; i++) {
		r->words.first[i] = r->words.n;
		words_add(&r->words, m->templates[i]);
		size_t n = r->words.n - r->words.first[i];
		r->sums[i] = sum_of(m->templates[i], r->words.items + r->words.first[i], n);
		r->marks[i] = (struct marks){0};
		longest = n > longest ? n : longest;
	}
	r->words.first[m->n] = r->words.n;
	for (size_t position = 1; position < longest; position++) {
		size_t n = 0;
		for (size_t i = 0; i < m->n; i++) {
			size_t at = r->words.first[i] + position;
			if (at >= r->words.first[i + 1] || !r->words.items[at].varies)
				continue;
			const struct word *word = &r->words.items[at];
			uint64_t hash = hash_bytes((struct span){m->templates[i].at + word->start, word->len});
			r->items[n++] = (struct without){r->sums[i] - placed(hash, position), hash, (uint32_t)i};
		}
		if (n)
			qsort(r->items, n, sizeof *r->items, without_order);
		mark_groups(r->items, n, position, r->marks);
	}
}

/* False when nothing was replaced. */
static bool round_replace(struct starmerge *m, const struct round *r)
{
	bool any = false;
	for (size_t i = 0; i < m->n; i++) {
		if (!r->marks[i].any)
			continue;
		struct text made = replace(m->templates[i], r->words.items + r->words.first[i],
					   r->words.first[i + 1] - r->words.first[i], &r->marks[i]);
		text_release(&m->kept[i]);
		m->kept[i] = made;
		m->templates[i] = text_span(&m->kept[i]);
		any = true;
	}
	return any;
}

void starmerge_find(const struct span *signatures, size_t n, struct starmerge *out)
{
	*out = (struct starmerge){memory_new(n, sizeof *out->templates), n, memory_new(n, sizeof *out->kept)};
	struct round r = {.words.first = memory_new(n + 1, sizeof *r.words.first),
			  .marks = memory_new(n, sizeof *r.marks),
			  .items = memory_new(n, sizeof *r.items),
			  .sums = memory_new(n, sizeof *r.sums)};
	for (size_t i = 0; i < n; i++)
		out->templates[i] = signatures[i];
	for (int round = 0; round < STARMERGE_ROUNDS; round++) {
		round_find(out, &r);
		if (!round_replace(out, &r))
			break;
	}
	memory_free(r.words.items);
	memory_free(r.words.first);
	memory_free(r.marks);
	memory_free(r.items);
	memory_free(r.sums);
}

void starmerge_release(struct starmerge *m)
{
	for (size_t i = 0; i < m->n; i++)
		text_release(&m->kept[i]);
	memory_free(m->kept);
	memory_free(m->templates);
	*m = (struct starmerge){0};
}
