/* wire: numbers and texts as bytes, the same on every machine.
 *
 * Takes  values; or bytes from anywhere.
 * Gives  the one shortest encoding of a value (LEB128 varints, zigzag for signed ones, 8-byte little-endian hashes).
 * Holds  nothing; a reader borrows its bytes.
 * Never  accepts a second encoding of a value, a text that is not UTF-8, or a count that the bytes left cannot hold: a
 *        reader that met trouble gives zeros and stays in trouble.
 */
#ifndef ONSET_WIRE_H
#define ONSET_WIRE_H

#include "base/text.h"

enum { WIRE_TEXT_BYTES = 1 << 16 }; /* longest text */

void wire_put(struct text *out, uint64_t value);
void wire_put_signed(struct text *out, int64_t value);
void wire_put_fixed(struct text *out, uint64_t value);
/* NULL counts as empty. Cut to WIRE_TEXT_BYTES at a character's start. */
void wire_put_text(struct text *out, const char *string);

struct wire {
	struct span rest;
	const char *trouble; /* NULL while all is well; what was wrong first */
};

void wire_fail(struct wire *w, const char *trouble);
uint64_t wire_get(struct wire *w);
/* At most `max`, else trouble. */
uint64_t wire_get_max(struct wire *w, uint64_t max);
int64_t wire_get_signed(struct wire *w);
uint64_t wire_get_fixed(struct wire *w);
/* A new string; never NULL. */
char *wire_get_text(struct wire *w);
/* A count of elements, each of at least `least` bytes, at most `max`. */
size_t wire_get_count(struct wire *w, size_t max, size_t least);

#endif
