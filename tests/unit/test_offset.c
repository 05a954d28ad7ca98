#include "fold/offset.h"

#include "requests.h"

static const struct fold_source *find(const struct made *m, const char *key)
{
	for (size_t i = 0; i < m->fold->n; i++)
		if (!strcmp(m->fold->sources[i].key, key))
			return &m->fold->sources[i];
	return NULL;
}

/* The application's log beside nginx's, which prints its zone. */
struct pair {
	const char *fact;
	bool zoned;             /* the application prints its zone */
	int64_t zone_us;        /* where it keeps its time; 0 when it prints it */
	int64_t clock_us;
	int64_t step_at_s, step_us, drift_ppb;
	int64_t resolution_us;
	unsigned wrong_percent;
	size_t n;
	/* what is to come out */
	bool known, applied;
	const char *confidence;
};

#define INDIA (5 * HOUR_US + 30 * MINUTE_US)
#define NEPAL (5 * HOUR_US + 45 * MINUTE_US)

static const struct pair pairs[] = {
	{"right clocks", true, 0, 0, 0, 0, 0, 1000, 0, 200, true, false, "high"},
	{"7 s ahead, with its zone", true, 0, 7 * SECOND_US, 0, 0, 0, 1000, 0, 200, true, true, "high"},
	{"7 s behind, with its zone", true, 0, -7 * SECOND_US, 0, 0, 0, 1000, 0, 200, true, true, "high"},
	{"+05:30 without saying so", false, INDIA, 0, 0, 0, 0, 1000, 0, 200, true, false, "high"},
	{"-03:00 and 2 s ahead", false, -3 * HOUR_US, 2 * SECOND_US, 0, 0, 0, 1000, 0, 200, true, true, "high"},
	{"+05:45, stamps of whole seconds", false, NEPAL, 0, 0, 0, 0, SECOND_US, 0, 200, true, false, "high"},
	{"UTC without saying so", false, 0, 0, 0, 0, 0, 1000, 0, 200, true, false, "high"},
	{"+14:00", false, 14 * HOUR_US, 0, 0, 0, 0, 1000, 0, 200, true, false, "high"},
	{"five ids are enough", false, INDIA, 0, 0, 0, 0, 1000, 0, 5, true, false, "medium"},
	{"four are not", false, INDIA, 0, 0, 0, 0, 1000, 0, 4, false, false, NULL},
	{"a fifth of the ids of other requests", false, INDIA, 0, 0, 0, 0, 1000, 20, 200, true, false, NULL},
	{"all ids of other requests", true, 0, 0, 0, 0, 0, 1000, 100, 200, false, false, NULL},
	{"set by 5 s in between", true, 0, 0, 1500, 5 * SECOND_US, 0, 1000, 0, 200, true, true, "high"},
	{"a drift of 200 ppm", true, 0, 0, 0, 0, 200000, 1000, 0, 300, true, true, "high"},
	{"summer time begins", false, HOUR_US, 0, 1800, HOUR_US, 0, 1000, 0, 200, true, true, "high"},
};

static void pairs_of(void)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct pair *t = &pairs[i];
		struct made m;
		made_init(&m);
		struct log_clock nginx = {.resolution_us = SECOND_US, .timed = true};
		struct log_clock app = {t->zone_us + t->clock_us, t->step_at_s, t->step_us, t->drift_ppb, t->resolution_us, false,
					t->wrong_percent};
		struct part *a = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600);
		struct part *b = made_log(&m, "app.log", TIER_APP, t->zoned ? "app_json" : "python_logging", 1000, 0, 3600);
		requests_log(a, &nginx, i, t->n, 0, 3600);
		requests_log(b, &app, i, t->n, 0, 3600);
		if (!t->zoned)
			requests_unzoned(b);
		made_fold(&m);
		/* The reference is the deepest tier that prints its zone: the application, where it does. */
		const struct fold_source *web = find(&m, "access.log"), *own = find(&m, "app.log"), *told = t->zoned ? web : own;
		FACT((told->clock.method != NULL) == t->known, t->fact);
		if (t->known) {
			FACT(!strcmp(told->clock.method, "request ids") && told->clock.applied == t->applied, t->fact);
			FACT(!t->confidence || !strcmp(told->clock.confidence, t->confidence), t->fact);
			FACT(t->zoned || (own->zone_estimated && !strcmp(own->zone_how, "estimated")), t->fact);
			FACT(told->clock.n == t->n && told->clock.support_ppm >= 700000, t->fact);
		} else {
			FACT(!own->zone_estimated && !own->shift.n && !web->shift.n, t->fact);
		}
		size_t outside = 0, close = 0;
		for (int64_t s = 60; s < 3600; s += 60) {
			int64_t at_web = log_clock_prints(&nginx, s * SECOND_US), at_own = log_clock_prints(&app, s * SECOND_US);
			int64_t apart_us = llabs(fold_utc(web, at_web) - fold_utc(own, at_own));
			int64_t allowed_us = fold_uncertainty(web, at_web) + fold_uncertainty(own, at_own) + t->resolution_us;
			outside += apart_us > allowed_us;
			close += apart_us < 2 * SECOND_US;
		}
		FACT(!outside || !t->known, t->fact);
		FACT(close >= 57 || !t->known, t->fact);
		made_release(&m);
	}
}

/* nginx - app (no zone, no clock) - worker behind it: what is not known adds up on the way. */
static void along_the_way(void)
{
	struct made m;
	made_init(&m);
	struct log_clock nginx = {.resolution_us = SECOND_US, .timed = true},
			 app = {.offset_us = 2 * HOUR_US, .resolution_us = 1000, .timed = true},
			 worker = {.offset_us = 2 * HOUR_US + 3 * SECOND_US, .resolution_us = 1000};
	struct part *a = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600),
		    *b = made_log(&m, "app.log", TIER_APP, "python_logging", 1000, 0, 3600),
		    *c = made_log(&m, "worker.log", TIER_POOL, "python_logging", 1000, 0, 3600);
	requests_unzoned(b);
	requests_unzoned(c);
	requests_log(a, &nginx, 1, 100, 0, 3600);
	requests_log(b, &app, 1, 100, 0, 3600);
	/* The worker's requests are others than nginx's. */
	requests_log(b, &app, 2, 100, 0, 3600);
	requests_log(c, &worker, 2, 100, 0, 3600);
	made_fold(&m);
	const struct fold_source *web = find(&m, "access.log"), *one = find(&m, "app.log"), *two = find(&m, "worker.log");
	FACT(m.fold->reference >= 0 && &m.fold->sources[m.fold->reference] == web, "the one that prints its zone is the reference");
	FACT(one->zone_estimated && one->assumed_us == 2 * HOUR_US && two->zone_estimated && two->assumed_us == 2 * HOUR_US,
	     "both zones are found, the worker's by way of the application");
	FACT(two->clock.against == one - m.fold->sources && two->clock.root == m.fold->reference, "it is compared with its neighbour");
	FACT(two->clock.applied && llabs(two->clock.total_us - 3 * SECOND_US) <= two->clock.total_uncertainty_us,
	     "its clock is 3 s ahead of the reference");
	FACT(two->clock.total_uncertainty_us > one->clock.total_uncertainty_us &&
		     two->clock.total_uncertainty_us >= two->clock.uncertainty_us + one->clock.uncertainty_us,
	     "uncertainties add");
	made_release(&m);
}

/* What one says of the zone, another one may deny. */
static void denied(void)
{
	for (int agree = 0; agree < 2; agree++) {
		struct made m;
		made_init(&m);
		struct log_clock web = {.resolution_us = SECOND_US, .timed = true}, balancer = {.resolution_us = 1000, .timed = true},
				 app = {.offset_us = HOUR_US, .resolution_us = 1000}, other = app;
		other.offset_us = agree ? HOUR_US : 3 * HOUR_US;
		struct part *a = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 3600),
			    *b = made_log(&m, "app.log", TIER_APP, "python_logging", 1000, 0, 3600),
			    *c = made_log(&m, "lb.log", TIER_LB, "haproxy", 1000, 0, 3600);
		requests_unzoned(b);
		requests_log(a, &web, 1, 100, 0, 3600);
		requests_log(b, &app, 1, 100, 0, 3600);
		requests_log(c, &balancer, 2, 40, 0, 3600);
		requests_log(b, &other, 2, 40, 0, 3600);
		requests_log(a, &web, 3, 100, 0, 3600);
		requests_log(c, &balancer, 3, 100, 0, 3600);
		made_fold(&m);
		FACT(find(&m, "app.log")->zone_estimated == agree, agree ? "two that say the same" : "two that say different hours: unknown");
		FACT(agree || find(&m, "app.log")->uncertainty_us == CLOCK_UNZONED_US, "and as uncertain as before");
		made_release(&m);
	}
}

int main(void)
{
	pairs_of();
	along_the_way();
	denied();
	return unit_done();
}
