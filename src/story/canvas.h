/* canvas: the time that is drawn, its steps, and curves with a point at each of them.
 *
 * Takes  a draft with incidents and window; how wide a step must be.
 * Gives  draft.series one curve more: named points at multiples of a round width since 1970.
 * Holds  the stretches that are drawn, between canvas_init() and canvas_release().
 * Never  gives a curve more than PLOTS_POINTS points; never overflows, whatever numbers a tally from anywhere has.
 */
#ifndef ONSET_CANVAS_H
#define ONSET_CANVAS_H

#include "fold/fold.h"

enum { PLOTS_POINTS = 600 };
#define PLOTS_AROUND_US (10 * MINUTE_US)

/* [from, to), UTC. */
struct canvas_stretch {
	int64_t from_us, to_us;
};
struct canvas {
	struct draft *draft; /* whose series are drawn; borrowed */
	size_t cap;          /* of draft.series */
	struct canvas_stretch *items; /* ascending, apart from each other; owned */
	size_t n;            /* 0: there is no time to draw */
	int64_t length_us;
};

/* Incidents with PLOTS_AROUND_US on both sides, inside what the logs cover; without incidents all of it. */
void canvas_init(struct canvas *c, struct draft *d);
void canvas_release(struct canvas *c);
bool canvas_holds(const struct canvas *c, int64_t utc_us);

/* What a curve is of; names are copied. */
struct curve_of {
	const char *name, *key, *source, *unit; /* key, source: NULL: of all */
	enum tier tier;
	int64_t error_ppm;
	uint32_t least_s; /* no step is narrower; steps are multiples of it */
};
/* A curve with a zero at each step. Borrowed until the next one. */
struct plot *canvas_curve(struct canvas *c, const struct curve_of *of);
/* The point whose step holds the instant; NULL: none. */
struct point *plot_at(struct plot *p, int64_t utc_us);
/* Stops at INT64_MAX; nothing where `p` is NULL. */
void point_add(struct point *p, uint64_t value);
/* Every bin of a source's series at its UTC. */
void plot_add(struct plot *p, const struct fold_source *s, const struct fold_series *series);
/* Leaves out what lies before the first and after the last record of all sources: no zeros, nobody looked. */
void plot_trim(struct plot *p, int64_t first_us, int64_t last_us);
/* Leaves out the points with a negative value. */
void plot_drop_unknown(struct plot *p);

#endif
