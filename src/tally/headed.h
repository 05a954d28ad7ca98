/* headed: in which zone a carrier prints its stamps, by the lines that print a time of their own.
 *
 * Takes  of each such line what the carrier prints less the line's own time (record.headed_us).
 * Gives  how many there are, of how many that is the same quarter of an hour, and by how much the carrier was later then at most.
 * Holds  four numbers.
 * Never  decides: the fold does.
 *
 * A syslog server prints the local time of the host that sent the line ("Nov 22 13:40:04"), and no zone; an application behind it prints its
 * own, in UTC. A carrier stamps a line after its writer did, and in whole seconds.
 */
#ifndef ONSET_HEADED_H
#define ONSET_HEADED_H

#include <stdint.h>

#include "base/instant.h"

#define HEADED_QUARTER_US (15 * MINUTE_US)
#define HEADED_EARLY_US (2 * SECOND_US)   /* whole seconds, and clocks that are read twice */
#define HEADED_LATE_US (2 * MINUTE_US)    /* a line that waited longer tells no zone */

struct headed {
	uint64_t n, agree;
	int64_t zone_us; /* of those that agree: local time is UTC and this; a whole day may be missing */
	int64_t late_us; /* of those that agree: how much later, at most */
};

static inline void headed_note(struct headed *h, int64_t apart_us)
{
	int64_t shifted_us = apart_us + DAY_US + HEADED_EARLY_US;
	int64_t zone_us = shifted_us / HEADED_QUARTER_US * HEADED_QUARTER_US - DAY_US, late_us = apart_us - zone_us;
	h->n++;
	if (late_us > HEADED_LATE_US || (h->agree && zone_us != h->zone_us))
		return;
	h->zone_us = zone_us;
	h->agree++;
	h->late_us = late_us > h->late_us ? late_us : h->late_us;
}

#endif
