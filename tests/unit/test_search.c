#include "verify/search.h"

#include <zlib.h>

#include "base/memory.h"
#include "feed.h"
#include "random.h"
#include "unit.h"

/* The oracle: zlib's crc32() of each stretch, and a loop over all beginnings that a search may know. */

static uint32_t crc_of(const char *bytes, size_t n)
{
	return (uint32_t)crc32(0, (const unsigned char *)bytes, (unsigned)n);
}

struct found {
	struct search_hits hits;
	bool whole;
};

static struct found search(const char *file, size_t n, struct claim_content *contents, size_t contents_n)
{
	struct feed f;
	struct found found = {0};
	bool wanted[8];
	struct claims c = {.contents = contents, .contents_n = contents_n};
	for (size_t i = 0; i < contents_n; i++)
		wanted[i] = true;
	feed_open(&f, file, n, 0);
	found.whole = search_file(&f.in, &c, wanted, &found.hits);
	feed_close(&f);
	return found;
}

static bool hit_is(const struct found *found, size_t i, size_t content, uint64_t start, bool more)
{
	const struct search_hit *h = &found->hits.items[i];
	return i < found->hits.n && h->content == content && h->start == start && h->more == more;
}

static void test_places(void)
{
	static const char a[] = "one\ntwo\n", b[] = "three\nfour\nfive\n", all[] = "one\ntwo\nthree\nfour\nfive\nsix\n";
	struct claim_content both[] = {{8, crc_of(a, 8), NULL}, {16, crc_of(b, 16), NULL}};
	struct found f = search(a, 8, both, 2);
	FACT(f.whole && f.hits.n == 1 && hit_is(&f, 0, 0, 0, false), "a whole file is what it was");
	memory_free(f.hits.items);
	f = search(all, 15, both, 2);
	FACT(f.hits.n == 1 && hit_is(&f, 0, 0, 0, true), "a file that has grown begins with what it was");
	memory_free(f.hits.items);
	f = search(all, 24, both, 2);
	FACT(f.hits.n == 2 && hit_is(&f, 0, 0, 0, true) && hit_is(&f, 1, 1, 8, false), "one file behind the other: both are there, and each where it begins");
	memory_free(f.hits.items);
	f = search(all, 28, both, 2);
	FACT(f.hits.n == 2 && hit_is(&f, 1, 1, 8, true), "and the second may have grown");
	memory_free(f.hits.items);
	f = search(b, 16, both, 2);
	FACT(f.hits.n == 1 && hit_is(&f, 0, 1, 0, false), "a longer one is found where a shorter one is not");
	memory_free(f.hits.items);
	f = search(all + 1, 27, both, 2);
	FACT(!f.hits.n, "what begins amid other bytes is not found");
	memory_free(f.hits.items);
	both[0].crc++;
	f = search(all, 28, both, 2);
	FACT(!f.hits.n, "another sum is another content, and nothing begins behind it");
	memory_free(f.hits.items);
	f = search("", 0, both, 2);
	FACT(f.whole && !f.hits.n, "an empty file has nothing");
	memory_free(f.hits.items);
}

static void test_oracle(void)
{
	for (int round = 0; round < 300; round++) {
		static char file[5000];
		struct claim_content contents[3];
		size_t size = 1 + random_next() % sizeof file, cuts[4] = {0};
		for (size_t i = 0; i < size; i++)
			file[i] = (char)('a' + random_next() % 2);
		for (size_t i = 1; i < 4; i++)
			cuts[i] = cuts[i - 1] + random_next() % (size - cuts[i - 1] + 1);
		/* Three neighbours, by their length. */
		for (size_t i = 0; i < 3; i++) {
			size_t n = cuts[i + 1] - cuts[i], to = i;
			struct claim_content c = {n, crc_of(file + cuts[i], n), NULL};
			for (; to && contents[to - 1].bytes > n; to--)
				contents[to] = contents[to - 1];
			contents[to] = c;
		}
		struct found f = search(file, size, contents, 3);
		bool same = true, seen[3] = {0};
		for (size_t i = 0; i < f.hits.n; i++) {
			const struct search_hit *h = &f.hits.items[i];
			const struct claim_content *c = &contents[h->content];
			seen[h->content] = true;
			same = same && h->start + c->bytes <= size && crc_of(file + h->start, c->bytes) == c->crc && h->more == (h->start + c->bytes < size);
		}
		for (size_t i = 0; i < 3; i++)
			same = same && seen[i] == (contents[i].bytes > 0);
		if (!same)
			FACT(same, "neighbours of any length are found, where their bytes have that sum");
		memory_free(f.hits.items);
	}
	FACT(true, "300 files of three neighbours");
}

int main(void)
{
	test_places();
	test_oracle();
	return unit_done();
}
