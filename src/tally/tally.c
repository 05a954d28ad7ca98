#include "tally/tally.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "tally/wire.h"

/* The first 16 bytes: 12 that no log begins with (the first is no text), and the version, little-endian. */
static const char magic[12] = {'\x89', 'o', 'n', 's', 'e', 't', ' ', 't', 'a', 'l', 'l', 'y'};
enum { VERSION = 7, HEAD_BYTES = 16, TRAILER_BYTES = 12 };

void tally_init(struct tally *t, uint64_t patterns)
{
	*t = (struct tally){.patterns = patterns};
}

/* ---- locations ---- */

static int location_order(const struct location *a, const struct location *b)
{
	int order = span_compare(span_of(a->key), span_of(b->key));
	return order ? order : span_compare(span_of(a->path), span_of(b->path));
}

static void location_release(struct location *l)
{
	memory_free(l->key);
	memory_free(l->path);
}

/* The same place described twice, by two runs: which description stays must not depend on the order of the runs. */
static bool describes_better(const struct location *a, const struct location *b)
{
	if (a->container != b->container)
		return a->container > b->container;
	if (a->mtime_s != b->mtime_s)
		return a->mtime_s > b->mtime_s;
	if (a->damage.kind != b->damage.kind)
		return a->damage.kind < b->damage.kind;
	if (a->damage.compressed_offset != b->damage.compressed_offset)
		return a->damage.compressed_offset < b->damage.compressed_offset;
	if (a->damage.uncompressed_offset != b->damage.uncompressed_offset)
		return a->damage.uncompressed_offset < b->damage.uncompressed_offset;
	return a->damage.more < b->damage.more;
}

static void add_location(struct tally_entry *e, const struct location *where)
{
	size_t i = 0;
	while (i < e->n && location_order(&e->locations[i], where) < 0)
		i++;
	if (i < e->n && !location_order(&e->locations[i], where)) {
		if (describes_better(where, &e->locations[i])) {
			e->locations[i].container = where->container;
			e->locations[i].mtime_s = where->mtime_s;
			e->locations[i].damage = where->damage;
		}
		return;
	}
	e->locations = memory_grow(e->locations, &e->cap, e->n + 1, sizeof *e->locations);
	memmove(e->locations + i + 1, e->locations + i, (e->n - i) * sizeof *e->locations);
	e->locations[i] = *where;
	e->locations[i].key = span_copy(span_of(where->key));
	e->locations[i].path = span_copy(span_of(where->path));
	e->n++;
}

/* ---- entries ---- */

/* The first entry that is not before `part`. */
static size_t lower(const struct tally *t, const struct part *part)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (part_compare(t->entries[middle].part, part) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool same_bytes(const struct part *a, const struct part *b)
{
	return a->bytes == b->bytes && a->crc == b->crc;
}

/* Whether parts of the same content, which stand around `i`, are there for another stated format. */
static bool was_read_otherwise(const struct tally *t, size_t i, const struct part *part)
{
	for (size_t k = i; k > 0 && same_bytes(t->entries[k - 1].part, part); k--)
		if (t->entries[k - 1].part->stated != part->stated)
			return true;
	for (size_t k = i; k < t->n && same_bytes(t->entries[k].part, part); k++)
		if (t->entries[k].part->stated != part->stated)
			return true;
	return false;
}

/* The entry of `part`, which is taken or freed. */
static struct tally_entry *enter(struct tally *t, struct part *part, const char *path, struct diag_list *trouble)
{
	size_t i = lower(t, part);
	if (i < t->n && !part_compare(t->entries[i].part, part)) {
		if (t->entries[i].part != part)
			part_free(part);
		return &t->entries[i];
	}
	if (trouble && part->bytes && was_read_otherwise(t, i, part)) {
		trouble->incomplete = true;
		diag_add(trouble, DIAG_WARNING,
			 "Scan it again with the format that is right, and leave the other tally out.",
			 "\"%s\": the same content was read in two formats; it counts twice", path ? path : "");
	}
	t->entries = memory_grow(t->entries, &t->cap, t->n + 1, sizeof *t->entries);
	memmove(t->entries + i + 1, t->entries + i, (t->n - i) * sizeof *t->entries);
	t->entries[i] = (struct tally_entry){.part = part};
	t->n++;
	return &t->entries[i];
}

void tally_add(struct tally *t, struct part *part, const struct location *where, struct diag_list *trouble)
{
	struct tally_entry *e = enter(t, part, where->path, trouble);
	struct location of_part = *where;
	of_part.key = tally_stream_key(where->key, e->part->stream);
	add_location(e, &of_part);
	memory_free(of_part.key);
}

static void entry_release_locations(struct tally_entry *e)
{
	for (size_t i = 0; i < e->n; i++)
		location_release(&e->locations[i]);
	memory_free(e->locations);
}

void tally_merge(struct tally *t, struct tally *from, struct diag_list *trouble)
{
	if (!t->n && from->n)
		t->patterns = from->patterns;
	bool differ = from->n && from->patterns != t->patterns;
	if (differ && from->patterns < t->patterns) /* whatever the order of merging */
		t->patterns = from->patterns;
	if (differ && trouble) {
		trouble->incomplete = true;
		diag_add(trouble, DIAG_WARNING, "Scan all files with the same version and the same --patterns folder.",
			 "tallies were made with different patterns; their signals may not compare");
	}
	for (size_t i = 0; i < from->n; i++) {
		struct tally_entry *old = &from->entries[i];
		struct tally_entry *e = enter(t, old->part, old->n ? old->locations[0].path : NULL, trouble);
		for (size_t k = 0; k < old->n; k++)
			add_location(e, &old->locations[k]);
		entry_release_locations(old);
	}
	memory_free(from->entries);
	from->entries = NULL;
	from->n = from->cap = 0;
}

void tally_release(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		part_free(t->entries[i].part);
		entry_release_locations(&t->entries[i]);
	}
	memory_free(t->entries);
	*t = (struct tally){0};
}

/* ---- bytes ---- */

static void put_little(struct text *out, uint32_t value)
{
	char bytes[4];
	for (int i = 0; i < 4; i++)
		bytes[i] = (char)(value >> (8 * i));
	text_append(out, (struct span){bytes, 4});
}

static uint32_t get_little(struct span s, size_t at)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++)
		value |= (uint32_t)(unsigned char)s.at[at + (size_t)i] << (8 * i);
	return value;
}

/* Paths are bytes; in a tally they are kept as they are. */
static void put_bytes(struct text *out, const char *string)
{
	struct span s = span_of(string);
	wire_put(out, s.len);
	text_append(out, s);
}

static char *get_bytes(struct wire *w)
{
	size_t len = wire_get_count(w, WIRE_TEXT_BYTES, 1);
	struct span s = span_head(w->rest, len);
	if (s.len && memchr(s.at, 0, s.len)) {
		wire_fail(w, "a path has a NUL in it");
		s = SPAN_NONE;
	}
	char *copy = span_copy(s);
	w->rest = span_from(w->rest, s.len);
	return copy;
}

static void put_location(struct text *out, const struct location *l)
{
	put_bytes(out, l->key);
	put_bytes(out, l->path);
	wire_put(out, l->container);
	wire_put(out, (uint64_t)l->mtime_s);
	wire_put(out, l->damage.kind);
	wire_put(out, (uint64_t)l->damage.compressed_offset);
	wire_put(out, (uint64_t)l->damage.uncompressed_offset);
	wire_put(out, (uint64_t)l->damage.more);
}

static void get_location(struct wire *w, struct location *l)
{
	l->key = get_bytes(w);
	l->path = get_bytes(w);
	l->container = (enum container)wire_get_max(w, CONTAINER_OTHER);
	l->mtime_s = (int64_t)wire_get_max(w, UINT32_MAX);
	l->damage.kind = (enum damage)wire_get_max(w, DAMAGE_WIDE);
	l->damage.compressed_offset = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX);
	l->damage.uncompressed_offset = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX);
	l->damage.more = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX);
}

void tally_encode(const struct tally *t, struct text *out)
{
	size_t start = out->len;
	struct text part = {0};
	text_append(out, (struct span){magic, sizeof magic});
	put_little(out, VERSION);
	wire_put_fixed(out, t->patterns);
	wire_put(out, t->n);
	for (size_t i = 0; i < t->n; i++) {
		const struct tally_entry *e = &t->entries[i];
		text_clear(&part);
		part_encode(e->part, &part);
		wire_put(out, part.len);
		text_append(out, text_span(&part));
		wire_put(out, e->n);
		for (size_t k = 0; k < e->n; k++)
			put_location(out, &e->locations[k]);
	}
	text_release(&part);
	wire_put_fixed(out, t->n);
	put_little(out, inflate_crc_of(0, out->at + start, out->len - start));
}

bool tally_is(struct span head)
{
	return head.len >= HEAD_BYTES && !memcmp(head.at, magic, sizeof magic);
}

static void get_entry(struct wire *w, struct tally *t, struct diag *d)
{
	size_t len = wire_get_count(w, SIZE_MAX >> 1, 1);
	struct span bytes = span_head(w->rest, len);
	w->rest = span_from(w->rest, len);
	struct part *part = w->trouble ? NULL : part_decode(bytes, d);
	if (!part) {
		wire_fail(w, "a part is damaged");
		return;
	}
	if (t->n && part_compare(t->entries[t->n - 1].part, part) >= 0)
		wire_fail(w, "parts are not in order");
	t->entries = memory_grow(t->entries, &t->cap, t->n + 1, sizeof *t->entries);
	struct tally_entry *e = &t->entries[t->n++];
	*e = (struct tally_entry){.part = part};
	size_t n = wire_get_count(w, SIZE_MAX >> 8, 8);
	if (!n)
		wire_fail(w, "a part has no path");
	e->locations = memory_new(n, sizeof *e->locations);
	e->cap = n;
	for (; e->n < n && !w->trouble; e->n++) {
		get_location(w, &e->locations[e->n]);
		if (e->n && location_order(&e->locations[e->n - 1], &e->locations[e->n]) >= 0)
			wire_fail(w, "paths are not in order");
	}
}

bool tally_decode(struct tally *t, struct span bytes, struct diag *d)
{
	tally_init(t, 0);
	if (!tally_is(bytes)) {
		diag_set(d, "not a tally");
		return false;
	}
	uint32_t version = get_little(bytes, sizeof magic);
	if (version != VERSION) {
		diag_set(d, "a tally of version %u; this program reads version %d", (unsigned)version, VERSION);
		diag_hint(d, "Make it again from the logs with this version.");
		return false;
	}
	if (bytes.len < HEAD_BYTES + 8 + 1 + TRAILER_BYTES ||
	    get_little(bytes, bytes.len - 4) != inflate_crc_of(0, bytes.at, bytes.len - 4)) {
		diag_set(d, "the tally is damaged or ends early (its checksum does not agree)");
		diag_hint(d, "Copy it again, or make it again from the logs.");
		return false;
	}
	struct wire w = {.rest = span_from(span_head(bytes, bytes.len - TRAILER_BYTES), HEAD_BYTES)};
	t->patterns = wire_get_fixed(&w);
	size_t n = wire_get_count(&w, SIZE_MAX >> 8, 9);
	while (t->n < n && !w.trouble)
		get_entry(&w, t, d);
	struct wire trailer = {.rest = span_from(bytes, bytes.len - TRAILER_BYTES)};
	if (w.rest.len || wire_get_fixed(&trailer) != n)
		wire_fail(&w, "its count does not agree");
	if (!w.trouble)
		return true;
	diag_set(d, "the tally is damaged: %s", w.trouble);
	tally_release(t);
	return false;
}
