/* reread: whether the lines that a draft calls evidence stand where it says.
 *
 * Takes  an open file that search.h found a content in; the lines claimed of that content.
 * Gives  for each: its line begins at its offset, is as long, says what the excerpt says; or what stands there instead.
 * Holds  a window that moves over the file: at most two lines of the limit.
 * Never  reads a byte twice; shows a line of the log: only numbers.
 */
#ifndef ONSET_REREAD_H
#define ONSET_REREAD_H

#include "verify/claims.h"
#include "verify/excerpt.h"
#include "read/inflate.h"

enum reread_word {
	REREAD_HOLDS,
	REREAD_BEYOND,  /* the content ends before it */
	REREAD_AMID,    /* no line begins at the offset */
	REREAD_LINE,    /* another line does: `line` */
	REREAD_LENGTH,  /* its last line ends elsewhere: `length` up to the next line end, 0: not known */
	REREAD_EXCERPT, /* the excerpt is not what its bytes give */
};
struct reread_outcome {
	enum reread_word word;
	uint64_t line, length;
};

/* `lines`: n of them, of one content, by offset. `outcomes`: as many, filled. False when it was stopped. */
bool reread_lines(struct input *in, uint64_t start, uint64_t bytes, const struct claim_line *lines, size_t n, struct excerpt *e,
		  struct reread_outcome *outcomes);

#endif
