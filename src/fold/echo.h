/* echo: what happens in two logs at the same instant, when they share no ids: a refusal of the database and the error that it makes in the
 * application, a failed request at the balancer and behind it.
 *
 * Takes  merged sources of neighbouring tiers, or of one.
 * Gives  by how far the one's clock may be off the other's: from the shape of their series (correlate.h); where what the database says is
 *        repeated, from the distance at which it is (coincide.h); and, where single events are told apart in both, from each event and its echo.
 * Holds  nothing.
 * Never  compares what lags by construction: a pool's timeout comes half a minute after the refusal that it follows from.
 */
#ifndef ONSET_ECHO_H
#define ONSET_ECHO_H

#include "fold/clockfit.h"
#include "fold/source.h"

#define ECHO_LATE_US (SECOND_US / 2) /* an echo comes so much later at most: the error's way back, and the line that is written then */
#define ECHO_APART_S 450             /* half a quarter of an hour: lags that far apart are of different zones */
enum {
	ECHO_RATIO_PPM = 1500000, /* no lag of another zone is two thirds as good */
	ECHO_EVENTS = 10,         /* fewer pairs of single events may be chance: they are paired by their times alone */
};

struct echo {
	const char *signal;    /* static: what was compared */
	size_t n;              /* bins that are not empty, of the one that has fewer */
	int64_t low_us, high_us; /* b's clock less a's, by the shape */
	int64_t ratio_ppm;     /* correlate_lag's */
	struct clock_sample *samples; /* owned, by time: of single events; too few: none */
	size_t samples_n;
	bool repeated;         /* samples are of events that the front one repeats (coincide.h) */
};

/* Both clocks uncorrected. `most_s`: how far they may be apart. False: nothing is alike, or it is at several lags. */
bool echo_find(const struct fold_source *a, const struct fold_source *b, int64_t most_s, struct echo *echo);
void echo_release(struct echo *echo);

#endif
