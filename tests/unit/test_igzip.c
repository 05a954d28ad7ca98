#include "read/igzip.h"

#include <zlib.h>

#include "base/text.h"
#include "builtin.h"
#include "feed.h"
#include "random.h"
#include "read/inflate.h"
#include "unit.h"

static size_t random_below(size_t n)
{
	return n ? (size_t)(random_next() % n) : 0;
}

/* The same file read by ISA-L and by zlib: the same bytes, and the same word on what is damaged; or ISA-L's reader says that
 * it gave what it should not have. */

struct answer {
	struct text bytes;
	uint64_t n, members;
	uint32_t crc;
	struct damage_report damage;
};

static struct answer read_all(const struct text *t, bool fast, bool *doubts)
{
	struct answer a = {.n = 0};
	struct feed f;
	static char buffer[1 << 16];
	feed_open(&f, t->at, t->len, 0);
	struct inflate *z = fast ? inflate_new_fast(&f.in) : inflate_new(&f.in);
	for (size_t n; (n = inflate_read(z, buffer, 1 + random_below(sizeof buffer)));)
		text_append(&a.bytes, (struct span){buffer, n});
	a.n = inflate_bytes(z);
	a.crc = inflate_crc(z);
	a.members = inflate_members(z);
	a.damage = *inflate_damage(z);
	*doubts = inflate_doubts(z);
	inflate_free(z);
	feed_close(&f);
	return a;
}

static void append_log(struct text *t, size_t bytes)
{
	for (size_t from = t->len; t->len - from < bytes;)
		text_format(t, "10.0.%u.%u - - [22/Nov/2026:11:%02u:%02u +0000] \"GET /item/%u HTTP/1.1\" %u %u\n",
			    (unsigned)random_below(4), (unsigned)random_below(256), (unsigned)random_below(60),
			    (unsigned)random_below(60), (unsigned)random_below(1000), 200 + (unsigned)random_below(2) * 302,
			    (unsigned)random_below(100000));
}

static void append_member(struct text *t)
{
	static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE};
	static unsigned char packed[1 << 20];
	struct text plain = {0};
	size_t size = random_below(8) ? random_below(60000) : random_below(600000);
	if (random_below(10))
		append_log(&plain, size);
	else
		for (size_t i = 0; i < size; i++)
			text_append_byte(&plain, (char)random_below(256));
	z_stream z = {.next_in = (unsigned char *)plain.at, .next_out = packed, .avail_out = sizeof packed};
	if (deflateInit2(&z, (int)random_below(10), Z_DEFLATED, 9 + (int)random_below(7) + 16, 8, strategies[random_below(6)]) != Z_OK)
		feed_fail("deflateInit2");
	/* flushed in between, as a server does that packs its log as it writes */
	for (size_t left = plain.len; left;) {
		size_t n = random_below(3) ? left : 1 + random_below(left);
		z.avail_in = (uInt)n;
		left -= n;
		deflate(&z, random_below(2) ? Z_SYNC_FLUSH : Z_NO_FLUSH);
	}
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		text_append(t, (struct span){(char *)packed, sizeof packed - z.avail_out});
	deflateEnd(&z);
	text_release(&plain);
}

/* One thing that happens to files: bits flip, bytes are lost, added, cut off, put in another place. */
static void damage(struct text *t)
{
	size_t at = random_below(t->len), n = 1 + random_below(random_below(2) ? 4 : 5000);
	n = n < t->len - at ? n : t->len - at;
	switch (random_below(5)) {
	case 0:
		t->at[at] = (char)(t->at[at] ^ 1 << random_below(8));
		break;
	case 1:
		for (size_t i = 0; i < n; i++)
			t->at[at + i] = (char)random_below(256);
		break;
	case 2:
		memmove(t->at + at, t->at + at + n, t->len - at - n);
		t->len -= n;
		break;
	case 3:
		t->len = at;
		break;
	default:
		memmove(t->at + at, t->at, n < at ? n : at);
	}
}

static bool same(const struct answer *a, const struct answer *b)
{
	return a->n == b->n && a->crc == b->crc && a->members == b->members && a->damage.kind == b->damage.kind &&
	       a->damage.compressed_offset == b->damage.compressed_offset &&
	       a->damage.uncompressed_offset == b->damage.uncompressed_offset && a->damage.more == b->damage.more &&
	       span_equal(text_span(&a->bytes), text_span(&b->bytes));
}

/* scan_file() begins once more with zlib when it has to: the part is of zlib's bytes. */
static bool scans(const struct patterns *all, const struct text *t, const struct answer *slow)
{
	struct feed f;
	struct location where = {0};
	struct scanned parts;
	feed_open(&f, t->at, t->len, 0);
	bool same = scan_file(&f.in, all, NULL, &where, NULL, NULL, &parts) && parts.n && parts.parts[0]->bytes == slow->n &&
		    parts.parts[0]->crc == slow->crc && where.damage.kind == slow->damage.kind &&
		    where.damage.uncompressed_offset == slow->damage.uncompressed_offset;
	scanned_release(&parts);
	feed_close(&f);
	return same;
}

int main(int argc, char **argv)
{
	uint64_t from = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, n = argc > 2 ? strtoull(argv[2], NULL, 10) : 400;
	uint64_t doubted = 0;
	if (!igzip_built()) {
		printf("skipped: ISA-L: built without it\n");
		FACT(!*igzip_library_version() && !igzip_new(), "a program without it says so");
		return unit_done();
	}
	/* damaged heads of blocks that ISA-L 2.30 reads on: found among 30,000 */
	static const uint64_t known[] = {8094, 17781};
	struct patterns all = builtin_load();
	for (uint64_t i = 0; i < n + 2; i++) {
		uint64_t seed = i < n ? from + i : known[i - n];
		random_state = 88172645463325252u ^ (seed + 1) << 32;
		struct text t = {0};
		for (size_t members = 1 + random_below(4); members--;)
			append_member(&t);
		if (t.len && seed % 8)
			damage(&t);
		bool doubts, none;
		struct answer fast = read_all(&t, true, &doubts), slow = read_all(&t, false, &none);
		doubted += doubts;
		char name[80];
		snprintf(name, sizeof name, "seed %llu: by ISA-L as by zlib", (unsigned long long)seed);
		if (!FACT(!none && (doubts || same(&fast, &slow)), name))
			printf("%llu bytes, %llu members, damage %d at %lld of %lld; not %llu, %llu, %d at %lld of %lld\n",
			       (unsigned long long)fast.n, (unsigned long long)fast.members, (int)fast.damage.kind,
			       (long long)fast.damage.uncompressed_offset, (long long)fast.damage.compressed_offset, (unsigned long long)slow.n,
			       (unsigned long long)slow.members, (int)slow.damage.kind, (long long)slow.damage.uncompressed_offset,
			       (long long)slow.damage.compressed_offset);
		if (i % 20 == 0 || i >= n)
			FACT(scans(&all, &t, &slow), "the part of a file is of what zlib reads");
		text_release(&fast.bytes);
		text_release(&slow.bytes);
		text_release(&t);
	}
	builtin_release(&all);
	FACT(doubted * 100 <= n + 2, "damage that ISA-L takes for text is rare: two of 30,000");
	return unit_done();
}
