/* marks: what the bytes of a message are to its signature (message.h), a bit each, 64 at a time.
 *
 * Takes  a message of any bytes; only its first MARKS_BYTES count.
 * Gives  where a token ends, and what its bytes have together.
 * Holds  four words of bits for each 64 bytes that were asked for.
 * Never  reads behind the message, or differs between machines: where there are no vectors a table says the same.
 */
#ifndef ONSET_MARKS_H
#define ONSET_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { MARKS_BYTES = 4096, MARKS_BLOCK = 64 };

/* Bit i: byte i is one of those. */
struct marks_block {
	uint64_t split;   /* parts tokens: blanks, control characters and = : , ; ( ) [ ] { } | " ' ; what is behind the message, too */
	uint64_t varied;  /* digits and '@': a token that has one is masked */
	uint64_t piece;   /* '.' and '/' */
	uint64_t foreign; /* not ASCII */
};

struct marks {
	struct span text; /* borrowed */
	size_t known;     /* blocks; the others are undefined */
	struct marks_block blocks[MARKS_BYTES / MARKS_BLOCK];
};

static inline void marks_init(struct marks *m, struct span text)
{
	m->text = span_head(text, MARKS_BYTES);
	m->known = 0;
}

/* Marks all blocks up to this one, and some more. */
void marks_extend(struct marks *m, size_t block);

/* What marks the blocks [from, to) of a text: by vectors, false where the machine has none; one block by the table. They are the same. */
bool marks_by_vectors(struct span text, size_t from, size_t to, struct marks_block *out);
void marks_by_table(struct span text, size_t block, struct marks_block *out);

/* A token: where it ends, and which of its first 64 bytes are what. */
struct marks_token {
	size_t end; /* where it begins: a byte that parts tokens stands there, or nothing */
	uint64_t varied, piece, foreign;
};

/* The token that begins at `from` and does not end in its block. */
struct marks_token marks_long_token(struct marks *m, size_t from);

static inline struct marks_token marks_token(struct marks *m, size_t from)
{
	size_t block = from / MARKS_BLOCK;
	if (from >= m->text.len)
		return (struct marks_token){.end = from};
	if (block >= m->known)
		marks_extend(m, block);
	const struct marks_block *b = &m->blocks[block];
	unsigned shift = from % MARKS_BLOCK;
	uint64_t splits = b->split >> shift;
	if (!splits)
		return marks_long_token(m, from);
	uint64_t bits = (splits & (~splits + 1)) - 1; /* those below the lowest */
	return (struct marks_token){from + (unsigned)__builtin_ctzll(splits), b->varied >> shift & bits, b->piece >> shift & bits,
				    b->foreign >> shift & bits};
}

#endif
