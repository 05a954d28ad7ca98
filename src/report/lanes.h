/* lanes: what the pictures of an incident show, before anything is drawn.
 *
 * Takes  a draft's series, and the stretch of time that is shown.
 * Gives  panels by tier: curves in thousandths of a unit, the gaps of their sources; and the marks that run through all of
 *        them: onset, end, changes, what people did.
 * Holds  the curves, between lanes_build() and lanes_release().
 * Never  fills a hole with a zero: where the draft has no point there is none.
 */
#ifndef ONSET_LANES_H
#define ONSET_LANES_H

#include "report/document.h"

enum {
	LANES_MOST_POINTS = 480, /* of a curve: two of the drawing's units each; more are put together */
	LANES_MOST_CURVES = 2,
	LANES_MOST_GAPS = 64,
	LANES_MOST_PANELS = 24,
	LANES_MOST_MARKS = 24,
	LANES_PEAK = 20, /* durations of which the largest is so many times the smallest stand on a logarithmic axis */
};

enum curve_kind {
	CURVE_USUAL, /* what is neither good nor bad: requests, connections */
	CURVE_BAD,   /* failures, refusals */
	CURVE_LIMIT, /* a line not to be reached */
	CURVE_UPPER, /* of two percentiles the larger one */
	CURVE_LOWER,
};

struct lane_point {
	int64_t from_us, to_us, milli;
};
struct curve {
	const char *title;
	enum curve_kind kind;
	struct lane_point *points; /* ascending, apart */
	size_t n, cap;
	int64_t width_us; /* of the draft's points */
};
struct lane_gap {
	int64_t from_us, to_us;
};
struct panel {
	enum document_tier tier;
	const char *title, *unit; /* "Requests", "a second"; title NULL: `name` */
	struct span name, key;	  /* of a number that a server prints; else empty */
	bool is_duration;	  /* thousandths of a millisecond */
	bool is_logarithmic;	  /* a peak would hide the rest */
	struct span sources[3];	  /* names of those that are added, the first of them */
	size_t sources_n;
	struct curve curves[LANES_MOST_CURVES];
	size_t curves_n;
	struct lane_gap gaps[LANES_MOST_GAPS];
	size_t gaps_n;
	int64_t width_us; /* of the first curve's points in the draft */
};

struct mark {
	int64_t at_us, lower_us, upper_us;
	const struct json_t *entry; /* of the timeline */
};

struct lanes {
	int64_t from_us, to_us;
	struct panel panels[LANES_MOST_PANELS]; /* by tier */
	size_t panels_n;
	size_t not_shown; /* series beyond LANES_MOST_PANELS */
	struct mark marks[LANES_MOST_MARKS]; /* numbered from 1 in this order, ascending */
	size_t marks_n;
};

/* `incident`: NULL for a draft without one. */
void lanes_build(struct lanes *l, const struct document *doc, const struct json_t *incident, int64_t from_us, int64_t to_us);
void lanes_release(struct lanes *l);
/* The marks alone. */
void lanes_marks(struct lanes *l, const struct document *doc, int64_t from_us, int64_t to_us);

/* The largest value of a panel, 0 when it has none; the smallest above 0, or 0. */
int64_t lanes_top_milli(const struct panel *p);
int64_t lanes_least_milli(const struct panel *p);

#endif
