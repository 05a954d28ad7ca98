/* digest: a draft in about ten lines that a tired person can read on a terminal.
 *
 * Takes  a draft, and how wide the terminal is.
 * Gives  what, from when to when, where it began, how it spread, impact, likely cause; then what was read and what is
 *        not known. Lines are broken at blanks.
 * Holds  nothing.
 * Never  lets a control character of a log through, uses colours or the locale, says more than the draft does.
 */
#ifndef ONSET_DIGEST_H
#define ONSET_DIGEST_H

#include "fold/draft.h"

enum { DIGEST_LEAST = 60, DIGEST_MOST = 110 }; /* columns; wider lines are hard to read */

/* Who writes each sentence anew before it is told (redact/redact.h). */
struct digest_pen {
	void (*write)(void *context, struct span sentence, struct text *out); /* appends */
	void *context;
};

/* Appends the lines to `out`. `pen` NULL: nobody. */
void digest_from_draft(const struct draft *d, size_t columns, const struct digest_pen *pen, struct text *out);

#endif
