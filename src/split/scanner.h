/* scanner: what a scanner written by hand is (scanners.h has the list of them).
 *
 * Takes  one entry (lines joined by "\n").
 * Gives  its fields, as texts; format.c derives time, level, status and durations from them as it does for regexes. A scanner
 *        that knows the time itself sets time_us, resolution_us, zone and yearless, and duration_us likewise.
 * Holds  nothing; the room is the caller's, and lives as long as the record.
 * Never  allocates per line.
 *
 * A new one: a file of its own with a `bool NAME_scan(...)`, a line in scanners.c, a pattern file with samples.
 */
#ifndef ONSET_SCANNER_H
#define ONSET_SCANNER_H

#include "line/extras.h"
#include "line/record.h"
#include "line/stamp.h"

struct scanner_room {
	struct stamp_cache stamps;
	struct text text;       /* owned: what had to be unescaped */
	struct extras *extras;  /* NULL: not asked for */
};

struct scanner {
	const char *name;
	/* False: not an entry of this format. The record is clear. */
	bool (*scan)(struct span entry, struct scanner_room *room, struct record *r);
	/* Bytes with which a first line can start; NULL: any. */
	const char *starts;
	/* scan() is given all lines of an entry. Else the first one only, and what follows is a trace, or goes on with the message. */
	bool whole;
	/* These lines are no entry yet, and may be the first ones of one: PARSE_PARTIAL. NULL: an entry's first line is one by itself. */
	bool (*unfinished)(struct span entry);
	/* The line goes on with the entry before it, as far as one line tells: detection does not count it. NULL: only blanks tell. */
	bool (*goes_on)(struct span line);
};

#endif
