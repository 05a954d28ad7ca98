/* pending: records without a year, or without a zone, before the first record with it.
 *
 * Takes  records of formats that print a year in some lines only (HAProxy: requests have one, messages of the server
 *        do not), or a zone (nginx: access logs have one, error logs do not).
 * Gives  them back, with copies of their bytes, when year and zone are known or when they are too many.
 * Holds  at most PENDING_RECORDS records of at most PENDING_BYTES.
 * Never  changes their order.
 */
#ifndef ONSET_PENDING_H
#define ONSET_PENDING_H

#include "parse/reader.h"
#include "parse/signal.h"

enum { PENDING_RECORDS = 32, PENDING_BYTES = 4096 };

struct pending_record {
	struct record record; /* its spans point into `bytes` */
	char *bytes;          /* owned */
	enum tier tier;
	uint16_t kinds[SIGNAL_MAX];
	size_t kinds_n;
};

struct pending {
	struct pending_record *records; /* PENDING_RECORDS, or NULL before the first */
	size_t n;
};

/* False when there is no room: give them all back first. */
bool pending_keep(struct pending *p, enum tier tier, const struct record *r, const uint16_t *kinds, size_t kinds_n);
void pending_release(struct pending *p);

#endif
