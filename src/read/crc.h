/* crc: CRC-32 of gzip (RFC 1952 section 8), by carry-less multiplication.
 *
 * Takes  bytes, and the CRC of those before them.
 * Gives  the CRC with them; how many it took.
 * Holds  nothing.
 * Never  takes less than CRC_LEAST bytes, any on a machine without the instruction, or a rest of less than 16: zlib's table does
 *        those. It needs some 4 instructions a byte, this some 0.4.
 */
#ifndef ONSET_CRC_H
#define ONSET_CRC_H

#include <stddef.h>
#include <stdint.h>

enum { CRC_LEAST = 64 };

/* Moves *crc over the first bytes; returns how many: a multiple of 16, or 0. */
size_t crc_take(uint32_t *crc, const void *bytes, size_t n);

#endif
