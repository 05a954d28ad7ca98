/* incident: bursts that belong together.
 *
 * Takes  a fold, who has access records, draft.bursts.
 * Gives  draft.incidents (id, onset, peak, end, ongoing, bursts), sorted by (onset, id); burst.incident.
 * Holds  nothing.
 * Never  lets a clock without a zone join two groups, or move an onset when other clocks are known.
 *
 * Bursts are linked when they overlap after widening each by its uncertainty and draft.numbers.link_us, on the same or
 * neighbouring tiers (lb web app pool db; tiers without a burst in the same stretch of overlapping ones are skipped over; an unknown
 * tier is everybody's neighbour);
 * links are transitive. A group is an incident when it has a refusal; or lasts 30 s (and when all it has is slowness and clients
 * that left: 1 % of the requests, too); or users see it and it fails 1 % of the requests; or, when users see none of its signals,
 * 10 requests failed meanwhile (facts/algorithms.md 1.5: shorter blips stay bursts).
 * What a front could pass on to another instance, and was over when the rest began (incident/retried.h), is linked with nothing and is none.
 *
 * A restart that mends an outage makes errors of its own, often minutes after the last refusal. A group without a refusal that lies within
 * one (from INCIDENT_TAIL_LEAD_US before it to INCIDENT_TAIL_MORE_US after it), and begins at most INCIDENT_TAIL_US after the end of an
 * incident, belongs to that one.
 */
#ifndef ONSET_INCIDENT_H
#define ONSET_INCIDENT_H

#include "incident/front.h"

enum {
	INCIDENT_LEAST_S = 30,        /* facts/algorithms.md 1.5 */
	INCIDENT_LEAST_PPM = 10000,   /* 1 % of the requests: the same place */
	INCIDENT_LEAST_FAILURES = 10, /* a burst has at least ten events; so should unexplained failures */
};

/* Something that was done against an incident, UTC: what fails meanwhile and for nothing but that is the incident's tail. */
struct incident_tail {
	int64_t from_us, to_us;
};
#define INCIDENT_TAIL_US (10 * MINUTE_US)
#define INCIDENT_TAIL_LEAD_US (5 * SECOND_US)
#define INCIDENT_TAIL_MORE_US MINUTE_US

/* `tails`: tails_n of them, by from_us. */
void incident_find_all(const struct fold *f, const struct front *a, const struct incident_tail *tails, size_t tails_n, struct draft *d);
/* The same when nothing is known of what was done. */
/* `ongoing`: the log that shows the last of it ends within that, and no other log that met it goes on without it. */
void incident_find(const struct fold *f, const struct front *a, struct draft *d);
/* True when the burst belongs to the incident. */
bool incident_has(const struct incident *in, const struct burst *b);
/* How deep a tier lies: db 5, pool 4, app 3, web 2, lb 1, anything else 0. */
int incident_depth(enum tier tier);
/* The burst that says most about the incident: refusals at the deepest tier, else what users saw (what a database or a pooler
 * says of it before what others say), else the largest. NULL when it has none. Borrowed from d->bursts. */
const struct burst *incident_primary(const struct fold *f, const struct draft *d, const struct incident *in);

#endif
