/* coverage: when a source was silent altogether: a log gap is neither health nor trouble.
 *
 * Takes  the source's series "records" (every record, 10 s bins with first and last stamp).
 * Gives  gaps: stretches without a record of any kind of at least COVERAGE_GAP_US and 20 times the median time between
 *        records, as printed.
 * Holds  nothing.
 * Never  takes the time before the first or after the last record for a gap.
 */
#ifndef ONSET_COVERAGE_H
#define ONSET_COVERAGE_H

#include "story/source.h"

#define COVERAGE_GAP_US MINUTE_US /* draft.numbers.gap_us */
enum { COVERAGE_GAP_FACTOR = 20 };

/* Fills s->gaps. */
void coverage_find(struct fold_source *s);

#endif
