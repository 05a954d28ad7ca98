/* scanners: the scanners written by hand (scanner.h), by the name that a pattern file says (`scanner = NAME`).
 *
 * Takes  a name.
 * Gives  the scanner.
 * Holds  the closed list of them.
 * Never  changes.
 */
#ifndef ONSET_SCANNERS_H
#define ONSET_SCANNERS_H

#include "split/scanner.h"

/* NULL when there is none of that name. */
const struct scanner *scanner_find(struct span name);

#endif
