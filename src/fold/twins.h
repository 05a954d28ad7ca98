/* twins: two sources of one tier that log the same events (PostgreSQL's stderr, csvlog and jsonlog; three access logs).
 *
 * Takes  merged sources with clocks.
 * Gives  twin_of and twin_agreement_ppm: the source with the longest coverage, then the most fields, then the smaller key counts.
 * Holds  nothing. May be asked again when zones became known.
 * Never  moves by what a clock is off (twins have the same clock, found to be off by a little more or less); takes two hosts
 *        behind one balancer for twins: their ids differ; without ids the counts of every second, the clients and the spread of the
 *        counts must agree.
 *
 * Sampled ids are the smallest hashes of each hour. Two such samples are comparable only below the smaller of both largest
 * hashes: there both are complete (bottom-k samples of the union).
 */
#ifndef ONSET_TWINS_H
#define ONSET_TWINS_H

#include "fold/source.h"

enum {
	TWINS_AGREE_PPM = 900000,  /* of the sampled ids */
	TWINS_IDS = 20,            /* fewer say nothing */
	TWINS_COUNTS_PPM = 980000, /* of the intervals, when ids say nothing */
	TWINS_RECORDS = 100,
};

void twins_find(struct fold_source *sources, size_t n, const struct tally *tally);

#endif
