#include "tally/top.h"

#include <stdlib.h>

#include "base/memory.h"

struct top_counts *top_new(void)
{
	return memory_new(1, sizeof(struct top_counts));
}

static size_t home_of(uint64_t hash)
{
	return hash & (TOP_TABLE - 1);
}

/* Linear probing without tombstones: what stands behind the hole and may move into it does (Knuth, 6.4, algorithm R).
 */
static void table_remove(struct top_counts *t, uint32_t number)
{
	size_t hole = home_of(t->key[number].hash);
	while (t->table[hole] != number + 1)
		hole = (hole + 1) & (TOP_TABLE - 1);
	for (size_t i = hole;;) {
		t->table[hole] = 0;
		size_t home;
		do {
			i = (i + 1) & (TOP_TABLE - 1);
			if (!t->table[i])
				return;
			home = home_of(t->key[t->table[i] - 1].hash);
		} while (((i - home) & (TOP_TABLE - 1)) < ((i - hole) & (TOP_TABLE - 1)));
		t->table[hole] = t->table[i];
		hole = i;
	}
}

static void table_insert(struct top_counts *t, uint32_t number)
{
	size_t i = home_of(t->key[number].hash);
	while (t->table[i])
		i = (i + 1) & (TOP_TABLE - 1);
	t->table[i] = (uint16_t)(number + 1);
}

/* A counter with the smallest count, the next one from the cursor on. */
static uint32_t least_counter(struct top_counts *t)
{
	for (;;) {
		for (; t->cursor < LIMIT_TOP; t->cursor++)
			if (t->count[t->cursor] == t->least)
				return t->cursor++;
		uint64_t least = t->count[0];
		for (uint32_t i = 1; i < LIMIT_TOP; i++)
			if (t->count[i] < least)
				least = t->count[i];
		t->least = least;
		t->cursor = 0;
	}
}

struct top_key *top_add(struct top_counts *t, struct span key, uint64_t hash)
{
	key = span_head(key, TOP_KEY_BYTES);
	for (size_t i = home_of(hash); t->table[i]; i = (i + 1) & (TOP_TABLE - 1)) {
		uint32_t number = t->table[i] - 1u;
		struct top_key *k = &t->key[number];
		if (k->hash == hash && k->len == key.len && !memcmp(k->bytes, key.at, key.len)) {
			t->count[number]++;
			return k;
		}
	}
	uint32_t number;
	if (t->n < LIMIT_TOP) {
		number = t->n++;
	} else {
		number = least_counter(t);
		t->error[number] = t->count[number];
		table_remove(t, number);
	}
	t->count[number]++;
	struct top_key *k = &t->key[number];
	k->hash = hash;
	k->hour = k->failed_hour = 0;
	k->len = (uint32_t)key.len;
	memcpy(k->bytes, key.at, key.len);
	table_insert(t, number);
	return k;
}

static int by_count(const void *left, const void *right)
{
	const struct top *a = left, *b = right;
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return span_compare(span_of(a->key), span_of(b->key));
}

struct top *top_freeze(const struct top_counts *t, size_t *n)
{
	struct top *out = memory_new(t->n, sizeof *out);
	struct text key = {0};
	for (uint32_t i = 0; i < t->n; i++) {
		text_clear(&key);
		text_append_utf8(&key, (struct span){t->key[i].bytes, t->key[i].len});
		out[i] = (struct top){span_copy(text_span(&key)), t->count[i], t->error[i]};
	}
	text_release(&key);
	qsort(out, t->n, sizeof *out, by_count);
	/* two keys that differ only in bytes that are no UTF-8 are one now; the true count of both lies in the sum's
	 * range */
	size_t to = 0;
	for (uint32_t i = 0; i < t->n; i++) {
		size_t same = strstr(out[i].key, "\xEF\xBF\xBD") ? 0 : to;
		while (same < to && strcmp(out[same].key, out[i].key))
			same++;
		if (same < to) {
			out[same].n += out[i].n;
			out[same].error += out[i].error;
			memory_free(out[i].key);
		} else {
			out[to++] = out[i];
		}
	}
	if (to != t->n)
		qsort(out, to, sizeof *out, by_count);
	*n = to;
	return out;
}

void top_free(struct top_counts *t)
{
	memory_free(t);
}
