/* quarter: which part of a difference between two clocks is a time zone.
 *
 * Takes  an offset with its bound.
 * Gives  the zone: the nearest quarter of an hour, when some place on Earth keeps it and what is left over is small.
 * Holds  nothing.
 * Never  takes a clock that is minutes off for a zone: nobody lives at +00:15.
 */
#ifndef ONSET_QUARTER_H
#define ONSET_QUARTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"

#define QUARTER_US (15 * MINUTE_US)
#define QUARTER_REST_US (2 * MINUTE_US) /* what a clock may be off, and the bound of that, beside any zone */
/* Rest and bound together may be half a quarter, where the next zone in use is this many times as far away. */
enum { QUARTER_ALONE = 4 };

/* The offset of a zone that is in use, summer times included. */
bool quarter_in_use(int64_t zone_us);
/* The nearest quarter of an hour, whether in use or not. */
int64_t quarter_nearest(int64_t offset_us);
/* `stated_us`: what the printed stamps were already moved by; the zone is that and the offset together. */
bool quarter_split(int64_t stated_us, int64_t offset_us, int64_t uncertainty_us, int64_t *quarter_us);
/* The same between two clocks of which neither tells its zone: any number of quarters. */
bool quarter_apart(int64_t offset_us, int64_t uncertainty_us, int64_t *quarter_us);

#endif
