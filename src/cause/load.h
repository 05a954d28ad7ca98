/* load: whether more came or each took longer: Little's law around an onset.
 *
 * Takes  a fold, who has access records, an incident.
 * Gives  requests a second, requests in flight and the time each takes, before and at the onset; when the load rose; the share of the
 *        growth of requests in flight that each explains (facts/algorithms.md 3.3).
 * Holds  nothing but the reason (static).
 * Never  takes an answer for an arrival where durations are known: what came in a while is what was answered in it and the growth of
 *        what is in flight, so that requests which wait are counted when they come.
 *
 * The usual load is the median of 10-s steps of the hour before, of which the last five minutes, one minute or ten seconds are left out
 * (the most that leaves LOAD_STEPS steps or more; a time after another incident only). A rise is a Poisson CUSUM between
 * that rate and LOAD_RISE times as much, its threshold raised by the overdispersion of the steps; it began in the second behind the
 * CUSUM's last zero, and is certain from when the threshold was reached.
 */
#ifndef ONSET_LOAD_H
#define ONSET_LOAD_H

#include "incident/front.h"

#define LOAD_BEFORE_US HOUR_US
#define LOAD_NEAR_US (2 * MINUTE_US) /* how far clocks that are only assumed to agree may differ */
#define LOAD_STORM_US (5 * SECOND_US) /* before the first failure that is known, when the order is not proved: a storm may begin there */
#define LOAD_PHASE_US (15 * SECOND_US)
#define LOAD_AFTER_US MINUTE_US /* of the incident: how long a rise may begin after its onset */
enum {
	LOAD_STEPS = 3,
	LOAD_RISE_PPM = 1500000,
	LOAD_GREW_PPM = 1500000, /* requests in flight that grew less are as many as before */
	LOAD_LEAST = 20,           /* requests that a mean is taken of: fewer say nothing */
	LOAD_DECIDES_PPM = 700000, /* share of the growth from which on one of both explains it */
};

struct load_view {
	const char *unknown; /* why there is nothing to say; NULL: there is */
	size_t source;       /* the first of the fronts */
	/* What the load is compared with: the first symptom in the fronts' own logs, by their own clock, when it lies near the incident's
	 * onset; else that. */
	struct moment onset;
	int64_t from_us, to_us; /* of the time before, UTC */
	int64_t before_ppm;  /* requests a second, millionths: the usual load */
	bool rose;
	struct moment rise;  /* [no earlier, certain] */
	int64_t risen_ppm;   /* requests a second in the minute (at most) behind the rise */
	int64_t seconds_before_ppm; /* requests a second in the three seconds before that of the onset */
	int64_t first_ppm, later_ppm; /* requests a second in the first five seconds behind the rise's first, and in the minute behind those; 0: too short */
	int64_t until_us;    /* when it was over; INT64_MAX: it lasted as long as was looked at */
	/* by Little's law, when durations are known */
	const char *no_flight;   /* why not; NULL: known */
	bool grew;
	int64_t window_from_us, window_to_us;           /* what is compared with the time before */
	uint64_t came;                                  /* requests in it */
	int64_t flight_before_ppm, flight_ppm;          /* mean requests in flight, millionths */
	int64_t arrivals_before_ppm, arrivals_ppm;      /* a second, millionths */
	int64_t duration_before_us, duration_us;        /* mean time in flight */
	int64_t requests_share_ppm, duration_share_ppm; /* of the growth's logarithm; when it grew */
};

void load_measure(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in,
		  struct load_view *out);
/* The same of a later phase of the incident, which has its own first symptom: the fronts' first from LOAD_PHASE_US before `phase` on. */
void load_measure_phase(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in,
			const struct moment *phase, struct load_view *out);
/* The first for the draft. */
void load_tell(const struct load_view *v, struct load *out);
/* a / b in hundredths, for sentences: "8.2-fold". b > 0. */
void load_fold_text(struct text *t, int64_t a, int64_t b);

#endif
