#include "line/fingerprint.h"

#include <string.h>

#include "unit.h"

enum { PRINTS = 24, ROUNDS = 4000 };

static void test_places(void)
{
	char prints[PRINTS][FINGERPRINT_BYTES], text[FINGERPRINT_READS];
	uint64_t seed = 9;
	bool all = true, same = true, vectors = true;
	size_t found = 0, others = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct fingerprints f = {0};
		unsigned letters = round % 2 ? 256 : 6;
		for (size_t i = 0; i < sizeof text + sizeof prints; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			char c = (char)((seed >> 40) % letters + (letters == 256 ? 0 : 'a'));
			if (i < sizeof text)
				text[i] = c;
			else
				prints[(i - sizeof text) / FINGERPRINT_BYTES][(i - sizeof text) % FINGERPRINT_BYTES] = c;
		}
		memcpy(prints[round % PRINTS], text + round % FINGERPRINT_PLACES, FINGERPRINT_BYTES);
		for (unsigned i = 0; i < PRINTS; i++)
			fingerprints_add(&f, prints[i], i % FINGERPRINT_GROUPS);
		uint64_t places = fingerprints_at(&f, text), by_vectors = 0;
		vectors &= fingerprints_by_vectors(&f, text, &by_vectors);
		same &= places == fingerprints_by_loop(&f, text) && (!vectors || places == by_vectors);
		for (unsigned at = 0; at < FINGERPRINT_PLACES; at++) {
			bool is = false;
			for (unsigned i = 0; i < PRINTS; i++)
				is |= !memcmp(text + at, prints[i], FINGERPRINT_BYTES);
			found += is;
			others += letters == 256 && !is && places >> at & 1;
			all &= !is || places >> at & 1;
		}
	}
	FACT(all && found > ROUNDS, "wherever a fingerprint stands its bit is set");
	FACT(others < ROUNDS * FINGERPRINT_PLACES / 100, "in random bytes few other bits are");
	FACT(same, "vectors and the loop say the same");
	if (!vectors)
		printf("skipped: the machine has no vectors\n");
}

int main(void)
{
	test_places();
	return unit_done();
}
