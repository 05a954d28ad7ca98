#include "base/root.h"

/* Digit by digit, in base 2. */
uint64_t root_of(unsigned __int128 square)
{
	unsigned __int128 root = 0, bit = (unsigned __int128)1 << 126;
	while (bit > square)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (square >= root + bit) {
			square -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return (uint64_t)root;
}
