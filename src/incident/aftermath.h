/* aftermath: what shows that one log's trouble came of another one's, whatever their clocks say.
 *
 * Takes  an incident with its refusals; sources with their sampled ids of failed requests.
 * Gives  whether an application repeats what the database refused, and how many of the requests that failed in front had failed behind.
 * Holds  nothing.
 * Never  takes the refusals of one database for those of another one: with two that refuse, or more repetitions than refusals, nothing is
 *        said; nor the requests of a log that names them not.
 *
 * "FATAL: sorry, too many clients already" in an application's log is what the database answered: it was said there first. A request that
 * failed behind is answered, and logged, in front when that is done.
 */
#ifndef ONSET_AFTERMATH_H
#define ONSET_AFTERMATH_H

#include "fold/fold.h"

enum {
	AFTERMATH_FIRST = 20,            /* failed requests are asked: later ones may fail for other reasons (restarts, a front that gave up) */
	AFTERMATH_LEAST = 5,             /* fewer say nothing */
	AFTERMATH_SHARE_PPM = 900000,    /* of them failed behind */
};
#define AFTERMATH_BEGIN_US (30 * SECOND_US) /* nor do those that come so much later */

/* How many refusals of the database `first`, of *said, the source of `p` repeats, which tells of the same signal; 0: that is not known. */
uint64_t aftermath_repeats(const struct incident *in, const struct propagation *first, const struct propagation *p, uint64_t *said);
/* Of the first failed requests of `front` that were sampled from `from_us` (as printed) on: how many there are that the sources `behind` would
 * have sampled, too, had they failed there, and *failed: how many did. Sources by their places in the fold. */
size_t aftermath_requests(const struct fold *f, size_t front, int64_t from_us, const size_t *behind, size_t behind_n, size_t *failed);

#endif
