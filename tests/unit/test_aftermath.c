#include "incident/aftermath.h"

#include "made.h"

static struct refusal refusals[3];

/* A database that refused `said`, another one that refused `other`, and an application that repeats some. */
static uint64_t repeats(uint64_t said, uint64_t other, uint64_t repeated, const char *first_signal, const char *signal, enum tier tier)
{
	struct incident in = {.refusals = refusals};
	refusals[in.refusals_n++] = (struct refusal){.tier = TIER_DB, .source = "db", .count = said};
	refusals[in.refusals_n++] = (struct refusal){.tier = TIER_APP, .source = "app", .count = repeated, .echo = true};
	if (other)
		refusals[in.refusals_n++] = (struct refusal){.tier = TIER_DB, .source = "other", .count = other};
	struct propagation first = {.tier = tier, .source = "db", .signal = (char *)first_signal},
			   p = {.tier = TIER_APP, .source = "app", .signal = (char *)signal};
	uint64_t of, n = aftermath_repeats(&in, &first, &p, &of);
	return n && of == said ? n : 0;
}

static void of_refusals(void)
{
	const char *refused = "db.connections.exhausted";
	FACT(repeats(734, 0, 721, refused, refused, TIER_DB) == 721, "what the database said is repeated");
	FACT(repeats(100, 0, 105, refused, refused, TIER_DB) == 105, "its log may begin a little later");
	FACT(!repeats(100, 0, 106, refused, refused, TIER_DB), "more than were said are not repeated");
	FACT(!repeats(734, 1, 721, refused, refused, TIER_DB), "of which of two databases is not known");
	FACT(!repeats(734, 0, 721, refused, "http.server_error", TIER_DB), "an error is no refusal");
	FACT(!repeats(734, 0, 721, "http.server_error", "http.server_error", TIER_DB), "nor are two errors of a kind");
	FACT(!repeats(734, 0, 721, refused, refused, TIER_WEB), "a web server refuses nothing that an application repeats");
	FACT(!repeats(734, 0, 0, refused, refused, TIER_DB), "nothing is repeated by nobody");
}

/* Ids [from, to) failed, one each second from `second` on; hashes are spread, so that the ids of one log are a part of those of the other. */
static void failed(struct part *p, int64_t second, unsigned from, unsigned to)
{
	size_t cap = p->failed_ids_n;
	for (unsigned i = from; i < to; i++) {
		p->failed_ids = memory_grow(p->failed_ids, &cap, p->failed_ids_n + 1, sizeof *p->failed_ids);
		int64_t us = made_us(second + i, 0);
		p->failed_ids[p->failed_ids_n++] =
			(struct sampled_id){(uint32_t)(us / HOUR_US), (uint64_t)(i + 1) * 1000003u, us, us, -1};
	}
}

struct pair {
	const char *fact;
	unsigned web_from, web_to, app_from, app_to;
	size_t n, failed;
};

static const struct pair pairs[] = {
	{"of thirty the first twenty are asked", 0, 30, 0, 30, 20, 20},
	{"twelve are asked where there are no more", 0, 12, 0, 30, 12, 12},
	{"ten of twenty failed behind", 0, 30, 10, 30, 20, 10},
	{"what failed later is not asked", 0, 25, 20, 25, 20, 0},
	{"no request failed behind: nothing is known", 0, 30, 0, 0, 0, 0},
	{"none failed in front", 0, 0, 0, 30, 0, 0},
};

static void of_requests(void)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct pair *t = &pairs[i];
		struct made m;
		made_init(&m);
		failed(made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 600), 60, t->web_from, t->web_to);
		failed(made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 600), 60, t->app_from, t->app_to);
		made_fold(&m);
		size_t front = strcmp(m.fold->sources[0].key, "access.log") ? 1 : 0, behind = 1 - front, n_failed;
		FACT(aftermath_requests(m.fold, front, made_us(60, 0), &behind, 1, &n_failed) == t->n && n_failed == t->failed, t->fact);
		FACT(!aftermath_requests(m.fold, front, made_us(60, -AFTERMATH_BEGIN_US), &behind, 1, &n_failed),
		     "half a minute after the front's begin is too late");
		made_release(&m);
	}
}

/* The 128 smallest of an hour are sampled: of what lies beyond the largest of them nothing is known. */
static void of_samples(void)
{
	struct made m;
	made_init(&m);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 600),
		    *app = made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 600);
	failed(web, 60, 120, 140);
	failed(app, 60, 0, LIMIT_IDS_PER_HOUR);
	made_fold(&m);
	size_t front = strcmp(m.fold->sources[0].key, "access.log") ? 1 : 0, behind = 1 - front, n_failed;
	FACT(aftermath_requests(m.fold, front, made_us(60 + 120, 0), &behind, 1, &n_failed) == LIMIT_IDS_PER_HOUR - 120 &&
		     n_failed == LIMIT_IDS_PER_HOUR - 120,
	     "only ids that the other log would have sampled, too, are asked");
	made_release(&m);
}

int main(void)
{
	of_refusals();
	of_requests();
	of_samples();
	return unit_done();
}
