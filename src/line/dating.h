/* dating: from what a record prints to UTC, by the zone and the year that are stated for its file.
 *
 * Takes  records of one stream in the order of the file; a zone; the year of the first year-less stamp, or what tells it (yearof.h).
 * Gives  UTC where the zone is printed or known, and the year where it is printed or known.
 * Holds  the newest time given: by it the New Years that passed are counted, and of an hour that comes twice the pass is found.
 * Never  moves a stamp that was printed with its zone; never guesses: what is not known stays as printed, and says so.
 *
 * A stream that has stamps with a year, too: one without has that which brings it next to the last one with.
 * New Year: a year-less stamp more than 300 days before the newest one lies in the next year (tally/segment.h has the same rule).
 * The hour that comes twice: a stamp is in the first pass until one goes back by more than 30 minutes.
 */
#ifndef ONSET_DATING_H
#define ONSET_DATING_H

#include "base/zone.h"
#include "line/stamp.h"

/* Zeroed but for the first ones: ready. */
struct dating {
	const struct zone *zone; /* borrowed; NULL: not known */
	int year;                /* of the first year-less stamp, 1 to 9999; 0: not stated */
	int64_t name_from_us, name_until_us; /* else by the date in the file's name (yearof.h); both 0: it has none */
	int64_t mtime_us;        /* else by the gzip header; 0: it has none */
	int years;               /* New Years passed since */
	bool begun, dated;       /* there was a record; one with a year */
	int64_t dated_us;        /* the last one with a year */
	int64_t newest_us;       /* of what was given */
	int64_t second_us;       /* UTC of the last stamp in the second pass of an hour that comes twice; 0: none */
};

struct dated {
	int64_t time_us;  /* UTC when `utc`, else civil time encoded as UTC; in year 2000 and on unless `year` */
	int64_t later_us; /* the same, or the other instant that an hour which comes twice may mean */
	bool utc, year;
};

/* A record without a time (INSTANT_NONE) stays one. */
struct dated dating_of(struct dating *d, const struct record *r);
/* The same, said by the record itself: time_us, zone and yearless are those of a line that had printed what is known. */
void dating_apply(struct dating *d, struct record *r);

#endif
