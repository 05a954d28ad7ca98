#include "base/hash.h"

#include <stdlib.h>

#include "base/memory.h"
#include "unit.h"

/* Counts over random bits, with the bounds a fair coin keeps but for one run in a million: the hash has a fixed seed, so these
 * facts never flicker. */
static void test_avalanche(void)
{
	unsigned char key[40];
	unsigned worst_low = 64000, worst_high = 0;
	for (size_t len = 1; len <= sizeof key; len++) {
		for (size_t i = 0; i < len; i++)
			key[i] = (unsigned char)(i * 37 + len);
		uint64_t before = hash_bytes((struct span){(char *)key, len});
		unsigned flipped = 0;
		for (size_t bit = 0; bit < 8 * len; bit++) {
			key[bit / 8] ^= (unsigned char)(1u << bit % 8);
			flipped += (unsigned)__builtin_popcountll(before ^ hash_bytes((struct span){(char *)key, len}));
			key[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
		unsigned mean = flipped * 100 / (unsigned)(8 * len);
		worst_low = mean < worst_low ? mean : worst_low;
		worst_high = mean > worst_high ? mean : worst_high;
	}
	/* 8 flips of 64 fair bits: mean 32, deviation 4 / sqrt(8) = 1.41; five deviations are 7.1. */
	FACT(worst_low > 2490 && worst_high < 3910, "one bit of the key flips about half of the hash, at every length");
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void test_collisions(void)
{
	enum { KEYS = 200000 };
	uint64_t *all = memory_new(KEYS, sizeof *all);
	unsigned buckets[256] = {0}, low[256] = {0}, most = 0, least = KEYS;
	char key[64];
	for (int i = 0; i < KEYS; i++) {
		int len = snprintf(key, sizeof key, "GET /cart/%d", i);
		all[i] = hash_bytes((struct span){key, (size_t)len});
		buckets[all[i] >> 56]++;
		low[all[i] & 255]++;
	}
	for (int i = 0; i < 256; i++) {
		most = buckets[i] > most ? buckets[i] : most;
		most = low[i] > most ? low[i] : most;
		least = buckets[i] < least ? buckets[i] : least;
		least = low[i] < least ? low[i] : least;
	}
	/* Mean 781, deviation 28; five deviations. */
	FACT(most < 922 && least > 641, "high and low bits are spread evenly");
	qsort(all, KEYS, sizeof *all, compare);
	unsigned same = 0;
	for (int i = 1; i < KEYS; i++)
		same += all[i] == all[i - 1];
	FACT(!same, "two hundred thousand keys do not collide in 64 bits");
	memory_free(all);
}

int main(void)
{
	char padded[80];
	test_avalanche();
	test_collisions();
	FACT(hash_bytes(SPAN("")) == hash_bytes(SPAN_NONE), "nothing hashes like nothing");
	FACT(hash_bytes(SPAN("a")) != hash_bytes(SPAN("a\0")) && hash_bytes(SPAN("\0")) != hash_bytes(SPAN("\0\0")) &&
		     hash_bytes(SPAN("")) != hash_bytes(SPAN("\0")),
	     "length counts");
	for (size_t shift = 0; shift < 9; shift++) {
		memcpy(padded + shift, "ten requests in one long line of text", 37);
		FACT(hash_bytes((struct span){padded + shift, 37}) == hash_bytes(SPAN("ten requests in one long line of text")),
		     "alignment does not count");
	}
	FACT(hash_pair(1, 2) != hash_pair(2, 1) && hash_pair(0, 0) != hash_pair(0, 1), "the order of a pair counts");
	FACT(hash_load8("\1\2\3\4\5\6\7\10") == 0x0807060504030201u, "loads are little-endian");
	return unit_done();
}
