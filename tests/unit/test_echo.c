#include "fold/echo.h"

#include "made.h"
#include "random.h"

/* n refusals at random instants of [from_s, to_s), each with its echo; `lag_us`: the other clock less this one. */
struct refusals {
	const char *fact;
	size_t n;
	int64_t from_s, to_s;
	int64_t lag_us;
	const char *deeper, *front; /* signals */
	enum tier deeper_tier, front_tier;
	bool found, events;
};

static const struct refusals cases[] = {
	{"a database's refusals and their errors in the application", 60, 600, 1200, 7 * SECOND_US, "db.connections.exhausted",
	 "db.connections.exhausted", TIER_DB, TIER_APP, true, true},
	{"half an hour of zone", 60, 600, 1200, 19800 * SECOND_US - 350000, "db.connections.exhausted", "db.connections.exhausted", TIER_DB,
	 TIER_APP, true, true},
	{"failed requests at the balancer and behind it", 60, 600, 1200, -HOUR_US, "http.failed", "http.failed", TIER_WEB, TIER_LB, true, true},
	{"an error log and the access log beside it", 60, 600, 1200, 3600 * SECOND_US, "backend.down", "http.failed", TIER_WEB, TIER_WEB, true,
	 true},
	{"a pool's timeouts are not the database's refusals", 60, 600, 1200, 0, "db.connections.exhausted", "app.pool.exhausted", TIER_DB,
	 TIER_APP, false, false},
	{"three refusals are none of many", 3, 600, 1200, 0, "db.connections.exhausted", "db.connections.exhausted", TIER_DB, TIER_APP, false,
	 false},
	{"two programs of one tier do not see each other's requests", 60, 600, 1200, 0, "http.failed", "http.failed", TIER_APP, TIER_APP, false,
	 false},
};

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static void fill(struct part *p, const char *signal, const int64_t *at_us, size_t n)
{
	const char *class = !strcmp(signal, "db.connections.exhausted") ? "db.max_connections" : "";
	for (size_t i = 0, end; i < n; i = end) {
		int64_t second = at_us[i] / SECOND_US - (at_us[i] % SECOND_US < 0);
		for (end = i + 1; end < n && at_us[end] < (second + 1) * SECOND_US; end++)
			;
		made_second(p, signal, class, FACET_NONE, "", second, (uint32_t)(end - i), (uint32_t)(at_us[i] - second * SECOND_US),
			    (uint32_t)(at_us[end - 1] - second * SECOND_US));
	}
}

static void compare(const struct refusals *t)
{
	struct made m;
	made_init(&m);
	int64_t at_us[100], echo_us[100];
	for (size_t i = 0; i < t->n; i++)
		at_us[i] = t->from_s * SECOND_US + (int64_t)(random_next() % (uint64_t)((t->to_s - t->from_s) * SECOND_US));
	qsort(at_us, t->n, sizeof *at_us, by_value);
	for (size_t i = 0; i < t->n; i++)
		echo_us[i] = at_us[i] + t->lag_us + (int64_t)(random_next() % 20000);
	qsort(echo_us, t->n, sizeof *echo_us, by_value);
	struct part *deep = made_log(&m, "a", t->deeper_tier, "x", 1000, 0, 3600),
		    *front = made_log(&m, "b", t->front_tier, "y", 1000, t->lag_us / SECOND_US, t->lag_us / SECOND_US + 3600);
	fill(deep, t->deeper, at_us, t->n);
	fill(front, t->front, echo_us, t->n);
	made_fold(&m);
	struct echo e;
	bool found = echo_find(&m.fold->sources[0], &m.fold->sources[1], 27 * 3600, &e);
	FACT(found == t->found, t->fact);
	FACT(!found || (e.low_us <= t->lag_us && t->lag_us <= e.high_us), t->fact);
	struct clockfit fit;
	bool fitted = clockfit_make(&fit, e.samples, e.samples_n);
	FACT((fitted && e.samples_n >= ECHO_EVENTS) == t->events, t->fact);
	if (fitted)
		FACT(llabs(fit.items[0].offset_us - t->lag_us) <= fit.items[0].uncertainty_us &&
			     fit.items[0].uncertainty_us <= (t->deeper_tier == t->front_tier ? 2 : 1) * ECHO_LATE_US,
		     t->fact);
	clockfit_release(&fit);
	echo_release(&e);
	made_release(&m);
}

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		compare(&cases[i]);
	return unit_done();
}
