/* moment: a printed stamp as an interval of UTC that holds the truth.
 *
 * Takes  a source (zone, resolution, clock uncertainty) and a stamp as printed.
 * Gives  [t - u, t + r + u): a stamp t of resolution r means [t, t + r), widened by what is not known of the clock.
 * Holds  nothing.
 * Never  says "before" when two intervals meet.
 */
#ifndef ONSET_MOMENT_H
#define ONSET_MOMENT_H

#include "fold/fold.h"

/* `upper_us` is exclusive. INSTANT_NONE gives a moment of three INSTANT_NONE. `reason` is NULL. */
struct moment moment_of(const struct fold_source *s, int64_t printed_us);
/* A copy with its own reason. */
struct moment moment_copy(const struct moment *m);
/* The printed stamp of a UTC instant: the inverse of fold_utc(), off by at most the clock change inside the hour that comes twice. */
int64_t moment_printed(const struct fold_source *s, int64_t utc_us);
/* True when all of a lies before all of b: the order is proved. */
bool moment_before(const struct moment *a, const struct moment *b);
/* True when the source's clock is a guess: no zone printed, none stated, none found by comparison. */
bool moment_unzoned(const struct fold_source *s);
/* True when it is, or was found by the shape of what the source logs only: right within a minute or so. Such a clock says neither when an
 * incident began nor when it ended, beside clocks that are known. */
#define MOMENT_VAGUE_US (5 * SECOND_US)
bool moment_vague(const struct fold_source *s);
/* Half the width of the interval, rounded up: "at lies within +- this". 0 for unknown ones. */
int64_t moment_uncertainty(const struct moment *m);

#endif
