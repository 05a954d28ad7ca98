/* tally: a set of parts. The waist of the program.
 *
 * Takes  parts with the path and container they were found in; other tallies.
 * Gives  the union, in the order of part_compare(); bytes, deterministic, with a trailer (count and CRC-32).
 * Holds  every part once, however many paths have it.
 * Never  adds counts of two parts together (the fold does); never does I/O.
 *
 *     tally(A + B) == tally(A) u tally(B)        byte for byte
 */
#ifndef ONSET_TALLY_H
#define ONSET_TALLY_H

#include "read/inflate.h"
#include "tally/part.h"

/* Where a part was found. Sorted by (key, path). */
struct location {
	char *key;  /* source key: DESIGN, Words: source; of a stream: tally_stream_key(); owned */
	char *path; /* as given; owned */
	enum container container;
	int64_t mtime_s; /* of the gzip header (inflate_mtime_s()); 0: none */
	struct damage_report damage;
};

struct tally_entry {
	struct part *part;
	struct location *locations; /* owned */
	size_t n, cap;
};

struct tally {
	struct tally_entry *entries; /* sorted by part_compare() */
	size_t n, cap;
	uint64_t patterns; /* hash of the pattern set's text: tallies of different patterns do not mix silently */
};

void tally_init(struct tally *t, uint64_t patterns);
/* Takes the part. Equal part: only the location is added (the same location twice is one). `where` has the key of the path: that
 * of the part is made of it (tally_stream_key). Same bytes and crc but another stated format: both stay, and `trouble` says so
 * (incomplete). */
void tally_add(struct tally *t, struct part *part, const struct location *where, struct diag_list *trouble);
/* Moves everything out of `from`. */
void tally_merge(struct tally *t, struct tally *from, struct diag_list *trouble);
void tally_encode(const struct tally *t, struct text *out);
/* True when `head` (at least 16 bytes when the file has them) begins a tally. */
bool tally_is(struct span head);
/* False with `d`: damaged, truncated, or of another version (names both). */
bool tally_decode(struct tally *t, struct span bytes, struct diag *d);
void tally_release(struct tally *t);

/* The source key of a path: [NAME ":"] the path as given, cleaned ("./", "//", "a/../"), without compression suffix (.gz, .zst,
 * .Z), rotation number (.1, .2.gz, -1) or rotation date (-20261122, .2026-11-22, _2026-11-22_111510, also before the last
 * suffix: "postgresql-2026-11-22_111409.log" is "postgresql.log"). From one path alone. `name` may be NULL. Caller frees. */
char *tally_source_key(const char *name, const char *path);
/* The source key of one stream of a file: the key of the path, "#" and the stream's name, as they are; the key itself when the
 * stream has no name. Caller frees. */
char *tally_stream_key(const char *key, const char *stream);
/* Whether a glob (text.h) means a stream of a file: it matches the path; or what stands before a "#" in it matches the path or its
 * key, and what stands behind it the stream's name. "compose.log" means all streams, "compose.log#web-*" some, "compose.log#" the
 * rest. */
bool tally_matches(struct span glob, const struct location *where, const char *stream);

#endif
