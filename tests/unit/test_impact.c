#include "incident/impact.h"

#include "made.h"
#include "random.h"
#include "tally/histogram.h"

static int int_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static void percentiles(void)
{
	struct latency_sum sum = {0};
	int64_t values[1000], us;
	FACT(!latency_sum_percentile(&sum, 50, &us), "nothing has no percentile");
	for (size_t i = 0; i < 1000; i++) {
		uint64_t state = random_next();
		values[i] = (int64_t)(state % 5000000);
		latency_sum_add(&sum, (uint16_t)bucket_of(values[i]), 1);
	}
	qsort(values, 1000, sizeof *values, int_order);
	static const unsigned percents[] = {1, 50, 95, 99, 100};
	bool close = true;
	for (size_t i = 0; i < 5; i++) {
		int64_t truth = values[(1000 * percents[i] + 99) / 100 - 1];
		latency_sum_percentile(&sum, percents[i], &us);
		close &= (us > truth ? us - truth : truth - us) * 64 <= truth;
	}
	FACT(close, "percentiles are within 1/64 of the value of that rank");
	latency_sum_add(&sum, 65535, 1000000);
	FACT(sum.n == 1000, "a bucket that does not exist is left out");
	latency_sum_release(&sum);
}

static void clients(void)
{
	uint64_t hashes[256];
	int64_t error;
	for (size_t i = 0; i < 256; i++)
		hashes[i] = (i + 1) * (UINT64_MAX / 100000); /* as 100,000 evenly spread values would lie */
	FACT(distinct_estimate(hashes, 200, false, &error) == 200 && error == 0, "a sample that is not full is a count");
	uint64_t n = distinct_estimate(hashes, 256, true, &error);
	FACT(n > 99000 && n < 101000, "a full one is an estimate");
	FACT(error >= 62746 - 100 && error <= 62746 + 100, "with a relative error of 1 / sqrt(254) = 6.27 %");
	FACT(distinct_estimate(hashes, 0, true, &error) == 0, "of nothing it is nothing");
	hashes[255] = UINT64_MAX;
	FACT(distinct_estimate(hashes, 256, true, &error) == 255, "the largest hash there is does not overflow");
}

/* 20 requests/s of 100 ms until 600, then 50/s of 2 s, half of them failing, until 660; two hosts share the load. */
static void make(struct made *m)
{
	static const char *const names[] = {"a/access.log", "b/access.log"};
	for (size_t host = 0; host < 2; host++) {
		struct part *p = made_log(m, names[host], TIER_WEB, "nginx_access", SECOND_US, 0, 900);
		made_run(p, "http.requests", "", 0, 600, 10, 0, 0);
		made_run(p, "http.requests", "", 600, 660, 25, 0, 0);
		made_run(p, "http.failed", "", 600, 660, 10 + 5 * (uint32_t)host, 0, 0);
		p->busy_known = true;
		p->busy = memory_new(660, sizeof *p->busy);
		p->latency = memory_new(66, sizeof *p->latency);
		for (int64_t s = 0; s < 660; s++)
			p->busy[p->busy_n++] = (struct busy_bin){(uint32_t)(MADE_T0 + s), s < 600 ? 1000000 : 50000000};
		for (int64_t s = 0; s < 660; s += 10)
			p->latency[p->latency_n++] = (struct latency_cell){
				(uint32_t)(MADE_T0 + s), (uint16_t)bucket_of(s < 600 ? 100000 : 2000000), s < 600 ? 100 : 250};
		p->endpoints = memory_new(2, sizeof *p->endpoints);
		for (size_t k = 0; k < 2; k++) {
			struct keyed *e = &p->endpoints[p->endpoints_n++];
			e->key = made_string(k ? "/b" : "/a");
			e->cells = memory_new(2, sizeof *e->cells);
			e->cells[e->n++] = (struct keyed_cell){(uint32_t)(MADE_T0 + 540), 300, 0, 0};
			e->cells[e->n++] = (struct keyed_cell){(uint32_t)(MADE_T0 + 600), 750, k ? 400 : 200, 7};
		}
		p->distincts = memory_new(1, sizeof *p->distincts);
		p->distincts_n = 1;
		p->distincts[0] = (struct distinct){(uint32_t)(MADE_T0 / 3600), true, memory_new(3, sizeof(uint64_t)), 3};
		for (uint64_t i = 0; i < 3; i++)
			p->distincts[0].hashes[i] = 1000 + i + 2 * host; /* 1000..1002 and 1002..1004 */
	}
}

static struct draft *incident(int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(from_s, 400000), made_us(from_s, 0), made_us(from_s, 401000), NULL};
	d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	return d;
}

static void two_hosts(void)
{
	struct made m;
	made_init(&m);
	make(&m);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	FACT(front.n == 2 && front.tier == TIER_WEB, "both web servers count");
	struct draft *d = incident(600, 659);
	impact_measure(f, &front, d);
	const struct impact *i = &d->incidents[0].impact;
	FACT(i->requests.value == 3000 && i->failed.value == 1500 && i->failed_ppm.value == 500000, "two hosts are added up");
	FACT(i->baseline_failed_ppm.known && i->baseline_failed_ppm.value == 0, "before, nothing failed");
	FACT(i->endpoints_n == 2 && !strcmp(i->endpoints[0].path, "/b") && i->endpoints[0].failed == 800 &&
		     i->endpoints[0].requests == 1500 && i->endpoints[1].slow == 14,
	     "endpoints of both hosts are one, most failures first");
	FACT(i->before.p95_us.known && i->before.p95_us.value == bucket_middle(bucket_of(100000)), "latency before");
	FACT(i->during.p95_us.known && i->during.p95_us.value == bucket_middle(bucket_of(2000000)), "and during");
	FACT(i->inflight_before_milli.known && i->inflight_before_milli.value == 2000, "two requests were in flight before");
	FACT(i->inflight_peak_milli.known && i->inflight_peak_milli.value == 100000, "a hundred at the peak");
	FACT(i->clients.known && i->clients.value == 5 && i->clients_error_ppm.value == 0, "a client of both hosts is one client");
	FACT(i->reason && strstr(i->reason, "2 sources"), "the draft says that two sources were added");
	draft_free(d);
	d = incident(0, 100);
	impact_measure(f, &front, d);
	FACT(!d->incidents[0].impact.baseline_failed_ppm.known && d->incidents[0].impact.baseline_failed_ppm.reason &&
		     !d->incidents[0].impact.inflight_before_milli.known,
	     "before the log begins nothing is known");
	draft_free(d);
	d = incident(700, 800);
	impact_measure(f, &front, d);
	FACT(d->incidents[0].impact.requests.known && d->incidents[0].impact.requests.value == 0 &&
		     !d->incidents[0].impact.failed_ppm.known && !d->incidents[0].impact.clients.known == false,
	     "no requests: no share");
	draft_free(d);
	front_release(&front);
	made_release(&m);
}

/* Ten quick requests in each ten seconds; ten slow ones from 607 to 621, when an incident is on: 9 s of it lie in no interval of their own. */
static void short_incident(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 900);
	made_run(p, "http.requests", "", 0, 900, 10, 0, 0);
	p->latency = memory_new(91, sizeof *p->latency);
	for (int64_t s = 0; s < 900; s += 10) {
		if (s == 610)
			p->latency[p->latency_n++] = (struct latency_cell){(uint32_t)(MADE_T0 + s), (uint16_t)bucket_of(9000000), 10};
		else
			p->latency[p->latency_n++] = (struct latency_cell){(uint32_t)(MADE_T0 + s), (uint16_t)bucket_of(100000), 100};
	}
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	struct draft *d = incident(607, 621);
	impact_measure(f, &front, d);
	const struct latency *during = &d->incidents[0].impact.during;
	FACT(during->requests.value == 10 && during->p50_us.value == bucket_middle(bucket_of(9000000)),
	     "intervals that lie mostly in the incident tell its latency, not those with a second of it");
	draft_free(d);
	d = incident(608, 611);
	impact_measure(f, &front, d);
	FACT(d->incidents[0].impact.during.requests.value == 110, "where there is none, all that hold an instant of it");
	draft_free(d);
	FACT(front_in(10, 10, 15, 40, FRONT_MOSTLY) && front_in(10, 10, 0, 15, FRONT_MOSTLY) && !front_in(10, 10, 16, 40, FRONT_MOSTLY) &&
		     !front_in(10, 10, 0, 14, FRONT_MOSTLY) && !front_in(10, 10, 30, 40, FRONT_MOSTLY),
	     "mostly is half of it or more");
	front_release(&front);
	made_release(&m);
}

static void outermost(void)
{
	struct made m;
	made_init(&m);
	struct part *app = made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 100);
	struct part *lb = made_log(&m, "lb.log", TIER_LB, "haproxy", 1000, 0, 100);
	made_run(app, "http.requests", "", 0, 100, 10, 0, 0);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	FACT(front.n == 1 && front.tier == TIER_APP, "an outer tier without access records does not count");
	front_release(&front);
	fold_free(f);
	m.fold = NULL;
	made_run(lb, "http.requests", "", 0, 100, 10, 0, 0);
	f = made_fold(&m);
	front_init(&front, f);
	FACT(front.n == 1 && front.tier == TIER_LB, "with them it does, alone");
	FACT(front_count(f, &front, "http.requests", made_us(10, 500000), made_us(12, 0), FRONT_DURING) == 30,
	     "during: every second that holds an instant of it");
	FACT(front_count(f, &front, "http.requests", made_us(10, 0), made_us(12, 500000), FRONT_BEFORE) == 20,
	     "before: only seconds that end in time");
	front_release(&front);
	made_release(&m);
}

/* An incident of [100, 129] that has a burst of the first source. */
static struct draft *incident_with_burst(int64_t from_s, int64_t to_s)
{
	struct draft *d = incident(100, 129);
	d->incidents[0].id = made_string("0123456789ab");
	d->bursts = memory_new(1, sizeof *d->bursts);
	d->bursts_n = 1;
	d->bursts[0].incident = made_string("0123456789ab");
	d->bursts[0].onset.at_us = made_us(from_s, 0);
	d->bursts[0].end.at_us = made_us(to_s, 0);
	return d;
}

/* The load balancer prints no zone and sees the users fail for 20 s longer than the web server, whose end is the incident's. */
static void no_zone(void)
{
	struct made m;
	made_init(&m);
	struct part *lb = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 0, 200);
	lb->zone = STAMP_NONE;
	made_run(lb, "http.requests", "", 0, 200, 10, 0, 0);
	made_run(lb, "http.failed", "", 100, 150, 4, 0, 0);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	struct draft *d = incident(100, 129);
	impact_measure(f, &front, d);
	FACT(d->incidents[0].impact.failed.value == 4 * 30, "without a burst of its own it is counted as all others are");
	draft_free(d);
	d = incident_with_burst(100, 149);
	impact_measure(f, &front, d);
	const struct impact *i = &d->incidents[0].impact;
	FACT(i->failed.value == 4 * 50 && i->requests.value == 500, "its own symptoms count to their end: counts need no clock");
	FACT(i->reason && strstr(i->reason, "haproxy.log prints no zone"), "and the draft says so");
	draft_free(d);
	f->sources[0].zone_printed = true;
	d = incident_with_burst(100, 149);
	impact_measure(f, &front, d);
	i = &d->incidents[0].impact;
	FACT(i->failed.value == 4 * 30 && (!i->reason || !strstr(i->reason, "zone")), "a clock that is known is believed");
	draft_free(d);
	front_release(&front);
	made_release(&m);
}

/* Two sites in one draft: the load balancer is of another one, and wrote an hour later. */
static void another_site(void)
{
	struct made m;
	made_init(&m);
	struct part *lb = made_log(&m, "haproxy.log", TIER_LB, "haproxy", 1000, 3600, 3800);
	made_run(lb, "http.requests", "", 3600, 3800, 10, 0, 0);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 200);
	made_run(web, "http.requests", "", 0, 200, 7, 0, 0);
	made_run(web, "http.failed", "", 100, 130, 3, 0, 0);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	FACT(front.tier == TIER_LB, "the load balancer is outermost");
	struct draft *d = incident(100, 129);
	impact_measure(f, &front, d);
	const struct impact *i = &d->incidents[0].impact;
	FACT(i->requests.known && i->requests.value == 7 * 30 && i->failed.value == 3 * 30, "what it did not see is counted by the tier behind it");
	FACT(i->reason && strstr(i->reason, "no log of tier lb covers it: counted in tier web"), "and the draft says so");
	draft_free(d);
	d = incident(3700, 3710);
	impact_measure(f, &front, d);
	i = &d->incidents[0].impact;
	FACT(i->requests.known && i->requests.value == 10 * 11 && (!i->reason || !strstr(i->reason, "tier web")), "what it saw is counted by it");
	draft_free(d);
	d = incident(2000, 2010);
	impact_measure(f, &front, d);
	FACT(!d->incidents[0].impact.requests.known && d->incidents[0].impact.reason, "of a time without a log of requests nothing is known");
	draft_free(d);
	front_release(&front);
	made_release(&m);
}

static void nobody(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 100);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	struct draft *d = incident(10, 20);
	impact_measure(f, &front, d);
	const struct impact *i = &d->incidents[0].impact;
	FACT(!i->requests.known && i->requests.reason && !i->measured_at && i->reason && i->inflight_peak_at_us == INSTANT_NONE,
	     "without access records nothing is known, with reasons");
	draft_free(d);
	front_release(&front);
	made_release(&m);
}

int main(void)
{
	percentiles();
	clients();
	two_hosts();
	short_incident();
	outermost();
	no_zone();
	another_site();
	nobody();
	return unit_done();
}
