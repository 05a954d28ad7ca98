/* candidates: the lines of a stream that detection looks at.
 *
 * Takes  the first bytes of a stream, or the lines that a carrier carries.
 * Gives  its first lines that may start a record.
 * Holds  spans; the bytes are the caller's.
 * Never  has more than CANDIDATES lines: enough that one odd line in ten does not matter.
 */
#ifndef ONSET_CANDIDATES_H
#define ONSET_CANDIDATES_H

#include "carry/carried.h"

enum { CANDIDATES = 200 };

/* Zeroed is empty. */
struct candidates {
	struct span head;                /* the lines lie in it one behind the other, with those that go on with them between */
	struct span lines[CANDIDATES];   /* neither empty nor indented: those go on with a record (unless all are) */
	struct span headed[CANDIDATES];  /* carried.headed of each; empty where there is none */
	size_t n;
	const struct carried *carried;   /* what carries them, or the first of them; NULL: nobody does */
};

/* The lines of a text; of one of LIMIT_DETECT_BYTES the last line counts as cut off. */
void candidates_of(struct candidates *c, struct span head);
/* Of the bytes at hand those that detection looks at, without a line that their end cuts. */
struct span candidates_bytes(struct span at_hand);
/* What of line `i` a format reads. */
static inline struct span candidates_line(const struct candidates *c, size_t i, bool headed)
{
	return headed && c->headed[i].len ? c->headed[i] : c->lines[i];
}

#endif
