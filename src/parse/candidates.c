#include "parse/candidates.h"

#include "base/limits.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* Of the first line that is not empty. */
static size_t indentation(struct span head)
{
	size_t n = 0;
	while (head.len && head.at[0] == '\n')
		head = span_from(head, 1);
	while (n < head.len && is_blank(head.at[n]))
		n++;
	return n;
}

/* The lines that are indented so deep, and no deeper. */
static void lines_of(struct candidates *c, struct span head, size_t depth)
{
	while (head.len && c->n < CANDIDATES) {
		struct span line = span_cut(&head, '\n');
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len <= depth || (depth && indentation(span_head(line, depth)) < depth) || is_blank(line.at[depth]))
			continue;
		c->headed[c->n] = SPAN_NONE;
		c->lines[c->n++] = line;
	}
}

struct span candidates_bytes(struct span at_hand)
{
	struct span head = span_head(at_hand, LIMIT_DETECT_BYTES);
	size_t whole = head.len < LIMIT_DETECT_BYTES ? 0 : head.len;
	while (whole && head.at[whole - 1] != '\n')
		whole--;
	return whole ? span_head(head, whole) : head;
}

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
	lines_of(c, head, 0);
	/* A log whose every line is indented, as Heroku's log_line_prefix does: as deep as the first one. */
	if (!c->n)
		lines_of(c, head, indentation(head));
}
