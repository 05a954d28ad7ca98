/* sample: per printed hour, the keys of smallest hash.
 *
 * Takes  hashes of request ids (or pid + second) and of client addresses, with the second they were logged in.
 * Gives  bottom-k samples: the same ids in every file that logs them, so that files can be matched; KMV, from which
 *        the number of distinct keys follows ((k - 1) / k-th smallest hash as a share of 2^64).
 * Holds  the latest LIMIT_ID_HOURS hours; LIMIT_IDS_PER_HOUR ids and twice LIMIT_DISTINCT hashes in each.
 * Never  looks further than one comparison at a hash that is too large: nearly all are.
 */
#ifndef ONSET_SAMPLE_H
#define ONSET_SAMPLE_H

#include "base/limits.h"
#include "tally/part.h"

struct sample_ids {
	uint32_t hour, n;
	struct sampled_id ids[LIMIT_IDS_PER_HOUR]; /* ascending hash */
};
struct sample_hashes {
	uint32_t hour;
	uint32_t n[2];                      /* all clients; those with a failed request */
	uint64_t hashes[2][LIMIT_DISTINCT]; /* ascending */
};

/* Hours, ascending; each points to one of the two structs above. */
struct sample_hours {
	void *hours[LIMIT_ID_HOURS];
	size_t n;
	void *at;      /* the hour of the last call */
	uint32_t at_s; /* its first second */
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void sample_id(struct sample_hours *s, uint32_t second, uint64_t hash, int64_t time_us, int64_t duration_us);
void sample_client(struct sample_hours *s, uint32_t second, uint64_t hash, bool failed);
/* Sorted by (hour, hash), and by (hour, failed_only); the caller frees. */
struct sampled_id *sample_freeze_ids(const struct sample_hours *s, size_t *n);
struct distinct *sample_freeze_clients(const struct sample_hours *s, size_t *n);
/* The ids of the first hour in a part's (n > 0, by hour, then hash): how many there are. Of that hour every id up to `*complete` is among
 * them: of an hour that had more, those beyond were not kept. */
size_t sample_hour(const struct sampled_id *ids, size_t n, uint64_t *complete);
void sample_release(struct sample_hours *s);

#endif
