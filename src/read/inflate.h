/* inflate: the uncompressed bytes of an input, whatever it is compressed with.
 *
 * Takes  a struct input. gzip (RFC 1952 section 2.3.1) and zstd (RFC 8878) are known by their magic bytes, never by the name; so is
 *        what is compressed otherwise, or by zstd where the program was built without it (packed.h): that gives no bytes. All else
 *        is plain.
 * Gives  uncompressed bytes in order, their count and CRC-32, and what was wrong with the container.
 * Holds  one compressed buffer, zlib's state (the only module that knows zlib), ISA-L's (igzip.h) or zstd's (zstdframe.h).
 * Never  gives a byte that the decoder did not vouch for up to that point; never stops at the end of a member: a .gz may have many,
 *        empty ones too (RFC 1952 section 2.2), then NULs or rubbish; zstd's frames likewise, skippable ones among them.
 *
 * ISA-L is five times as fast as zlib. Where it stumbles over a member, zlib reads that one again from its beginning, and nothing is
 * given twice: what is damaged, and where, is zlib's word alone. A pipe, which cannot go back, is read by zlib.
 *
 * Damage: what came before it is given. After damage in a member the next member that inflates is looked for (its first
 * 32 KiB, or all of it when shorter, must inflate without error), and reading goes on there.
 */
#ifndef ONSET_INFLATE_H
#define ONSET_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/input.h"
#include "read/packed.h"

enum damage {
	DAMAGE_NONE,
	DAMAGE_TRUNCATED, /* the compressed data end before the member does */
	DAMAGE_CORRUPT,   /* invalid data, or CRC or length do not agree */
	DAMAGE_TRAILING,  /* bytes after the last member that are neither a member nor NULs: rubbish, or a log that was appended */
	DAMAGE_READ,      /* the operating system gave an error */
	DAMAGE_WIDE,      /* a zstd frame asks for a window of more than 128 MiB: not read, so that memory has a bound */
};

/* The first damage of a container. Facts of the container, not of the content: they stand beside the path, not in the part. */
struct damage_report {
	enum damage kind;
	int64_t compressed_offset;   /* where in the file, bytes */
	int64_t uncompressed_offset; /* bytes given before it */
	int64_t more;                /* further damages after the first */
};

struct inflate;

/* `in` is borrowed until inflate_free(). */
struct inflate *inflate_new(struct input *in);
/* The same, by ISA-L where it is there and the input can go back: for who can begin once more when inflate_doubts(). */
struct inflate *inflate_new_fast(struct input *in);
/* Before the first inflate_read(): only the uncompressed bytes [start, start + bytes) are given, counted and summed. Those before
 * are read over; of those behind only what the decoder reads ahead. */
void inflate_confine(struct inflate *z, uint64_t start, uint64_t bytes);
/* Some of the bytes that were given zlib would not have given: damage that ISA-L took for text. Valid after inflate_read() gave 0. */
bool inflate_doubts(const struct inflate *z);
/* Fills `buffer` with up to `cap` bytes; 0 at the end. A call never crosses a damage: the byte that inflate_damage() names
 * as uncompressed_offset is the first one of a later call. */
size_t inflate_read(struct inflate *z, void *buffer, size_t cap);
/* Valid after inflate_read() gave 0: uncompressed bytes in all, and their CRC-32 (of all members together). */
uint64_t inflate_bytes(const struct inflate *z);
uint32_t inflate_crc(const struct inflate *z);
const struct damage_report *inflate_damage(const struct inflate *z);
/* The first gzip member's MTIME, seconds since 1970 (RFC 1952 section 2.3.1); 0: none. Known once
 * inflate_read() gave a byte. */
int64_t inflate_mtime_s(const struct inflate *z);
enum container inflate_container(const struct inflate *z);
/* Members (of zstd: frames) that ended well. */
uint64_t inflate_members(const struct inflate *z);
void inflate_free(struct inflate *z);

/* CRC-32 of a block (zlib's), for trailers of our own files. */
uint32_t inflate_crc_of(uint32_t crc, const void *bytes, size_t n);

/* CRC-32 of the last `n` of bytes whose CRC is `all`; `before` is that of those before them. */
uint32_t inflate_crc_behind(uint32_t before, uint32_t all, uint64_t n);

/* zlib's version, for --version. */
const char *inflate_library_version(void);

#endif
