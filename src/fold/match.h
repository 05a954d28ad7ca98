/* match: the requests that two sources logged, told by their ids: by how far the one's clock may be off the other's.
 *
 * Takes  the sampled ids of merged sources (tally/sample.h): the same ids are sampled in every file that logs them.
 * Gives  for each id that both have, the interval in which the offset between their clocks lies.
 * Holds  a list of ids for each source: no more than its parts do; for pairs, at most 8 times as many.
 * Never  compares sources of one tier that share less than half of the ids of either: replicas do not pass requests on to each other, what comes
 *        to both came twice (a retry, seconds later);
 *        takes pids for ids of requests; believes an id that comes back after minutes (of a session, or a number that begins anew).
 *
 * A request's time in one source lies inside its time in the other one: nginx's is that of all of it, the application's lines come in between.
 * Whichever is the longer one, the offset lies between the difference of their begins and that of their ends (Jaeger's rule for one span,
 * here a vote of all). Where the one that should be longer does not say how long it took, and its stamp is somewhere in it, both ends
 * are widened by MATCH_UNTIMED_US.
 *
 * A caller that gives up writes its line while the one it called still works: a 504 after 3 s, of what waits for 30 s for a connection. In an
 * outage most requests may be so, all late by the same. Where MATCH_HEALTHY ids or more failed nowhere, those that did are not compared.
 */
#ifndef ONSET_MATCH_H
#define ONSET_MATCH_H

#include "fold/clockfit.h"
#include "fold/source.h"

#define MATCH_SLACK_US (5 * SECOND_US / 1000) /* a line is stamped and written so much later at most: nginx's clock is that of its event loop */
#define MATCH_UNTIMED_US SECOND_US
#define MATCH_REQUEST_US (10 * MINUTE_US)     /* a longer one is no request */
#define MATCH_APART_US (27 * HOUR_US)         /* from -12:00 to +14:00, and an hour of clock */

enum { MATCH_SOURCES = 16, MATCH_HEALTHY = 8 };

struct match_id {
	uint64_t hash;
	int64_t start_us, end_us; /* uncorrected (fold_uncorrected) */
	bool timed;               /* it says how long it took */
	bool failed;              /* a record of it says a failure */
};
struct match_ids {
	struct match_id *items; /* by hash, each once */
	size_t n, cap;
	uint64_t complete; /* the hash up to which all of its ids are here */
	const struct fold_source *source; /* borrowed */
};

struct match_ids match_ids_of(const struct fold_source *s, const struct tally *tally);
/* Two sources, by their places in a list. */
struct match_pair {
	size_t a, b; /* a < b */
};
/* Those of `n` lists that share CLOCKFIT_LEAST ids or more, by (a, b). Ids that more than MATCH_SOURCES of them have do not count here: one
 * log for each of a thousand containers would make half a million pairs. The caller frees. */
struct match_pair *match_pairs(const struct match_ids *ids, size_t n, size_t *pairs_n);
/* When the source's zone became known. */
void match_ids_move(struct match_ids *ids, int64_t by_us);
void match_ids_release(struct match_ids *ids);
/* Samples of b's clock less a's, by time; `at_us` and both bounds are moved by what is known of a's clock (NULL: nothing is). The caller frees. */
struct clock_sample *match_samples(const struct match_ids *a, const struct match_ids *b, const struct clockfit *of_a, size_t *n);

#endif
