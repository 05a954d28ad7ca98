/* evidence: lists of places in logs, copied and given back.
 *
 * Takes  evidence that fold_evidence() made.
 * Gives  copies: each thing in the draft owns its own.
 * Holds  nothing.
 * Never  makes evidence up: only fold_evidence() knows paths and fingerprints.
 */
#ifndef ONSET_EVIDENCE_H
#define ONSET_EVIDENCE_H

#include "fold/fold.h"

/* Appends copies of the first `most` items of `from`. */
void evidence_copy(const struct evidence_list *from, size_t most, struct evidence_list *to);
/* Evidence for the first (or last) event of a bin. */
void evidence_bin(const struct fold *f, size_t source, const struct fold_bin *b, bool last, struct evidence_list *out);
/* One event. */
void evidence_event(const struct fold *f, size_t source, uint32_t part, const struct event *e, struct evidence_list *out);

#endif
