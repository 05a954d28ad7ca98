#include "tally/keyed.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "tally/message.h"

void keyed_init(struct keyed_counts *k, size_t limit)
{
	*k = (struct keyed_counts){.limit = limit};
	cells_init(&k->cells, cells_minutes, LIMIT_CELLS);
}

static uint32_t *place_of(struct keyed_counts *k, struct span key, uint64_t hash)
{
	size_t i = hash & (k->table_cap - 1);
	while (k->table[i]) {
		const struct keyed_entry *e = &k->entries[k->table[i] - 1];
		if (e->hash == hash && e->len == key.len && !memcmp(e->key, key.at, key.len))
			break;
		i = (i + 1) & (k->table_cap - 1);
	}
	return &k->table[i];
}

/* The slot of a key. `severity` raises the slot's. */
static uint32_t slot_of(struct keyed_counts *k, struct span key, const struct place *p, uint8_t severity)
{
	if (!k->table_cap) {
		for (k->table_cap = 64; k->table_cap < 2 * (k->limit + 1); k->table_cap *= 2)
			;
		k->table = memory_new(k->table_cap, sizeof *k->table);
	}
	uint64_t hash = hash_bytes(key);
	uint32_t *place = place_of(k, key, hash);
	if (!*place && k->n >= k->limit) {
		key = SPAN("other");
		hash = hash_bytes(key);
		place = place_of(k, key, hash);
	}
	if (!*place) {
		k->entries = memory_grow(k->entries, &k->cap, k->n + 1, sizeof *k->entries);
		k->entries[k->n++] =
			(struct keyed_entry){hash, p->offset, span_copy(key), (uint32_t)key.len, p->line, p->length, 0};
		*place = (uint32_t)k->n;
	}
	struct keyed_entry *e = &k->entries[*place - 1];
	if (severity > e->severity)
		e->severity = severity;
	return *place - 1;
}

uint32_t keyed_path_slot(struct keyed_counts *k, struct span path, const struct place *p)
{
	/* the query is most of what varies, and it is cut anyway */
	const char *query = path.len ? memchr(path.at, '?', path.len) : NULL;
	if (query)
		path.len = (size_t)(query - path.at);
	char key[MESSAGE_PATH_BYTES];
	if (path.len > KEYED_RAW_BYTES)
		return slot_of(k, (struct span){key, message_path(path, key)}, p, 0);
	if (!k->recent)
		k->recent = memory_new(KEYED_RECENT, sizeof *k->recent);
	uint64_t hash = hash_bytes(path);
	struct keyed_recent *r = &k->recent[hash >> 55];
	if (r->hash == hash && r->len == path.len + 1 && !memcmp(r->raw, path.at, path.len))
		return r->slot;
	uint32_t slot = slot_of(k, (struct span){key, message_path(path, key)}, p, 0);
	r->hash = hash;
	r->len = (uint16_t)(path.len + 1); /* 0 is an empty place */
	r->slot = (uint16_t)slot;
	if (path.len)
		memcpy(r->raw, path.at, path.len);
	return slot;
}

/* Where few messages are said twice, to look for them costs more than their shapes do: then one in LINES_SKIPPED is. */
enum { LINES_MISSED = 32, LINES_SKIPPED = 32 };

/* Where a message is kept whole; NULL: nowhere. */
static struct keyed_line *line_of(struct keyed_counts *k, struct span message, uint64_t *hash)
{
	if (message.len > KEYED_LINE_BYTES || (k->lines_missed == LINES_MISSED && ++k->lines_skipped % LINES_SKIPPED))
		return NULL;
	if (!k->lines)
		k->lines = memory_new(KEYED_LINES, sizeof *k->lines);
	*hash = hash_bytes(message);
	return &k->lines[*hash >> 58];
}

/* The slot of a message whose like was there before. */
static bool message_known(struct keyed_counts *k, const struct keyed_line *l, uint64_t hash, struct span message, struct marks *m,
			  uint32_t *slot)
{
	if (l && l->hash == hash && l->len == message.len + 1 && !memcmp(l->raw, message.at, message.len)) {
		k->lines_missed -= k->lines_missed > 0;
		*slot = l->slot;
		return true;
	}
	k->lines_missed += l && k->lines_missed < LINES_MISSED;
	return shapes_find(&k->shapes, m, message.len, slot);
}

bool keyed_message_slot(struct keyed_counts *k, struct span message, const struct place *p, uint8_t severity,
			uint32_t *slot)
{
	uint64_t hash = 0;
	struct keyed_line *l = line_of(k, message, &hash);
	struct marks marks;
	marks_init(&marks, message);
	if (message_known(k, l, hash, message, &marks, slot)) {
		if (severity > k->entries[*slot].severity)
			k->entries[*slot].severity = severity;
	} else {
		char key[MESSAGE_SIGNATURE_BYTES];
		struct message_holes holes;
		size_t len = message_signature(&marks, message, key, &holes);
		if (!len)
			return false;
		*slot = slot_of(k, (struct span){key, len}, p, severity);
		shapes_learn(&k->shapes, &marks, &holes, *slot);
	}
	if (l && l->hash != hash && message.len) {
		l->hash = hash;
		l->len = (uint16_t)(message.len + 1);
		l->slot = (uint16_t)*slot;
		memcpy(l->raw, message.at, message.len);
	}
	return true;
}

static int by_key(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;
	return span_compare(span_of(a->key), span_of(b->key));
}

struct keyed *keyed_freeze(struct keyed_counts *k, uint32_t from_s, uint32_t to_s, size_t *n)
{
	size_t cells_n, to = 0;
	const struct cell *cells = cells_by_slot(&k->cells, &cells_n);
	struct keyed *out = memory_new(k->n, sizeof *out);
	for (size_t i = 0; i < cells_n;) {
		const struct keyed_entry *e = &k->entries[cells[i].slot];
		size_t end = i;
		while (end < cells_n && cells[end].slot == cells[i].slot)
			end++;
		struct keyed *made = &out[to];
		*made = (struct keyed){.severity = e->severity,
				       .first_line = e->first_line,
				       .first_offset = e->first_offset,
				       .first_length = e->first_length,
				       .cells = memory_new(end - i, sizeof *made->cells)};
		for (; i < end; i++)
			if (cells[i].start_s >= from_s && cells[i].start_s <= to_s)
				made->cells[made->n++] = (struct keyed_cell){cells[i].start_s, cells[i].n,
									     cells[i].failed, cells[i].slow};
		if (!made->n) {
			memory_free(made->cells);
			continue;
		}
		made->key = span_copy((struct span){e->key, e->len});
		to++;
	}
	if (to)
		qsort(out, to, sizeof *out, by_key);
	*n = to;
	return out;
}

void keyed_release(struct keyed_counts *k)
{
	for (size_t i = 0; i < k->n; i++)
		memory_free(k->entries[i].key);
	memory_free(k->entries);
	memory_free(k->table);
	memory_free(k->recent);
	memory_free(k->lines);
	shapes_release(&k->shapes);
	cells_release(&k->cells);
	*k = (struct keyed_counts){0};
}
