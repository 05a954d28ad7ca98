/* correlate: by how many seconds two series of counts are shifted against each other.
 *
 * Takes  bins of two logs of the same kind of event, each in its own clock.
 * Gives  the lag at which they go together best, the lags that are nearly as good, and how far the best one stands out.
 * Holds  nothing.
 * Never  says anything of a series that repeats itself: there another lag is as good.
 *
 * The covariance of the square roots of the counts (which makes their noise alike, whatever their size) over the time that both cover, for
 * all lags at which they overlap. Integers only. Products are summed pair by pair of bins that are not empty: where these are too many, bins
 * are joined to wider ones.
 */
#ifndef ONSET_CORRELATE_H
#define ONSET_CORRELATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CORRELATE_LEAST = 5,          /* bins that are not empty, of each */
	CORRELATE_OVERLAP_S = 60,     /* less time together says nothing */
	CORRELATE_NEAR_TENTHS = 5,    /* a lag half as good may be the true one: one log of several may have the later half of a burst */
};

struct correlate_bin {
	int64_t at_s;
	uint32_t n;
};
/* Ascending at_s, each once, inside of [from_s, to_s): the time that the log covers. */
struct correlate_series {
	const struct correlate_bin *bins;
	size_t n;
	int64_t from_s, to_s;
};
struct correlate_lag {
	int64_t low_s, high_s; /* b's clock less a's: from the first lag that may be the true one to the last one, bins' width included */
	int64_t ratio_ppm;     /* the best one's covariance as a multiple of the best one that lies `apart_s` away or more; at most 1000 times */
};

/* False: too little to say anything, or lags that lie apart_s away are as good. `most_s`: larger lags, up or down, are not looked at. */
bool correlate(const struct correlate_series *a, const struct correlate_series *b, int64_t apart_s, int64_t most_s, struct correlate_lag *lag);

#endif
