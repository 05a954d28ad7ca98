/* builder: the state of a part while its file is read. Private to builder.c (adding) and freeze.c (finishing).
 *
 * Takes  records with their kinds, in file order.
 * Gives  a struct part.
 * Holds  the pieces of this floor; each bounds itself.
 * Never  allocates for a record once the tables have grown.
 */
#ifndef ONSET_BUILDER_H
#define ONSET_BUILDER_H

#include "base/limits.h"
#include "tally/address.h"
#include "tally/busy.h"
#include "tally/edge.h"
#include "tally/event.h"
#include "tally/exemplar.h"
#include "tally/gauge.h"
#include "tally/keyed.h"
#include "tally/latency.h"
#include "tally/lockwait.h"
#include "tally/pending.h"
#include "tally/sample.h"
#include "tally/segment.h"
#include "tally/session.h"
#include "tally/statement.h"
#include "tally/top.h"
#include "tally/unzoned.h"

enum { FACET_BYTES = 64 };

struct facet_value {
	char *value; /* owned */
	uint64_t hash;
	struct count count;
};
/* The users and databases of one kind; the last place of each is "other". Never moves: the pool holds pointers to its
 * counts. */
struct facets {
	struct facet_value values[2][LIMIT_FACETS + 1];
	size_t n[2];
	size_t last[2]; /* where the last value was found: floods repeat it */
};

/* What is done with records of a kind, decided once. */
enum kind_does {
	KIND_FACETS = 1,
	KIND_EXEMPLARS = 2,
	KIND_EVENT = 4,
	KIND_RECEIVED = 8,
	KIND_AUTHORIZED = 16,
	KIND_CLOSED = 32,
	KIND_STARTING = 64,
	KIND_READY = 128,
	KIND_SESSION = KIND_RECEIVED | KIND_AUTHORIZED | KIND_CLOSED,
};
struct kind_state {
	struct count count;
	struct facets *facets; /* owned; NULL before the first value */
	unsigned does;
};

struct part_builder {
	const struct signal_set *signals;
	struct kind_state *kinds;
	size_t kinds_n;
	struct count_pool pool;
	struct count requests, failed, records;
	uint64_t record; /* number of the next record, from 0 */
	int64_t at_us;   /* the second of the last record */
	uint32_t at_s;
	struct segments segments;
	struct pending pending; /* records without a year or a zone before the first one with it */
	bool pending_over;
	struct busy busy;
	struct latency_counts latency;
	struct keyed_counts endpoints, messages;
	struct top_counts *clients, *users; /* NULL before the first */
	struct sample_hours ids, failed_ids, distincts;
	bool ids_known, ids_are_requests;
	struct exemplars exemplars;
	struct events events;
	struct sessions sessions;
	struct gauges gauges;
	struct addresses addresses;
	uint64_t nameless[LIMIT_MESSAGES / 64 + 1]; /* a bit for each slot of `messages` whose words name no address that was dialled */
	struct lockwaits locks;
	struct statements statements;
	struct file_edge head;
	struct tail tail;
	struct text joined; /* scratch: message and exception message */
	/* time */
	struct unzoned unzoned;
	enum stamp_zone zone;
	bool some_unzoned, some_zoned; /* as counted */
	uint64_t zone_printed, implausible; /* records */
	char *zone_text;
	struct headed headed;
	bool yearless, dated; /* some record had no year; some had one */
	int64_t resolution_us;
};

/* Counts the records that wait for their year. */
void builder_flush(struct part_builder *b);

#endif
