/* scanner: the scanners written by hand, by the name that a pattern file says (`scanner = NAME`).
 *
 * Takes  one entry (lines joined by "\n").
 * Gives  its fields, as texts; format.c derives time, level, status and durations from them as it does for regexes. A scanner
 *        that knows the time itself sets time_us, resolution_us, zone and yearless, and duration_us likewise.
 * Holds  nothing; the room is the caller's, and lives as long as the record.
 * Never  allocates per line.
 *
 * A new one: a file of its own with a `bool NAME_scan(...)`, a line in scanner.c, a pattern file with samples.
 */
#ifndef ONSET_SCANNER_H
#define ONSET_SCANNER_H

#include "parse/extras.h"
#include "parse/record.h"
#include "parse/stamp.h"

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
};

/* NULL when there is none of that name. */
const struct scanner *scanner_find(struct span name);

#endif
