/* haproxy: lines that HAProxy makes with a log-format, to records.
 *
 * Takes  a compiled log-format; the message of a line and what its syslog header said.
 * Gives  fields, metrics (connections, queues, timers: microseconds), the time of the end.
 * Holds  per thread a scratch: the last stamps, and texts that are not in the line in one piece (an escaped request,
 *        "backend/server" printed apart); they are valid until the next line.
 * Never  uses a regex or allocates on a line once its texts have their size; never takes -1 for a time.
 *
 * The record's time is the end of the request or session: haproxytime.h.
 *
 * A line cut at HAProxy's line length, in its captures, the request or what follows them, is a record with what is there.
 */
#ifndef ONSET_HAPROXY_H
#define ONSET_HAPROXY_H

#include "split/haproxytime.h"

struct haproxy_scratch {
	struct stamp_cache header, stamps;
	struct text upstream, request, path;
};
void haproxy_scratch_release(struct haproxy_scratch *s);

/* False when the message is not of this format; then `r` must be cleared before it is used for another. r->resolution_us is 0
 * when neither message nor header have a stamp that can be read. */
bool haproxy_scan(const struct logformat *lf, const struct syslog_header *h, struct haproxy_scratch *s, struct record *r);

/* For people: false when the message does not fit; `*at` is the byte of it where it stopped, and `wanted` (appended) says
 * what had to be there. */
bool haproxy_reach(const struct logformat *lf, const struct syslog_header *h, size_t *at, struct text *wanted);

#endif
