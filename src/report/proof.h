/* proof: what was read, what could not be known, and the lines that prove what is said.
 *
 * Takes  a page, after all that cites evidence.
 * Gives  the last sections of the HTML report.
 * Holds  nothing.
 * Never  shows an excerpt as anything but text.
 */
#ifndef ONSET_PROOF_H
#define ONSET_PROOF_H

#include "report/page.h"

void proof_coverage(struct page *p);
void proof_evidence(struct page *p);
/* Notes that found no place; nothing when there are none. */
void proof_notes(struct page *p);

#endif
