/* derive: from a record's fields to what they mean: for the kinds of formats whose scanners know only fields.
 *
 * Takes  what a format's pattern says of its fields, a record whose fields are set.
 * Gives  its time, severity, status, duration, request and exception; what its server's own messages say.
 * Holds  nothing; the cache of stamps is the caller's.
 * Never  sets what a scanner has set.
 */
#ifndef ONSET_DERIVE_H
#define ONSET_DERIVE_H

#include "line/record.h"
#include "line/stamp.h"

/* Which numbers a severity may be. */
enum format_scale { SCALE_NONE, SCALE_PINO, SCALE_SYSLOG };
/* What else a message says: postgresql.h, pairs.h, pgbouncer.h, nginxerror.h, auth.h. */
enum format_message { MESSAGE_PLAIN, MESSAGE_POSTGRESQL, MESSAGE_PAIRS, MESSAGE_PGBOUNCER, MESSAGE_NGINX, MESSAGE_AUTH };

/* What a pattern says of its fields. */
struct meaning {
	int64_t duration_unit_us;
	bool duration_ns;      /* durations without a unit are nanoseconds */
	enum format_scale scale;
	enum format_message message;
	uint64_t requires_any; /* a record needs one of these fields (bits); 0: none */
};

enum parse_result {
	PARSE_OK,
	PARSE_NO,       /* not a first line of a record of this format */
	PARSE_PARTIAL,  /* the record goes on in the next line: an open quote (csvlog), the head of a block (scanner.unfinished) */
	PARSE_NOT_TIME, /* it splits, but the stamp is missing or unreadable: counted as unparsed */
};

/* PARSE_OK; PARSE_NO when the format asks for fields that the record has not; PARSE_NOT_TIME without a time, which `carried` lines
 * may have from their carrier. */
enum parse_result derive(const struct meaning *f, struct stamp_cache *stamps, bool carried, struct record *r);
/* The newest exception of a stack, where the logger did not give its type, message or code apart. */
void derive_exception(struct record *r);

#endif
