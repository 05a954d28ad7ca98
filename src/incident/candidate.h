/* candidate: what could be told, with how much it matters.
 *
 * Takes  entries.
 * Gives  the chosen ones in the order of time.
 * Holds  entries (owned) until candidate_choose() hands them over.
 * Never  tells two entries of one time and id.
 */
#ifndef ONSET_CANDIDATE_H
#define ONSET_CANDIDATE_H

#include "fold/draft.h"

/* The first is told always; the last never: it is counted as left out. */
enum rank { RANK_FRAME, RANK_TIER, RANK_CHANGE, RANK_SIGNAL, RANK_DETAIL, RANK_MINOR, RANK_UNTOLD };

struct candidate {
	struct entry entry;
	enum rank rank;
	size_t incident; /* index; SIZE_MAX: outside of all */
};
struct candidate_list {
	struct candidate *items;
	size_t n, cap;
};

/* A new candidate, its entry zeroed except for: no end, count unknown. Valid until the next call. */
struct entry *candidate_add(struct candidate_list *list, enum rank rank, size_t incident);
void candidate_link(struct entry *e, const char *rel, const char *id);
/* Leaves one candidate of each (at, id), the best ranked (of equals that of the first incident), and of these those of which `keep`
 * says yes to one of the same (at, id). Returns how many of them it dropped. */
size_t candidate_filter(struct candidate_list *list, bool (*keep)(const void *context, const struct candidate *c), const void *context);
/* Moves the best `most` of each incident and the best `outside` of the others to *out (sorted by at, onsets first, id); frees the rest and
 * the list. Returns how many were left out. */
size_t candidate_choose(struct candidate_list *list, size_t most, size_t outside, struct entry **out, size_t *out_n);

#endif
