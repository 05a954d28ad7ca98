#include "cause/load.h"

#include "fold/sentence.h"
#include "made.h"

/* A front of `before` requests a second of before_us each; from `at` seconds after the onset (1000 s) on `then` of then_us each. What is
 * expected follows from Little's law by hand. */
struct world {
	const char *fact;
	uint32_t before;
	int64_t before_us;
	int64_t at;
	uint32_t then;
	int64_t then_us;
	int64_t log_from; /* seconds before the onset */
	bool rose;
	int64_t rise;	       /* seconds after the onset */
	int requests_per_cent; /* share of the growth; -1: it did not grow */
};

static const struct world worlds[] = {
	{"the same load all the time", 20, 100000, 0, 20, 100000, 900, false, 0, -1},
	{"eight times as many from ten seconds before", 20, 100000, -10, 160, 100000, 900, true, -10, 100},
	{"twice as many from twenty seconds before", 20, 100000, -20, 40, 100000, 900, true, -20, 100},
	{"each takes eight times as long", 20, 100000, -10, 20, 800000, 900, false, 0, 0},
	{"twice as many, each twice as long", 20, 100000, -10, 40, 200000, 900, true, -10, 50},
	{"a tenth more is no rise", 20, 100000, -10, 22, 100000, 900, false, 0, -1},
	{"a rise behind the onset is told with its time", 20, 100000, 5, 160, 50000, 900, true, 5, -2},
	{"a log that begins a minute before", 20, 100000, -5, 160, 100000, 60, true, -5, 100},
};

static void make(struct made *m, const struct world *w, struct draft *d, int64_t onset_s)
{
	struct part *p = made_log(m, "access.log", TIER_WEB, "nginx", 1000, onset_s - w->log_from, onset_s + 120);
	p->busy_known = true;
	p->busy = memory_new(2000, sizeof *p->busy);
	for (int64_t s = onset_s - w->log_from; s < onset_s + 120; s++) {
		bool then = s >= onset_s + w->at;
		made_second(p, "http.requests", "", FACET_NONE, "", s, then ? w->then : w->before, 0, 900000);
		p->busy[p->busy_n++] = (struct busy_bin){(uint32_t)(MADE_T0 + s), (uint64_t)(then ? w->then * w->then_us : w->before * w->before_us)};
	}
	d->incidents_n = 1;
	d->incidents = memory_new(1, sizeof *d->incidents);
	struct incident *in = &d->incidents[0];
	in->onset = (struct moment){made_us(onset_s, 0), made_us(onset_s, 0), made_us(onset_s, 1000), NULL};
	in->end = (struct moment){made_us(onset_s + 60, 0), made_us(onset_s + 60, 0), made_us(onset_s + 60, 1000), NULL};
}

static void one(const struct world *w)
{
	const int64_t onset_s = 1000;
	struct made m;
	made_init(&m);
	struct draft *d = memory_new(1, sizeof *d);
	make(&m, w, d, onset_s);
	struct fold *f = made_fold(&m);
	struct front front;
	front_init(&front, f);
	struct load_view v;
	load_measure(f, &front, d, &d->incidents[0], &v);
	FACT(!v.unknown && !v.no_flight, w->fact);
	FACT(v.before_ppm == (int64_t)w->before * 1000000, "the usual load is what it was before");
	FACT(v.rose == w->rose, w->fact);
	if (v.rose) {
		int64_t rise = made_us(onset_s + w->rise, 0);
		FACT(v.rise.lower_us <= rise && rise <= v.rise.upper_us, "the rise lies in its bounds");
		FACT(v.rise.at_us >= rise - 2 * SECOND_US && v.rise.at_us <= rise + 2 * SECOND_US, "and is known to two seconds");
		FACT(v.risen_ppm > (int64_t)w->then * 900000 && v.risen_ppm < (int64_t)w->then * 1100000, "so is how many came then");
	}
	if (w->requests_per_cent >= 0) {
		FACT(v.grew && v.requests_share_ppm + v.duration_share_ppm == 1000000, "both shares are all of the growth");
		FACT(v.requests_share_ppm > (w->requests_per_cent - 15) * 10000 && v.requests_share_ppm < (w->requests_per_cent + 15) * 10000, w->fact);
	} else if (w->requests_per_cent == -1) {
		FACT(!v.grew, "what is in flight did not grow by half");
	}
	struct load told = {0};
	load_tell(&v, &told);
	FACT(told.known && told.text && told.requests_share_ppm.known == v.grew, "the draft says it");
	memory_free(told.text);
	memory_free(told.requests_share_ppm.reason);
	memory_free(told.duration_share_ppm.reason);
	front_release(&front);
	draft_free(d);
	made_release(&m);
}

static void unknown(void)
{
	struct made m;
	made_init(&m);
	struct draft *d = memory_new(1, sizeof *d);
	const struct world w = {"", 20, 100000, 0, 20, 100000, 30, false, 0, -1};
	make(&m, &w, d, 1000);
	struct fold *f = made_fold(&m);
	struct front front, none = {0};
	front_init(&front, f);
	struct load_view v;
	struct load told = {0};
	load_measure(f, &front, d, &d->incidents[0], &v);
	FACT(v.unknown && v.no_flight, "half a minute of a log says nothing of what is usual");
	load_measure(f, &none, d, &d->incidents[0], &v);
	load_tell(&v, &told);
	FACT(v.unknown && !told.known && told.reason, "nor does no log, and there is a reason");
	memory_free(told.reason);
	front_release(&front);
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
		one(&worlds[i]);
	unknown();
	struct text t = {0};
	load_fold_text(&t, 148, 18);
	text_append_byte(&t, ' ');
	load_fold_text(&t, 3000, 10);
	TEXT_IS(t.at, "8.2-fold 300-fold", "how many times");
	text_release(&t);
	return unit_done();
}
