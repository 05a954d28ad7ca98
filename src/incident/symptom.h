/* symptom: the bursts of every source: what was far above its background, where, from when to when, with evidence.
 *
 * Takes  a fold; the signal set's roles (only ROLE_SYMPTOM is looked at).
 * Gives  draft.bursts, sorted by (onset, id).
 * Holds  nothing.
 * Never  looks at twins (they serve as evidence only); never takes traffic for a symptom (change.h does that).
 */
#ifndef ONSET_SYMPTOM_H
#define ONSET_SYMPTOM_H

#include "fold/fold.h"

/* The series in which a signal of a source is looked for: all its classes added; of http.server.slow, whose classes are nested
 * steps, the one that incident/slow.h chose. The caller frees .bins with memory_free(). */
struct fold_series symptom_series(const struct fold *f, size_t source, const char *signal);
/* Fills draft.bursts. */
void symptom_find(const struct fold *f, struct draft *d);
/* Events of a series between two printed stamps, both included: a bin counts when its first and last event allow it to hold
 * one of them. */
uint64_t symptom_count(const struct fold_series *series, int64_t first_us, int64_t last_us);
/* First and last event of a series' bins between two printed stamps; false when there is none. */
bool symptom_span(const struct fold_series *series, int64_t from_us, int64_t to_us, const struct fold_bin **first,
		  const struct fold_bin **last);
/* True for the signals that say "there was no connection to be had". */
bool symptom_refuses(const char *signal);
/* True for those that say that somebody waited, not that something failed: on a busy site some do at any time. */
bool symptom_waits(const char *signal);
/* True when a burst's signal is one that users see. */
bool symptom_visible(const struct fold *f, const struct burst *b);
/* Microseconds, as printed, of a bin's first and last event. */
static inline int64_t symptom_first_us(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.first_us;
}
static inline int64_t symptom_last_us(const struct fold_bin *b)
{
	return (int64_t)b->bin.start_s * SECOND_US + b->bin.last_us;
}

#endif
