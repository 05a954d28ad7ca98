/* digest: a draft in about ten lines that a tired person can read on a terminal.
 *
 * Takes  a draft.
 * Gives  lines of at most DIGEST_COLUMNS columns: what, from when to when, where it began, how it spread, impact, likely cause;
 *        then what was read and what is not known.
 * Holds  nothing.
 * Never  lets a control character of a log through, uses colours or the locale, says more than the draft does.
 */
#ifndef ONSET_DIGEST_H
#define ONSET_DIGEST_H

#include "story/draft.h"

enum { DIGEST_COLUMNS = 79 };

/* Appends the lines to `out`. */
void digest_from_draft(const struct draft *d, struct text *out);

#endif
