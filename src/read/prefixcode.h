/* prefixcode: the tables by which DEFLATE's codes are read (RFC 1951 section 3.2.2).
 *
 * Takes  the length of each symbol's code.
 * Gives  a table: the next bits of the stream, first bit lowest, lead to an entry that says what they mean and how many they are.
 * Holds  nothing.
 * Never  makes a table of a set of lengths that zlib refuses: more codes than there are, or fewer (but a single one of one bit).
 *
 * An entry: bits 0-7 how many bits of the stream it takes, extra bits included; bits 8-11 how many of them are the code; bits 12-15
 * what it is; bits 16-31 a literal, the base of a length or distance, or where a second table begins.
 */
#ifndef ONSET_PREFIXCODE_H
#define ONSET_PREFIXCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CODE_LITERAL = 0x8000,
	CODE_SPECIAL = 0x4000, /* one of the three below */
	CODE_SECOND = 0x2000,  /* look in the second table, behind the bits that led here */
	CODE_END = 0x1000,     /* of the block; CODE_SPECIAL alone: no such code */

	CODE_LONGEST = 15,
	LENGTHS_ROOT = 11,    /* bits of the first table of literals and lengths: of text nearly no code is longer */
	DISTANCES_ROOT = 9,
	/* A second table stands for at least two codes, as the set is complete. */
	LENGTHS_TABLE = (1 << LENGTHS_ROOT) + 288 / 2 * (1 << (CODE_LONGEST - LENGTHS_ROOT)),
	DISTANCES_TABLE = (1 << DISTANCES_ROOT) + 32 / 2 * (1 << (CODE_LONGEST - DISTANCES_ROOT)),
	ORDERS_ROOT = 7, /* the code in which lengths are written: no longer ones */
	ORDERS_TABLE = 1 << ORDERS_ROOT,
};

/* `n` symbols, lengths of 0 (no code) to 15. False: no such set. */
bool prefixcode_lengths(uint32_t table[LENGTHS_TABLE], const unsigned char *lengths, size_t n);
bool prefixcode_distances(uint32_t table[DISTANCES_TABLE], const unsigned char *lengths, size_t n);
bool prefixcode_orders(uint32_t table[ORDERS_TABLE], const unsigned char *lengths, size_t n);

#endif
