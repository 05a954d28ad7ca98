/* crc: the CRC-32 of zlib, which is another implementation. */
#include "read/crc.h"

#include <stdbool.h>
#include <zlib.h>

#include "random.h"
#include "unit.h"

enum { MOST = 1000, PAD = 17 };

/* CRC of `n` bytes as inflate_crc_of() makes it: by crc_take() as far as that goes, then bit by bit. */
static uint32_t whole(uint32_t crc, const unsigned char *at, size_t n)
{
	size_t taken = crc_take(&crc, at, n);
	crc = ~crc;
	for (; taken < n; taken++) {
		crc ^= at[taken];
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return ~crc;
}

int main(void)
{
	unsigned char bytes[MOST + PAD];
	bool same = true, sane = true;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)random_next();
	for (size_t n = 0; n <= MOST; n++) {
		const unsigned char *at = bytes + n % PAD;
		uint32_t before = n % 3 ? (uint32_t)random_next() : 0, after = before;
		size_t taken = crc_take(&after, at, n);
		same &= whole(before, at, n) == (uint32_t)crc32_z(before, at, n);
		sane &= taken <= n && taken % 16 == 0 && (taken || after == before) && (!taken || n - taken < 16);
	}
	FACT(same, "of 0 to 1000 bytes anywhere, behind any others");
	FACT(sane, "none or all but less than 16 bytes are taken");
	uint32_t crc = 0;
	FACT(!crc_take(&crc, bytes, CRC_LEAST - 1) && !crc, "few bytes are left to zlib");
	return unit_done();
}
