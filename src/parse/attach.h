/* attach: whether a DETAIL, HINT, STATEMENT or CONTEXT has the record that it belongs to.
 *
 * Takes  the pids of PostgreSQL's records in the order of the file.
 * Gives  whether a pid is among those of the last LIMIT_OPEN_RECORDS records: the log's lines interleave by process.
 * Holds  hashes of those pids, a ring.
 * Never  looks further back.
 */
#ifndef ONSET_ATTACH_H
#define ONSET_ATTACH_H

#include "base/limits.h"
#include "line/record.h"

/* Zeroed is empty. */
struct attach {
	uint64_t pids[LIMIT_OPEN_RECORDS];
	size_t n; /* records so far */
};

void attach_record(struct attach *a, const struct record *r);
/* `alone`: what holds when the attachment prints no pid. */
bool attach_finds(const struct attach *a, const struct record *r, bool alone);

#endif
