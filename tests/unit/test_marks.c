#include "tally/marks.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

static bool is_same(const struct marks_block *a, const struct marks_block *b)
{
	return a->split == b->split && a->varied == b->varied && a->piece == b->piece && a->foreign == b->foreign;
}

/* What message.h says of a byte, in other words. */
static bool splits(unsigned char c)
{
	return c <= ' ' || c == 127 || strchr("=:,;()[]{}|\"'", c);
}

static bool is_varied(unsigned char c)
{
	return (c >= '0' && c <= '9') || c == '@';
}

static void test_bytes(void)
{
	char bytes[256];
	bool fine = true;
	for (unsigned i = 0; i < 256; i++)
		bytes[i] = (char)i;
	for (unsigned block = 0; block < 256 / MARKS_BLOCK; block++) {
		struct marks_block b;
		marks_by_table((struct span){bytes, sizeof bytes}, block, &b);
		for (unsigned i = 0; i < MARKS_BLOCK; i++) {
			unsigned char c = (unsigned char)(block * MARKS_BLOCK + i);
			fine &= (b.split >> i & 1) == splits(c) && (b.varied >> i & 1) == is_varied(c);
			fine &= (b.piece >> i & 1) == (c == '.' || c == '/') && (b.foreign >> i & 1) == (c > 127);
		}
	}
	FACT(fine, "each byte is what the signature says");
}

static void test_vectors(void)
{
	enum { BLOCKS = 4 };
	char bytes[(BLOCKS - 1) * MARKS_BLOCK + 67];
	struct marks_block made[BLOCKS], expected;
	uint64_t seed = 3;
	bool same = true;
	if (!marks_by_vectors(SPAN_NONE, 0, 0, made)) {
		printf("skipped: the machine has no vectors\n");
		return;
	}
	for (unsigned n = 0; n < 20000; n++) {
		for (unsigned i = 0; i < sizeof bytes; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			bytes[i] = (char)(n % 2 ? seed >> 40 : 32 + (seed >> 40) % 96);
		}
		struct span text = {bytes + n % 4, n % (BLOCKS * MARKS_BLOCK + 1)}; /* of every length */
		size_t blocks = (text.len + MARKS_BLOCK - 1) / MARKS_BLOCK, from = blocks ? n / 7 % blocks : 0;
		marks_by_vectors(text, from, blocks, made);
		for (size_t i = from; i < blocks; i++) {
			marks_by_table(text, i, &expected);
			same &= is_same(&made[i - from], &expected);
		}
	}
	FACT(same, "vectors say the same as the table");
}

/* Another implementation: byte by byte. */
static bool is_token(struct span text, size_t from, struct marks_token got)
{
	uint64_t varied = 0, foreign = 0, piece = 0;
	size_t end = from;
	for (; end < text.len && !splits((unsigned char)text.at[end]); end++) {
		uint64_t bit = end - from < MARKS_BLOCK ? UINT64_C(1) << (end - from) : 0;
		varied |= is_varied((unsigned char)text.at[end]) ? bit : 0;
		foreign |= (unsigned char)text.at[end] > 127 ? bit : 0;
		piece |= text.at[end] == '.' || text.at[end] == '/' ? bit : 0;
	}
	return got.end == end && got.varied == varied && got.foreign == foreign && got.piece == piece;
}

static void test_tokens(void)
{
	static char text[500];
	uint64_t seed = 5;
	bool same = true;
	for (unsigned n = 0; n < 300; n++) {
		for (unsigned i = 0; i < sizeof text; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			text[i] = "abcdefgh./7@ =\xC3"[(seed >> 40) % (n % 3 ? 16 : 10)];
		}
		struct span whole = {text, sizeof text - n};
		struct marks m;
		marks_init(&m, whole);
		for (size_t from = n % 2 ? whole.len : 0; from <= whole.len && same; from += n % 2 ? (size_t)-1 : 1)
			same &= is_token(whole, from, marks_token(&m, from));
	}
	FACT(same, "tokens are those that are read byte by byte, from whichever place one asks first");
}

static void test_edges(void)
{
	struct marks m;
	marks_init(&m, SPAN_NONE);
	FACT(!marks_token(&m, 0).end, "an empty text has no token");
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int zero = open("/dev/zero", O_RDWR);
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	close(zero);
	if (!FACT(two != MAP_FAILED && !mprotect(two + page, page, PROT_NONE), "an unmapped page stands behind the text"))
		return;
	memset(two, 'a', page);
	bool whole = true;
	for (size_t len = 1; len < 200; len++) {
		marks_init(&m, (struct span){two + page - len, len});
		whole &= marks_token(&m, 0).end == len;
	}
	FACT(whole, "a text that ends at an unmapped page is not read past its end");
	munmap(two, 2 * page);
	char *big = malloc(2 * MARKS_BYTES);
	memset(big, 'a', 2 * MARKS_BYTES);
	marks_init(&m, (struct span){big, 2 * MARKS_BYTES});
	FACT(marks_token(&m, 0).end == MARKS_BYTES, "only the first MARKS_BYTES are marked");
	free(big);
}

int main(void)
{
	test_bytes();
	test_vectors();
	test_tokens();
	test_edges();
	return unit_done();
}
