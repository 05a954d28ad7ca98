#include "tally/gauge.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/cells.h"

enum { OTHER = LIMIT_FACETS };

void gauges_init(struct gauges *g)
{
	*g = (struct gauges){0};
	sums_init(&g->sums, cells_seconds);
}

/* Where the value stands; k->n when it does not. */
static size_t value_place(const struct gauge_keys *k, struct span value, uint64_t hash)
{
	size_t i = 0;
	while (i < k->n && (k->values[i].hash != hash || !span_equal((struct span){k->values[i].key, k->values[i].len}, value)))
		i++;
	return i;
}

/* The place of a value that does not stand there as it is printed. */
static size_t key_new(struct gauge_keys *k, struct span value)
{
	struct text clean = {0};
	if (!span_is_utf8(value)) {
		text_append_utf8(&clean, value);
		value = text_span(&clean);
	}
	uint64_t hash = hash_bytes(value);
	size_t i = value_place(k, value, hash);
	if (i == k->n) {
		if (i < OTHER && !span_equal(value, SPAN("other"))) {
			k->n++;
		} else {
			i = OTHER;
			value = SPAN("other");
		}
		if (!k->values[i].key) {
			k->values[i].key = span_copy(value);
			k->values[i].len = value.len;
			k->values[i].hash = hash;
		}
	}
	text_release(&clean);
	return i;
}

/* Makes `last` the place of a value that was not the last one. */
static void key_find(struct gauge_keys *k, struct span value)
{
	size_t i = value_place(k, value, hash_bytes(value));
	k->last = i < k->n ? i : key_new(k, value);
}

/* Makes `last` the place of the record's value. */
static inline void key_note(struct gauge_keys *k, const struct record *r)
{
	struct span value = k->field == FIELD_IGNORED ? SPAN_NONE : span_head(record_get(r, k->field), GAUGE_KEY_BYTES);
	struct span last = {k->values[k->last].key, k->values[k->last].len};
	if (!last.at || !span_equal(last, value))
		key_find(k, value);
}

static struct gauge_keys *keys_of(struct gauges *g, enum metric metric)
{
	if (!g->fields[metric]) {
		size_t i = 0;
		while (i < g->keys_n && g->keys[i].field != metric_key(metric))
			i++;
		if (i == g->keys_n) {
			g->keys = memory_grow(g->keys, &g->keys_cap, g->keys_n + 1, sizeof *g->keys);
			g->keys[g->keys_n++].field = metric_key(metric);
		}
		g->fields[metric] = (uint8_t)(i + 1);
	}
	return &g->keys[g->fields[metric] - 1];
}

void gauges_add(struct gauges *g, const struct place *p, const struct record *r)
{
	if (!g->hints)
		g->hints = memory_new(METRIC_COUNT, sizeof *g->hints);
	g->turn++;
	for (uint32_t left = r->metrics; left; left &= left - 1) {
		enum metric metric = (enum metric)__builtin_ctz(left);
		if (metric >= METRIC_COUNT)
			break;
		struct gauge_keys *keys = keys_of(g, metric);
		if (keys->turn != g->turn) {
			keys->turn = g->turn;
			key_note(keys, r);
		}
		uint32_t key = (uint32_t)keys->last, *hint = &g->hints[metric][key];
		*hint = sums_add(&g->sums, (uint32_t)metric * GAUGE_KEYS + key, *hint, r->metric[metric], p);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct gauge *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->key, b->key);
}

struct gauge *gauges_freeze(struct gauges *g, uint32_t from_s, uint32_t to_s, size_t *n)
{
	size_t cells_n, cap = 0;
	const struct sum_cell *cells = sums_by_slot(&g->sums, &cells_n);
	struct gauge *out = NULL;
	*n = 0;
	for (size_t i = 0, taken; i < cells_n; i += taken) {
		struct gauge made = {0};
		taken = sums_take(cells + i, cells_n - i, from_s, to_s, &made.cells, &made.n);
		if (!made.n)
			continue;
		enum metric metric = (enum metric)(cells[i].slot / GAUGE_KEYS);
		made.name = span_copy(span_of(metric_name(metric)));
		made.key = span_copy(span_of(g->keys[g->fields[metric] - 1].values[cells[i].slot % GAUGE_KEYS].key));
		out = memory_grow(out, &cap, *n + 1, sizeof *out); /* most files have none */
		out[(*n)++] = made;
	}
	if (*n)
		qsort(out, *n, sizeof *out, by_name);
	return out;
}

void gauges_release(struct gauges *g)
{
	for (size_t i = 0; i < g->keys_n; i++)
		for (size_t k = 0; k < GAUGE_KEYS; k++)
			memory_free(g->keys[i].values[k].key);
	memory_free(g->keys);
	memory_free(g->hints);
	sums_release(&g->sums);
	*g = (struct gauges){0};
}
