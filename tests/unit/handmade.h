/* handmade: parts and tallies made by hand, for tests of the story.
 *
 * Takes  what a test says about a file.
 * Gives  a tally whose entries are sorted as tally.h wants them.
 * Holds  owned parts; handmade_release() frees all.
 * Never  reads logs.
 */
#ifndef ONSET_HANDMADE_H
#define ONSET_HANDMADE_H

#include <stdlib.h>

#include "base/memory.h"
#include "tally/tally.h"

#define T0 INT64_C(1700000000) /* seconds: 2023-11-14T22:13:20Z */

static inline struct part *handmade_part(const char *format, enum tier tier, uint64_t bytes, int64_t first_s, int64_t last_s)
{
	struct part *p = memory_new(1, sizeof *p);
	p->bytes = bytes;
	p->crc = (uint32_t)(bytes * 2654435761u);
	p->stream = span_copy(SPAN_NONE);
	p->carriers = span_copy(SPAN_NONE);
	p->format = span_copy(span_of(format));
	p->layout = span_copy(SPAN_NONE);
	p->also = span_copy(SPAN_NONE);
	p->zone_text = span_copy(SPAN_NONE);
	p->tier = tier;
	p->zone = STAMP_EXPLICIT;
	p->resolution_us = 1000;
	p->first_us = first_s == INSTANT_NONE ? INSTANT_NONE : first_s * SECOND_US;
	p->last_us = last_s == INSTANT_NONE ? INSTANT_NONE : last_s * SECOND_US;
	return p;
}

/* What the part's first stamp printed as its zone. */
static inline void handmade_zone(struct part *p, const char *text)
{
	memory_free(p->zone_text);
	p->zone_text = span_copy(span_of(text));
}

/* An empty series of the part; fill it with handmade_bin(). Series may be made in any order. */
static inline struct series *handmade_series(struct part *p, const char *signal, const char *class, enum facet facet,
					     const char *value, uint32_t width_s)
{
	size_t cap = p->series_n;
	p->series = memory_grow(p->series, &cap, p->series_n + 1, sizeof *p->series);
	struct series *s = &p->series[p->series_n++];
	*s = (struct series){span_copy(span_of(signal)), span_copy(span_of(class)), span_copy(span_of(value)), facet, width_s, NULL, 0};
	return s;
}

static inline struct bin *handmade_bin(struct series *s, int64_t start_s, uint32_t n, uint32_t first_us, uint32_t last_us)
{
	/* Room for a power of two, so that a week of bins is not copied once a bin. */
	size_t cap = s->n;
	if (!(cap & (cap - 1)))
		s->bins = memory_grow(s->bins, &cap, cap ? 2 * cap : 1, sizeof *s->bins);
	struct bin *b = &s->bins[s->n++];
	*b = (struct bin){.start_s = (uint32_t)start_s, .n = n, .first_us = first_us, .last_us = last_us};
	b->first_line = (uint32_t)s->n;
	b->last_line = (uint32_t)s->n + n;
	b->first_offset = s->n * 1000;
	b->last_offset = s->n * 1000 + n;
	return b;
}

/* The heartbeat: one bin of `n` records each 10 s of [first, last]. */
static inline void handmade_records(struct part *p, uint32_t n)
{
	struct series *s = handmade_series(p, "records", "", FACET_NONE, "", 10);
	for (int64_t t = p->first_us / SECOND_US / 10 * 10; t <= p->last_us / SECOND_US; t += 10)
		handmade_bin(s, t, n, 0, 9000000);
}

static inline void handmade_id(struct part *p, uint64_t hash, int64_t at_s)
{
	size_t cap = p->ids_n;
	p->ids = memory_grow(p->ids, &cap, p->ids_n + 1, sizeof *p->ids);
	p->ids[p->ids_n++] = (struct sampled_id){(uint32_t)(at_s / 3600), hash, at_s * SECOND_US, at_s * SECOND_US, -1};
}

static inline int handmade_order(const void *a, const void *b)
{
	return part_compare(((const struct tally_entry *)a)->part, ((const struct tally_entry *)b)->part);
}

/* Adds the part under one more key and path (keys in ascending order). A part that is there already only gets the location. */
static inline void handmade_add(struct tally *t, struct part *p, const char *key, const char *path)
{
	struct tally_entry *e = NULL;
	for (size_t i = 0; i < t->n; i++)
		if (t->entries[i].part == p)
			e = &t->entries[i];
	if (!e) {
		t->entries = memory_grow(t->entries, &t->cap, t->n + 1, sizeof *t->entries);
		e = &t->entries[t->n++];
		e->part = p;
	}
	e->locations = memory_grow(e->locations, &e->cap, e->n + 1, sizeof *e->locations);
	e->locations[e->n++] = (struct location){.key = span_copy(span_of(key)), .path = span_copy(span_of(path))};
	qsort(t->entries, t->n, sizeof *t->entries, handmade_order);
}

static inline void handmade_release(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->entries[i].n; k++) {
			memory_free(t->entries[i].locations[k].key);
			memory_free(t->entries[i].locations[k].path);
		}
		memory_free(t->entries[i].locations);
		part_free(t->entries[i].part);
	}
	memory_free(t->entries);
	*t = (struct tally){0};
}

#endif
