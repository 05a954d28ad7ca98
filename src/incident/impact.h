/* impact: what users met while it lasted, and before.
 *
 * Takes  a fold, who has access records, draft.incidents with onset and end.
 * Gives  incident.impact: requests, failed, shares, endpoints, latency, requests in flight, distinct clients, evidence.
 * Holds  nothing.
 * Never  guesses: what the logs do not hold is null with a reason; never cuts a bin: an interval counts whole bins.
 *
 * "Before" is the time from the end of the incident before it, at most IMPACT_BEFORE_US, to the onset.
 */
#ifndef ONSET_IMPACT_H
#define ONSET_IMPACT_H

#include "incident/front.h"

#define IMPACT_BEFORE_US HOUR_US
enum { IMPACT_ENDPOINTS = 30 };

void impact_measure(const struct fold *f, const struct front *a, struct draft *d);

/* Latency cells of some intervals, added up. Zeroed is empty. */
struct latency_sum {
	uint64_t *buckets; /* owned; HISTOGRAM_BUCKETS of them when not NULL */
	uint64_t n;
};
/* A bucket that does not exist is left out: a tally may come from anywhere. */
void latency_sum_add(struct latency_sum *sum, uint16_t bucket, uint64_t n);
/* The value of rank ceil(n * percent / 100), at most HISTOGRAM_ERROR_PPM off: its bucket's middle. False when empty. */
bool latency_sum_percentile(const struct latency_sum *sum, unsigned percent, int64_t *us);
void latency_sum_release(struct latency_sum *sum);

/* How many distinct values stand behind a k-minimum-values sample: `hashes` ascending, distinct, n of them. `full`: more were
 * seen than kept. Then the estimate is (n - 1) / (largest hash as a share of 2^64), with a relative standard error of
 * 1 / sqrt(n - 2) in *error_ppm; else it is n, exactly. */
uint64_t distinct_estimate(const uint64_t *hashes, size_t n, bool full, int64_t *error_ppm);

#endif
