#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tally/tally.h"

#include "unit.h"

static struct part *part_of(uint64_t bytes, uint32_t crc, uint64_t stated)
{
	struct part_builder *b = part_builder_new(NULL);
	struct record r;
	memset(&r, 0, sizeof r);
	record_clear(&r);
	r.time_us = INT64_C(1795346000) * SECOND_US + crc;
	r.line = 1;
	r.status = 200;
	part_builder_add(b, TIER_WEB, &r, NULL, 0);
	struct part *p = part_builder_finish(b);
	p->bytes = bytes;
	p->crc = crc;
	p->stated = stated;
	return p;
}

static struct part *stream_of(const char *stream, uint64_t bytes, uint32_t crc, uint64_t stated)
{
	struct part *p = part_of(bytes, crc, stated);
	memory_free(p->stream);
	p->stream = span_copy(span_of(stream));
	return p;
}

/* Every third file has three streams. */
static void add(struct tally *t, uint64_t bytes, uint32_t crc, const char *path, struct diag_list *trouble)
{
	struct location where = {.key = (char *)"key", .path = (char *)path, .container = CONTAINER_GZIP};
	tally_add(t, part_of(bytes, crc, 0), &where, trouble);
	if (crc % 3)
		return;
	tally_add(t, stream_of("web-1", bytes, crc, 0), &where, trouble);
	tally_add(t, stream_of("db/1 #2", bytes, crc, 0), &where, trouble);
}

enum { PARTS = 7 + 3 * 2 }; /* of the files of crc 0 to 6 */

/* Eight files, the last of them a copy of the first under another name. */
static void add_file(struct tally *t, unsigned i, struct diag_list *trouble)
{
	char path[20];
	snprintf(path, sizeof path, "log.%u.gz", i);
	add(t, 100 + (i % 7) * 7 % 5, i % 7, path, trouble);
}

static struct text bytes_of(struct tally *t)
{
	struct text out = {0};
	tally_encode(t, &out);
	return out;
}

static void union_law(void)
{
	struct diag_list trouble = {0};
	struct tally whole;
	tally_init(&whole, 42);
	for (unsigned i = 0; i < 8; i++)
		add_file(&whole, i, &trouble);
	FACT(whole.n == PARTS && !trouble.n, "the same content under two names is one set of parts");
	bool keyed = true;
	for (size_t i = 0; i < whole.n; i++) {
		const struct tally_entry *e = &whole.entries[i];
		char *key = tally_stream_key("key", e->part->stream);
		keyed = keyed && e->n == (e->part->crc ? 1u : 2u);
		for (size_t k = 0; k < e->n; k++)
			keyed = keyed && !strcmp(e->locations[k].key, key) && span_starts(span_of(e->locations[k].path), SPAN("log."));
		memory_free(key);
	}
	FACT(keyed, "each part has all paths of its file, and the key of its stream");
	struct text expected = bytes_of(&whole);
	bool same = true;
	for (unsigned deal = 0; deal < 40; deal++) {
		/* dealt to three tallies in different orders, merged in different orders, some through bytes */
		struct tally t[3], all;
		for (int k = 0; k < 3; k++)
			tally_init(&t[k], 42);
		tally_init(&all, 42);
		for (unsigned j = 0; j < 8; j++) {
			unsigned i = (j * (2 * deal + 1) + deal) % 8;
			add_file(&t[(i * 7 + deal) % 3], i, &trouble);
			if (i == deal % 8)
				add_file(&t[deal % 3], i, &trouble);
		}
		for (unsigned k = 0; k < 3; k++) {
			struct tally *from = &t[(k + deal) % 3];
			if (deal & 1) {
				struct text bytes = bytes_of(from);
				struct diag d = {0};
				tally_release(from);
				same = same && tally_decode(from, text_span(&bytes), &d);
				text_release(&bytes);
			}
			tally_merge(&all, from, &trouble);
			tally_release(from);
		}
		struct text got = bytes_of(&all);
		same = same && span_equal(text_span(&got), text_span(&expected));
		text_release(&got);
		tally_release(&all);
	}
	FACT(same && !trouble.n, "tally(A + B) is tally(A) u tally(B), byte for byte, for any dealing and order");
	text_release(&expected);
	tally_release(&whole);
	diag_release(&trouble);
}

static void damage(void)
{
	struct tally t, back;
	tally_init(&t, 42);
	for (unsigned i = 0; i < 8; i++)
		add_file(&t, i, NULL);
	struct text bytes = bytes_of(&t);
	struct diag d = {0};
	FACT(tally_is(text_span(&bytes)) && !tally_is(SPAN("127.0.0.1 - - [22/Nov/2026")),
	     "a tally is known by its first bytes");
	FACT(!tally_is(span_head(text_span(&bytes), 15)), "fewer than 16 bytes are no tally");
	FACT(tally_decode(&back, text_span(&bytes), &d) && back.patterns == 42 && back.n == PARTS, "a tally is read back");
	tally_release(&back);
	bool refused = true;
	for (size_t n = 0; n < bytes.len; n += 1 + n / 60) {
		struct diag e = {0};
		char *exact = malloc(n ? n : 1);
		memcpy(exact, bytes.at, n);
		refused = refused && !tally_decode(&back, (struct span){exact, n}, &e) && e.set && !back.n;
		free(exact);
	}
	FACT(refused, "a tally that ends early is refused");
	refused = true;
	for (size_t i = 0; i < bytes.len; i += 3) {
		struct diag e = {0};
		bytes.at[i] ^= 16;
		refused = refused && !tally_decode(&back, text_span(&bytes), &e) && e.set;
		bytes.at[i] ^= 16;
	}
	FACT(refused, "a changed byte is refused");
	struct diag version = {0};
	bytes.at[12] = 9;
	FACT(!tally_decode(&back, text_span(&bytes), &version) && strstr(version.what, "version 9") &&
		     strstr(version.what, "version 7"),
	     "another version is refused, and both are named");
	text_release(&bytes);
	tally_release(&t);
}

/* The checksum is no protection against malice: what lies behind it is checked as well. */
static void forged(void)
{
	struct tally t, back;
	tally_init(&t, 42);
	add_file(&t, 1, NULL);
	add_file(&t, 2, NULL);
	struct text bytes = bytes_of(&t);
	bool safe = true;
	uint64_t state = 88172645463325252u;
	for (int i = 0; i < 3000; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t at = 16 + (size_t)(state >> 33) % (bytes.len - 20);
		char old = bytes.at[at];
		bytes.at[at] = (char)(state >> 20);
		uint32_t crc = inflate_crc_of(0, bytes.at, bytes.len - 4);
		for (int k = 0; k < 4; k++)
			bytes.at[bytes.len - 4 + (size_t)k] = (char)(crc >> (8 * k));
		struct diag d = {0};
		if (tally_decode(&back, text_span(&bytes), &d)) {
			struct text again = bytes_of(&back);
			safe = safe && span_equal(text_span(&again), text_span(&bytes));
			text_release(&again);
			tally_release(&back);
		} else {
			safe = safe && d.set;
		}
		bytes.at[at] = old;
	}
	FACT(safe, "a forged tally is refused, or is what it says");
	text_release(&bytes);
	tally_release(&t);
}

static void trouble(void)
{
	struct diag_list list = {0};
	struct tally t, other;
	struct location where = {.key = (char *)"k", .path = (char *)"a.log"};
	tally_init(&t, 1);
	tally_init(&other, 2);
	tally_add(&t, part_of(10, 5, 0), &where, &list);
	tally_add(&t, part_of(10, 5, 77), &where, &list);
	FACT(t.n == 2 && list.n == 1 && list.incomplete, "the same content in two formats stays twice, and is told");
	where.path = (char *)"b.log";
	tally_add(&other, part_of(11, 5, 0), &where, &list);
	tally_add(&other, stream_of("web-1", 11, 5, 0), &where, &list);
	FACT(other.n == 2 && list.n == 1, "two streams of one file are no trouble");
	tally_merge(&t, &other, &list);
	FACT(t.n == 4 && list.n == 2 && !other.n, "tallies of different patterns are told");
	tally_add(&t, stream_of("web-1", 10, 5, 77), &where, &list);
	FACT(t.n == 5 && list.n == 3, "a stream of content that was read in another format is told");
	tally_release(&t);
	tally_release(&other);
	diag_release(&list);

	/* the same place, damaged in one run only */
	struct text first = {0}, second = {0};
	for (int swap = 0; swap < 2; swap++) {
		tally_init(&t, 1);
		for (int k = 0; k < 2; k++) {
			struct location l = {.key = (char *)"k", .path = (char *)"a.log", .container = CONTAINER_GZIP};
			if (k != swap)
				l.damage = (struct damage_report){DAMAGE_TRAILING, 100, 200, 0};
			tally_add(&t, part_of(10, 5, 0), &l, NULL);
		}
		tally_encode(&t, swap ? &second : &first);
		tally_release(&t);
	}
	FACT(span_equal(text_span(&first), text_span(&second)),
	     "which description of a place stays does not depend on the order");
	text_release(&first);
	text_release(&second);
	tally_init(&t, 3);
	tally_encode(&t, &first);
	struct diag d = {0};
	FACT(tally_decode(&other, text_span(&first), &d) && !other.n, "an empty tally is a tally");
	tally_release(&other);
	text_release(&first);
}

int main(void)
{
	union_law();
	damage();
	forged();
	trouble();
	return unit_done();
}
