/* header: the zone in which one host's syslog prints its stamps, by lines of the same file that print a time of their own, too.
 *
 * Takes  sources with assigned clocks: streams of files that hold several.
 * Gives  for a stream whose only stamps are those of the header the zone of these, and how well it is known.
 * Holds  nothing.
 * Never  takes one host's headers for another's: each sends its own local time; nor believes them when a tenth of the lines deny it, or two
 *        programs of a host do (summer time began in between).
 *
 * "Nov 22 13:40:04 db1 pgbouncer[7]: closing because: ..." says no zone; "Nov 22 13:40:04 db1 shop[9]: 2026-11-22T12:40:04.071Z ..." does.
 */
#ifndef ONSET_HEADER_H
#define ONSET_HEADER_H

#include "fold/source.h"

enum {
	HEADER_LEAST = 5,           /* lines with two stamps */
	HEADER_SHARE_PPM = 900000,  /* of them agree */
};

struct header {
	ptrdiff_t beside;       /* the source with most such lines */
	int64_t zone_us;        /* the headers' local time is UTC and this */
	int64_t late_us;        /* they are stamped so much later at most */
	uint64_t n, agree;      /* lines with two stamps, of all programs of the host in these files */
};

/* False: it prints its zone, or nothing beside it tells. */
bool header_beside(const struct fold_source *sources, size_t n, const struct tally *tally, size_t source, struct header *out);

#endif
