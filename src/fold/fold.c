#include "fold/fold.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "fold/offset.h"
#include "fold/overheard.h"
#include "fold/rotation.h"
#include "fold/twins.h"

/* Two files of one source interleave when they share more than this, and more than a tenth of the shorter one. */
#define INTERLEAVE_US MINUTE_US
enum { INTERLEAVE_SHARE = 10 };

/* A source key and how many bytes have a location under it. */
struct key_bytes {
	const char *key;
	uint64_t bytes;
};

static int key_order(const void *a, const void *b)
{
	const struct key_bytes *x = a, *y = b;
	return strcmp(x->key, y->key);
}

/* All keys of the tally, sorted, each once. Locations are sorted by (key, path): equal keys of a part stand together. */
static struct key_bytes *keys_list(const struct tally *tally, size_t *n_out)
{
	struct key_bytes *keys = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const struct tally_entry *e = &tally->entries[i];
		for (size_t k = 0; k < e->n; k++) {
			if (k && !strcmp(e->locations[k].key, e->locations[k - 1].key))
				continue;
			keys = memory_grow(keys, &cap, n + 1, sizeof *keys);
			keys[n++] = (struct key_bytes){e->locations[k].key, e->part->bytes};
		}
	}
	if (n)
		qsort(keys, n, sizeof *keys, key_order);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(keys[kept - 1].key, keys[i].key))
			keys[kept - 1].bytes += keys[i].bytes;
		else
			keys[kept++] = keys[i];
	}
	*n_out = kept;
	return keys;
}

static size_t key_find(const struct key_bytes *keys, size_t n, const char *key)
{
	struct key_bytes want = {key, 0};
	const struct key_bytes *found = bsearch(&want, keys, n, sizeof *keys, key_order);
	return found ? (size_t)(found - keys) : n;
}

static void entry_add(struct fold_source *s, size_t *cap, uint32_t entry)
{
	s->entries = memory_grow(s->entries, cap, s->entries_n + 1, sizeof *s->entries);
	s->entries[s->entries_n++] = entry;
}

/* Deals the parts to their keys. */
static void deal(struct fold_source *sources, const struct key_bytes *keys, size_t n, const struct tally *tally)
{
	size_t *caps = memory_new(n, sizeof *caps);
	for (size_t i = 0; i < tally->n; i++) {
		const struct tally_entry *e = &tally->entries[i];
		size_t best = n;
		for (size_t k = 0; k < e->n; k++) {
			if (k && !strcmp(e->locations[k].key, e->locations[k - 1].key))
				continue;
			size_t at = key_find(keys, n, e->locations[k].key);
			if (!e->part->bytes) {
				entry_add(&sources[at], &caps[at], (uint32_t)i); /* nothing in it could count twice */
				continue;
			}
			if (best == n || keys[at].bytes > keys[best].bytes || (keys[at].bytes == keys[best].bytes && at < best))
				best = at;
		}
		if (best < n)
			entry_add(&sources[best], &caps[best], (uint32_t)i);
	}
	memory_free(caps);
}

struct entry_time {
	int64_t first_us;
	uint32_t entry;
};

static int entry_order(const void *a, const void *b)
{
	const struct entry_time *x = a, *y = b;
	bool none_x = x->first_us == INSTANT_NONE, none_y = y->first_us == INSTANT_NONE;
	if (none_x != none_y)
		return none_x ? 1 : -1;
	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static void entries_sort(struct fold_source *s, const struct tally *tally)
{
	struct entry_time *times = memory_new(s->entries_n, sizeof *times);
	for (size_t i = 0; i < s->entries_n; i++)
		times[i] = (struct entry_time){tally->entries[s->entries[i]].part->first_us, s->entries[i]};
	qsort(times, s->entries_n, sizeof *times, entry_order);
	for (size_t i = 0; i < s->entries_n; i++)
		s->entries[i] = times[i].entry;
	memory_free(times);
}

/* True when the user stated a tier for one of the source's paths; the last statement that matches wins. */
static bool tier_stated(const struct fold_source *s, const struct tally *tally, const struct story_options *options,
			enum tier *tier)
{
	for (size_t t = options->tiers_n; t-- > 0;)
		if (source_matches(s, tally, options->tiers[t].glob)) {
			*tier = options->tiers[t].tier;
			return true;
		}
	return false;
}

/* The tier of the format that most bytes are in. */
static void tier_assign(struct fold_source *s, const struct tally *tally, const struct story_options *options)
{
	s->tier_how = "option";
	if (tier_stated(s, tally, options, &s->tier))
		return;
	uint64_t bytes[TIER_COUNT] = {0};
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->tier > TIER_UNKNOWN && p->tier < TIER_COUNT)
			bytes[p->tier] += p->bytes;
	}
	s->tier = TIER_UNKNOWN;
	for (int t = TIER_LB; t < TIER_COUNT; t++)
		if (bytes[t] > bytes[s->tier])
			s->tier = (enum tier)t;
	s->tier_how = s->tier == TIER_UNKNOWN ? "unknown" : "format";
}

static const char *path_of(const struct fold_source *s, const struct tally_entry *e)
{
	for (size_t k = 0; k < e->n; k++)
		if (!strcmp(e->locations[k].key, s->key))
			return e->locations[k].path;
	return e->n ? e->locations[0].path : "";
}

static bool interleave(const struct part *a, const struct part *b)
{
	int64_t start_us = a->first_us > b->first_us ? a->first_us : b->first_us;
	int64_t end_us = a->last_us < b->last_us ? a->last_us : b->last_us;
	int64_t length_a = a->last_us - a->first_us, length_b = b->last_us - b->first_us;
	int64_t shorter_us = length_a < length_b ? length_a : length_b;
	int64_t shared_us = end_us - start_us;
	return shared_us > INTERLEAVE_US && shared_us > shorter_us / INTERLEAVE_SHARE;
}

/* Files of one stream follow each other. Two that run side by side were written by two hosts (or are two streams): true. */
static bool warn_two_hosts(const struct fold_source *s, const struct tally *tally, struct diag_list *trouble)
{
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct tally_entry *a = &tally->entries[s->entries[i]];
		if (a->part->first_us == INSTANT_NONE)
			break;
		for (size_t k = i + 1; k < s->entries_n; k++) {
			const struct tally_entry *b = &tally->entries[s->entries[k]];
			if (b->part->first_us == INSTANT_NONE || b->part->first_us >= a->part->last_us)
				break;
			if (!interleave(a->part, b->part))
				continue;
			diag_add(trouble, DIAG_WARNING, "Read them with different --source names.",
				 "\"%s\" and \"%s\" have one source key but run side by side: two hosts?", path_of(s, a),
				 path_of(s, b));
			return true;
		}
	}
	return false;
}

/* The year of the source's first file, when its files print none. */
static void year_of_files(struct fold_source *s, const struct years *years)
{
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct year_known *known = &years->of[s->entries[i]];
		const struct part *p = years->view.entries[s->entries[i]].part;
		if (!p->yearless)
			continue;
		s->leap_day |= !known->after && years_leap_day(p);
		if (known->year && (!s->year || known->year - known->after < s->year)) {
			s->year = known->year - known->after;
			s->year_how = known->how;
		}
	}
}

struct fold *fold_new(const struct tally *whole, const struct signal_set *signals, const struct story_options *options,
		      struct diag_list *trouble)
{
	struct fold *f = memory_new(1, sizeof *f);
	years_init(&f->years, whole, options);
	const struct tally *tally = f->tally = &f->years.view;
	f->signals = signals;
	f->options = options;
	size_t n = 0;
	struct key_bytes *keys = keys_list(tally, &n);
	struct fold_source *sources = memory_new(n, sizeof *sources);
	deal(sources, keys, n, tally);
	for (size_t i = 0; i < n; i++) {
		if (!sources[i].entries_n)
			continue; /* all of its files belong to another key */
		struct fold_source *s = &sources[f->n++];
		*s = sources[i];
		s->key = keys[i].key;
		s->stream = tally->entries[s->entries[0]].part->stream;
		s->twin_of = -1;
		source_id(s->key, s->id);
		entries_sort(s, tally);
		year_of_files(s, &f->years);
		tier_assign(s, tally, options);
		struct source_patches patches = {0};
		if (!warn_two_hosts(s, tally, trouble) && signals)
			rotation_join(s, tally, signals, &patches);
		source_merge(s, tally, &patches);
		source_patches_release(&patches);
		coverage_find(s, signals);
	}
	memory_free(keys);
	f->sources = sources;
	clock_assign(f->sources, f->n, tally, options, trouble);
	twins_find(f->sources, f->n, tally);
	f->reference = clock_reference(f->sources, f->n, &f->reference_how);
	if (offset_find(f->sources, f->n, tally, f->reference))
		twins_find(f->sources, f->n, tally);
	overheard_find(f->sources, f->n);
	return f;
}

void fold_free(struct fold *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		source_release(&f->sources[i]);
	years_release(&f->years);
	memory_free(f->sources);
	memory_free(f);
}

const struct story_postgresql *fold_postgresql(const struct fold *f, size_t source)
{
	return f->options ? clock_postgresql(&f->sources[source], f->tally, f->options) : NULL;
}

/* Text that was kept of the record at exactly this offset; NULL. */
static const char *kept_text(const struct part *p, uint64_t offset)
{
	for (size_t i = 0; i < p->exemplars_n; i++)
		if (p->exemplars[i].offset == offset)
			return p->exemplars[i].text;
	for (size_t i = 0; i < p->events_n; i++)
		if (p->events[i].offset == offset)
			return p->events[i].text;
	return NULL;
}

void fold_evidence(const struct fold *f, size_t source, uint32_t part, uint64_t line, uint64_t offset, uint64_t length,
		   struct evidence_list *out)
{
	if (source >= f->n || part >= f->tally->n)
		return;
	const struct fold_source *s = &f->sources[source];
	const struct tally_entry *e = &f->tally->entries[part];
	const char *text = kept_text(e->part, offset);
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	out->items[out->n++] = (struct evidence){
		.source = span_copy(span_of(s->id)),
		.path = span_copy(span_of(path_of(s, e))),
		.bytes = e->part->bytes,
		.crc = e->part->crc,
		.line = line,
		.offset = offset,
		.length = length,
		.excerpt = text ? span_copy(span_of(text)) : NULL,
		.reason = text ? NULL : span_copy(SPAN("the text of this record was not kept")),
	};
}
