#include "story/plots.h"

#include "incident/inventory.h"
#include "made.h"
#include "story/canvas.h"
#include "tally/histogram.h"

static const struct plot *plot_of(const struct draft *d, const char *name)
{
	for (size_t i = 0; i < d->series_n; i++)
		if (!strcmp(d->series[i].name, name))
			return &d->series[i];
	return NULL;
}

static int64_t sum_of(const struct plot *p)
{
	int64_t sum = 0;
	for (size_t i = 0; i < p->n; i++)
		sum += p->points[i].value;
	return sum;
}

static void incident(struct draft *d, int64_t from_s, int64_t to_s)
{
	size_t cap = d->incidents_n;
	d->incidents = memory_grow(d->incidents, &cap, d->incidents_n + 1, sizeof *d->incidents);
	struct incident *in = &d->incidents[d->incidents_n++];
	in->onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 0), NULL};
	in->end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 0), NULL};
}

/* A day of one request a second; what is drawn of it for incidents at some times. */
static struct draft *draw(struct made *m, const int64_t (*at)[2], size_t n)
{
	made_init(m);
	struct part *p = made_log(m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 86399);
	made_run(p, "http.requests", "", 0, 86400, 1, 0, 0);
	made_run(p, "http.failed", "", 40000, 40060, 1, 0, 0);
	p->busy_known = true;
	p->busy = memory_new(86400, sizeof *p->busy);
	for (; p->busy_n < 86400; p->busy_n++)
		p->busy[p->busy_n] = (struct busy_bin){(uint32_t)(MADE_T0 + (int64_t)p->busy_n), 500000};
	struct fold *f = made_fold(m);
	struct draft *d = memory_new(1, sizeof *d);
	inventory_fill(f, d);
	for (size_t i = 0; i < n; i++)
		incident(d, at[i][0], at[i][1]);
	plots_draw(f, d);
	return d;
}

static void near_incidents(void)
{
	struct made m;
	struct draft *d = draw(&m, (const int64_t[][2]){{40000, 40060}}, 1);
	const struct plot *r = plot_of(d, "http.requests"), *failed = plot_of(d, "http.failed"), *busy = plot_of(d, "inflight_milli");
	FACT(r && r->n <= PLOTS_POINTS && r->width_us == 5 * SECOND_US, "21 minutes in steps of 5 s");
	FACT(r && r->points[0].at_us >= made_us(39395, 0) && r->points[0].at_us <= made_us(39400, 0) &&
		     r->points[r->n - 1].at_us < made_us(40660, 0),
	     "from ten minutes before to ten minutes after");
	FACT(r && sum_of(r) == (int64_t)r->n * 5, "five requests in each step");
	FACT(failed && sum_of(failed) == 60 && failed->n == r->n, "failures beside them, none lost, quiet steps are zero");
	FACT(busy && busy->width_us == 10 * SECOND_US && busy->points[3].value == 500, "half a request in flight");
	draft_free(d);
	made_release(&m);
	d = draw(&m, NULL, 0);
	r = plot_of(d, "http.requests");
	FACT(r && r->n <= PLOTS_POINTS && sum_of(r) == 86400, "without an incident all of it is drawn");
	draft_free(d);
	made_release(&m);
	d = draw(&m, (const int64_t[][2]){{10000, 10060}, {10500, 10600}, {70000, 70060}}, 3);
	r = plot_of(d, "http.requests");
	bool hole = false;
	for (size_t i = 1; r && i < r->n; i++)
		hole |= r->points[i].at_us - r->points[i - 1].at_us > HOUR_US;
	FACT(r && hole && r->n <= PLOTS_POINTS && sum_of(r) < 10000, "of several incidents only the time near them");
	draft_free(d);
	made_release(&m);
}

static void many(void)
{
	struct made m;
	int64_t at[80][2];
	for (int64_t i = 0; i < 80; i++) {
		at[i][0] = 500 + i * 1000;
		at[i][1] = at[i][0];
	}
	struct draft *d = draw(&m, (const int64_t(*)[2])at, 80);
	const struct plot *r = plot_of(d, "http.requests");
	FACT(r && r->n <= PLOTS_POINTS && r->n > 50, "eighty incidents still fit into 600 points");
	draft_free(d);
	made_release(&m);
}

/* A balancer and the web server behind it; nobody asks between 100 s and 200 s; the balancer's queue, and one that stays empty. */
static void durations(void)
{
	struct made m;
	made_init(&m);
	struct part *lb = made_log(&m, "haproxy.log", TIER_LB, "haproxy", SECOND_US, 0, 299);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 299);
	struct part *parts[] = {lb, web};
	for (size_t i = 0; i < 2; i++) {
		struct part *p = parts[i];
		made_run(p, "http.requests", "", 0, 100, 1, 0, 0);
		p->latency_width_s = 10;
		p->latency = memory_new(60, sizeof *p->latency);
		for (int64_t at = 0; at < 300; at += 10) {
			if (at >= 100 && at < 200)
				continue;
			p->latency[p->latency_n++] = (struct latency_cell){(uint32_t)(MADE_T0 + at), (uint16_t)bucket_of(40000), 18};
			p->latency[p->latency_n++] = (struct latency_cell){(uint32_t)(MADE_T0 + at), (uint16_t)bucket_of(3000000), 2};
		}
	}
	lb->gauges_width_s = 1;
	lb->gauges_n = 2;
	lb->gauges = memory_new(2, sizeof *lb->gauges);
	for (size_t i = 0; i < 2; i++) {
		lb->gauges[i] = (struct gauge){made_string("haproxy.queue.backend"), made_string(i ? "be_b" : "be_a"), memory_new(2, sizeof(struct number_cell)), 2};
		for (size_t k = 0; k < 2; k++)
			lb->gauges[i].cells[k] = (struct number_cell){.start_s = (uint32_t)(MADE_T0 + 50 + (int64_t)k * 60), .n = 1, .max = i ? 7 + k : 0,
								      .max_at_us = made_us(50 + (int64_t)k * 60, 0)};
	}
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	inventory_fill(f, d);
	plots_draw(f, d);
	size_t curves = 0, queues = 0;
	bool right = true, known = true;
	for (size_t i = 0; i < d->series_n; i++) {
		const struct plot *p = &d->series[i];
		if (!strcmp(p->name, "haproxy.queue.backend")) {
			FACT(!strcmp(p->key, "be_b") && p->tier == TIER_LB && p->n == 2 && p->points[0].value == 7 && p->points[1].value == 8, "who waited in a queue is drawn");
			queues++;
		}
		if (strncmp(p->name, "http.server.request.duration.", 29))
			continue;
		int64_t truth = !strcmp(p->name + 29, "p50") ? 40000 : 3000000;
		curves++;
		known &= p->n == 20 && p->error_ppm == 15625 && p->width_us == 10 * SECOND_US;
		for (size_t k = 0; k < p->n; k++) {
			int64_t off = p->points[k].value > truth ? p->points[k].value - truth : truth - p->points[k].value;
			right &= off * 64 <= truth;
			known &= p->points[k].at_us < made_us(100, 0) || p->points[k].at_us >= made_us(200, 0);
		}
	}
	FACT(curves == 4, "two percentiles of each of two tiers");
	FACT(right, "of 18 fast and 2 slow requests half are fast, and the 19th is slow");
	FACT(known, "where nobody asked there is no value, nor a zero");
	FACT(queues == 1, "a queue in which nobody waited is not drawn");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	durations();
	near_incidents();
	many();
	return unit_done();
}
