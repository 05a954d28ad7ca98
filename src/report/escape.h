/* escape: text that others wrote, made harmless for the place where it is shown.
 *
 * Takes  valid UTF-8: log lines, names, sentences with pieces of logs in them; and the place.
 * Gives  the same words: characters that the place would take for its own become entities or are escaped; those that
 *        nobody sees, or that turn the direction of writing (control, bidi, zero-width characters), become visible as
 *        \xNN and \u{NNNN}; a text of more than its share is cut, and says so.
 * Holds  nothing.
 * Never  lets a text end its element, attribute, cell or line, link, embed, mention or number anything.
 *
 * Everything of a draft goes through here on its way into a report: this is the only module that knows how a place is
 * left.
 */
#ifndef ONSET_ESCAPE_H
#define ONSET_ESCAPE_H

#include "base/text.h"

enum escape_place {
	ESCAPE_HTML,      /* text of HTML and of SVG, and values of attributes between quotes */
	ESCAPE_MARKDOWN,  /* a paragraph, list item, heading or table cell, as GitHub, GitLab and pandoc read it */
	ESCAPE_MERMAID,   /* a quoted label, or a name in a gantt chart: letters, digits and a few marks, the rest is blank */
};

/* A sentence of a draft has at most 1,024 characters; a line that is quoted 256 bytes. */
enum { ESCAPE_MOST_BYTES = 4096, ESCAPE_SHORT_BYTES = 240 };

/* Appends `s`, at most `most` bytes of it. */
void escape_append(struct text *out, enum escape_place place, struct span s, size_t most);
/* Appends a Markdown code span: nothing in it means anything, not even a backtick. Not for table cells. */
void escape_code(struct text *out, struct span s, size_t most);

#endif
