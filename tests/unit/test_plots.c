#include "story/plots.h"

#include "incident/inventory.h"
#include "made.h"

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
	struct front front;
	front_init(&front, f);
	struct draft *d = memory_new(1, sizeof *d);
	inventory_fill(f, d);
	for (size_t i = 0; i < n; i++)
		incident(d, at[i][0], at[i][1]);
	plots_draw(f, &front, d);
	front_release(&front);
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

int main(void)
{
	near_incidents();
	many();
	return unit_done();
}
