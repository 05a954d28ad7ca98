/* around: the original lines around places in a log, for who wants to see them.
 *
 * Takes  an open file, the stretch of it that a draft read, the places.
 * Gives  the lines with their numbers, those of a place marked with ">"; neighbours once, a line of dots between stretches.
 * Holds  copies of the last lines read.
 * Never  lets a control character through; shows more than AROUND_LINE_BYTES of a line. Masks nothing: it is the reader's own file.
 */
#ifndef ONSET_AROUND_H
#define ONSET_AROUND_H

#include "verify/claims.h"
#include "read/inflate.h"

enum {
	AROUND_LINES = 3,           /* before and behind */
	AROUND_RECORD_LINES = 20,   /* of one record: of a long trace its beginning */
	AROUND_LINE_BYTES = 4096,
};

/* `lines`: n of them, of the content at [start, start + bytes), by offset. */
void around_append(struct input *in, uint64_t start, uint64_t bytes, const struct claim_line *const *lines, size_t n, struct text *out);

#endif
