#include "parse/candidates.h"

#include "base/limits.h"

void candidates_of(struct candidates *c, struct span head)
{
	c->n = 0;
	c->carried = NULL;
	/* The last line of a full head is cut by its end. */
	ptrdiff_t newline = -1;
	for (size_t i = head.len; head.len >= LIMIT_DETECT_BYTES && i > 0; i--) {
		if (head.at[i - 1] == '\n') {
			newline = (ptrdiff_t)i;
			break;
		}
	}
	if (newline > 0)
		head.len = (size_t)newline;
	c->head = head;
	while (head.len && c->n < CANDIDATES) {
		struct span line = span_cut(&head, '\n');
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len || line.at[0] == ' ' || line.at[0] == '\t')
			continue;
		c->headed[c->n] = SPAN_NONE;
		c->lines[c->n++] = line;
	}
}
