#include "incident/lost.h"

#include "incident/finding.h"
#include "made.h"

static int id_order(const void *a, const void *b)
{
	const struct sampled_id *x = a, *y = b;
	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void id(struct part *p, uint64_t hash, int64_t second)
{
	size_t cap = p->ids_n;
	p->ids_are_requests = true;
	p->ids = memory_grow(p->ids, &cap, p->ids_n + 1, sizeof *p->ids);
	p->ids[p->ids_n++] = (struct sampled_id){(uint32_t)((MADE_T0 + second) / 3600), hash, made_us(second, 0), made_us(second, 0), 50000};
}

/* Of each hour the LIMIT_IDS_PER_HOUR smallest, as the tally does. */
static void settle(struct part *p)
{
	size_t kept = 0, in_hour = 0;
	if (p->ids_n)
		qsort(p->ids, p->ids_n, sizeof *p->ids, id_order);
	for (size_t i = 0; i < p->ids_n; i++) {
		in_hour = i && p->ids[i].hour == p->ids[i - 1].hour ? in_hour + 1 : 1;
		if (in_hour <= LIMIT_IDS_PER_HOUR)
			p->ids[kept++] = p->ids[i];
	}
	p->ids_n = kept;
}

struct world {
	struct made m;
	struct part *web, *app[2];
};

static void world_init(struct world *w)
{
	made_init(&w->m);
	w->web = made_log(&w->m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 7200);
	w->app[0] = made_log(&w->m, "app-1.log", TIER_APP, "app_json", 1000, 0, 7200);
	w->app[1] = made_log(&w->m, "app-2.log", TIER_APP, "app_json", 1000, 0, 7200);
}

/* A request a minute, dealt to both instances in turn; `lost`: says which never got there. */
static void requests(struct world *w, bool (*lost)(int64_t minute))
{
	for (int64_t minute = 1; minute < 119; minute++) {
		uint64_t hash = (uint64_t)(minute * 7919 % 1000) << 20;
		id(w->web, hash, minute * 60 + 5);
		if (!lost(minute))
			id(w->app[minute % 2], hash, minute * 60 + 5);
	}
}

static const struct finding *told(struct world *w, struct draft **out)
{
	struct draft *d = *out = memory_new(1, sizeof *d);
	settle(w->web);
	settle(w->app[0]);
	settle(w->app[1]);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(3660, 0), made_us(3660, 0), made_us(3660, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(4260, 0), made_us(4260, 0), made_us(4260, 1000), NULL};
	lost_find(made_fold(&w->m), d);
	return d->incidents[0].findings.n ? &d->incidents[0].findings.items[0] : NULL;
}

static void release(struct world *w, struct draft *d)
{
	draft_free(d);
	made_release(&w->m);
}

static bool four(int64_t minute)
{
	return minute >= 62 && minute < 66;
}
static bool none(int64_t minute)
{
	(void)minute;
	return false;
}
static bool of_one(int64_t minute)
{
	return minute % 2;
}

int main(void)
{
	struct world w;
	struct draft *d;
	world_init(&w);
	requests(&w, four);
	const struct finding *f = told(&w, &d);
	/* Minutes 61 to 70 in the incident; 1 to 60 before it. */
	TEXT_IS(f ? f->text : "",
		"Of 10 sampled requests that the web server logged in the incident, 4 are not in the logs of the application (before: 0 of 60): they did not get there, "
		"or their lines are lost.",
		"requests that one tier logged and the next one did not");
	FACT(f && f->count.value == 4 && f->before.value == 0 && f->at.at_us == made_us(62 * 60 + 5, 0) && f->end_us == made_us(65 * 60 + 5, 0), "from the first to the last of them");
	release(&w, d);

	world_init(&w);
	requests(&w, none);
	FACT(!told(&w, &d), "none lost, nothing told");
	release(&w, d);

	world_init(&w);
	requests(&w, of_one);
	FACT(!told(&w, &d), "where half were missing before, the log of an instance was not given");
	release(&w, d);

	/* The application logs so much that its sample ends below these requests: they may be in its log. */
	world_init(&w);
	requests(&w, four);
	for (int64_t i = 0; i < LIMIT_IDS_PER_HOUR; i++) {
		id(w.app[0], (uint64_t)i + 1, 3700);
		id(w.app[1], (uint64_t)i + 1, 3700);
	}
	FACT(!told(&w, &d), "an id beyond the largest that was kept is not missing");
	release(&w, d);

	/* The log of one instance has a hole where the requests are missing. */
	world_init(&w);
	requests(&w, four);
	for (int64_t s = 0; s < 7200; s += 10)
		if (s < 3700 || s > 3990)
			made_second(w.app[0], "records", "", FACET_NONE, "", s, 50, 0, 9000000);
	w.app[0]->series[0].width_s = 10;
	FACT(!told(&w, &d), "what is missing while a log has a gap is not missing");
	release(&w, d);

	world_init(&w);
	requests(&w, four);
	w.app[0]->zone = w.app[1]->zone = STAMP_NONE;
	FACT(told(&w, &d), "a clock without a zone is compared where the requests that both logged tell its zone");
	release(&w, d);
	return unit_done();
}
