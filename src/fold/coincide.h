/* coincide: what happened in one log and was told in another one a moment later: by how far their clocks are apart.
 *
 * Takes  the times of events in the log where they happen and in the one that repeats them; where more of them lie that are not known one by
 *        one.
 * Gives  each repetition with the event that it repeats, when one distance explains many of them and no other one half as many.
 * Holds  a list of distances: at most COINCIDE_MOST.
 * Never  asks that every event was repeated: several applications share a database; nor says anything when a tenth of the repetitions
 *        have nothing that they could repeat.
 *
 * Of a second with more than two events the first and the last are known, not more. Of two applications that are refused either may have had
 * the database's first one: events that belong together stand at one distance, give or take how long the answer took, all others at any.
 * Where events are too dense for that, none may be repeated before the first one, nor in a silence: that bounds the distance, too.
 */
#ifndef ONSET_COINCIDE_H
#define ONSET_COINCIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fold/clockfit.h"

/* Most lines of one kind come so soon after each other: of 8,500 refusals in four runs of the lab nine tenths were repeated within 10 ms. */
#define COINCIDE_WIDTH_US 20000
/* A refusal is repeated so much later at most: its way back, and the line that is written then. In these runs 29 ms at most in 99 of 100. */
#define COINCIDE_LATE_US 100000
enum {
	COINCIDE_LEAST = 10,            /* repetitions at that distance: fewer may be chance */
	COINCIDE_SHARE_PPM = 900000,    /* of the repetitions of which it can be told must repeat something */
	COINCIDE_MOST = 1 << 20,
};

/* Closed. */
struct coincide_span {
	int64_t from_us, to_us;
};
struct coincide_log {
	const int64_t *events;              /* ascending */
	size_t n;
	const struct coincide_span *hidden; /* ascending: of the log where it happens; there may be an event at any time in it */
	size_t hidden_n;
	int64_t resolution_us;
};
struct coincide {
	struct clock_sample *samples; /* owned, by time: of each repetition, its clock (`own`) less that of the log where it happens */
	size_t n;
	size_t denied;                /* repetitions of nothing */
};

/* Distances in [low_us, high_us] of the repeating log's clock less the other one's. */
bool coincide(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t low_us, int64_t high_us, struct coincide *out);
void coincide_release(struct coincide *c);
/* The distances in (low_us, high_us) at which all repetitions have something that they may repeat, `late_us` later at most: [*from_us, *to_us]
 * holds all of them. False: there is none, or what lies beyond the ends might be one, too. */
bool coincide_within(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t late_us, int64_t low_us, int64_t high_us,
		     int64_t *from_us, int64_t *to_us);
/* Whether all of them may be repetitions at that distance. */
bool coincide_may(const struct coincide_log *happens, const struct coincide_log *repeats, int64_t late_us, int64_t distance_us);
/* Whether something happens in [from_us, to_us]. */
bool coincide_happens(const struct coincide_log *log, int64_t from_us, int64_t to_us);

#endif
