#include "read/ahead.h"

#include "base/memory.h"
#include "random.h"
#include "unit.h"
#include "pieces.h"

/* All bytes by blocks, of which `held` are kept back as long as may be: equal to what went in. */
static bool same(struct span bytes, size_t step, size_t held)
{
	struct inflate z = {bytes, step};
	struct ahead *a = ahead_new(&z);
	char *kept[3] = {NULL, NULL, NULL};
	size_t at = 0, n, turn = 0;
	bool is = true;
	for (char *block; (block = ahead_next(a, &n)); turn++) {
		is &= n && n <= LIMIT_CHUNK_BYTES && at + n <= bytes.len && !memcmp(block + AHEAD_ROOM, bytes.at + at, n);
		memset(block, 'x', AHEAD_ROOM); /* the room is the reader's */
		at += n;
		ahead_give_back(a, kept[turn % held]);
		kept[turn % held] = block;
	}
	is &= !ahead_next(a, &n); /* the end stays the end */
	ahead_free(a);
	return is && at == bytes.len;
}

static void test_bytes(void)
{
	size_t len = 5000000;
	char *bytes = memory_new(len, 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)random_next();
	static const size_t lens[] = {0, 1, LIMIT_CHUNK_BYTES - 1, LIMIT_CHUNK_BYTES, LIMIT_CHUNK_BYTES + 1, 9 * LIMIT_CHUNK_BYTES, 5000000};
	static const size_t steps[] = {1000, 100000, 1 << 20};
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++)
		for (size_t k = 0; k < 3; k++)
			FACT(same((struct span){bytes, lens[i]}, steps[k], 1 + (i + k) % 3), "the blocks are the bytes, in order");
	memory_free(bytes);
}

static void test_early_end(void)
{
	size_t n;
	static char zeros[3 << 20];
	for (size_t taken = 0; taken < 12; taken++) {
		struct inflate z = {{zeros, sizeof zeros}, 70000};
		struct ahead *a = ahead_new(&z);
		for (size_t i = 0; i < taken; i++)
			ahead_give_back(a, ahead_next(a, &n));
		ahead_free(a);
	}
	ahead_free(NULL);
	FACT(true, "who has enough may leave, whatever waits");
}

int main(void)
{
	test_bytes();
	test_early_end();
	return unit_done();
}
